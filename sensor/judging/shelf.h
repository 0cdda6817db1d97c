// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * shelf.h - a ledger for each employee, party and partner.
 *
 * An exposure stands in the book of its employee, of each party when a rule
 * counts by party, and of each partner. It must not judge.
 */
#ifndef OUTFLOW_SHELF_H
#define OUTFLOW_SHELF_H

#include "outflow/book.h"
#include "outflow/compiler.h"
#include "outflow/state.h"
#include "util/hash.h"

enum shelf_kind { SHELF_EMPLOYEE = 0, SHELF_PARTY, SHELF_PARTNER };

struct book {
    enum shelf_kind kind;
    uint32_t number;      /* in the state; STATE_NONE: not there yet */
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
    size_t thinned;       /* entries left when it was thinned last */
};

struct shelf {
    struct book **list; /* owned; numbers are never given anew */
    size_t count, room;
    uint32_t *slots; /* owned: index by kind and name, number + 1 */
    size_t slot_count;
    struct hash_key key; /* names are the wire's: no two runs have one */
    uint64_t memory;     /* bytes all may hold */
    uint64_t held;       /* and do */
    uint64_t lost;       /* records that found no memory */
    uint64_t unread;     /* books the state could not give whole */
    struct state *state; /* NULL: nothing is kept */
    struct ledger_codec codec;
    int64_t since_day; /* days before are not loaded */
    bool by_party;     /* parties have books of their own */
    /* Something came to a book; false without memory. May be NULL. */
    bool (*await)(void *ctx, uint32_t book);
    void *ctx;
};

static const uint32_t SHELF_NONE = UINT32_MAX;

void shelf_init(struct shelf *all, uint64_t memory);
void shelf_clear(struct shelf *all);

/* The book of that name, made when there is none; SHELF_NONE: no memory. */
uint32_t shelf_find(struct shelf *all, enum shelf_kind kind, const char *name);

static inline struct book *shelf_at(const struct shelf *all, uint32_t i)
{
    return all->list[i];
}

/*
 * Add an exposure to the books it belongs in. ERR_LIMIT, ERR_MEMORY: not all
 * of it was kept; its records are counted as lost.
 */
enum err shelf_take(struct shelf *all, const struct exposure *e,
                    const struct resolved *who);

/*
 * Have the book in memory, with what the state holds of it; ERR_LIMIT,
 * ERR_MEMORY. ERR_FORMAT: some days of it cannot be read.
 */
enum err shelf_load(struct shelf *all, uint32_t i);

/* Put what is fresh by; ERR_LIMIT: the state found no room, it is lost. */
enum err shelf_put(struct shelf *all, uint32_t i);

/*
 * Add days of a ledger, from one on, to another; with all of them (INT64_MIN)
 * its ties, too.
 */
enum err shelf_copy(struct ledger *from, struct ledger *to,
                    const struct ledger_codec *codec, int64_t since_day);

/* The same of all days, for other settings. */
enum err shelf_recode(struct ledger *from, struct ledger *to,
                      const struct ledger_codec *old,
                      const struct ledger_codec *new);

/* The number a book has in a state; it is made when there is none. */
uint32_t shelf_number(struct shelf *all, uint32_t i);

/* Its name in a state, of the kind that is for: the caller frees it. */
char *shelf_state_name(enum shelf_kind kind, const char *name);

/* What it holds has changed: sum up anew. */
void shelf_count(struct shelf *all, uint32_t i);

#endif
