// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * queue.h - runs of stream bytes in order of their place, none twice.
 *
 * One queue holds what waits behind a hole, another the differing copies of
 * a stream. Runs are disjoint; whoever adds one has trimmed it before. The
 * array is found by halving, the tail and the head are reached at once.
 *
 * It must not decide which copy wins, nor when a hole is over.
 */
#ifndef OUTFLOW_SESSION_QUEUE_H
#define OUTFLOW_SESSION_QUEUE_H

#include "outflow/compiler.h"
#include "outflow/packet.h"

/* Some stream bytes; its extent is [at, at + len + cut). */
struct run {
    uint64_t at;        /* place of the first byte in the stream */
    uint32_t len;       /* bytes held */
    uint32_t cut;       /* bytes behind them the capture lacks */
    struct moment seen; /* packet that brought them */
    struct run *next;   /* when taken out of a queue: the taker's */
    bool fin;           /* the stream ends behind it */
    bool doubtful;      /* its checksum is wrong */
    bool far;           /* farther ahead than a window reaches */
    bool read;          /* (copies) a second reading has them */
    uint8_t bytes[];
};

struct tracked;

struct queue {
    struct run **run;          /* owned; [first, first + count) are in use */
    uint32_t first;            /* taken from the front so far */
    uint32_t count;            /* runs held */
    uint32_t room;             /* runs the array has room for */
    uint32_t side;             /* direction of the owner's stream */
    uint64_t bytes;            /* memory of runs and array */
    struct tracked *owner;     /* flow it belongs to */
    struct queue *prev, *next; /* in the session's list of queues */
    bool copies;               /* differing copies, not what waits */
};

/* An empty queue, or NULL without memory. */
struct queue *queue_new(void);

/* Release q and every run in it; NULL is fine. */
void queue_free(struct queue *q);

/* The i-th run, or NULL past the last. */
struct run *queue_at(const struct queue *q, uint32_t i);

/* Index of the first run whose extent ends behind place, or count. */
uint32_t queue_find(const struct queue *q, uint64_t place);

/*
 * A run of a copy of bytes, not in any queue; NULL without memory. The
 * caller frees it.
 */
struct run *run_new(uint64_t at, struct span bytes, const struct moment *seen);

/* Put r at index i; ownership moves to q. False without memory. */
bool queue_put(struct queue *q, uint32_t i, struct run *r) MUST_USE;

/* Take the i-th run out; the caller owns it. */
struct run *queue_take(struct queue *q, uint32_t i);

/* Drop the first len bytes of the i-th run, which is longer than that. */
void queue_trim(struct queue *q, uint32_t i, uint32_t len);

static inline uint64_t run_end(const struct run *r)
{
    return r->at + r->len;
}

static inline uint64_t run_extent(const struct run *r)
{
    return r->at + r->len + r->cut;
}

#endif
