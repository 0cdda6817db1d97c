// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * again.h - the second reading of a stream that has differing copies.
 */
#ifndef OUTFLOW_SESSION_AGAIN_H
#define OUTFLOW_SESSION_AGAIN_H

#include "session/stream.h"

/*
 * Go on with the second reading of a stream, or begin one; with hurry it
 * waits for no more copies. False: there is none, copies are to be told.
 */
bool again_settle(const struct side *on, bool hurry);

/* The place from which on copies are for a second reading. */
uint64_t again_next(const struct stream *st);

/* The place below which a second reading takes no more copies. */
uint64_t again_told(const struct stream *st);

/* A copy was met that differs. */
void again_doubt(const struct side *on);

/* Bytes up to place were brought by this packet. */
void again_mark(const struct side *on, uint64_t place,
                const struct moment *seen);

/* All before was told; len bytes are next that will not come. */
void again_gap(const struct side *on, uint64_t len, const struct moment *seen);

/* It is over; nothing to do when there is none. */
void again_close(const struct side *on);

/* overlap.c: what of a copy lies below place is not read again. */
void overlap_split(const struct side *on, uint64_t place);

/* overlap.c: forget the copies below place that were read again. */
void overlap_drop(const struct side *on, uint64_t place);

#endif
