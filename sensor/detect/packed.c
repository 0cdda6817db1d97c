// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * packed.c - columns that pass one after another, and their rows.
 *
 * What stands behind a hole in a column is counted from its end: the other
 * columns tell how many rows there are.
 *
 * It must not hold more than LIMIT_PACKED bytes, nor all parts of a worker
 * more than LIMIT_PACKED_ALL.
 */
#include "detect/packed.h"

#include <string.h>

#include "detect/readers.h"
#include "detect/undo.h"

enum {
    CELL_MOST = LIMIT_ROW / 4, /* a longer one is no cell of a customer */
    LENGTH = 2,                /* bytes in front of a cell */
    MOST_ALIKE = 3,            /* columns that a longer one does not outdo */
};

void packed_init(struct packed *p)
{
    buf_init(&p->text, LIMIT_PACKED);
    p->runs = 0;
    p->most = UINT32_MAX;
    p->alone = 0;
    p->naming = false;
}

static struct packed_run *last_run(struct packed *p)
{
    return &p->run[p->runs - 1];
}

bool packed_begin(struct packed *p, uint64_t label, struct claim claim)
{
    if (p->runs == GATHER_COLUMNS)
        return false;
    p->run[p->runs++] = (struct packed_run){
        .claim = claim, .label = label, .at = (uint32_t)p->text.len};
    return true;
}

void packed_end(struct packed *p)
{
    if (p->runs > 0)
        last_run(p)->ended = true;
}

void packed_gap(struct packed *p)
{
    struct packed_run *run = p->runs > 0 ? last_run(p) : NULL;

    if (run && !run->ended) {
        const struct packed_run front = *run;
        run->holed = true;
        if (packed_begin(p, front.label, front.claim))
            last_run(p)->behind = true;
    } else if (packed_begin(p, p->runs + 1,
                            (struct claim){.type = FIELD_NONE})) {
        last_run(p)->behind = true;
    }
}

/* The cell at place at of the text, which moves behind it. */
static struct span cell_at(const struct packed *p, uint32_t *at)
{
    const uint8_t *length = p->text.ptr + *at;
    uint32_t from = *at + LENGTH, len = length[0] | (uint32_t)length[1] << 8;

    *at = from + len;
    return span_slice(buf_span(&p->text), from, from + len);
}

struct span packed_text(struct rows *r, struct span raw)
{
    struct buf *plain = &r->detect->plain;
    struct span text = rows_utf8(r, raw);

    buf_reset(plain);
    return span_find(text, '\\') < text.len ? undo_escapes(plain, text) : text;
}

static void add_to_row(struct rows *r, const struct packed_run *run,
                       struct span cell)
{
    gather_cell(r, run->label, run->claim, packed_text(r, cell));
}

/* A cell whose row is not held: it may name a customer by itself. */
static void give_alone(struct rows *r, struct packed *p,
                       const struct packed_run *run, struct span cell)
{
    rows_unread(r, cell.len);
    if (p->alone != run->label && p->naming)
        return;
    if (p->alone != run->label)
        gather_flush(r);
    p->alone = run->label;
    add_to_row(r, run, cell);
    gather_row(r, rows_moment(r, r->at));
    p->naming = gather_certain(r);
}

static uint32_t held_of(const struct packed *p, const struct packed_run *run)
{
    return run->rows < p->most ? run->rows : p->most;
}

/* Hold half as many rows: the cells of the others are judged alone. */
static void hold_fewer(struct rows *r, struct packed *p)
{
    uint32_t most = 0, to = 0, was = p->most;

    for (size_t i = 0; i < p->runs; i++)
        most = p->run[i].rows > most ? p->run[i].rows : most;
    most = (most < was ? most : was) / 2;
    for (size_t i = 0; i < p->runs; i++) {
        struct packed_run *run = &p->run[i];
        uint32_t at = run->at, held = held_of(p, run);
        run->at = to;
        for (uint32_t row = 0; row < held; row++) {
            uint32_t from = at;
            struct span cell = cell_at(p, &at);
            if (row >= most) {
                give_alone(r, p, run, cell);
                continue;
            }
            memmove(p->text.ptr + to, p->text.ptr + from, at - from);
            to += at - from;
        }
    }
    r->detect->packed -= p->text.len - to;
    p->text.len = to;
    p->most = most;
}

static bool put(struct rows *r, struct packed *p, struct span cell)
{
    const uint8_t length[LENGTH] = {(uint8_t)cell.len,
                                    (uint8_t)(cell.len >> 8)};
    size_t more = LENGTH + cell.len;

    if (r->detect->packed + more > LIMIT_PACKED_ALL ||
        p->text.len + more > p->text.cap ||
        !buf_add(&p->text, (struct span){length, LENGTH}))
        return false;
    if (!buf_add(&p->text, cell)) {
        p->text.len -= LENGTH;
        return false;
    }
    r->detect->packed += more;
    return true;
}

void packed_cell(struct rows *r, struct packed *p, struct span cell)
{
    if (p->runs == 0)
        return;
    struct packed_run *run = last_run(p);
    uint32_t row = run->rows;

    if (cell.len > CELL_MOST)
        cell.len = 0;
    while (row < p->most && !put(r, p, cell))
        hold_fewer(r, p);
    if (row >= p->most)
        give_alone(r, p, run, cell);
    run->rows = row + 1;
}

size_t packed_alike(const struct packed *p, uint32_t *rows)
{
    size_t alike = 0;

    *rows = 0;
    for (size_t i = 0; i < p->runs; i++) {
        const struct packed_run *run = &p->run[i];
        size_t like = 0;
        if (run->behind || run->holed)
            continue;
        for (size_t j = 0; j < p->runs; j++)
            like += !p->run[j].behind && !p->run[j].holed &&
                    p->run[j].rows == run->rows;
        bool more = like > alike && like >= MOST_ALIKE;
        if (!more && (alike >= MOST_ALIKE || run->rows <= *rows))
            continue;
        alike = like;
        *rows = run->rows;
    }
    return alike;
}

/* Runs as they stand in the rows. */
struct cursor {
    uint32_t from, to; /* rows it has cells of */
    uint32_t at;
};

/* Where a run that stands behind a hole begins; none: its end is unknown. */
static struct cursor from_end(struct packed *p, size_t i, uint32_t rows)
{
    struct packed_run *run = &p->run[i];
    uint32_t front =
        i > 0 && p->run[i - 1].label == run->label ? p->run[i - 1].rows : 0;

    if (!run->ended || run->rows > rows || rows > p->most)
        return (struct cursor){0, 0, run->at};
    if (front + run->rows > rows) { /* the hole had the column's end */
        run->claim = (struct claim){.type = FIELD_NONE};
        run->label = run->label * 31 + i;
    }
    return (struct cursor){rows - run->rows, rows, run->at};
}

static struct cursor place_of(struct packed *p, size_t i, uint32_t rows)
{
    const struct packed_run *run = &p->run[i];
    uint32_t held = held_of(p, run);

    if (run->behind)
        return from_end(p, i, rows);
    /* shorter ones have another matter, but for those that were cut */
    bool alike = run->rows == rows || run->holed || !run->ended;
    return (struct cursor){0, alike ? held : 0, run->at};
}

void packed_give(struct rows *r, struct packed *p, const struct moment *seen)
{
    struct cursor cursor[GATHER_COLUMNS];
    const struct moment when = *seen;
    uint32_t rows;

    packed_alike(p, &rows);
    for (size_t i = 0; rows == 0 && i < p->runs; i++)
        rows = p->run[i].rows;
    for (size_t i = p->runs; i-- > 0;)
        cursor[i] = place_of(p, i, rows);
    gather_flush(r);
    for (uint32_t row = 0; row < rows && row < p->most; row++) {
        for (size_t i = 0; i < p->runs; i++) {
            if (row < cursor[i].from || row >= cursor[i].to)
                continue;
            struct span cell = cell_at(p, &cursor[i].at);
            if (cell.len > 0)
                add_to_row(r, &p->run[i], cell);
        }
        gather_row(r, &when);
    }
    gather_flush(r);
    packed_forget(r, p);
}

void packed_forget(struct rows *r, struct packed *p)
{
    r->detect->packed -= p->text.len;
    buf_clear(&p->text);
    packed_init(p);
}
