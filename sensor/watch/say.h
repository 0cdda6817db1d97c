// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * say.h - where the judge of watch puts what it has to say.
 *
 * Alerts and events go into the spool, from which the sender has them, and,
 * where it was asked for, to standard output or -o at once; events to
 * standard error as well. Counters are written to their files. A receiver is
 * never waited for.
 */
#ifndef OUTFLOW_WATCH_SAY_H
#define OUTFLOW_WATCH_SAY_H

#include "judging/judging.h"
#include "outflow/output.h"
#include "outflow/state.h"
#include "watch/watch.h"

struct say;

struct say *say_open(struct watch *w, const struct settings *s,
                     struct problems *problems);
void say_close(struct say *s);

/* The names of captures, for what is written from now on; borrowed. */
void say_captures(struct say *s, const char *const *names, size_t count);

/* False: it could not be kept, and is to be told again. */
bool say_alert(struct say *s, const struct alert *a);
void say_event(struct say *s, const struct event *e);

/* Everything said is safe after this. To be called several times a second. */
void say_sync(struct say *s);

/*
 * -o was moved away: write to this descriptor from now on, which becomes
 * s's; -1: there is none. Other outputs hold from now on.
 */
void say_reopen(struct say *s, int out);
void say_outputs(struct say *s, const struct settings *settings);

/* What the counters are of. */
struct standing_of {
    const struct watch *w;
    const struct settings *settings;
    const struct intake *intake;
    const struct judging *judging;
    const struct state *state; /* or NULL */
};

/* Write --stats and the settings' metrics. */
void say_counters(struct say *s, const struct standing_of *of);

#endif
