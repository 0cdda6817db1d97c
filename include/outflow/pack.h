// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * pack.h - what a ledger holds of one day as bytes, and back.
 *
 * A blob is compact, versioned and checks itself. Blobs add up: unpacking
 * all blobs of a book, in any order, gives a ledger that is judged the same
 * as the one (or the several) they were packed from; a blob unpacked twice
 * counts its rows twice. Numbers in it are those of the state: captures as
 * exposures named them, flows by ledger_flow_key.
 *
 * Weaker names are not in a blob, for they hold over all books: they are
 * told as ties. It must not hold a value of a customer.
 */
#ifndef OUTFLOW_PACK_H
#define OUTFLOW_PACK_H

#include "outflow/buf.h"
#include "outflow/customer.h"
#include "outflow/ledger.h"

/*
 * Partners stand in blobs by name, in a ledger by their number in the
 * settings: one that the settings no longer have is an ordinary party.
 */
struct ledger_codec {
    const struct partner *partners;
    size_t partner_count;
};

/* The UTC day of a packet time, from 1970 on; also before. */
int64_t ledger_day(int64_t time_ns);

/*
 * The days on which a ledger holds anything, rising. *days is the caller's
 * to free; NULL with *count 0 when empty. ERR_MEMORY.
 */
enum err ledger_days(const struct ledger *l, int64_t **days,
                     size_t *count) MUST_USE;

/*
 * Append one day to out. A row belongs to the day of its first moment (its
 * last may lie four seconds behind midnight), unread bytes to that of their
 * batch, a transfer to the days of its rows, bytes and newest batch. Gives
 * how many rows of the ledger's tables it is in *pairs (may be NULL):
 * customers of that day. ERR_LIMIT when out is full, ERR_MEMORY.
 */
enum err ledger_pack_day(struct ledger *l, int64_t day,
                         const struct ledger_codec *codec, struct buf *out,
                         size_t *pairs) MUST_USE;

/*
 * Add a blob to a ledger. ERR_FORMAT: it is damaged (or of a newer version)
 * and nothing, or part of it, was added: the ledger is to be dropped.
 * ERR_LIMIT, ERR_MEMORY: the ledger is full.
 */
enum err ledger_unpack(struct ledger *l, struct span blob,
                       const struct ledger_codec *codec) MUST_USE;

/* A record named one customer and carried this weaker name of it. */
struct ledger_tie {
    struct name weak, strong;
    char mask[RECORD_MASK]; /* of the stronger */
};

/* Every tie of a ledger; false when the visitor stopped. */
bool ledger_each_tie(const struct ledger *l,
                     bool (*visit)(void *ctx, const struct ledger_tie *tie),
                     void *ctx);

/*
 * Add a tie; the names it has need no rows in this ledger. ERR_LIMIT when
 * memory is at its end.
 */
enum err ledger_tie(struct ledger *l, const struct ledger_tie *tie);

/*
 * Append many ties as one blob to out: those of one record together take
 * least. ERR_LIMIT when out is full, ERR_MEMORY.
 */
enum err ledger_pack_ties(const struct ledger_tie *ties, size_t count,
                          struct buf *out) MUST_USE;

/* Every tie of a blob. ERR_FORMAT: damaged; ERR_MEMORY: visit stopped it. */
enum err ledger_unpack_ties(struct span blob,
                            bool (*visit)(void *ctx,
                                          const struct ledger_tie *tie),
                            void *ctx) MUST_USE;

/* The i-th of ledger_names, as its records named it. */
struct name ledger_name_at(const struct ledger *l, size_t i);

/*
 * A name of the flow that the packets alone make, the same in every run: a
 * keyed hash of its addresses, ports, protocol and the microsecond it began.
 * What is kept over runs has it as exposure.flow.
 */
uint64_t ledger_flow_key(const struct keyed *key, const struct exposure *e);

/*
 * Does the ledger hold this batch already? So it is when its number is
 * known, or when the transfer is complete; but not when it is the newest
 * batch, or one behind it, and the transfer has more bytes than it had: a
 * capture that has grown tells its last batch again, with more in it.
 */
bool ledger_knows(const struct ledger *l, const struct exposure *e);

/*
 * ledger_add to all, and beside it to fresh: what all did not know. So a
 * fresh ledger is what came since it was empty, to be packed and put beside
 * the blobs that all was unpacked from.
 */
enum err ledger_add_both(struct ledger *all, struct ledger *fresh,
                         const struct exposure *e, const struct resolved *who);

#endif
