// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * odd.h - what a stream has once something odd happened to it.
 *
 * Most never need it, so it is apart from struct stream.
 */
#ifndef OUTFLOW_SESSION_ODD_H
#define OUTFLOW_SESSION_ODD_H

#include "session/core.h"

/* A part of a stream that was given up. */
struct hole {
    uint64_t from, to; /* places; empty when equal */
    bool proven;       /* counted as missing */
};

/* What a stream has once something odd happened to it. */
struct odd {
    struct queue *copies; /* differing ones not told yet */
    struct again *again;  /* its second reading, or NULL */
    uint64_t read_from;   /* none may begin below */
    uint64_t fin_at;      /* of a FIN that bytes lie behind; 0: none */
    bool fair;            /* of a copy a receiver may have taken */
    struct hole hole[LIMIT_LATE_HOLES]; /* the newest given up */
    uint32_t next_hole;                 /* which one a new one replaces */
};

/* The differing copies of a stream, NULL when there are none. */
static inline struct queue *stream_copies(const struct stream *st)
{
    return st->odd == NULL ? NULL : st->odd->copies;
}

/* Are there copies, or a reading made of them? */
static inline bool stream_doubted(const struct stream *st)
{
    return st->odd != NULL &&
           (st->odd->copies != NULL || st->odd->again != NULL);
}

/* Make room for what is odd about a stream; false without memory. */
bool session_odd(const struct side *on) MUST_USE;

#endif
