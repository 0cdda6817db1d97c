// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * intake.h - the judge's end of the workers' pipes.
 *
 * A slot is a pipe with one worker process after another at its other end.
 * What is counted is kept in memory that outlives a judge, so that --stats
 * goes on where another judge died. It must not judge.
 */
#ifndef OUTFLOW_WATCH_INTAKE_H
#define OUTFLOW_WATCH_INTAKE_H

#include "exchange.h"

struct intake_events {
    void *ctx;
    /* The batch may be changed; its capture is the interface's number. */
    void (*exposure)(void *ctx, struct exposure *e);
    /* An interface is not in the state that it was told in before. */
    void (*tap)(void *ctx, size_t interface, enum live_state was,
                enum live_state is);
    void (*problem)(void *ctx, struct span text); /* of a worker */
};

struct intake_settings {
    const int *pipes; /* of each slot, the end to read; not blocking */
    size_t slots;
    size_t interfaces;
    size_t workers; /* of a generation: the first one tells states */
    struct hash_key seal;
    void *kept; /* of intake_kept; survives the judge */
    struct intake_events events;
};

/* The process that was at the other end of a slot, when it ended. */
struct intake_end {
    uint64_t number;           /* of the process */
    uint64_t packets, payload; /* what it had taken in all, as it showed */
};

struct intake;

/* Shared memory of that many slots and interfaces, made by the parent. */
void *intake_kept(size_t slots, size_t interfaces);

struct intake *intake_new(const struct intake_settings *settings);
void intake_free(struct intake *in);

/* Take what a slot's pipe holds, a few frames at most. False: it is empty. */
bool intake_read(struct intake *in, size_t slot);

/*
 * A worker is gone: take what it left, and count what it had taken and not
 * told as unread. Gives the bytes of that.
 */
uint64_t intake_ended(struct intake *in, size_t slot,
                      const struct intake_end *end);

/*
 * Packet time up to which every worker has told what it found; INT64_MIN
 * before any has.
 */
int64_t intake_clock(const struct intake *in);

/* The sum over all workers that ever were. */
void intake_counters(const struct intake *in, struct counters *out);

/* The same of an interface; the state is the newest. */
void intake_tap(const struct intake *in, size_t interface, struct tap *out);

/* Workers that speak now. */
size_t intake_workers(const struct intake *in);

/* Frames that were not understood, and bytes that were none. */
uint64_t intake_broken(const struct intake *in);

#endif
