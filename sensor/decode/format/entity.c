// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * entity.c - Content-Type, -Disposition and -Transfer-Encoding of a body.
 *
 * Spec: RFC 2045, RFC 2183, RFC 7578. It must not fail: what is missing is
 * empty.
 */
#include "decode/format/entity.h"

#include <string.h>

#include "decode/params.h"

/* The header lines that describe a body. */
struct description {
    struct span type;
    struct span disposition;
    struct span transfer; /* Content-Transfer-Encoding */
    struct span content;  /* Content-Encoding */
};

/* Where the value of a header of that name goes, or NULL. */
static struct span *place_of(struct description *d, struct span name)
{
    if (span_eq_nocase(name, SPAN("Content-Type")))
        return &d->type;
    if (span_eq_nocase(name, SPAN("Content-Disposition")))
        return &d->disposition;
    if (span_eq_nocase(name, SPAN("Content-Transfer-Encoding")))
        return &d->transfer;
    if (span_eq_nocase(name, SPAN("Content-Encoding")))
        return &d->content;
    return NULL;
}

bool entity_wants(struct span line)
{
    struct description d;
    struct field_line field;

    return fields_next(&line, &field) && place_of(&d, field.name) != NULL;
}

static struct span copy(uint8_t *out, size_t room, struct span a, struct span b)
{
    a = span_head(a, room);
    b = span_head(b, room - a.len);
    if (a.len > 0)
        memcpy(out, a.ptr, a.len);
    if (b.len > 0)
        memcpy(out + a.len, b.ptr, b.len);
    return (struct span){out, a.len + b.len};
}

/* The coding's name alone, whatever quotes and comments are around it. */
static struct span coding_word(struct span value)
{
    size_t len = 0;

    value = span_trim(value);
    if (value.len > 0 && *value.ptr == '"')
        value = span_skip(value, 1);
    while (len < value.len && value.ptr[len] > ' ' &&
           strchr("\";(,", value.ptr[len]) == NULL)
        len++;
    return span_head(value, len);
}

/* Content-Encoding is inside, the transfer encoding outermost: last. */
static struct span codings(struct entity *e, const struct description *d)
{
    struct span outer = coding_word(d->transfer);
    struct span list =
        copy(e->coding, sizeof(e->coding) / 2, d->content, SPAN(","));

    if (d->content.len == 0)
        list.len = 0;
    outer = copy(e->coding + list.len, sizeof(e->coding) - list.len, outer,
                 (struct span){NULL, 0});
    list.len += outer.len;
    return list;
}

static void name_step(struct entity *e, struct span type)
{
    struct span none = {NULL, 0};

    if (e->field.len > 0)
        e->info.step = copy(e->step, sizeof(e->step), SPAN("form:"), e->field);
    else if (e->file)
        e->info.step = e->info.name;
    else if (type.len > 0)
        e->info.step = copy(e->step, sizeof(e->step), params_value(type), none);
    else
        e->info.step = SPAN("part");
}

void entity_read(struct span block, struct entity *e)
{
    struct description d = {{NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}};
    struct field_line line;

    while (fields_next(&block, &line)) {
        struct span *place = place_of(&d, line.name);
        if (place != NULL && place->len == 0)
            *place = line.value;
    }
    size_t name =
        params_file(d.disposition, SPAN("filename"), e->name, sizeof(e->name));
    if (name == 0)
        name = params_file(d.type, SPAN("name"), e->name, sizeof(e->name));
    size_t charset =
        params_text(d.type, SPAN("charset"), e->charset, sizeof(e->charset));
    size_t form = 0;
    if (span_eq_nocase(params_value(d.disposition), SPAN("form-data")))
        form =
            params_text(d.disposition, SPAN("name"), e->form, sizeof(e->form));

    e->info = (struct part_info){.name = {e->name, name},
                                 .media = d.type,
                                 .charset = {e->charset, charset}};
    e->info.coding = codings(e, &d);
    e->field = (struct span){e->form, form};
    e->file = name > 0;
    name_step(e, d.type);
}
