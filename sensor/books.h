// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * books.h - a ledger for each employee, party and partner.
 *
 * An exposure stands in the book of its employee, of each party when a rule
 * counts by party, and of each partner. It must not judge.
 */
#ifndef OUTFLOW_BOOKS_H
#define OUTFLOW_BOOKS_H

#include "outflow/book.h"
#include "outflow/compiler.h"
#include "outflow/pack.h"

enum books_kind { BOOKS_EMPLOYEE = 0, BOOKS_PARTY, BOOKS_PARTNER };

struct book {
    enum books_kind kind;
    char *name;           /* owned; of a partner its name in the settings */
    struct ledger *all;   /* owned; NULL while it is put by */
    struct ledger *fresh; /* what came since the last commit; NULL: nothing */
    bool touched;         /* since it was judged last */
    bool learned;         /* the ties of fresh are known to all books */
    size_t brought;       /* names whose ties it has */
    bool to_partners;     /* something in it went to a partner */
    bool waits;           /* for a look */
    int64_t newest_ns;    /* packet time it was touched last */
    int64_t due_ns;       /* packet time something is to be told */
    int64_t rests_ns;     /* our clock, until which it is left alone */
    uint64_t held;        /* bytes, as summed up in books */
};

struct books {
    struct book **list; /* owned; numbers are never given anew */
    size_t count, room;
    uint32_t *slots; /* owned: index by kind and name, number + 1 */
    size_t slot_count;
    uint64_t memory; /* bytes all may hold */
    uint64_t held;   /* and do */
    uint64_t lost;   /* records that found no memory */
};

static const uint32_t BOOKS_NONE = UINT32_MAX;

void books_init(struct books *all, uint64_t memory);
void books_clear(struct books *all);

/* The book of that name, made when there is none; BOOKS_NONE: no memory. */
uint32_t books_find(struct books *all, enum books_kind kind, const char *name);

static inline struct book *books_at(const struct books *all, uint32_t i)
{
    return all->list[i];
}

/* Add an exposure to a book. ERR_LIMIT: counted as lost. */
enum err books_add(struct books *all, uint32_t i, const struct exposure *e,
                   const struct resolved *who);

/* What it holds has changed: sum up anew. */
void books_count(struct books *all, uint32_t i);

#endif
