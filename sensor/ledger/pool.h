// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * pool.h - many equal items in chunks, and the memory they may take.
 *
 * Items never move, so growing copies nothing and wastes at most a chunk.
 * All pools of a ledger share one struct memory, which says no at its end.
 */
#ifndef OUTFLOW_LEDGER_POOL_H
#define OUTFLOW_LEDGER_POOL_H

#include "outflow/compiler.h"
#include "outflow/span.h"

/* What a ledger holds, and may hold, in bytes. */
struct memory {
    uint64_t held, cap;
};

/* Zeroed bytes; NULL when the system or the cap says no. */
void *memory_take(struct memory *m, size_t bytes) MUST_USE;
void memory_give(struct memory *m, void *ptr, size_t bytes);

enum {
    POOL_SHIFT = 11,
    POOL_ITEMS = 1 << POOL_SHIFT, /* of a chunk */
    POOL_FIRST = 64,              /* of the first: most books stay small */
};

static const uint32_t POOL_NONE = UINT32_MAX; /* no item */

struct pool {
    struct memory *memory;
    uintptr_t *chunks; /* owned; the first begins where item 0 would be */
    size_t chunk_count, chunk_room;
    size_t item;    /* bytes of one */
    uint32_t count; /* items in use */
};

/* An empty pool of items of that size; allocates nothing. */
void pool_init(struct pool *p, struct memory *memory, size_t item);
void pool_clear(struct pool *p);

/* One more, zeroed; its number, or POOL_NONE. */
uint32_t pool_add(struct pool *p);

/* len items (at most POOL_ITEMS) side by side; the first's number. */
uint32_t pool_run(struct pool *p, uint32_t len);

/* Only the first count items stay. */
void pool_cut(struct pool *p, uint32_t count);

/* The i-th item; valid until the pool is cleared. */
static inline void *pool_at(const struct pool *p, uint32_t i)
{
    i += POOL_ITEMS - POOL_FIRST;
    return (void *)(p->chunks[i >> POOL_SHIFT] +
                    (i & (POOL_ITEMS - 1)) * p->item);
}

#endif
