// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * reading.c - lay transfers out by route and entries by transfer.
 *
 * The judge walks a rule's routes, their transfers, their entries: each is
 * a run. It must not change what was added.
 */
#include <stdlib.h>

#include "ledger/ledger.h"

void reading_clear(struct reading *r)
{
    free(r->move);
    free(r->route_first);
    free(r->entry_first);
    free(r->entry);
    free(r->unread_first);
    free(r->unread);
    *r = (struct reading){.move = NULL};
}

/* From counts at i + 1 to the first of each i, and the end. */
static void sum_up(uint32_t *first, size_t count)
{
    for (size_t i = 0; i < count; i++)
        first[i + 1] += first[i];
}

/* After each was taken once, the firsts stand one place on: put them back. */
static void step_back(uint32_t *first, size_t count)
{
    for (size_t i = count; i > 0; i--)
        first[i] = first[i - 1];
    first[0] = 0;
}

/* Transfers by route; those whose header found no memory are left out. */
static bool order_transfers(struct ledger *l, uint32_t *place)
{
    struct reading *r = &l->reading;
    size_t routes = l->moves.routes.runs.count;
    uint32_t moves = l->moves.items.count;

    r->move = calloc((size_t)moves + 1, sizeof(*r->move));
    r->route_first = calloc(routes + 2, sizeof(*r->route_first));
    if (!r->move || !r->route_first)
        return false;
    for (uint32_t i = 0; i < moves; i++) {
        const struct move *move = moves_at(&l->moves, i);
        if (move->top > 0)
            r->route_first[move->route + 1]++;
    }
    sum_up(r->route_first, routes);
    r->transfers = r->route_first[routes];
    for (uint32_t i = 0; i < moves; i++) {
        const struct move *move = moves_at(&l->moves, i);
        place[i] = POOL_NONE;
        if (move->top == 0)
            continue;
        place[i] = r->route_first[move->route]++;
        r->move[place[i]] = i;
    }
    step_back(r->route_first, routes);
    return true;
}

/* The transfer an entry belongs to, or POOL_NONE. */
static uint32_t transfer_of(const struct ledger *l, const uint32_t *place,
                            uint32_t i)
{
    const struct ledger_entry *e = pool_at(&l->entries, i);
    const struct piece *piece;

    if (e->part == POOL_NONE)
        return POOL_NONE;
    piece = pool_at(&l->moves.pieces, e->part);
    return place[piece->move];
}

/* Do entries stand by transfer already, with none to leave out? */
static bool count_entries(struct ledger *l, const uint32_t *place)
{
    uint32_t *first = l->reading.entry_first, before = 0;
    bool in_order = true;

    for (uint32_t i = 0; i < l->entries.count; i++) {
        uint32_t t = transfer_of(l, place, i);
        in_order &= t != POOL_NONE && t >= before;
        if (t == POOL_NONE)
            continue;
        first[t + 1]++;
        before = t;
    }
    return in_order;
}

static bool order_entries(struct ledger *l, const uint32_t *place)
{
    struct reading *r = &l->reading;
    bool in_order;

    r->entry_first = calloc(r->transfers + 2, sizeof(*r->entry_first));
    if (!r->entry_first)
        return false;
    in_order = count_entries(l, place);
    sum_up(r->entry_first, r->transfers);
    r->entries = r->entry_first[r->transfers];
    if (in_order)
        return true;
    r->entry = calloc(r->entries + 1, sizeof(*r->entry));
    if (!r->entry)
        return false;
    for (uint32_t i = 0; i < l->entries.count; i++) {
        uint32_t t = transfer_of(l, place, i);
        if (t != POOL_NONE)
            r->entry[r->entry_first[t]++] = i;
    }
    step_back(r->entry_first, r->transfers);
    return true;
}

static bool order_unread(struct ledger *l)
{
    struct reading *r = &l->reading;
    uint32_t count = 0;

    r->unread_first = calloc(r->transfers + 2, sizeof(*r->unread_first));
    r->unread = calloc((size_t)l->moves.points.count + 1, sizeof(*r->unread));
    if (!r->unread_first || !r->unread)
        return false;
    for (size_t t = 0; t < r->transfers; t++) {
        const struct move *move = moves_at(&l->moves, r->move[t]);
        uint32_t told = ledger_list_unread(l, move, r->unread + count);
        if (told == POOL_NONE)
            return false;
        count += told;
        r->unread_first[t + 1] = count;
    }
    return true;
}

bool reading_build(struct ledger *l)
{
    uint32_t *place = calloc((size_t)l->moves.items.count + 1, sizeof(*place));
    bool ok;

    reading_clear(&l->reading);
    ok = place && order_transfers(l, place) && order_entries(l, place) &&
         order_unread(l);
    free(place);
    if (!ok)
        reading_clear(&l->reading);
    return ok;
}
