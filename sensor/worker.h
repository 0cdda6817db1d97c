// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * worker.h - a worker process of read: captures in, frames out.
 *
 * It must not judge anything.
 */
#ifndef OUTFLOW_WORKER_H
#define OUTFLOW_WORKER_H

#include "exchange.h"
#include "outflow/settings.h"

struct worker_settings {
    const struct settings *settings;
    const struct keyed *key;
    const char *const *captures; /* paths as given */
    size_t capture_count;
    unsigned index, count; /* this worker of so many */
    struct hash_key share; /* deals address pairs to workers */
    struct outlet judge;
};

/*
 * Be a worker until the captures end; everything is told over the pipe. The
 * exit status of the process: 0, or 2 when it could not start.
 */
int worker_run(const struct worker_settings *w);

#endif
