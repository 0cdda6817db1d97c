// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * health.h - what counters say of the tap and of the limits.
 *
 * Health is no alert and no error: it changes no exit status. It must not
 * name what was carried.
 */
#ifndef OUTFLOW_HEALTH_H
#define OUTFLOW_HEALTH_H

#include "outflow/counters.h"
#include "outflow/event.h"

/*
 * Notes on standard error: packets dropped or cut short, one direction only,
 * silence, what limits of the program kept from being read.
 */
void health_tell(const struct counters *c);

/* An interface, at a look. */
struct health_tap {
    const char *name;
    bool up;
    uint64_t received, dropped; /* since the start */
};

struct health_sink {
    void *ctx;
    void (*event)(void *ctx, const struct event *e);
};

/* All of it, at a look. */
struct health_view {
    const struct counters *counters;
    const struct health_tap *taps;
    int64_t now_s;                    /* of a clock that never runs back */
    bool over;                        /* the sensor ends */
    int64_t silence_s;                /* that is worth a word; 0: the default */
    uint64_t ties_lost, records_lost; /* by the judge, for want of memory */
};

struct health_watch; /* what was said by now, and when */

/* For so many interfaces; NULL without memory. */
struct health_watch *health_new(size_t taps);
void health_free(struct health_watch *h);

/*
 * Say what is worth it, by the same rules as health_tell, of what came since
 * it was said last; the same thing again after some minutes at the earliest.
 */
void health_look(struct health_watch *h, const struct health_view *view,
                 const struct health_sink *sink);

#endif
