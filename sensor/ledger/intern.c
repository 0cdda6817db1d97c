// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * intern.c - equal runs of bytes kept once, in chunks.
 *
 * It must not know what the bytes mean.
 */
#include "ledger/intern.h"

#include <string.h>

enum { CHUNK_FIRST = 1 << 10, CHUNK = 16 << 10, ALIGN = 16 };

struct run {
    const char *ptr;
    size_t len;
};

/* In front of every chunk. */
struct chunk_head {
    char *before;
    size_t bytes;
};

static bool run_same(const void *ctx, uint32_t i, const void *key)
{
    const struct intern *t = ctx;
    const struct run *run = pool_at(&t->runs, i);
    const struct span *bytes = key;

    return run->len == bytes->len &&
           memcmp(run->ptr, bytes->ptr, run->len) == 0;
}

static uint64_t run_hash(const void *ctx, uint32_t i)
{
    const struct intern *t = ctx;
    const struct run *run = pool_at(&t->runs, i);

    return hash_bytes(&t->key,
                      (struct span){(const uint8_t *)run->ptr, run->len});
}

static const struct index_ops run_ops = {run_same, run_hash};

void intern_init(struct intern *t, struct memory *memory)
{
    *t = (struct intern){.memory = memory, .key = hash_key_new()};
    index_init(&t->index, memory, &run_ops, t);
    pool_init(&t->runs, memory, sizeof(struct run));
}

void intern_clear(struct intern *t)
{
    while (t->chunk) {
        struct chunk_head head;
        memcpy(&head, t->chunk, sizeof(head));
        memory_give(t->memory, t->chunk, head.bytes);
        t->chunk = head.before;
    }
    index_clear(&t->index);
    pool_clear(&t->runs);
    t->used = t->bytes = 0;
}

/* Room for len bytes in the newest chunk, or in a new one. */
static char *room_for(struct intern *t, size_t len)
{
    size_t need = (len + ALIGN - 1) / ALIGN * ALIGN;
    size_t bytes = sizeof(struct chunk_head) + need;
    size_t least = t->chunk ? CHUNK : CHUNK_FIRST;
    char *chunk, *at;

    if (!t->chunk || t->bytes - t->used < need) {
        struct chunk_head head = {t->chunk, bytes > least ? bytes : least};
        chunk = memory_take(t->memory, head.bytes);
        if (!chunk)
            return NULL;
        memcpy(chunk, &head, sizeof(head));
        t->chunk = chunk;
        t->bytes = head.bytes;
        t->used = sizeof(head);
    }
    at = t->chunk + t->used;
    t->used += need;
    return at;
}

uint32_t intern_bytes(struct intern *t, struct span bytes)
{
    uint64_t hash = hash_bytes(&t->key, bytes);
    uint32_t i = index_find(&t->index, hash, &bytes);
    struct run *run;
    char *copy;

    if (i != POOL_NONE || !index_reserve(&t->index))
        return i;
    copy = room_for(t, bytes.len);
    if (!copy)
        return POOL_NONE;
    i = pool_add(&t->runs);
    if (i == POOL_NONE)
        return POOL_NONE;
    memcpy(copy, bytes.ptr, bytes.len);
    run = pool_at(&t->runs, i);
    *run = (struct run){copy, bytes.len};
    index_put(&t->index, hash, i);
    return i;
}

uint32_t intern_text(struct intern *t, const char *text)
{
    return intern_bytes(t,
                        (struct span){(const uint8_t *)text, strlen(text) + 1});
}

const void *intern_at(const struct intern *t, uint32_t number)
{
    const struct run *run = pool_at(&t->runs, number);

    return run->ptr;
}

const char *intern_name(struct intern *t, const char *text)
{
    uint32_t i = intern_text(t, text);

    return i == POOL_NONE ? NULL : intern_at(t, i);
}
