// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * cells.c - lines of CSV, gathered before they are put.
 */
#include "decode/document/cells.h"

#include <string.h>

enum {
    PIECE = 16 << 10, /* put when so many bytes are gathered */
    ROOM = 1 << 20,   /* and never more than these held */
    EMPTY_MOST = 256, /* empty columns in a row that are written */
};

void cells_init(struct cells *r, struct sink *out)
{
    memset(r, 0, sizeof(*r));
    r->out = out;
    buf_init(&r->work, ROOM);
}

/* Open the part that cells_open told of. */
static void cells_begin(struct cells *r)
{
    const struct part_info info = {.step = {r->name, r->name_len},
                                   .media = span_of(r->media),
                                   .charset = SPAN("utf-8")};

    if (r->open || r->refused)
        return;
    r->open = r->out->ops->part_open(r->out->ctx, &info);
    r->refused = !r->open;
    r->told = true;
}

static void cells_flush(struct cells *r)
{
    if (r->refused || r->work.len == 0)
        return;
    cells_begin(r);
    if (!r->refused)
        r->refused = !r->out->ops->put(r->out->ctx, buf_span(&r->work));
    buf_reset(&r->work);
}

static void cells_add(struct cells *r, struct span bytes)
{
    while (!r->refused && bytes.len > 0) {
        struct span piece = span_head(bytes, PIECE);
        r->refused = !buf_add(&r->work, piece);
        bytes = span_skip(bytes, piece.len);
        if (r->work.len >= PIECE)
            cells_flush(r);
    }
}

void cells_open(struct cells *r, struct span step, const char *media)
{
    cells_close(r, PART_WHOLE);
    step = span_head(step, LIMIT_NAME - 1);
    if (step.len > 0)
        memcpy(r->name, step.ptr, step.len);
    r->name_len = (uint8_t)step.len;
    r->media = media;
    r->row = 0;
    r->column = 0;
}

void cells_file(struct cells *r, const struct part_info *info)
{
    cells_close(r, PART_WHOLE);
    if (!r->refused)
        r->open = r->out->ops->part_open(r->out->ctx, info);
    r->refused |= !r->open;
    r->told = true;
}

static bool needs_quotes(struct span cell)
{
    for (size_t i = 0; i < cell.len; i++) {
        uint8_t byte = cell.ptr[i];
        if (byte == ',' || byte == '"' || byte == '\n' || byte == '\r')
            return true;
    }
    return false;
}

static void add_quoted(struct cells *r, struct span cell)
{
    cells_add(r, SPAN("\""));
    while (cell.len > 0) {
        size_t at = span_find(cell, '"');
        cells_add(r, span_head(cell, at));
        if (at < cell.len)
            cells_add(r, SPAN("\"\""));
        cell = span_skip(cell, at + 1);
    }
    cells_add(r, SPAN("\""));
}

void cells_line(struct cells *r)
{
    if (r->begun)
        cells_add(r, SPAN("\n"));
    r->begun = false;
    r->column = 0;
}

void cells_cell(struct cells *r, uint64_t row, uint32_t column,
                struct span utf8)
{
    if (r->refused)
        return;
    if (row != r->row)
        cells_line(r);
    r->row = row;
    uint32_t empty = column > r->column ? column - r->column : 0;
    if (r->begun)
        cells_add(r, SPAN(","));
    r->column += empty + 1;
    for (; empty > 0 && r->column - empty <= EMPTY_MOST; empty--)
        cells_add(r, SPAN(","));
    r->begun = true;
    if (needs_quotes(utf8))
        add_quoted(r, utf8);
    else
        cells_add(r, utf8);
}

void cells_aside_open(struct cells *r, struct span step)
{
    const struct part_info info = {.step = step, .aside = true};

    cells_flush(r);
    cells_begin(r);
    if (!r->refused)
        r->refused = !r->out->ops->part_open(r->out->ctx, &info);
}

void cells_aside_put(struct cells *r, struct span bytes)
{
    if (!r->refused && bytes.len > 0)
        r->refused = !r->out->ops->put(r->out->ctx, bytes);
}

void cells_aside_close(struct cells *r, enum part_end how)
{
    if (!r->refused)
        r->refused = !r->out->ops->part_close(r->out->ctx, how);
}

void cells_text(struct cells *r, struct span utf8)
{
    cells_add(r, utf8);
}

void cells_gap(struct cells *r, uint64_t len)
{
    cells_line(r);
    cells_flush(r);
    if (r->open && !r->refused)
        r->refused = !r->out->ops->gap(r->out->ctx, len);
}

void cells_close(struct cells *r, enum part_end how)
{
    cells_line(r);
    cells_flush(r);
    if (r->open && !r->refused)
        r->refused = !r->out->ops->part_close(r->out->ctx, how);
    r->open = false;
}

void cells_unread(struct cells *r, const char *kind, enum why why,
                  uint64_t bytes)
{
    const struct note note = {.kind = NOTE_UNREAD,
                              .text = span_of(kind),
                              .number = bytes,
                              .why = why};

    if (r->refused || bytes == 0)
        return;
    r->refused = !r->out->ops->note(r->out->ctx, &note);
    r->told = true;
}

void cells_clear(struct cells *r)
{
    buf_clear(&r->work);
}
