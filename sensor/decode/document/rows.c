// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * rows.c - lines of CSV, gathered before they are put.
 */
#include "decode/document/rows.h"

#include <string.h>

enum {
    PIECE = 16 << 10, /* put when so many bytes are gathered */
    ROOM = 1 << 20,   /* and never more than these held */
    EMPTY_MOST = 256, /* empty columns in a row that are written */
};

void rows_init(struct rows *r, struct sink *out)
{
    memset(r, 0, sizeof(*r));
    r->out = out;
    buf_init(&r->work, ROOM);
}

/* Open the part that rows_open told of. */
static void rows_begin(struct rows *r)
{
    const struct part_info info = {.step = {r->name, r->name_len},
                                   .media = span_of(r->media),
                                   .charset = SPAN("utf-8")};

    if (r->open || r->refused)
        return;
    r->open = r->out->ops->part_open(r->out->ctx, &info);
    r->refused = !r->open;
}

static void rows_flush(struct rows *r)
{
    if (r->refused || r->work.len == 0)
        return;
    rows_begin(r);
    if (!r->refused)
        r->refused = !r->out->ops->put(r->out->ctx, buf_span(&r->work));
    buf_reset(&r->work);
}

static void rows_add(struct rows *r, struct span bytes)
{
    while (!r->refused && bytes.len > 0) {
        struct span piece = span_head(bytes, PIECE);
        r->refused = !buf_add(&r->work, piece);
        bytes = span_skip(bytes, piece.len);
        if (r->work.len >= PIECE)
            rows_flush(r);
    }
}

void rows_open(struct rows *r, struct span step, const char *media)
{
    rows_close(r, PART_WHOLE);
    step = span_head(step, LIMIT_NAME - 1);
    if (step.len > 0)
        memcpy(r->name, step.ptr, step.len);
    r->name_len = (uint8_t)step.len;
    r->media = media;
    r->row = 0;
    r->column = 0;
}

void rows_file(struct rows *r, const struct part_info *info)
{
    rows_close(r, PART_WHOLE);
    if (!r->refused)
        r->open = r->out->ops->part_open(r->out->ctx, info);
    r->refused |= !r->open;
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

static void add_quoted(struct rows *r, struct span cell)
{
    rows_add(r, SPAN("\""));
    while (cell.len > 0) {
        size_t at = span_find(cell, '"');
        rows_add(r, span_head(cell, at));
        if (at < cell.len)
            rows_add(r, SPAN("\"\""));
        cell = span_skip(cell, at + 1);
    }
    rows_add(r, SPAN("\""));
}

void rows_line(struct rows *r)
{
    if (r->begun)
        rows_add(r, SPAN("\n"));
    r->begun = false;
    r->column = 0;
}

void rows_cell(struct rows *r, uint64_t row, uint32_t column, struct span utf8)
{
    if (row != r->row)
        rows_line(r);
    r->row = row;
    uint32_t empty = column > r->column ? column - r->column : 0;
    if (r->begun)
        rows_add(r, SPAN(","));
    r->column += empty + 1;
    for (; empty > 0 && r->column - empty <= EMPTY_MOST; empty--)
        rows_add(r, SPAN(","));
    r->begun = true;
    if (needs_quotes(utf8))
        add_quoted(r, utf8);
    else
        rows_add(r, utf8);
}

void rows_aside(struct rows *r, struct span step, struct span bytes)
{
    const struct part_info info = {.step = step, .aside = true};
    const struct sink_ops *ops = r->out->ops;

    rows_flush(r);
    rows_begin(r);
    r->refused = r->refused || !ops->part_open(r->out->ctx, &info) ||
                 !ops->put(r->out->ctx, bytes) ||
                 !ops->part_close(r->out->ctx, PART_WHOLE);
}

void rows_text(struct rows *r, struct span utf8)
{
    rows_add(r, utf8);
}

void rows_gap(struct rows *r, uint64_t len)
{
    rows_line(r);
    rows_flush(r);
    if (r->open && !r->refused)
        r->refused = !r->out->ops->gap(r->out->ctx, len);
}

void rows_close(struct rows *r, enum part_end how)
{
    rows_line(r);
    rows_flush(r);
    if (r->open && !r->refused)
        r->refused = !r->out->ops->part_close(r->out->ctx, how);
    r->open = false;
}

void rows_unread(struct rows *r, const char *kind, enum why why, uint64_t bytes)
{
    const struct note note = {.kind = NOTE_UNREAD,
                              .text = span_of(kind),
                              .number = bytes,
                              .why = why};

    if (!r->refused && bytes > 0)
        r->refused = !r->out->ops->note(r->out->ctx, &note);
}

void rows_clear(struct rows *r)
{
    buf_clear(&r->work);
}
