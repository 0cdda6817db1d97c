// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * merge.c - bring entries into the form that order does not change.
 *
 * Taking exposures in merges rows only with the newest entries, so what is
 * merged depends on order. Here the rest of one second, part and field map
 * is merged, too. It must not change what a window of a second can see.
 */
#include <stdlib.h>

#include "ledger/ledger.h"

struct link {
    struct ledger_entry *entry;
    uint32_t number;
};

struct chain {
    struct link *list; /* owned */
    size_t count, room;
};

static bool chain_add(struct chain *c, struct ledger_entry *e, uint32_t number)
{
    size_t room = c->room > 0 ? c->room * 2 : 64;
    struct link *list;

    if (c->count == c->room) {
        list = realloc(c->list, room * sizeof(*list));
        if (!list)
            return false;
        c->list = list;
        c->room = room;
    }
    c->list[c->count++] = (struct link){e, number};
    return true;
}

static int sign(bool more, bool less)
{
    return (int)more - (int)less;
}

static int entry_compare(const void *a, const void *b)
{
    const struct ledger_entry *x = ((const struct link *)a)->entry;
    const struct ledger_entry *y = ((const struct link *)b)->entry;
    bool sx = entry_is_short(x), sy = entry_is_short(y);

    if (x->part != y->part)
        return sign(x->part > y->part, x->part < y->part);
    if (x->fields != y->fields)
        return sign(x->fields > y->fields, x->fields < y->fields);
    if (sx != sy)
        return sign(sx, sy);
    if (x->first_ns != y->first_ns)
        return sign(x->first_ns > y->first_ns, x->first_ns < y->first_ns);
    return sign(x->span_ns > y->span_ns, x->span_ns < y->span_ns);
}

/* The entries of one customer, newest first. */
static bool gather(const struct ledger *l, uint32_t newest, struct chain *c)
{
    c->count = 0;
    for (uint32_t i = newest, older; i != 0; i = older) {
        struct ledger_entry *e = pool_at(&l->entries, i - 1);
        older = e->older;
        if (e->part != POOL_NONE && !chain_add(c, e, i))
            return false;
    }
    return true;
}

/* The one that was there first stays: the other adds nothing new to it. */
static void merge_two(struct link *into, struct link *from)
{
    if (from->number < into->number) {
        struct link held = *into;
        *into = *from;
        *from = held;
    }
    entry_merge(into->entry, from->entry);
    from->entry->part = POOL_NONE; /* it is gone */
}

static void merge_sorted(struct chain *c)
{
    size_t kept = 0;

    for (size_t i = 1; i < c->count; i++) {
        if (entry_same(c->list[kept].entry, c->list[i].entry))
            merge_two(&c->list[kept], &c->list[i]);
        else
            kept = i;
    }
}

bool ledger_merge_entries(struct ledger *l)
{
    struct chain c = {.list = NULL};
    bool ok = true;

    for (uint32_t i = 0; i < l->customers.items.count; i++) {
        uint32_t newest = customers_at(&l->customers, i)->newest;
        const struct ledger_entry *e;
        if (newest == 0)
            continue;
        e = pool_at(&l->entries, newest - 1);
        if (e->older == 0)
            continue;
        ok = gather(l, newest, &c);
        if (!ok)
            break;
        if (c.count < 2)
            continue;
        qsort(c.list, c.count, sizeof(*c.list), entry_compare);
        merge_sorted(&c);
    }
    free(c.list);
    return ok;
}
