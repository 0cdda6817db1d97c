// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * book.c - a ledger as a book: its mark and its size (outflow/book.h).
 *
 * It must not know whose book it is.
 */
#include "outflow/book.h"

#include "ledger/ledger.h"

enum err ledger_mark(struct ledger *l)
{
    enum err err = ledger_settle(l);

    if (err == ERR_OK)
        l->marked = l->entries.count + 1;
    return err;
}

bool ledger_marked(const struct ledger *l)
{
    return l->marked > 0;
}

bool ledger_fresh(const struct ledger *l, size_t i)
{
    const uint32_t *entry = l->reading.entry;

    return (entry ? entry[i] : (uint32_t)i) + 1 >= l->marked;
}

void ledger_better(struct ledger *l, const struct name *name)
{
    uint32_t i = customers_find(&l->customers, name->pseudonym);
    struct customer *item;

    if (i == POOL_NONE)
        return;
    item = customers_at(&l->customers, i);
    if (name->kind >= item->kind)
        return;
    item->kind = name->kind & 15u;
    l->settled = false;
}

uint64_t ledger_held(const struct ledger *l)
{
    return l->memory.held;
}

bool ledger_is_empty(const struct ledger *l)
{
    return l->moves.items.count == 0;
}
