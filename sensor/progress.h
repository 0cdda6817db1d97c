// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * progress.h - one line on a terminal about long work.
 *
 * Shows bytes, speed, alerts so far and time left on standard error, at most
 * ten times a second, only when that is a terminal. It reads the wall clock;
 * nothing of a result depends on it.
 */
#ifndef OUTFLOW_PROGRESS_H
#define OUTFLOW_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress_line {
    bool shown;       /* standard error is a terminal */
    double begun_s;   /* when the work began */
    double next_s;    /* when the line may be written again */
    double recount_s; /* when alerts may be counted again */
    uint64_t alerts;  /* counted last */
};

/* Begin; quiet: show nothing. */
void progress_begin(struct progress_line *p, bool quiet);

/* Work done so far; all is 0 when unknown. */
void progress_show(struct progress_line *p, uint64_t done, uint64_t all);

/*
 * May alerts be counted now? After it, progress_counted tells how many there
 * are; counting is paced so that it costs at most a twentieth of the time.
 */
bool progress_wants_count(const struct progress_line *p);
void progress_counted(struct progress_line *p, uint64_t alerts, double cost_s);

/* Wipe the line. */
void progress_end(struct progress_line *p);

/* A clock for pacing, in seconds. */
double progress_clock(void);

#endif
