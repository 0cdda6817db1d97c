// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * stream.h - put the bytes of one direction in order and hand them on.
 *
 * What is in order goes to the consumer by pointer. What is not waits in a
 * queue until the hole in front is filled, or is over (reassembly.md 7).
 */
#ifndef OUTFLOW_SESSION_STREAM_H
#define OUTFLOW_SESSION_STREAM_H

#include "session/core.h"

/* Bytes of a segment and their place. */
struct piece {
    uint64_t at;        /* place of the first byte */
    struct span bytes;  /* borrowed */
    uint32_t cut;       /* bytes behind them the capture lacks */
    bool doubtful;      /* wrong checksum among right ones */
    bool fin;           /* the stream ends behind it */
    struct moment seen; /* packet that brought them */
};

/* The stream begins with sequence number seq, by SYN or its answer. */
void stream_begin(const struct side *on, uint32_t seq);

/* A stream of unknown beginning: it sent or got seq; sure: it did begin. */
void stream_hint(struct stream *st, uint32_t seq, bool sure);

/* Take a piece of a known stream. */
void stream_take(const struct side *on, const struct piece *p);

/* The other side acknowledged up to ack. */
void stream_ack(const struct side *on, uint32_t ack, int64_t time_ns);

/* The stream reaches to end; a FIN in front of that was none. */
void stream_reach(struct stream *st, uint64_t end);

/* Believe an ACK that was ahead of the bytes, once they are there. */
void stream_believe(struct stream *st);

/* Deliver what no hole keeps back at that time; force: everything. */
void stream_settle(const struct side *on, int64_t time_ns, bool force);

/* All is delivered: say what is missing at the end, release the memory. */
void stream_close(const struct side *on);

/* Bytes that belong to no place are looked at all the same. */
void stream_stray(const struct side *on, struct span bytes,
                  const struct moment *seen);

/*
 * overlap.c: the bytes of copy, at its place, differ from what was there
 * first; what it lacks and whether it ends the stream is not looked at.
 */
void overlap_note(const struct side *on, const struct piece *copy);

/*
 * Tell of copies that have enough delivered bytes behind them, and of those
 * that begin below the place hurry in any case.
 */
void overlap_settle(const struct side *on, uint64_t hurry);

/* Tell of what was delivered if the newest copy is of some time ago. */
void overlap_age(const struct side *on, int64_t time_ns);

#endif
