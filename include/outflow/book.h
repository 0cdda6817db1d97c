// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * book.h - what books need of a ledger beyond reading it.
 *
 * A book is a ledger of one subject. It is marked to tell what came later,
 * and copied to leave old days behind. ledger/ makes all of it.
 */
#ifndef OUTFLOW_BOOK_H
#define OUTFLOW_BOOK_H

#include "outflow/ledger.h"

/*
 * From now on what is added is fresh. ERR_MEMORY when the ledger could not be
 * settled before.
 */
enum err ledger_mark(struct ledger *l) MUST_USE;
bool ledger_marked(const struct ledger *l);

/* Was the entry at i added after the mark? Of an unmarked ledger all were. */
bool ledger_fresh(const struct ledger *l, size_t i);

/* Bytes held. */
uint64_t ledger_held(const struct ledger *l);

/* Entries held, of which some may be equal. */
size_t ledger_sightings(const struct ledger *l);

struct ledger_thinning {
    int64_t gap_ns;    /* no window is shorter */
    int64_t before_ns; /* transfers that went on later stay whole */
};

/*
 * Leave out sightings of known customers that no window of gap_ns and more
 * can tell from the others. Customers and rows stay exact, in any window;
 * not which of many transfers alike carried them. A marked ledger stays as
 * it is. ERR_MEMORY: not all was looked at.
 */
enum err ledger_thin(struct ledger *l,
                     const struct ledger_thinning *how) MUST_USE;

/* Has anything been added? */
bool ledger_is_empty(const struct ledger *l);

#endif
