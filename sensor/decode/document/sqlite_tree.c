// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * sqlite_tree.c - from a root to its leaves, with a stack of its own.
 */
#include "decode/document/sqlite_tree.h"

#include <stdlib.h>
#include <string.h>

enum {
    RECORD_MOST = 64 << 20, /* of a row that lies on many pages */
    DEPTH = 48,             /* pages in a row: real trees have 5 */
    FREE_LIST = 32,         /* place of its first page in the file's header */
    LEAF_HEAD = 8,          /* bytes in front of the list of cells */
};

bool sqlite_tree_open(struct sqlite_tree *t, const struct held *held)
{
    struct span all = held_span(held);

    *t = (struct sqlite_tree){.held = held};
    if (!sqlite_base_read(all, &t->base))
        return false;
    uint64_t pages = (all.len + t->base.size - 1) / t->base.size;
    if (pages > UINT32_MAX - 1)
        return false;
    t->pages = (uint32_t)pages;
    t->seen = calloc(t->pages / 8 + 1, 1);
    buf_init(&t->whole, RECORD_MOST);
    return t->seen != NULL;
}

void sqlite_tree_close(struct sqlite_tree *t)
{
    free(t->seen);
    t->seen = NULL;
    buf_clear(&t->whole);
}

static struct span bytes_of(const struct sqlite_tree *t, uint32_t number)
{
    uint64_t at = (uint64_t)(number - 1) * t->base.size;

    return span_head(span_skip(held_span(t->held), (size_t)at), t->base.size);
}

/* Are bytes [from, from + len) of a page there? */
static bool there(const struct sqlite_tree *t, uint32_t number, uint64_t from,
                  uint64_t len)
{
    uint64_t at = (uint64_t)(number - 1) * t->base.size;

    return held_whole(t->held, at + from, len);
}

/* The first to visit a page? */
static bool visit(struct sqlite_tree *t, uint32_t number)
{
    if (number == 0 || number > t->pages)
        return false;
    uint32_t bit = number - 1;
    bool first = (t->seen[bit / 8] >> (bit % 8) & 1) == 0;
    t->seen[bit / 8] |= (uint8_t)(1U << (bit % 8));
    return first;
}

/* --- records --- */

/* The record of a cell with its overflow pages, as far as they are there. */
static struct span record_of(struct sqlite_tree *t,
                             const struct sqlite_cell *cell)
{
    uint64_t left = cell->len - cell->local.len;
    uint32_t next = cell->overflow;

    if (left == 0)
        return cell->local;
    buf_reset(&t->whole);
    if (!buf_add(&t->whole, cell->local))
        return cell->local;
    while (left > 0 && visit(t, next)) {
        struct span page = span_head(bytes_of(t, next), t->base.usable);
        struct reader r = reader_over(page);
        if (page.len < t->base.usable || !there(t, next, 0, page.len))
            break;
        next = reader_u32be(&r);
        struct span piece = reader_upto(&r, left < SIZE_MAX ? (size_t)left : 0);
        if (!buf_add(&t->whole, piece))
            break;
        left -= piece.len;
    }
    return buf_span(&t->whole);
}

static bool row_put(struct sqlite_tree *t, const struct sqlite_cell *cell,
                    const struct sqlite_visitor *v)
{
    const struct sqlite_row row = {cell->rowid, record_of(t, cell), cell->len};

    return v->row(v->ctx, &row);
}

/* --- pages --- */

/* A page being walked. */
struct step {
    struct sqlite_page page;
    uint32_t number;
    uint32_t next; /* cell */
    size_t used;   /* bytes of cells: more than the page has overlap */
};

/* Begin a page; false: it is none, or was visited. */
static bool step_begin(struct sqlite_tree *t, uint32_t number, struct step *s)
{
    s->number = number;
    s->next = 0;
    s->used = 0;
    if (!visit(t, number)) {
        t->holes = true;
        return false;
    }
    struct span bytes = bytes_of(t, number);
    bool fine = sqlite_page_read(&t->base, bytes, number == 1, &s->page);
    uint32_t head = s->page.head + LEAF_HEAD + 4;
    if (fine && there(t, number, 0, head + s->page.cells * UINT64_C(2)))
        return true;
    t->holes = true;
    t->lost += bytes.len;
    return false;
}

static bool inner(const struct step *s)
{
    return s->page.kind == SQLITE_INDEX_INNER ||
           s->page.kind == SQLITE_TABLE_INNER;
}

/* What the next cell of a page leads to. */
struct turn {
    uint32_t child; /* to walk; 0: none */
    struct sqlite_cell cell;
    bool row;
    bool lost; /* it was not there */
};

static bool step_next(struct sqlite_tree *t, struct step *s, struct turn *turn)
{
    *turn = (struct turn){0};
    if (s->next > s->page.cells || (s->next == s->page.cells && !inner(s)))
        return false;
    if (s->next == s->page.cells) {
        turn->child = s->page.right;
        s->next++;
        return true;
    }
    bool fine = sqlite_cell_read(&t->base, &s->page, s->next++, &turn->cell);
    s->used += turn->cell.local.len;
    fine =
        fine && s->used <= t->base.size &&
        there(t, s->number, turn->cell.from, turn->cell.to - turn->cell.from);
    turn->child = fine ? turn->cell.child : 0;
    turn->row = fine && s->page.kind != SQLITE_TABLE_INNER;
    turn->lost = !fine;
    t->holes |= !fine;
    return true;
}

/* A cell's own row comes in front of what its child leads to. */
bool sqlite_tree_walk(struct sqlite_tree *t, uint32_t root,
                      const struct sqlite_visitor *v)
{
    struct step *stack = calloc(DEPTH, sizeof(*stack));
    unsigned depth = 0;
    bool going = true;
    struct turn turn;

    if (stack == NULL)
        return false;
    if (step_begin(t, root, stack))
        depth = 1;
    else
        going = v->gap(v->ctx, t->base.size);
    while (depth > 0 && going) {
        if (!step_next(t, &stack[depth - 1], &turn)) {
            depth--;
            continue;
        }
        if (turn.row)
            going = row_put(t, &turn.cell, v);
        if (turn.lost && going)
            going = v->gap(v->ctx, 1);
        if (turn.child == 0 || !going)
            continue;
        if (depth < DEPTH && step_begin(t, turn.child, &stack[depth]))
            depth++;
        else
            going = v->gap(v->ctx, t->base.size);
    }
    free(stack);
    return going;
}

/* Pages of the free list are visited: what is on them was deleted. */
static void free_list(struct sqlite_tree *t)
{
    struct reader r = reader_over(span_skip(held_span(t->held), FREE_LIST));
    uint32_t trunk = reader_u32be(&r);

    while (visit(t, trunk)) {
        r = reader_over(bytes_of(t, trunk));
        if (!there(t, trunk, 0, t->base.size))
            return;
        trunk = reader_u32be(&r);
        uint32_t count = reader_u32be(&r);
        for (; count > 0 && reader_left(&r) >= 4; count--)
            (void)visit(t, reader_u32be(&r));
    }
}

bool sqlite_tree_rest(struct sqlite_tree *t, const struct sqlite_visitor *v)
{
    struct turn turn;
    struct step step;
    bool going = true;

    free_list(t);
    for (uint32_t number = 2; number <= t->pages && going; number++) {
        uint32_t bit = number - 1;
        struct span bytes = bytes_of(t, number);
        if ((t->seen[bit / 8] >> (bit % 8) & 1) != 0 || bytes.len == 0 ||
            bytes.ptr[0] != SQLITE_TABLE_LEAF || !step_begin(t, number, &step))
            continue;
        while (going && step_next(t, &step, &turn))
            if (turn.row)
                going = row_put(t, &turn.cell, v);
    }
    return going;
}
