// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * ties.c - what a ledger shares with others: ties, and keys of flows.
 *
 * It must not settle what a name stands for.
 */
#include "ledger/ledger.h"

#include <string.h>

#include "outflow/pack.h"
#include "util/keyed.h"

struct visitor {
    bool (*visit)(void *ctx, const struct ledger_tie *tie);
    void *ctx;
};

static bool tell(const struct ledger *l, const struct tie *from,
                 const struct visitor *v)
{
    struct ledger_tie tie = {.weak = {from->pseudonym, from->kind},
                             .strong = ledger_name_at(l, from->strong)};

    customers_mask(&l->customers, from->strong, tie.mask);
    return v->visit(v->ctx, &tie);
}

bool ledger_each_tie(const struct ledger *l,
                     bool (*visit)(void *ctx, const struct ledger_tie *tie),
                     void *ctx)
{
    const struct customers *c = &l->customers;
    const struct visitor v = {visit, ctx};
    bool ok = true;

    for (uint32_t s = 0; ok && s < c->items.count; s++) {
        const struct customer *item = customers_at(c, s);
        for (unsigned i = 0; ok && i < item->held; i++) {
            const uint64_t *name = pool_at(&c->weaker, item->weaker + i);
            struct tie tie = {s, *name, item->kinds >> 4 * i & 15};
            ok = tell(l, &tie, &v);
        }
    }
    for (uint32_t i = 0; ok && i < c->further.count; i++) {
        struct tie tie = customers_further(c, i);
        ok = tell(l, &tie, &v);
    }
    return ok;
}

enum err ledger_tie(struct ledger *l, const struct ledger_tie *tie)
{
    struct record r = {
        .name = tie->strong, .weaker = {tie->weak}, .weaker_count = 1};

    if (tie->strong.kind >= NAME_KINDS || tie->weak.kind >= NAME_KINDS)
        return ERR_FORMAT;
    memcpy(r.mask, tie->mask, sizeof(r.mask));
    r.mask[RECORD_MASK - 1] = '\0';
    l->settled = false;
    return customers_add(&l->customers, &r) == POOL_NONE ? ERR_LIMIT : ERR_OK;
}

struct name ledger_name_at(const struct ledger *l, size_t i)
{
    const struct customer *item = customers_at(&l->customers, (uint32_t)i);

    return (struct name){item->pseudonym, item->kind};
}

static void put(uint8_t **at, uint64_t value, size_t bytes)
{
    for (; bytes > 0; bytes--)
        *(*at)++ = (uint8_t)(value >> 8 * (bytes - 1));
}

uint64_t ledger_flow_key(const struct keyed *key, const struct exposure *e)
{
    static const char what[] = "flow"; /* with its NUL, as a class */
    uint8_t text[sizeof(what) + 2 * 18 + 1 + 8], *at = text;
    int64_t us = e->flow_ns / 1000 - (e->flow_ns % 1000 < 0);

    memcpy(at, what, sizeof(what));
    at += sizeof(what);
    for (size_t i = 0; i < 2; i++) {
        memcpy(at, e->addr[i].b, 16);
        at += 16;
        put(&at, e->port[i], 2);
    }
    put(&at, e->proto, 1);
    put(&at, (uint64_t)us, 8);
    return keyed_pseudonym(key, (struct span){text, sizeof(text)});
}

bool ledger_knows(const struct ledger *l, const struct exposure *e)
{
    uint32_t i = moves_find(&l->moves, e->flow, e->transfer);

    return i != POOL_NONE && move_knows(&l->moves, moves_at(&l->moves, i), e);
}
