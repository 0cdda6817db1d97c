// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * pool.c - chunks of equal items.
 *
 * It must not know what an item is.
 */
#include "ledger/pool.h"

#include <stdlib.h>
#include <string.h>

void *memory_take(struct memory *m, size_t bytes)
{
    void *ptr;

    if (bytes > m->cap - m->held)
        return NULL;
    ptr = calloc(1, bytes);
    if (ptr)
        m->held += bytes;
    return ptr;
}

void memory_give(struct memory *m, void *ptr, size_t bytes)
{
    if (!ptr)
        return;
    free(ptr);
    m->held -= bytes;
}

void pool_init(struct pool *p, struct memory *memory, size_t item)
{
    *p = (struct pool){.memory = memory, .item = item};
}

/* The first chunk lacks the items in front of POOL_FIRST. */
static size_t chunk_items(size_t chunk)
{
    return chunk == 0 ? POOL_FIRST : POOL_ITEMS;
}

static size_t chunk_skip(const struct pool *p, size_t chunk)
{
    return (POOL_ITEMS - chunk_items(chunk)) * p->item;
}

void pool_clear(struct pool *p)
{
    for (size_t i = 0; i < p->chunk_count; i++)
        memory_give(p->memory, (void *)(p->chunks[i] + chunk_skip(p, i)),
                    chunk_items(i) * p->item);
    memory_give(p->memory, p->chunks, p->chunk_room * sizeof(*p->chunks));
    pool_init(p, p->memory, p->item);
}

/* Room for one more pointer to a chunk. */
static bool widen(struct pool *p)
{
    size_t room = p->chunk_room > 0 ? p->chunk_room * 2 : 4;
    uintptr_t *wider;

    if (p->chunk_count < p->chunk_room)
        return true;
    wider = memory_take(p->memory, room * sizeof(*wider));
    if (!wider)
        return false;
    if (p->chunk_count > 0)
        memcpy(wider, p->chunks, p->chunk_count * sizeof(*wider));
    memory_give(p->memory, p->chunks, p->chunk_room * sizeof(*wider));
    p->chunks = wider;
    p->chunk_room = room;
    return true;
}

static bool add_chunk(struct pool *p)
{
    size_t n = p->chunk_count;
    void *chunk;

    if (!widen(p))
        return false;
    chunk = memory_take(p->memory, chunk_items(n) * p->item);
    if (!chunk)
        return false;
    p->chunks[n] = (uintptr_t)chunk - chunk_skip(p, n);
    p->chunk_count++;
    return true;
}

/* Items that the first chunks have room for. */
static size_t room_of(size_t chunks)
{
    return chunks > 0 ? (chunks << POOL_SHIFT) - POOL_ITEMS + POOL_FIRST : 0;
}

uint32_t pool_run(struct pool *p, uint32_t len)
{
    size_t at = p->count;

    while (at + len > room_of(p->chunk_count)) {
        at = room_of(p->chunk_count); /* a run does not cross chunks */
        if (at + POOL_ITEMS > POOL_NONE - POOL_ITEMS || !add_chunk(p))
            return POOL_NONE;
    }
    p->count = (uint32_t)(at + len);
    return (uint32_t)at;
}

/* New items are to be zeroed: those of a chunk that stays are wiped. */
void pool_cut(struct pool *p, uint32_t count)
{
    while (p->chunk_count > 0 && room_of(p->chunk_count - 1) >= count) {
        size_t last = --p->chunk_count;
        memory_give(p->memory, (void *)(p->chunks[last] + chunk_skip(p, last)),
                    chunk_items(last) * p->item);
    }
    for (size_t i = count; i < p->count && i < room_of(p->chunk_count); i++)
        memset(pool_at(p, (uint32_t)i), 0, p->item);
    p->count = count;
}

uint32_t pool_add(struct pool *p)
{
    return pool_run(p, 1);
}
