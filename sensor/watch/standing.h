// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * standing.h - how the sensor stands, in the files of its counters.
 *
 * It must not ask anybody who might be slow.
 */
#ifndef OUTFLOW_WATCH_STANDING_H
#define OUTFLOW_WATCH_STANDING_H

#include "outflow/spool.h"
#include "watch/say.h"

/* What only the outputs know. */
struct standing {
    struct spool_figures spool;
    uint64_t events, alerts;
};

/*
 * Write --stats and the metrics: each as a whole, under another name, then
 * in the place of the one before. What fails is said once.
 */
void standing_write(const struct standing_of *of, const struct standing *now);

#endif
