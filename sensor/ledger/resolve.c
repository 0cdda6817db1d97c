// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * resolve.c - which customer a name stands for (interface.md 3.1).
 *
 * A tie leads from a weaker name to the item whose record carried it, when
 * that is strictly stronger by the best either was ever seen as. A name
 * stands for the one item at the end of its ties; for itself without ties;
 * for nobody when they end in several. So the answer depends on the set of
 * records only. It must not depend on the numbers of items.
 */
#include <stdlib.h>

#include "ledger/customers.h"

enum { AHEAD = 4 }; /* items whose names are asked for before */

/* A tie whose weaker name named records itself. */
struct edge {
    uint32_t weak, strong;
    uint8_t kind; /* of the weaker name */
};

struct edges {
    struct edge *list; /* owned */
    size_t count, room;
};

static bool edge_add(struct edges *e, const struct edge *edge)
{
    size_t room = e->room > 0 ? e->room + e->room / 2 : 256;
    struct edge *list;

    if (e->count == e->room) {
        list = reallocarray(e->list, room, sizeof(*list));
        if (!list)
            return false;
        e->list = list;
        e->room = room;
    }
    e->list[e->count++] = *edge;
    return true;
}

/* Most weaker names never name a record: those lead nowhere. */
static bool add_tie(struct customers *c, struct edges *edges,
                    const struct tie *tie)
{
    uint32_t weak = customers_find(c, tie->pseudonym);
    const struct edge edge = {weak, tie->strong, tie->kind};

    return weak == POOL_NONE || edge_add(edges, &edge);
}

/* Names lie anywhere in the table: ask for those of a later item now. */
static void ask_ahead(const struct customers *c, uint32_t s)
{
    const struct customer *item;

    if (s >= c->items.count)
        return;
    item = customers_at(c, s);
    for (unsigned i = 0; i < item->held; i++) {
        const uint64_t *name = pool_at(&c->weaker, item->weaker + i);
        customers_ask(c, *name);
    }
}

static bool find_edges(struct customers *c, struct edges *edges)
{
    bool ok = true;

    for (uint32_t s = 0; ok && s < c->items.count; s++) {
        const struct customer *item = customers_at(c, s);
        ask_ahead(c, s + AHEAD);
        for (unsigned i = 0; ok && i < item->held; i++) {
            const uint64_t *name = pool_at(&c->weaker, item->weaker + i);
            struct tie tie = {s, *name, item->kinds >> 4 * i & 15};
            ok = add_tie(c, edges, &tie);
        }
    }
    for (uint32_t i = 0; ok && i < c->further.count; i++) {
        struct tie tie = customers_further(c, i);
        ok = add_tie(c, edges, &tie);
    }
    return ok;
}

/* The best kind each was seen as, be it as a weaker name. */
static void find_best(struct customers *c, const struct edges *edges)
{
    for (uint32_t i = 0; i < c->items.count; i++) {
        struct customer *item = customers_at(c, i);
        item->best = item->kind;
        item->whose = i;
    }
    for (size_t i = 0; i < edges->count; i++) {
        struct customer *weak = customers_at(c, edges->list[i].weak);
        if (edges->list[i].kind < weak->best)
            weak->best = edges->list[i].kind & 15u;
    }
}

/* Ties to names that are not strictly stronger lead nowhere either. */
static void keep_rising(struct customers *c, struct edges *edges)
{
    size_t kept = 0;

    for (size_t i = 0; i < edges->count; i++) {
        const struct edge *edge = &edges->list[i];
        struct customer *weak = customers_at(c, edge->weak);
        if (customers_at(c, edge->strong)->best >= weak->best)
            continue;
        weak->whose = POOL_NONE;
        edges->list[kept++] = *edge;
    }
    edges->count = kept;
}

/* What a weak name stands for, given one more name it leads to. */
static uint32_t join(uint32_t have, uint32_t more)
{
    return have == POOL_NONE || have == more ? more : LEDGER_NOBODY;
}

/* Names of one strength, when all stronger ones are settled. */
static void settle_level(struct customers *c, const struct edges *edges,
                         unsigned level)
{
    for (size_t i = 0; i < edges->count; i++) {
        struct customer *weak = customers_at(c, edges->list[i].weak);
        if (weak->best == level)
            weak->whose = join(weak->whose,
                               customers_at(c, edges->list[i].strong)->whose);
    }
}

bool customers_settle(struct customers *c)
{
    struct edges edges = {.list = NULL};
    bool ok = find_edges(c, &edges);

    find_best(c, &edges);
    keep_rising(c, &edges);
    for (unsigned level = 0; level < NAME_KINDS; level++)
        settle_level(c, &edges, level);
    free(edges.list);
    c->settled = 0;
    for (uint32_t i = 0; i < c->items.count; i++)
        c->settled += customers_at(c, i)->whose == i;
    return ok;
}
