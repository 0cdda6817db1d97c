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

/* The place up to which the second reading was told; 0: there is none. */
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

/* overlap.c: tell of all copies below place, as if no reading were. */
void overlap_tell(const struct side *on, uint64_t place);

/* overlap.c: forget all copies below place. */
void overlap_drop(const struct side *on, uint64_t place);

#endif
