// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * runs.h - a run that goes on from earlier ones: read -s DIR.
 *
 * Exposures of this run stand beside what the state holds, at their own
 * packet time; then everything the touched subjects did is judged as one
 * ledger, and what got something new is told again. It must not read
 * captures or write alerts.
 */
#ifndef OUTFLOW_RUNS_H
#define OUTFLOW_RUNS_H

#include "judging/judging.h"

struct runs;

struct runs_settings {
    const struct settings *settings; /* borrowed, like all of these */
    struct identity *identity;
    const struct keyed *key;
    const char *dir;
};

/* Open the state; NULL and problems when that cannot be. */
struct runs *runs_open(const struct runs_settings *settings,
                       struct problems *problems);

/* Forget what was not committed. */
void runs_close(struct runs *r);

/* The captures of this run by their numbers; before the first runs_take. */
bool runs_name(struct runs *r, const char *const *names, size_t count);

/* Take a batch. What is known already changes nothing. */
enum err runs_take(struct runs *r, const struct exposure *e);

/*
 * Tell the incidents that got a new customer, or bytes, in this run, with
 * figures over all runs, and then their customers: as judge_run does. Gives
 * the worst that happened; problems say it, too.
 */
enum err runs_judge(struct runs *r, const struct verdict_sink *sink,
                    struct problems *problems);

/* Names of captures by the numbers in these alerts. */
const char *const *runs_captures(const struct runs *r, size_t *count);

/* Put this run by, when its alerts are written. */
enum err runs_commit(struct runs *r, struct problems *problems);

#endif
