// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * ledger.h - a ledger in memory: its tables, and the order they are read in.
 *
 * Only this folder knows it; others see outflow/ledger.h.
 */
#ifndef OUTFLOW_LEDGER_LEDGER_H
#define OUTFLOW_LEDGER_LEDGER_H

#include "ledger/customers.h"
#include "ledger/moves.h"

/* How tables are read: by route, then by transfer. Owned arrays. */
struct reading {
    uint32_t *move;        /* move of each transfer position */
    uint32_t *route_first; /* first transfer of each route, and the end */
    uint32_t *entry_first; /* first entry of each transfer, and the end */
    uint32_t *entry;       /* number of each entry position; NULL: itself */
    uint32_t *unread_first;
    struct ledger_unread *unread;
    size_t transfers, entries;
};

struct ledger {
    struct memory memory;
    struct customers customers;
    struct moves moves;
    struct pool entries; /* struct ledger_entry */
    uint64_t lost;       /* records that found no memory */
    uint64_t distinct;   /* customers, when last settled */
    uint32_t marked;     /* entries when it was, + 1; 0: it was not */
    bool settled;        /* reading holds */
    struct reading reading;
};

/* Packet time in whole seconds, also before 1970. */
static inline int64_t ledger_second(int64_t time_ns)
{
    int64_t s = time_ns / 1000000000;

    return s - (time_ns % 1000000000 < 0);
}

/* Do all rows of it lie in one second? Only such, and equal ones, merge. */
bool entry_is_short(const struct ledger_entry *e);

/* May rows of b be counted in a? */
bool entry_same(const struct ledger_entry *a, const struct ledger_entry *b);

/* Count them there. */
void entry_merge(struct ledger_entry *into, const struct ledger_entry *from);

/* A name that is held was seen as a stronger kind elsewhere. (book.c) */
void ledger_better(struct ledger *l, const struct name *name);

/* Merge what order left apart (merge.c); false without memory. */
bool ledger_merge_entries(struct ledger *l) MUST_USE;

/*
 * The unread bytes of a move as they came (unread.c): adds to out, which has
 * room for all its points, and gives how many. POOL_NONE without memory.
 */
uint32_t ledger_list_unread(const struct ledger *l, const struct move *move,
                            struct ledger_unread *out);

/* Lay out how tables are read (reading.c); false without memory. */
bool reading_build(struct ledger *l) MUST_USE;
void reading_clear(struct reading *r);

#endif
