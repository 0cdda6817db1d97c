// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * books.c - find the book of a subject, and add to it.
 *
 * It must not know rules or who is who.
 */
#include "books.h"

#include <stdlib.h>
#include <string.h>

#include "util/hash.h"

enum { FIRST_SLOTS = 64 };

void books_init(struct books *all, uint64_t memory)
{
    *all = (struct books){.memory = memory};
}

void books_clear(struct books *all)
{
    for (size_t i = 0; i < all->count; i++) {
        struct book *b = all->list[i];
        ledger_free(b->all);
        ledger_free(b->fresh);
        free(b->name);
        free(b);
    }
    free(all->list);
    free(all->slots);
    books_init(all, all->memory);
}

static size_t slot_of(enum books_kind kind, const char *name, size_t slots)
{
    const struct hash_key key = hash_key_from(1);
    uint64_t hash = hash_bytes(&key, span_of(name));

    return (size_t)hash_mix(&key, (uint64_t)kind + 1, hash) & (slots - 1);
}

/* Where that book is, or would be. */
static size_t seek(const struct books *all, enum books_kind kind,
                   const char *name)
{
    size_t at = slot_of(kind, name, all->slot_count);

    for (; all->slots[at] != 0; at = (at + 1) & (all->slot_count - 1)) {
        const struct book *b = all->list[all->slots[at] - 1];
        if (b->kind == kind && strcmp(b->name, name) == 0)
            break;
    }
    return at;
}

static bool widen_slots(struct books *all)
{
    size_t count = all->slot_count > 0 ? all->slot_count * 2 : FIRST_SLOTS;
    uint32_t *slots;

    if (all->count < all->slot_count / 2)
        return true;
    slots = calloc(count, sizeof(*slots));
    if (!slots)
        return false;
    free(all->slots);
    all->slots = slots;
    all->slot_count = count;
    for (size_t i = 0; i < all->count; i++) {
        const struct book *b = all->list[i];
        slots[seek(all, b->kind, b->name)] = (uint32_t)i + 1;
    }
    return true;
}

static bool widen(struct books *all)
{
    size_t room = all->room > 0 ? all->room * 2 : FIRST_SLOTS;
    struct book **list;

    if (!widen_slots(all))
        return false;
    if (all->count < all->room)
        return true;
    list = reallocarray(all->list, room, sizeof(struct book *));
    if (!list)
        return false;
    all->list = list;
    all->room = room;
    return true;
}

uint32_t books_find(struct books *all, enum books_kind kind, const char *name)
{
    struct book *b;
    size_t at;

    if (!widen(all))
        return BOOKS_NONE;
    at = seek(all, kind, name);
    if (all->slots[at] != 0)
        return all->slots[at] - 1;
    b = calloc(1, sizeof(*b));
    if (!b)
        return BOOKS_NONE;
    b->kind = kind;
    b->name = strdup(name);
    b->newest_ns = INT64_MIN;
    b->due_ns = INT64_MAX;
    if (!b->name) {
        free(b);
        return BOOKS_NONE;
    }
    all->list[all->count++] = b;
    all->slots[at] = (uint32_t)all->count;
    return (uint32_t)all->count - 1;
}

void books_count(struct books *all, uint32_t i)
{
    struct book *b = books_at(all, i);
    uint64_t held = (b->all ? ledger_held(b->all) : 0) +
                    (b->fresh ? ledger_held(b->fresh) : 0);

    all->held = all->held - b->held + held;
    b->held = held;
}

enum err books_add(struct books *all, uint32_t i, const struct exposure *e,
                   const struct resolved *who)
{
    struct book *b = books_at(all, i);
    enum err err = ERR_LIMIT;

    if (!b->all)
        b->all = ledger_new(UINT64_MAX);
    if (!b->fresh)
        b->fresh = ledger_new(UINT64_MAX);
    if (b->all && b->fresh && all->held < all->memory)
        err = ledger_add_both(b->all, b->fresh, e, who);
    if (err != ERR_OK)
        all->lost += e->record_count;
    books_count(all, i);
    b->learned = false;
    b->touched = true;
    if (e->time_ns > b->newest_ns)
        b->newest_ns = e->time_ns;
    for (size_t k = 0; k < who->party_count; k++)
        b->to_partners |= who->parties[k].partner >= 0;
    return err;
}
