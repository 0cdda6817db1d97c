// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * customers.h - every name customers were given, and what it stands for.
 *
 * One item a pseudonym that named a record, with its mask and the weaker
 * names its records carried. A weaker name that names other records is
 * settled to the stronger one (interface.md 3.1).
 */
#ifndef OUTFLOW_LEDGER_CUSTOMERS_H
#define OUTFLOW_LEDGER_CUSTOMERS_H

#include "ledger/intern.h"
#include "ledger/mask.h"
#include "outflow/ledger.h"

struct customer {
    uint64_t pseudonym;
    uint64_t mask;         /* packed, or the number of an interned text */
    uint32_t weaker;       /* first of its weaker names, side by side */
    uint32_t newest;       /* newest entry + 1: the ledger's own */
    uint32_t whose;        /* settled: a number, or LEDGER_NOBODY */
    uint32_t kind : 4;     /* strongest it was named by */
    uint32_t best : 4;     /* strongest it was seen as; settled */
    uint32_t held : 3;     /* weaker names at weaker */
    uint32_t interned : 1; /* mask is */
    uint32_t kinds : 20;   /* of the weaker names, four bits each */
};

struct customers {
    struct memory *memory;
    struct hash_key key;
    struct pool items; /* struct customer */
    struct index index;
    struct pool weaker;  /* uint64_t pseudonyms, in runs */
    struct pool further; /* struct further of customers.c */
    struct index further_index;
    struct intern masks;
    uint64_t settled; /* distinct customers, when last settled */
};

void customers_init(struct customers *c, struct memory *memory);
void customers_clear(struct customers *c);

/* The item a record names, new or merged with it; POOL_NONE: no memory. */
uint32_t customers_add(struct customers *c, const struct record *r);

static inline struct customer *customers_at(const struct customers *c,
                                            uint32_t i)
{
    return pool_at(&c->items, i);
}

/* Say what every item stands for; false without memory. */
bool customers_settle(struct customers *c) MUST_USE;

void customers_mask(const struct customers *c, uint32_t i,
                    char mask[RECORD_MASK]);

/* A pseudonym will be looked for soon. */
void customers_ask(const struct customers *c, uint64_t pseudonym);

/* The item of a pseudonym, or POOL_NONE. */
uint32_t customers_find(const struct customers *c, uint64_t pseudonym);

/* A weaker name of an item, for settling. */
struct tie {
    uint32_t strong;    /* item whose record carried it */
    uint64_t pseudonym; /* of the weaker name */
    uint8_t kind;
};

/* The i-th tie beyond those held in items; their number. */
struct tie customers_further(const struct customers *c, uint32_t i);

#endif
