// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * shelf.c - find the book of a subject, and add to it.
 *
 * It must not know rules or who is who.
 */
#include "judging/shelf.h"

#include <stdlib.h>
#include <string.h>

#include "outflow/limits.h"

enum { FIRST_SLOTS = 64 };

void shelf_init(struct shelf *all, uint64_t memory)
{
    *all = (struct shelf){.memory = memory, .key = hash_key_new()};
}

void shelf_clear(struct shelf *all)
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
    shelf_init(all, all->memory);
}

static size_t slot_of(const struct shelf *all, enum shelf_kind kind,
                      const char *name)
{
    uint64_t hash = hash_bytes(&all->key, span_of(name));

    return (size_t)hash_mix(&all->key, (uint64_t)kind + 1, hash) &
           (all->slot_count - 1);
}

/* Where that book is, or would be. */
static size_t seek(const struct shelf *all, enum shelf_kind kind,
                   const char *name)
{
    size_t at = slot_of(all, kind, name);

    for (; all->slots[at] != 0; at = (at + 1) & (all->slot_count - 1)) {
        const struct book *b = all->list[all->slots[at] - 1];
        if (b->kind == kind && strcmp(b->name, name) == 0)
            break;
    }
    return at;
}

static bool widen_slots(struct shelf *all)
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

static bool widen(struct shelf *all)
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

uint32_t shelf_find(struct shelf *all, enum shelf_kind kind, const char *name)
{
    struct book *b;
    size_t at;

    if (!widen(all))
        return SHELF_NONE;
    at = seek(all, kind, name);
    if (all->slots[at] != 0)
        return all->slots[at] - 1;
    b = calloc(1, sizeof(*b));
    if (!b)
        return SHELF_NONE;
    b->kind = kind;
    b->number = STATE_NONE;
    b->name = strdup(name);
    b->newest_ns = INT64_MIN;
    b->due_ns = INT64_MAX;
    if (!b->name) {
        free(b);
        return SHELF_NONE;
    }
    all->list[all->count++] = b;
    all->slots[at] = (uint32_t)all->count;
    return (uint32_t)all->count - 1;
}

void shelf_count(struct shelf *all, uint32_t i)
{
    struct book *b = shelf_at(all, i);
    uint64_t held = (b->all ? ledger_held(b->all) : 0) +
                    (b->fresh ? ledger_held(b->fresh) : 0);

    all->held = all->held - b->held + held;
    b->held = held;
}

/* Partners stand beside parties: no domain or address begins like that. */
char *shelf_state_name(enum shelf_kind kind, const char *name)
{
    char *text = NULL;

    if (kind != SHELF_PARTNER)
        return strdup(name);
    return asprintf(&text, "@%s", name) < 0 ? NULL : text;
}

uint32_t shelf_number(struct shelf *all, uint32_t i)
{
    struct book *b = shelf_at(all, i);
    char *name;

    if (b->number != STATE_NONE || !all->state)
        return b->number;
    name = shelf_state_name(b->kind, b->name);
    if (name)
        b->number = state_book(
            all->state, b->kind == SHELF_EMPLOYEE ? BOOK_EMPLOYEE : BOOK_PARTY,
            name);
    free(name);
    return b->number;
}

enum err shelf_load(struct shelf *all, uint32_t i)
{
    struct book *b = shelf_at(all, i);
    const int64_t range[2] = {all->since_day, INT64_MAX};
    enum err err = ERR_OK;

    if (b->all)
        return ERR_OK;
    b->all = ledger_new(UINT64_MAX);
    b->brought = 0;
    if (!b->all)
        return ERR_MEMORY;
    if (all->state && shelf_number(all, i) == STATE_NONE)
        return ERR_MEMORY;
    if (all->state)
        err = state_load(all->state, b->number, range, b->all, &all->codec);
    if (all->state && err == ERR_OK)
        err = state_tie_load(all->state, b->all, 0);
    all->unread += err != ERR_OK;
    shelf_count(all, i);
    return err;
}

enum err shelf_put(struct shelf *all, uint32_t i)
{
    struct book *b = shelf_at(all, i);
    enum err err = ERR_OK;

    if (!b->fresh || !all->state)
        return ERR_OK;
    if (shelf_number(all, i) == STATE_NONE)
        return ERR_MEMORY;
    if (!ledger_is_empty(b->fresh)) {
        err = state_put(all->state, b->number, b->fresh, &all->codec);
        if (err == ERR_OK && b->kind == SHELF_EMPLOYEE)
            err = state_tie_put(all->state, b->fresh);
    }
    ledger_free(b->fresh);
    b->fresh = NULL;
    shelf_count(all, i);
    return err;
}

static bool add_tie(void *ctx, const struct ledger_tie *tie)
{
    return ledger_tie(ctx, tie) == ERR_OK;
}

/* How days go from one ledger to another. */
struct copying {
    const struct ledger_codec *from, *to;
    int64_t since_day;
};

static enum err copy(struct ledger *from, struct ledger *to,
                     const struct copying *how)
{
    struct buf blob;
    int64_t *days = NULL;
    size_t count = 0;
    enum err err = ledger_days(from, &days, &count);

    buf_init(&blob, SIZE_MAX);
    for (size_t i = 0; err == ERR_OK && i < count; i++) {
        if (days[i] < how->since_day)
            continue;
        buf_reset(&blob);
        err = ledger_pack_day(from, days[i], how->from, &blob, NULL);
        if (err == ERR_OK)
            err = ledger_unpack(to, buf_span(&blob), how->to);
    }
    /* Ties of names that were left behind would bring them back. */
    if (err == ERR_OK && how->since_day == INT64_MIN &&
        !ledger_each_tie(from, add_tie, to))
        err = ERR_LIMIT;
    buf_clear(&blob);
    free(days);
    return err;
}

enum err shelf_copy(struct ledger *from, struct ledger *to,
                    const struct ledger_codec *codec, int64_t since_day)
{
    const struct copying how = {codec, codec, since_day};

    return copy(from, to, &how);
}

enum err shelf_recode(struct ledger *from, struct ledger *to,
                      const struct ledger_codec *old,
                      const struct ledger_codec *new)
{
    const struct copying how = {old, new, INT64_MIN};

    return copy(from, to, &how);
}

static enum err add(struct shelf *all, uint32_t i, const struct exposure *e,
                    const struct resolved *who)
{
    struct book *b = shelf_at(all, i);
    enum err err = shelf_load(all, i);

    if (!b->fresh)
        b->fresh = ledger_new(UINT64_MAX);
    if (!b->all || !b->fresh || all->held >= all->memory)
        err = ERR_LIMIT;
    else
        err = ledger_add_both(b->all, b->fresh, e, who);
    if (err != ERR_OK)
        all->lost += e->record_count;
    shelf_count(all, i);
    b->learned = false;
    b->touched = true;
    if (e->time_ns > b->newest_ns)
        b->newest_ns = e->time_ns;
    for (size_t k = 0; k < who->party_count; k++)
        b->to_partners |= who->parties[k].partner >= 0;
    return err;
}

static enum err take_into(struct shelf *all, enum shelf_kind kind,
                          const char *name, const struct exposure *e,
                          const struct resolved *who)
{
    uint32_t i = shelf_find(all, kind, name);

    if (i != SHELF_NONE && (!all->await || all->await(all->ctx, i)))
        return add(all, i, e, who);
    all->lost += e->record_count;
    return ERR_MEMORY;
}

/* The worse of two. */
static enum err worse(enum err a, enum err b)
{
    return a != ERR_OK ? a : b;
}

enum err shelf_take(struct shelf *all, const struct exposure *e,
                    const struct resolved *who)
{
    enum err err = take_into(all, SHELF_EMPLOYEE, who->employee, e, who);

    for (size_t i = 0; i < who->party_count; i++) {
        const struct party *p = &who->parties[i];
        if (all->by_party)
            err = worse(err, take_into(all, SHELF_PARTY, p->name, e, who));
        if (p->partner >= 0 && !p->inside)
            err = worse(err, take_into(all, SHELF_PARTNER,
                                       all->codec.partners[p->partner].name, e,
                                       who));
    }
    return err;
}
