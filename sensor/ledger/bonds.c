// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * bonds.c - names and ties of all books (outflow/bonds.h).
 *
 * A tie is kept by its weaker name, with the stronger ones in a chain; a
 * name with the strongest kind it was named by, and the books that hold it
 * when it could be weak. It must not say what a name stands for: resolve.c
 * does, of ledgers that have all they need.
 */
#include "outflow/bonds.h"

#include <stdlib.h>

#include "ledger/ledger.h"

enum {
    CHAIN = 64, /* stronger names of one: more end in several customers */
};

/* A name of records, in any book. */
struct known {
    uint64_t pseudonym;
    uint32_t holder; /* newest book that holds it */
    uint32_t best;   /* strongest kind it was named by */
};

/* That a book holds a name which could be weak. */
struct holder {
    uint32_t book;
    uint32_t next; /* of the same name */
};

struct bond {
    uint64_t weak, strong;
    uint32_t next; /* of the same weak name, behind the first */
    uint8_t weak_kind, strong_kind;
};

struct bonds {
    struct memory memory;
    struct hash_key key;
    struct pool names;   /* struct known */
    struct pool holders; /* struct holder */
    struct pool ties;    /* struct bond */
    struct index name_index, tie_index;
};

static uint64_t hash_of(const struct bonds *b, uint64_t pseudonym)
{
    return hash_mix(&b->key, 0, pseudonym);
}

static struct known *name_at(const struct bonds *b, uint32_t i)
{
    return pool_at(&b->names, i);
}

static struct bond *bond_at(const struct bonds *b, uint32_t i)
{
    return pool_at(&b->ties, i);
}

static bool name_same(const void *ctx, uint32_t i, const void *key)
{
    return name_at(ctx, i)->pseudonym == *(const uint64_t *)key;
}

static uint64_t name_hash(const void *ctx, uint32_t i)
{
    return hash_of(ctx, name_at(ctx, i)->pseudonym);
}

static bool bond_same(const void *ctx, uint32_t i, const void *key)
{
    return bond_at(ctx, i)->weak == *(const uint64_t *)key;
}

static uint64_t bond_hash(const void *ctx, uint32_t i)
{
    return hash_of(ctx, bond_at(ctx, i)->weak);
}

static const struct index_ops name_ops = {name_same, name_hash};
static const struct index_ops bond_ops = {bond_same, bond_hash};

struct bonds *bonds_new(uint64_t memory)
{
    struct bonds *b = calloc(1, sizeof(*b));

    if (!b)
        return NULL;
    b->memory.cap = memory;
    b->key = hash_key_new();
    pool_init(&b->names, &b->memory, sizeof(struct known));
    pool_init(&b->holders, &b->memory, sizeof(struct holder));
    pool_init(&b->ties, &b->memory, sizeof(struct bond));
    index_init(&b->name_index, &b->memory, &name_ops, b);
    index_init(&b->tie_index, &b->memory, &bond_ops, b);
    return b;
}

void bonds_free(struct bonds *b)
{
    if (!b)
        return;
    pool_clear(&b->names);
    pool_clear(&b->holders);
    pool_clear(&b->ties);
    index_clear(&b->name_index);
    index_clear(&b->tie_index);
    free(b);
}

uint64_t bonds_held(const struct bonds *b)
{
    return b->memory.held;
}

/* The first tie of a weak name, or POOL_NONE. */
static uint32_t first_of(const struct bonds *b, uint64_t weak)
{
    return index_find(&b->tie_index, hash_of(b, weak), &weak);
}

/* --- names ------------------------------------------------------------- */

/* The known name of that pseudonym, made when it is new; or POOL_NONE. */
static uint32_t know(struct bonds *b, const struct name *name)
{
    uint64_t hash = hash_of(b, name->pseudonym);
    uint32_t i = index_find(&b->name_index, hash, &name->pseudonym);

    if (i != POOL_NONE || !index_reserve(&b->name_index))
        return i;
    i = pool_add(&b->names);
    if (i == POOL_NONE)
        return i;
    *name_at(b, i) = (struct known){name->pseudonym, POOL_NONE, name->kind};
    index_put(&b->name_index, hash, i);
    return i;
}

/* Some book named it by a stronger kind: all that hold it hear of that. */
static void better(struct bonds *b, const struct known *known,
                   const struct bonds_events *events)
{
    const struct name name = {known->pseudonym, (uint8_t)known->best};

    for (uint32_t i = known->holder; i != POOL_NONE;) {
        const struct holder *h = pool_at(&b->holders, i);
        struct ledger *to = events->changed(events->ctx, h->book);
        if (to)
            ledger_better(to, &name);
        i = h->next;
    }
}

/* It was named by this kind; false without memory. */
static bool note_name(struct bonds *b, const struct name *name,
                      const struct bonds_events *events)
{
    uint32_t i = know(b, name);
    struct known *known;

    if (i == POOL_NONE)
        return false;
    known = name_at(b, i);
    if (name->kind < known->best) {
        known->best = name->kind;
        better(b, known, events);
    }
    return true;
}

/* --- learning ---------------------------------------------------------- */

struct learning {
    struct bonds *b;
    const struct bonds_events *events;
    enum err err;
};

static enum err give(const struct bond *bond, struct ledger *to)
{
    const struct ledger_tie tie = {.weak = {bond->weak, bond->weak_kind},
                                   .strong = {bond->strong, bond->strong_kind}};

    return ledger_tie(to, &tie);
}

/* Every book that holds this name, but one, is told. */
static void tell_holders(struct learning *l, uint64_t weak,
                         const struct bond *bond)
{
    struct bonds *b = l->b;
    uint32_t i = index_find(&b->name_index, hash_of(b, weak), &weak);

    i = i == POOL_NONE ? i : name_at(b, i)->holder;
    while (i != POOL_NONE) {
        const struct holder *h = pool_at(&b->holders, i);
        struct ledger *to = l->events->changed(l->events->ctx, h->book);
        if (to && give(bond, to) != ERR_OK)
            l->err = ERR_LIMIT;
        i = h->next;
    }
}

/* Is it known? Then its kinds are the strongest seen. */
static bool meet(struct learning *l, uint32_t first, const struct bond *want,
                 unsigned *length)
{
    for (uint32_t i = first; i != POOL_NONE;) {
        struct bond *have = bond_at(l->b, i);
        bool better = want->weak_kind < have->weak_kind ||
                      want->strong_kind < have->strong_kind;
        i = have->next;
        ++*length;
        if (have->strong != want->strong)
            continue;
        if (!better)
            return true;
        if (want->weak_kind < have->weak_kind)
            have->weak_kind = want->weak_kind;
        if (want->strong_kind < have->strong_kind)
            have->strong_kind = want->strong_kind;
        tell_holders(l, want->weak, have);
        return true;
    }
    return false;
}

static bool add_bond(struct bonds *b, uint32_t first, const struct bond *bond)
{
    struct bond *head, *to;
    uint32_t i;

    if (first == POOL_NONE && !index_reserve(&b->tie_index))
        return false;
    i = pool_add(&b->ties);
    if (i == POOL_NONE)
        return false;
    to = bond_at(b, i);
    *to = *bond;
    to->next = POOL_NONE;
    if (first == POOL_NONE) {
        index_put(&b->tie_index, hash_of(b, bond->weak), i);
        return true;
    }
    head = bond_at(b, first);
    to->next = head->next;
    head->next = i;
    return true;
}

static bool learn(void *ctx, const struct ledger_tie *tie)
{
    struct learning *l = ctx;
    const struct bond bond = {.weak = tie->weak.pseudonym,
                              .strong = tie->strong.pseudonym,
                              .weak_kind = tie->weak.kind,
                              .strong_kind = tie->strong.kind};
    uint32_t first = first_of(l->b, bond.weak);
    unsigned length = 0;

    if (meet(l, first, &bond, &length) || length >= CHAIN)
        return true;
    if (!add_bond(l->b, first, &bond)) {
        l->err = ERR_LIMIT;
        return false;
    }
    tell_holders(l, bond.weak, &bond);
    return true;
}

enum err bonds_learn(struct bonds *b, const struct ledger *fresh,
                     const struct bonds_events *events)
{
    struct learning l = {b, events, ERR_OK};

    for (size_t i = 0; i < ledger_names(fresh); i++) {
        const struct name name = ledger_name_at(fresh, i);
        if (!note_name(b, &name, events))
            return ERR_LIMIT;
    }
    (void)ledger_each_tie(fresh, learn, &l);
    return l.err;
}

/* --- bringing ---------------------------------------------------------- */

static bool hold(struct bonds *b, struct known *known, uint32_t book)
{
    struct holder *h;
    uint32_t i = known->holder;

    for (unsigned n = 0; n < CHAIN && i != POOL_NONE; n++) {
        h = pool_at(&b->holders, i);
        if (h->book == book)
            return true;
        i = h->next;
    }
    i = pool_add(&b->holders);
    if (i == POOL_NONE)
        return false;
    h = pool_at(&b->holders, i);
    *h = (struct holder){book, known->holder};
    known->holder = i;
    return true;
}

static enum err bring_one(struct bonds *b, uint32_t book, struct ledger *all,
                          const struct name *name)
{
    const struct name *n = name;
    uint32_t i = know(b, n);
    enum err err = ERR_OK;
    struct known *known;

    if (i == POOL_NONE)
        return ERR_LIMIT;
    known = name_at(b, i);
    if (known->best < n->kind) {
        const struct name best = {n->pseudonym, (uint8_t)known->best};
        ledger_better(all, &best);
    }
    if (n->kind == NAME_ACCOUNT)
        return ERR_OK; /* nothing is stronger */
    if (!hold(b, known, book))
        return ERR_LIMIT;
    for (i = first_of(b, n->pseudonym); err == ERR_OK && i != POOL_NONE;) {
        const struct bond *bond = bond_at(b, i);
        err = give(bond, all);
        i = bond->next;
    }
    return err;
}

enum err bonds_bring(struct bonds *b, uint32_t book, struct ledger *all,
                     size_t *upto, const struct bonds_events *events)
{
    enum err err = ERR_OK;

    for (; *upto < ledger_names(all); ++*upto) {
        const struct name name = ledger_name_at(all, *upto);
        err = note_name(b, &name, events) ? bring_one(b, book, all, &name)
                                          : ERR_LIMIT;
        if (err != ERR_OK)
            break;
    }
    return err;
}
