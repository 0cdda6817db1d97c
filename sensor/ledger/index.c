// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * index.c - open addressing over item numbers.
 *
 * It must not hold keys: they stand in the items.
 */
#include "ledger/index.h"

enum { NUMBER_BITS = 28, FIRST_ROOM = 64 };

void index_init(struct index *x, struct memory *memory,
                const struct index_ops *ops, const void *ctx)
{
    *x = (struct index){.memory = memory, .ops = ops, .ctx = ctx};
}

void index_clear(struct index *x)
{
    memory_give(x->memory, x->slots, x->room * sizeof(*x->slots));
    index_init(x, x->memory, x->ops, x->ctx);
}

/* Bits of the hash that its place in the table does not tell. */
static uint32_t tag(uint64_t hash)
{
    return (uint32_t)(hash >> 60) << NUMBER_BITS;
}

uint32_t index_find(const struct index *x, uint64_t hash, const void *key)
{
    size_t at = (size_t)hash & (x->room - 1);
    const uint32_t numbers = ((uint32_t)1 << NUMBER_BITS) - 1;

    if (x->room == 0)
        return POOL_NONE;
    for (; x->slots[at] != 0; at = (at + 1) & (x->room - 1)) {
        uint32_t slot = x->slots[at];
        if ((slot & ~numbers) == tag(hash) &&
            x->ops->same(x->ctx, (slot & numbers) - 1, key))
            return (slot & numbers) - 1;
    }
    return POOL_NONE;
}

static void put(uint32_t *slots, size_t room, uint64_t hash, uint32_t i)
{
    size_t at = (size_t)hash & (room - 1);

    while (slots[at] != 0)
        at = (at + 1) & (room - 1);
    slots[at] = tag(hash) | (i + 1);
}

bool index_reserve(struct index *x)
{
    const uint32_t numbers = ((uint32_t)1 << NUMBER_BITS) - 1;
    size_t room = x->room > 0 ? x->room * 2 : FIRST_ROOM;
    uint32_t *slots;

    if (x->count >= INDEX_MAX)
        return false;
    if (x->count < x->room / 4 * 3)
        return true;
    slots = memory_take(x->memory, room * sizeof(*slots));
    if (!slots)
        return false;
    for (size_t s = 0; s < x->room; s++) {
        uint32_t i = (x->slots[s] & numbers) - 1;
        if (x->slots[s] != 0)
            put(slots, room, x->ops->hash(x->ctx, i), i);
    }
    memory_give(x->memory, x->slots, x->room * sizeof(*slots));
    x->slots = slots;
    x->room = room;
    return true;
}

void index_put(struct index *x, uint64_t hash, uint32_t i)
{
    put(x->slots, x->room, hash, i);
    x->count++;
}
