// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * worker.h - a worker process of watch: interfaces in, frames out.
 *
 * It must not judge anything, nor open anything once it has begun.
 */
#ifndef OUTFLOW_WATCH_WORKER_H
#define OUTFLOW_WATCH_WORKER_H

#include "exchange.h"
#include "outflow/live.h"
#include "outflow/settings.h"
#include "watch/pulse.h"

struct watch_worker {
    const struct settings *settings;
    const struct keyed *key;
    const char *const *interfaces;
    size_t interface_count;
    struct live_settings live; /* share: this worker of so many */
    struct outlet judge;
    uint64_t number; /* of this process, among all of the run */
    struct pulse *pulse;
};

/* Be a worker until pulse->finish; gives the exit status of the process. */
int watch_worker_run(const struct watch_worker *w);

#endif
