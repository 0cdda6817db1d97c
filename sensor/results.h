// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * results.h - where the verdicts of a run are written.
 *
 * Alerts to -o in the chosen format and, with --send, to the settings'
 * outputs; the affected list to -a; counters to --stats. Files are opened
 * before the work begins, so that a typo does not cost an hour.
 */
#ifndef OUTFLOW_RESULTS_H
#define OUTFLOW_RESULTS_H

#include <stdio.h>

#include "options.h"
#include "outflow/output.h"

struct results {
    const struct output_format *format;
    struct run_info info;
    char observer[256];      /* this machine's name */
    FILE *alerts_to;         /* standard output or -o */
    FILE *list_to;           /* -a, or NULL */
    FILE *stats_to;          /* --stats, or NULL */
    struct syslog **syslogs; /* owned; with --send */
    struct sent_file {
        FILE *file;
        const struct output_format *format;
    } * files; /* owned; with --send */
    size_t syslog_count, file_count;
    struct buf line;
    size_t alerts;
    bool begun;
    bool failed;       /* something could not be written */
    const char *wrong; /* where */
};

/* Open everything; false and problems when anything cannot be opened. */
bool results_open(struct results *r, const struct options *o,
                  const struct settings *s, struct problems *problems);

/* The captures of the run, by the timeline's numbers; borrowed. */
void results_captures(struct results *r, const char *const *names,
                      size_t count);

/* A struct results as a verdict sink. */
bool results_alert(void *ctx, const struct alert *a);
bool results_affected(void *ctx, const struct affected *c);

/* Write the ends and the counters; false and a problem when that failed. */
bool results_finish(struct results *r, const struct counters *c,
                    const struct run_totals *t, struct problems *problems);
void results_close(struct results *r);

#endif
