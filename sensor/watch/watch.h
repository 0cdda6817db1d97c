// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * watch.h - the command outflow watch, and what its processes share.
 *
 * The parent (watch.c, watch_orders.c) keeps its rights and sees no packet,
 * no frame and no receiver; workers, judge and sender are its children.
 */
#ifndef OUTFLOW_WATCH_WATCH_H
#define OUTFLOW_WATCH_WATCH_H

#include "watch/intake.h"
#include "options.h"
#include "outflow/event.h"
#include "outflow/live.h"
#include "outflow/sensor.h"
#include "outflow/settings.h"
#include "watch/supervise.h"

enum { WATCH_INTERFACES = 64 };

enum order_kind {
    ORDER_EVENT = 1, /* say this event */
    ORDER_ENDED,     /* a worker's process is gone; event: say it, or none */
    ORDER_RELOAD,    /* read the settings again */
    ORDER_COUNTERS,  /* write the counters now */
    ORDER_REOPEN,    /* write to the file that comes with it, as -o */
};

/* From the parent to the judge, in one write. */
struct order {
    enum order_kind kind;
    size_t slot; /* ORDER_ENDED */
    struct intake_end end;
    struct event event;
};

/* A pipe with one worker at a time: the worker's end, the judge's end. */
struct post {
    int ends[2];
    struct child child;
    unsigned index; /* which share of the traffic */
    char name[32];  /* "2" */
    struct watch *watch;
};

/* Made by the parent before it forks; children have it by inheritance. */
struct watch {
    const struct options *o;
    struct settings settings;
    struct keyed *key;
    struct hash_key seal;
    uint64_t share_key;
    unsigned workers;    /* of a generation; there is room for two */
    struct post *posts;  /* 2 * workers */
    unsigned generation; /* whose are posts[generation % 2 * workers ...] */
    int orders[2];       /* sockets from the parent to the judge */
    int said[2];         /* pipe from the sender to the judge */
    void *kept;          /* of intake_kept */
    int spool_memory;    /* of spool_memory, or -1 */
    char *spool;         /* folder, or NULL: no outputs */
    bool spool_passing;  /* it is ours, and goes with us */
    struct child judge, sender;
    int64_t started_s;         /* wall clock */
    struct watch_shown *shown; /* shared with the judge */
    int out, stats, metrics;   /* -o, --stats, metrics as the operator's user
                                  opened them; -1: not wanted */
};

/* What the parent counts, for --stats and the metrics. */
struct watch_shown {
    uint64_t restarts[SENSOR_PROCESSES];
    uint64_t reloads, reloads_refused;
    uint64_t cpu_us;                    /* of children that ended */
    uint64_t returns[WATCH_INTERFACES]; /* the judge's: times one came back */
};

/* Run it; gives the exit status of interface.md 1: 0 or 2. */
int watch_run(const struct options *o);

/* judge.c: the judge's process. */
int watch_judge_run(struct watch *w, struct pulse *pulse);

/* The settings of o: settings, rules, numbers; -s wins. False: problems. */
bool watch_settings(const struct options *o, struct settings *out,
                    struct identity **identity, struct problems *problems);

#endif
