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

struct edge {
    uint32_t weak, strong;
};

struct edges {
    struct edge *list; /* owned */
    size_t count, room;
};

static bool edge_add(struct edges *e, uint32_t weak, uint32_t strong)
{
    size_t room = e->room > 0 ? e->room + e->room / 2 : 256;
    struct edge *list;

    if (e->count == e->room) {
        list = realloc(e->list, room * sizeof(*list));
        if (!list)
            return false;
        e->list = list;
        e->room = room;
    }
    e->list[e->count++] = (struct edge){weak, strong};
    return true;
}

/* The best kind a name was seen as, be it as a weaker one. */
static bool note_best(struct customers *c, struct edges *edges, uint32_t weak,
                      const struct tie *tie)
{
    struct customer *item = customers_at(c, weak);

    (void)edges;
    if (tie->kind < item->best)
        item->best = tie->kind & 15u;
    return true;
}

static bool note_edge(struct customers *c, struct edges *edges, uint32_t weak,
                      const struct tie *tie)
{
    if (customers_at(c, tie->strong)->best >= customers_at(c, weak)->best)
        return true;
    return edge_add(edges, weak, tie->strong);
}

static bool each_tie(struct customers *c, struct edges *edges,
                     bool (*visit)(struct customers *c, struct edges *edges,
                                   uint32_t weak, const struct tie *tie))
{
    bool ok = true;

    for (uint32_t s = 0; ok && s < c->items.count; s++) {
        const struct customer *item = customers_at(c, s);
        for (unsigned i = 0; ok && i < item->held; i++) {
            const uint64_t *name = pool_at(&c->weaker, item->weaker + i);
            struct tie tie = {s, *name, item->kinds >> 4 * i & 15};
            uint32_t weak = customers_find(c, tie.pseudonym);
            if (weak != POOL_NONE)
                ok = visit(c, edges, weak, &tie);
        }
    }
    for (uint32_t i = 0; ok && i < c->further.count; i++) {
        struct tie tie = customers_further(c, i);
        uint32_t weak = customers_find(c, tie.pseudonym);
        if (weak != POOL_NONE)
            ok = visit(c, edges, weak, &tie);
    }
    return ok;
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
    bool ok;

    for (uint32_t i = 0; i < c->items.count; i++) {
        struct customer *item = customers_at(c, i);
        item->best = item->kind;
        item->whose = i;
    }
    ok = each_tie(c, &edges, note_best) && each_tie(c, &edges, note_edge);
    for (size_t i = 0; i < edges.count; i++)
        customers_at(c, edges.list[i].weak)->whose = POOL_NONE;
    for (unsigned level = 0; level < NAME_KINDS; level++)
        settle_level(c, &edges, level);
    free(edges.list);
    c->settled = 0;
    for (uint32_t i = 0; i < c->items.count; i++)
        c->settled += customers_at(c, i)->whose == i;
    return ok;
}
