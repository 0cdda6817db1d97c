// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * index.h - from a key to the number of the item that has it.
 *
 * Four bytes a slot: the number and four bits of the hash. The items stand
 * in a pool elsewhere; two functions of the owner say what is in them.
 */
#ifndef OUTFLOW_LEDGER_INDEX_H
#define OUTFLOW_LEDGER_INDEX_H

#include "ledger/pool.h"

enum { INDEX_MAX = (1 << 28) - 2 }; /* items one index can tell apart */

struct index_ops {
    /* Has item i this key? */
    bool (*same)(const void *ctx, uint32_t i, const void *key);
    /* The hash of item i, as its key was found and put by. */
    uint64_t (*hash)(const void *ctx, uint32_t i);
};

struct index {
    struct memory *memory;
    const struct index_ops *ops;
    const void *ctx; /* handed to ops */
    uint32_t *slots; /* owned */
    size_t room;     /* slots, a power of two or 0 */
    size_t count;
};

void index_init(struct index *x, struct memory *memory,
                const struct index_ops *ops, const void *ctx);
void index_clear(struct index *x);

/* The item with that key, or POOL_NONE. */
uint32_t index_find(const struct index *x, uint64_t hash, const void *key);

/* A key of that hash will be looked for soon: bring its slot nearer. */
static inline void index_ask(const struct index *x, uint64_t hash)
{
    if (x->room > 0)
        __builtin_prefetch(&x->slots[(size_t)hash & (x->room - 1)]);
}

/* Room for one more item; false when memory is at its end. */
bool index_reserve(struct index *x) MUST_USE;

/* Put item i, not in it yet; after index_reserve. */
void index_put(struct index *x, uint64_t hash, uint32_t i);

#endif
