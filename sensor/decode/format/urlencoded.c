// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * urlencoded.c - undo application/x-www-form-urlencoded.
 *
 * In:   a body of that type, or a query string.
 * Out:  a part "form": a table with the names as header and the values as a
 *       row; a value of several lines, or a long one, is a part of its own.
 * Not:  claims no body that is only declared so: clients send any file
 *       under this type.
 * Spec: WHATWG URL 5.1.
 */
#include "decode/format/form.h"
#include "decode/params.h"
#include "outflow/limits.h"

enum {
    SEEN_MAX = 256,  /* bytes looked at to tell a form from other bytes */
    PUT_ROOM = 4096, /* bytes undone at a time */
};

struct urlencoded {
    struct buf name;
    struct buf value;
    struct form form;
    bool in_value; /* behind the "=" */
    bool spilled;  /* the value is a part of its own, now open */
};

static enum match urlencoded_probe(struct span head, const struct hint *hint)
{
    struct span media = params_value(hint->part->media);
    struct span seen = span_head(head, SEEN_MAX);
    bool pairs = false;

    if (hint->part->coding.len > 0 ||
        !span_eq_nocase(media, SPAN("application/x-www-form-urlencoded")))
        return MATCH_NO;
    for (size_t i = 0; i < seen.len; i++) {
        uint8_t byte = seen.ptr[i];
        if (byte <= ' ' || byte == '"' || byte == '<' || byte == '{')
            return MATCH_NO;
        pairs = pairs || byte == '=';
    }
    if (seen.len < SEEN_MAX && !hint->ended)
        return MATCH_MORE;
    return pairs ? MATCH_YES : MATCH_NO;
}

static bool urlencoded_open(void *state, const struct hint *hint)
{
    struct urlencoded *u = state;

    (void)hint;
    buf_init(&u->name, LIMIT_NAME);
    buf_init(&u->value, LIMIT_FORM_VALUE);
    return true;
}

/* Open a part for a value that is no cell, with what is held of it. */
static bool spill(struct urlencoded *u, struct sink *out)
{
    struct buf step;
    bool fine;

    buf_init(&step, LIMIT_NAME + 8);
    fine = buf_add(&step, SPAN("form:")) && buf_add(&step, buf_span(&u->name));
    const struct part_info info = {.step = buf_span(&step)};
    fine = fine && form_pause(&u->form, out) &&
           out->ops->part_open(out->ctx, &info) &&
           (u->value.len == 0 || out->ops->put(out->ctx, buf_span(&u->value)));
    buf_clear(&step);
    buf_reset(&u->value);
    u->spilled = true;
    return fine;
}

/* Undone bytes of a name or a value. */
static bool take(struct urlencoded *u, struct span bytes, struct sink *out)
{
    if (bytes.len == 0)
        return true;
    if (!u->in_value && !u->spilled) {
        if (buf_add(&u->name, bytes))
            return true;
        /* no name is that long: it is a value without one */
        bool fine = buf_add(&u->value, buf_span(&u->name));
        buf_reset(&u->name);
        u->in_value = true;
        if (!fine)
            return false;
    }
    if (!u->spilled) {
        if (form_is_cell(bytes) && buf_add(&u->value, bytes))
            return true;
        if (!spill(u, out))
            return false;
    }
    return out->ops->put(out->ctx, bytes);
}

/* A pair is complete. */
static bool pair_end(struct urlencoded *u, struct sink *out)
{
    struct span name = buf_span(&u->name);
    struct span value = buf_span(&u->value);
    bool fine = true;

    if (u->spilled)
        fine = out->ops->part_close(out->ctx, PART_WHOLE);
    else if (!u->in_value && name.len > 0)
        fine = form_add(&u->form, (struct span){NULL, 0}, name, out);
    else if (name.len > 0 || value.len > 0)
        fine = form_add(&u->form, name, value, out);
    buf_reset(&u->name);
    buf_reset(&u->value);
    u->spilled = false;
    u->in_value = false;
    return fine;
}

static bool is_special(const struct urlencoded *u, uint8_t byte)
{
    return byte == '&' || byte == '%' || byte == '+' ||
           (byte == '=' && !u->in_value);
}

/* Plain bytes at the front of s. */
static size_t plain_len(const struct urlencoded *u, struct span s)
{
    size_t len = 0;

    while (len < s.len && len < PUT_ROOM && !is_special(u, s.ptr[len]))
        len++;
    return len;
}

/* "%e5%8c%97+..." in a row, undone to out; gives bytes used. */
static size_t coded_run(struct span s, uint8_t *out, size_t *made, bool ended)
{
    size_t at = 0;
    uint64_t value;

    *made = 0;
    while (at < s.len && *made < PUT_ROOM) {
        uint8_t byte = s.ptr[at];
        if (byte == '+') {
            out[(*made)++] = ' ';
            at++;
            continue;
        }
        if (byte != '%' || (s.len - at < 3 && !ended))
            break;
        bool pair =
            span_hex(span_slice(s, at + 1, at + 3), &value) && s.len - at >= 3;
        out[(*made)++] = pair ? (uint8_t)value : byte;
        at += pair ? 3 : 1;
    }
    return at;
}

/* Take what can be taken; gives bytes used, or SIZE_MAX: refused. */
static size_t run(struct urlencoded *u, struct span bytes, bool ended,
                  struct sink *out)
{
    uint8_t room[PUT_ROOM];
    struct span rest = bytes;

    while (rest.len > 0) {
        size_t plain = plain_len(u, rest);
        size_t made = 0;
        if (plain > 0) {
            if (!take(u, span_head(rest, plain), out))
                return SIZE_MAX;
            rest = span_skip(rest, plain);
            continue;
        }
        if (*rest.ptr == '&' || *rest.ptr == '=') {
            bool ends = *rest.ptr == '&';
            if (ends && !pair_end(u, out))
                return SIZE_MAX;
            u->in_value = !ends;
            rest = span_skip(rest, 1);
            continue;
        }
        size_t used = coded_run(rest, room, &made, ended);
        if (!take(u, (struct span){room, made}, out))
            return SIZE_MAX;
        rest = span_skip(rest, used);
        if (used == 0)
            break;
    }
    return bytes.len - rest.len;
}

static struct progress urlencoded_feed(void *state, enum dir dir,
                                       struct span bytes, struct sink *out)
{
    size_t used = run(state, bytes, false, out);

    (void)dir;
    if (used == SIZE_MAX)
        return (struct progress){DECODE_REFUSED, 0};
    return (struct progress){DECODE_MORE, used};
}

/* The value around the hole is given in pieces. */
static struct progress urlencoded_gap(void *state, enum dir dir, uint64_t len,
                                      struct sink *out)
{
    struct urlencoded *u = state;
    bool fine = u->spilled || spill(u, out);

    (void)dir;
    u->in_value = true;
    if (!fine || !out->ops->gap(out->ctx, len))
        return (struct progress){DECODE_REFUSED, 0};
    return (struct progress){DECODE_MORE, 0};
}

static enum decode_status urlencoded_end(void *state, enum dir dir,
                                         struct span rest, struct sink *out)
{
    struct urlencoded *u = state;

    (void)dir;
    if (run(u, rest, true, out) == SIZE_MAX || !pair_end(u, out) ||
        !form_end(&u->form, out))
        return DECODE_REFUSED;
    return DECODE_DONE;
}

static void urlencoded_close(void *state)
{
    struct urlencoded *u = state;

    buf_clear(&u->name);
    buf_clear(&u->value);
    form_clear(&u->form);
}

const struct decoder decoder_urlencoded = {
    .name = "urlencoded",
    .state_size = sizeof(struct urlencoded),
    .recodes = true,
    .probe = urlencoded_probe,
    .open = urlencoded_open,
    .feed = urlencoded_feed,
    .gap = urlencoded_gap,
    .end = urlencoded_end,
    .close = urlencoded_close,
};
