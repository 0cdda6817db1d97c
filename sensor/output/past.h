// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * past.h - what was sent lately, and may not have arrived.
 *
 * A kernel that took bytes, or acknowledged them, is no receiver that read
 * them. After a break an output goes back behind all that was sent in the
 * last PAST_MS, the last PAST_FRAMES, and what a receiver's socket can hold.
 * Time in which the receiver took nothing does not count.
 */
#ifndef OUTFLOW_OUTPUT_PAST_H
#define OUTFLOW_OUTPUT_PAST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PAST_MS = 30000,      /* design.md: 30 s before the break */
    PAST_FRAMES = 1000,   /* and at least so many */
    PAST_BYTES = 4 << 20, /* and on a stream what its sockets hold */
    PAST_MARKS = 512,     /* 100 ms apart, or 16 KiB: more than enough */
    PAST_MARK_MS = 100,
    PAST_MARK_BYTES = 16 << 10,
};

struct past_mark {
    int64_t ms;
    uint64_t bytes, number;
};

struct past_ring {
    struct past_mark mark[PAST_MARKS];
    size_t count; /* ever set; the last PAST_MARKS are held */
};

struct past {
    struct past_ring times, sizes;
    uint64_t bytes;     /* sent in all */
    int64_t stalled_ms; /* in which nothing was taken */
    uint64_t floor;     /* what is below has surely arrived */
    bool stream;        /* sockets in between hold bytes */
};

/* Nothing below floor is in doubt. */
void past_init(struct past *p, uint64_t floor, bool stream);

/* A frame was sent; now by a monotonic clock. */
void past_sent(struct past *p, uint64_t number, size_t size, int64_t now_ms);

/* The receiver took nothing for so long. */
void past_stalled(struct past *p, int64_t ms);

/* Where to begin after a break, when next was to be sent. */
uint64_t past_back(struct past *p, uint64_t next, int64_t now_ms);

#endif
