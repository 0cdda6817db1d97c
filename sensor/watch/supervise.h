// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * supervise.h - children that are started anew when they die or hang.
 *
 * Time is given by the caller in milliseconds of a clock that never runs
 * back. It must not know what the children do.
 */
#ifndef OUTFLOW_WATCH_SUPERVISE_H
#define OUTFLOW_WATCH_SUPERVISE_H

#include <sys/types.h>

#include "watch/pulse.h"

enum {
    SUPERVISE_CPU_MS = 700,     /* of CPU without a beat: an endless loop */
    SUPERVISE_BEGIN_MS = 60000, /* before it is ready: files may be long */
    SUPERVISE_STOPPED_MS = 250, /* stopped by a signal for so long */
    SUPERVISE_WELL_MS = 10000,  /* having lived so long, a death is the first */
    SUPERVISE_SOON_MS = 500,    /* the longest pause of one that worked */
    SUPERVISE_LATE_MS = 30000,  /* and of one that never came to work */
};

enum child_wish { CHILD_OFF = 0, CHILD_ON, CHILD_LEAVING };

struct child {
    const char *name; /* "worker 1": borrowed */
    /* In the child's process; gives its exit status. */
    int (*run)(void *ctx, struct child *c);
    void *ctx;
    struct pulse *pulse; /* owned */
    const char *title;   /* as ps shows it: "outflow-worker" */
    int64_t cpu_ms;      /* without a beat, it hangs; 0: it has no beat */
    int64_t still_ms;    /* or so long by the clock: it waits for ever */
    bool hold;           /* a worker: it waits for its first packet's time */
    enum child_wish wish;
    pid_t pid;          /* 0: none runs */
    uint64_t number;    /* counts its processes, from 1 */
    int64_t started_ms; /* of the one that runs */
    int64_t due_ms;     /* when to start the next, if it is wished */
    unsigned deaths;    /* in a row */
    uint64_t beat;      /* the last one seen, */
    int64_t beat_ms;    /* when, */
    int64_t beat_cpu;   /* and after how much CPU time, ms */
    int64_t stopped_ms; /* since when it is stopped; 0: it is not */
    bool hung;          /* it was killed for that */
    bool renew;         /* it leaves to be started again, by order */
    uint64_t restarts;
};

/* What becomes of a child, told to its keeper. */
struct child_end {
    int status; /* as of wait */
    bool hung;
    bool expected; /* it was to leave, and left in order */
};

/* Start it now. False: fork failed, it is tried again later. */
bool child_start(struct child *c, int64_t now_ms);

/* It is to end by itself (pulse->finish) and is not started again. */
void child_finish(struct child *c);

/* End it at once; it is not started again unless it is wished. */
void child_kill(struct child *c);

/* waitpid said so: what it means, and when the next one is due. */
struct child_end child_ended(struct child *c, int status, int64_t now_ms);
void child_stopped(struct child *c, int64_t now_ms);
void child_continued(struct child *c);

/*
 * Kill it when it hangs, start it when it is due. Gives the milliseconds
 * until it wants to be looked at again.
 */
int64_t child_look(struct child *c, int64_t now_ms);

#endif
