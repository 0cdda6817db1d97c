// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * pack.c - one day of a ledger as a blob.
 *
 * What is not of that day is left out. It must not settle names: a blob says
 * what was seen.
 */
#include <stdlib.h>

#include "ledger/packer.h"

int64_t ledger_day(int64_t time_ns)
{
    int64_t day = time_ns / PACK_DAY_NS;

    return day - (time_ns % PACK_DAY_NS < 0);
}

/* --- which days there are ------------------------------------------------ */

struct days {
    int64_t *list; /* owned; rising */
    size_t count, room, last;
};

static bool day_add(struct days *d, int64_t time_ns)
{
    int64_t day = ledger_day(time_ns);
    size_t room = d->room > 0 ? d->room * 2 : 8, at = d->count;
    int64_t *list;

    if (d->last < d->count && d->list[d->last] == day)
        return true;
    while (at > 0 && d->list[at - 1] > day)
        at--;
    d->last = at > 0 ? at - 1 : 0;
    if (at > 0 && d->list[at - 1] == day)
        return true;
    if (d->count == d->room) {
        list = reallocarray(d->list, room, sizeof(*list));
        if (!list)
            return false;
        d->list = list;
        d->room = room;
    }
    memmove(d->list + at + 1, d->list + at, (d->count - at) * sizeof(*d->list));
    d->list[at] = day;
    d->count++;
    d->last = at;
    return true;
}

enum err ledger_days(const struct ledger *l, int64_t **days, size_t *count)
{
    struct days d = {.list = NULL};
    bool ok = true;

    for (uint32_t i = 0; ok && i < l->entries.count; i++) {
        const struct ledger_entry *e = pool_at(&l->entries, i);
        if (e->part != POOL_NONE)
            ok = day_add(&d, e->first_ns);
    }
    for (uint32_t i = 0; ok && i < l->moves.points.count; i++) {
        const struct point *point = pool_at(&l->moves.points, i);
        ok = day_add(&d, point->time_ns);
    }
    for (uint32_t i = 0; ok && i < l->moves.items.count; i++)
        ok = moves_at(&l->moves, i)->top == 0 ||
             day_add(&d, moves_at(&l->moves, i)->time_ns);
    if (!ok)
        free(d.list);
    *days = ok ? d.list : NULL;
    *count = ok ? d.count : 0;
    return ok ? ERR_OK : ERR_MEMORY;
}

/* --- what is of the day ------------------------------------------------- */

static void mark_moves(struct packer *p)
{
    const struct moves *m = &p->l->moves;

    for (uint32_t i = 0; i < m->items.count; i++) {
        const struct move *move = moves_at(m, i);
        bool is = packer_of_day(p, move->time_ns);
        for (uint32_t at = move->point; !is && at != POOL_NONE;) {
            const struct point *point = pool_at(&m->points, at);
            is = packer_of_day(p, point->time_ns);
            at = point->next;
        }
        p->of_day[i] |= is;
        p->of_day[i] &= move->top > 0;
    }
}

static bool mark_rows(struct packer *p)
{
    const struct ledger *l = p->l;

    p->rows = calloc((size_t)l->entries.count + 1, sizeof(*p->rows));
    if (!p->rows)
        return false;
    for (uint32_t i = 0; i < l->entries.count; i++) {
        const struct ledger_entry *e = pool_at(&l->entries, i);
        const struct piece *piece;
        if (e->part == POOL_NONE || !packer_of_day(p, e->first_ns))
            continue;
        piece = pool_at(&l->moves.pieces, e->part);
        if (moves_at(&l->moves, piece->move)->top == 0)
            continue; /* its header found no memory */
        p->of_day[piece->move] = 1;
        p->rows[p->row_count++] =
            (struct row){customers_at(&l->customers, e->customer)->pseudonym,
                         e->customer, i};
    }
    return true;
}

static int row_compare(const void *a, const void *b, void *ctx)
{
    const struct row *x = a, *y = b;
    const struct packer *p = ctx;
    const struct ledger_entry *e, *f;

    if (x->pseudonym != y->pseudonym)
        return packer_order(x->pseudonym, y->pseudonym);
    e = pool_at(&p->l->entries, x->entry);
    f = pool_at(&p->l->entries, y->entry);
    if (e->first_ns != f->first_ns)
        return e->first_ns < f->first_ns ? -1 : 1;
    return packer_order(x->entry, y->entry);
}

static int move_compare(const void *a, const void *b, void *ctx)
{
    const struct packer *p = ctx;
    const struct move *x = moves_at(&p->l->moves, *(const uint32_t *)a);
    const struct move *y = moves_at(&p->l->moves, *(const uint32_t *)b);
    int by = packer_order(x->route, y->route);

    if (by == 0)
        by = packer_order(x->capture, y->capture);
    if (by == 0)
        by = packer_order(x->first_packet, y->first_packet);
    if (by == 0)
        by = packer_order(x->flow, y->flow);
    return by != 0 ? by : packer_order(x->number, y->number);
}

static bool choose(struct packer *p)
{
    const struct moves *m = &p->l->moves;

    p->of_day = calloc((size_t)m->items.count + 1, 1);
    p->moves = calloc((size_t)m->items.count + 1, sizeof(*p->moves));
    p->piece = calloc((size_t)m->pieces.count + 1, sizeof(*p->piece));
    p->name = calloc((size_t)m->names.runs.count + 1, sizeof(*p->name));
    if (!p->of_day || !p->moves || !p->piece || !p->name || !mark_rows(p))
        return false;
    mark_moves(p);
    for (uint32_t i = 0; i < m->items.count; i++) {
        if (p->of_day[i])
            p->moves[p->move_count++] = i;
    }
    qsort_r(p->moves, p->move_count, sizeof(*p->moves), move_compare, p);
    qsort_r(p->rows, p->row_count, sizeof(*p->rows), row_compare, p);
    return true;
}

/* --- the whole ---------------------------------------------------------- */

static void clear(struct packer *p)
{
    free(p->rows);
    free(p->moves);
    free(p->of_day);
    free(p->piece);
    free(p->name);
    free(p->kinds.list);
    free(p->masks.list);
    free(p->fields.list);
    free(p->times.list);
    free(p->texts.list);
}

enum err ledger_pack_day(struct ledger *l, int64_t day,
                         const struct ledger_codec *codec, struct buf *out,
                         size_t *pairs)
{
    struct packer p = {.l = l, .codec = codec, .out = {.to = out}};
    static const uint8_t head[PACK_HEAD] = {PACK_VERSION};
    size_t begin = out->len, count = 0;
    enum err err = ERR_MEMORY;

    if (!pack_can(day))
        return ERR_LIMIT;
    p.from_ns = day * PACK_DAY_NS;
    l->settled = false; /* merging rows moves what reading points at */
    if (ledger_merge_entries(l) && choose(&p) && packer_sets(&p)) {
        p.out.failed = !buf_add(out, (struct span){head, sizeof(head)});
        bits_put_signed(&p.out, day);
        packer_bool(&p, p.unit > 1);
        packer_moves(&p);
        err = packer_rows(&p, &count) ? ERR_OK : ERR_MEMORY;
        bits_finish(&p.out);
    }
    clear(&p);
    if (err == ERR_OK && p.out.failed)
        err = ERR_LIMIT;
    if (err != ERR_OK) {
        out->len = begin;
        return err;
    }
    pack_seal(out, begin);
    if (pairs)
        *pairs = count;
    return ERR_OK;
}
