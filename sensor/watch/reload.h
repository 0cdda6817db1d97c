// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * reload.h - new settings while the sensor runs.
 *
 * The parent reads and checks; the judge takes them over; only when they
 * change what workers do, new workers open the interfaces, and at one moment
 * of packet time the old ones end and the new ones begin.
 */
#ifndef OUTFLOW_WATCH_RELOAD_H
#define OUTFLOW_WATCH_RELOAD_H

#include "watch/watch.h"

enum stage {
    STAGE_NONE = 0,
    STAGE_JUDGE,   /* it reads the settings */
    STAGE_WORKERS, /* new ones open the interfaces */
    STAGE_OLD,     /* old ones tell what they have */
};

/* What the parent holds while it runs. */
struct parent {
    struct watch *w;
    int signals; /* signalfd */
    int64_t now_ms;
    bool ready;    /* everything runs, and it was said */
    bool hopeless; /* it cannot begin */
    bool stopping, hurry;
    int64_t stop_ms;
    int64_t watchdog_ms, watchdog_due;
    bool asked; /* SIGHUP came */
    enum stage stage;
    int64_t stage_ms; /* when it began */
    struct settings fresh;
    int64_t replaced_ms;
};

/* Begin or go on, when there is something to do. */
void reload_go_on(struct parent *p);
void reload_clear(struct parent *p);

/* parent.c: to the judge; file -1: none goes with it. */
void parent_order(struct watch *w, const struct order *o, int file);
void parent_say(struct watch *w, enum event_kind kind, const char *text);

/* These posts' workers read what came until now, and leave. */
void parent_finish_workers(struct watch *w, size_t from, size_t to);

#endif
