// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * held.h - a part that must be held whole before it can be read.
 *
 * For formats whose beginning cannot be understood without their end (xls,
 * SQLite, 7z, PDF). Bytes are appended in order; holes become zeros and stay
 * on a list. What all parts of a worker hold together is one account, of
 * which what is left is what the next byte must fit in.
 *
 *     held_open(&x->held, hint);             in open
 *     if (!held_add(&x->held, bytes)) ...    in feed: DECODE_LIMIT
 *     if (!held_gap(&x->held, len)) ...      in gap
 *     read(held_span(&x->held));             in end
 *     held_clear(&x->held);                  in close
 *
 * Nothing is taken before the first byte. It must not interpret bytes, and
 * never writes them anywhere.
 */
#ifndef DECODE_HELD_H
#define DECODE_HELD_H

#include "outflow/decoder.h"
#include "outflow/helper.h"

/* What all that is held whole by a worker may take, bytes. */
struct held_share {
    uint64_t most; /* of one part: limits.document */
    uint64_t left; /* of all together */
};

/* Take bytes from the account, for memory of one's own; false: none left. */
bool held_take(struct held_share *share, uint64_t bytes) MUST_USE;
void held_give(struct held_share *share, uint64_t bytes);

struct held {
    struct held_share *share; /* borrowed, or NULL: LIMIT_HELD */
    uint8_t *ptr;             /* owned */
    size_t len;               /* bytes held */
    size_t room;              /* bytes taken */
    struct hole *holes;       /* owned */
    size_t hole_count;        /* at most LIMIT_HELD_HOLES */
};

/* Hold nothing yet, on the account of the hint. */
void held_open(struct held *h, const struct hint *hint);

/* Add bytes behind those held; false at a limit, and nothing is added. */
bool held_add(struct held *h, struct span bytes) MUST_USE;

/* Add a hole of len bytes; false at a limit. Holes that touch are one, and
 * beyond LIMIT_HELD_HOLES the last one grows over what lies between. */
bool held_gap(struct held *h, uint64_t len) MUST_USE;

/* All of it; valid until the next change. */
struct span held_span(const struct held *h);

/* Bytes that were captured, that is: not in holes. */
uint64_t held_known(const struct held *h);

/* Were all bytes of [from, from + len) captured (and are they there)? */
bool held_whole(const struct held *h, uint64_t from, uint64_t len);

/* Release it; h may be used again, on the same account. */
void held_clear(struct held *h);

#endif
