// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * pipeline.h - one worker: packets in, exposures out.
 *
 * Connects capture, session, decode and detect; with judge.h the only place
 * that knows every layer. A worker is a process of its own.
 */
#ifndef OUTFLOW_PIPELINE_H
#define OUTFLOW_PIPELINE_H

#include "outflow/settings.h"
#include "util/hash.h"

struct worker_settings {
    const struct settings *settings;
    const struct keyed *key;
    const char *const *captures; /* paths as given */
    size_t capture_count;
    unsigned index, count; /* this worker of so many */
    struct hash_key share; /* deals address pairs to workers */
    int pipe;              /* to the judge */
};

/*
 * Be a worker until the captures end; everything is told over the pipe. The
 * exit status of the process: 0, or 2 when it could not start.
 */
int worker_run(const struct worker_settings *w);

#endif
