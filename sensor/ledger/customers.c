// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * customers.c - the table of names: find, add, merge.
 *
 * Whatever order records come in, the same set leaves the same kinds, masks
 * and ties. It must not say what a name stands for: resolve.c does.
 */
#include "ledger/customers.h"

#include <string.h>

/* A weaker name that found no room in its customer's run. */
struct further {
    uint64_t pseudonym;
    uint32_t strong;
    uint32_t kind;
};

static uint64_t name_hash(const struct customers *c, uint64_t pseudonym)
{
    return hash_mix(&c->key, 0, pseudonym);
}

static bool item_same(const void *ctx, uint32_t i, const void *key)
{
    return customers_at(ctx, i)->pseudonym == *(const uint64_t *)key;
}

static uint64_t item_hash(const void *ctx, uint32_t i)
{
    return name_hash(ctx, customers_at(ctx, i)->pseudonym);
}

static const struct index_ops item_ops = {item_same, item_hash};

static uint64_t further_hash(const struct customers *c, const struct further *f)
{
    return hash_mix(&c->key, f->strong + 1, f->pseudonym);
}

static bool further_same(const void *ctx, uint32_t i, const void *key)
{
    const struct customers *c = ctx;
    const struct further *f = pool_at(&c->further, i), *want = key;

    return f->pseudonym == want->pseudonym && f->strong == want->strong;
}

static uint64_t further_hash_at(const void *ctx, uint32_t i)
{
    const struct customers *c = ctx;

    return further_hash(c, pool_at(&c->further, i));
}

static const struct index_ops further_ops = {further_same, further_hash_at};

void customers_init(struct customers *c, struct memory *memory)
{
    c->memory = memory;
    c->settled = 0;
    c->key = hash_key_new();
    pool_init(&c->items, memory, sizeof(struct customer));
    index_init(&c->index, memory, &item_ops, c);
    pool_init(&c->weaker, memory, sizeof(uint64_t));
    pool_init(&c->further, memory, sizeof(struct further));
    index_init(&c->further_index, memory, &further_ops, c);
    intern_init(&c->masks, memory);
}

void customers_clear(struct customers *c)
{
    pool_clear(&c->items);
    index_clear(&c->index);
    pool_clear(&c->weaker);
    pool_clear(&c->further);
    index_clear(&c->further_index);
    intern_clear(&c->masks);
}

void customers_ask(const struct customers *c, uint64_t pseudonym)
{
    index_ask(&c->index, name_hash(c, pseudonym));
}

uint32_t customers_find(const struct customers *c, uint64_t pseudonym)
{
    return index_find(&c->index, name_hash(c, pseudonym), &pseudonym);
}

void customers_mask(const struct customers *c, uint32_t i,
                    char mask[RECORD_MASK])
{
    const struct customer *item = customers_at(c, i);

    if (item->interned)
        memcpy(mask, intern_at(&c->masks, (uint32_t)item->mask), RECORD_MASK);
    else
        mask_unpack(item->mask, mask);
}

/* Keep this mask for the item; false without memory. */
static bool set_mask(struct customers *c, struct customer *item,
                     const char *text)
{
    char whole[RECORD_MASK] = {0};
    uint64_t packed;
    uint32_t number;

    if (mask_pack(text, &packed)) {
        item->mask = packed;
        item->interned = 0;
        return true;
    }
    for (size_t i = 0; i < RECORD_MASK - 1 && text[i] != '\0'; i++)
        whole[i] = text[i];
    number = intern_bytes(&c->masks,
                          (struct span){(const uint8_t *)whole, sizeof(whole)});
    if (number == POOL_NONE)
        return false;
    item->mask = number;
    item->interned = 1;
    return true;
}

/* The stronger name's mask; of equals, the first in byte order. */
static bool merge_mask(struct customers *c, uint32_t i, const struct record *r)
{
    struct customer *item = customers_at(c, i);
    char have[RECORD_MASK];
    uint64_t packed;

    if (r->name.kind > item->kind)
        return true;
    if (!item->interned && mask_pack(r->mask, &packed) &&
        packed == item->mask) {
        item->kind = r->name.kind & 15u;
        return true;
    }
    customers_mask(c, i, have);
    if ((r->name.kind < item->kind || strcmp(r->mask, have) < 0) &&
        !set_mask(c, item, r->mask))
        return false;
    item->kind = r->name.kind & 15u;
    return true;
}

static unsigned held_kind(const struct customer *item, unsigned i)
{
    return item->kinds >> 4 * i & 15;
}

static void set_held_kind(struct customer *item, unsigned i, unsigned kind)
{
    uint32_t kinds = item->kinds & ~((uint32_t)15 << 4 * i);

    item->kinds = (kinds | kind << 4 * i) & 0xFFFFF;
}

/* The first record with weaker names: they stand in the item's own run. */
static bool hold_weaker(struct customers *c, struct customer *item,
                        const struct record *r)
{
    uint32_t at = pool_run(&c->weaker, r->weaker_count);

    if (at == POOL_NONE)
        return false;
    item->weaker = at;
    item->held = r->weaker_count & 7u;
    for (unsigned i = 0; i < r->weaker_count; i++) {
        uint64_t *to = pool_at(&c->weaker, at + i);
        *to = r->weaker[i].pseudonym;
        set_held_kind(item, i, r->weaker[i].kind);
    }
    return true;
}

/* Is it in the item's own run? Its stronger kind stays. */
static bool held_has(const struct customers *c, struct customer *item,
                     const struct name *name)
{
    for (unsigned i = 0; i < item->held; i++) {
        const uint64_t *at = pool_at(&c->weaker, item->weaker + i);
        if (*at != name->pseudonym)
            continue;
        if (name->kind < held_kind(item, i))
            set_held_kind(item, i, name->kind);
        return true;
    }
    return false;
}

/* A weaker name of a later record that its run does not hold. */
static bool add_further(struct customers *c, uint32_t strong,
                        const struct name *name)
{
    const struct further want = {name->pseudonym, strong, name->kind};
    uint64_t hash = further_hash(c, &want);
    uint32_t i = index_find(&c->further_index, hash, &want);
    struct further *f;

    if (i != POOL_NONE) {
        f = pool_at(&c->further, i);
        if (want.kind < f->kind)
            f->kind = want.kind;
        return true;
    }
    if (!index_reserve(&c->further_index))
        return false;
    i = pool_add(&c->further);
    if (i == POOL_NONE)
        return false;
    f = pool_at(&c->further, i);
    *f = want;
    index_put(&c->further_index, hash, i);
    return true;
}

static bool merge_weaker(struct customers *c, uint32_t at,
                         const struct record *r)
{
    struct customer *item = customers_at(c, at);
    bool ok = true;

    if (item->held == 0 && r->weaker_count > 0)
        return hold_weaker(c, item, r);
    for (unsigned i = 0; i < r->weaker_count; i++) {
        if (!held_has(c, item, &r->weaker[i]))
            ok &= add_further(c, at, &r->weaker[i]);
    }
    return ok;
}

static uint32_t new_item(struct customers *c, uint64_t hash,
                         const struct record *r)
{
    struct customer item = {.pseudonym = r->name.pseudonym,
                            .kind = r->name.kind & 15u};
    uint32_t i;

    if (!set_mask(c, &item, r->mask) || !index_reserve(&c->index))
        return POOL_NONE;
    i = pool_add(&c->items);
    if (i == POOL_NONE)
        return POOL_NONE;
    *customers_at(c, i) = item;
    index_put(&c->index, hash, i);
    return i;
}

uint32_t customers_add(struct customers *c, const struct record *r)
{
    uint64_t hash = name_hash(c, r->name.pseudonym);
    uint32_t i = index_find(&c->index, hash, &r->name.pseudonym);

    if (i == POOL_NONE)
        i = new_item(c, hash, r);
    else if (!merge_mask(c, i, r))
        return POOL_NONE;
    /* Without its ties the name would count as another customer. */
    if (i == POOL_NONE || !merge_weaker(c, i, r))
        return POOL_NONE;
    return i;
}

struct tie customers_further(const struct customers *c, uint32_t i)
{
    const struct further *f = pool_at(&c->further, i);

    return (struct tie){f->strong, f->pseudonym, (uint8_t)f->kind};
}
