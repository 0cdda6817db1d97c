// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * form.c - short fields of forms gathered into rows.
 *
 * It must not hold more than LIMIT_FORM_ROW bytes of names or of values: a
 * longer row is put in pieces.
 */
#include "decode/format/form.h"

#include <string.h>

#include "outflow/limits.h"

bool form_is_cell(struct span value)
{
    return value.len <= LIMIT_FORM_VALUE && span_find(value, '\n') == value.len;
}

/* Append a cell, quoted where a comma or a quote stands in it. */
static bool add_cell(struct buf *line, struct span cell, bool first)
{
    bool quotes = span_find(cell, ',') < cell.len ||
                  span_find(cell, '"') < cell.len ||
                  span_find(cell, '\r') < cell.len;

    if (line->cap == 0)
        buf_init(line, LIMIT_FORM_ROW);
    if (!first && !buf_add_byte(line, ','))
        return false;
    if (!quotes)
        return buf_add(line, cell);
    if (!buf_add_byte(line, '"'))
        return false;
    for (size_t i = 0; i < cell.len; i++) {
        if (cell.ptr[i] == '"' && !buf_add_byte(line, '"'))
            return false;
        if (!buf_add_byte(line, cell.ptr[i]))
            return false;
    }
    return buf_add_byte(line, '"');
}

/* "rows[12][name]" and "rows[13][name]" are one column. */
static struct span column_name(struct span name, uint8_t *out, size_t room)
{
    size_t len = 0;

    for (size_t i = 0; i < name.len && len < room; i++) {
        uint8_t byte = name.ptr[i];
        bool inside = i > 0 && len > 0 && out[len - 1] == '[';
        if (!(inside && byte >= '0' && byte <= '9') && byte != '\n')
            out[len++] = byte;
    }
    return (struct span){out, len};
}

static bool put_line(struct buf *line, struct sink *out)
{
    return buf_add_byte(line, '\n') && out->ops->put(out->ctx, buf_span(line));
}

/* Open the table, or another one when the columns changed. */
static bool put_header(struct form *form, struct sink *out)
{
    const struct part_info part = {.step = SPAN("form"),
                                   .media = SPAN("text/csv")};

    if (form->open && span_eq(buf_span(&form->header), buf_span(&form->names)))
        return true;
    if (form->open && !out->ops->part_close(out->ctx, PART_WHOLE))
        return false;
    form->open = true;
    if (form->header.cap == 0)
        buf_init(&form->header, LIMIT_FORM_ROW + 1);
    buf_reset(&form->header);
    if (!buf_add(&form->header, buf_span(&form->names)) ||
        !out->ops->part_open(out->ctx, &part) || !put_line(&form->header, out))
        return false;
    form->header.len--;
    return true;
}

static bool put_row(struct form *form, struct sink *out)
{
    bool empty = form->names.len == 0;

    form->values.cap = LIMIT_FORM_ROW + 1; /* room for its line end */
    if (!empty && (!put_header(form, out) || !put_line(&form->values, out)))
        return false;
    form->values.cap = LIMIT_FORM_ROW;
    buf_reset(&form->names);
    buf_reset(&form->values);
    form->first = 0;
    form->cells = 0;
    return true;
}

/* Is this the name the row began with? */
static bool begins_row(const struct form *form, struct span cell)
{
    struct span names = buf_span(&form->names);

    return form->first > 0 && span_eq(span_head(names, form->first), cell);
}

/* The longest a cell can become: every byte a quote, and its own. */
static size_t cell_room(struct span cell)
{
    return cell.len * 2 + 3;
}

bool form_add(struct form *form, struct span name, struct span value,
              struct sink *out)
{
    uint8_t room[LIMIT_NAME];
    struct span column =
        column_name(span_head(name, sizeof(room)), room, sizeof(room));
    bool full = form->names.len + cell_room(column) > LIMIT_FORM_ROW ||
                form->values.len + cell_room(value) > LIMIT_FORM_ROW;

    if ((full || begins_row(form, column)) && !put_row(form, out))
        return false;
    if (column.len == 0)
        column = SPAN("-");
    bool first = form->cells++ == 0;
    if (!add_cell(&form->names, column, first))
        return false;
    if (first)
        form->first = (uint32_t)form->names.len;
    return add_cell(&form->values, value, first);
}

bool form_pause(struct form *form, struct sink *out)
{
    bool open = form->open;

    form->open = false;
    return !open || out->ops->part_close(out->ctx, PART_WHOLE);
}

bool form_end(struct form *form, struct sink *out)
{
    if (!put_row(form, out))
        return false;
    return form_pause(form, out);
}

void form_clear(struct form *form)
{
    buf_clear(&form->names);
    buf_clear(&form->values);
    buf_clear(&form->header);
}
