// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * tie.h - what ties.c and spill.c share.
 */
#ifndef OUTFLOW_STATE_TIE_H
#define OUTFLOW_STATE_TIE_H

#include <string.h>

#include "state/store.h"

enum {
    MONTH = 32,            /* days of which one is noted when a tie was seen */
    TIES_RECENT = 1 << 19, /* in memory and in blobs; more are moved */
    TIES_MOST = 1 << 23,   /* in memory, while nobody moves them */
};

/* One tie told twice: the strongest kinds, and the mask that goes with it. */
void tie_merge(struct ledger_tie *into, const struct ledger_tie *from);

/* The month of the newest day. */
uint32_t tie_month(const struct state *st);

/* A row of the table of all: strong, kinds, seen, mask. */
void tie_take(struct sql_query *q, uint64_t weak, struct ledger_tie *tie);

/* Find the ties in memory by name again. */
void ties_index(struct state *st);

/* Rows of recent ties: the number of the next; one more in memory, on disk. */
int64_t recent_next(const struct state *st);
bool recent_add(struct state *st, const struct recent *row) MUST_USE;
bool recent_put(struct state *st, const struct recent *row,
                size_t end) MUST_USE;

static inline bool tie_same(const struct ledger_tie *a,
                            const struct ledger_tie *b)
{
    return a->weak.kind == b->weak.kind && a->strong.kind == b->strong.kind &&
           strcmp(a->mask, b->mask) == 0;
}

/* Two kinds in one number of the table. */
static inline int64_t tie_kinds(const struct ledger_tie *t)
{
    return t->weak.kind | t->strong.kind << 4;
}

#endif
