// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * workers.h - the worker processes of a run, and what they tell.
 *
 * Starts one process per worker with a pipe each, hands every exposure to
 * the caller, adds up counters, and notices a worker that dies. It must not
 * touch a packet.
 */
#ifndef OUTFLOW_WORKERS_H
#define OUTFLOW_WORKERS_H

#include "exchange.h"
#include "worker.h"

/* What the caller hears while workers run; pointers may not be NULL. */
struct workers_events {
    void *ctx;
    void (*exposure)(void *ctx, const struct exposure *e);
    void (*progress)(void *ctx, uint64_t done, uint64_t all);
};

struct workers_result {
    struct counters counters; /* of all workers */
    struct problems problems; /* inputs read only in part, dead workers */
    char **captures;          /* owned names, in the timeline's order */
    size_t capture_count;
    uint64_t peak; /* bytes: the sum of each one's largest resident set */
};

/*
 * Run the workers described by first (its index is ignored) until all have
 * finished. False when they could not be started; problems say why.
 */
bool workers_run(const struct worker_settings *first,
                 const struct workers_events *events,
                 struct workers_result *out);
void workers_clear(struct workers_result *r);

#endif
