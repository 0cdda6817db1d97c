// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * judging.h - the judge at work: exposures in, alerts that live out.
 *
 * Connects identity, ledger, rule and state, as pipeline.h connects the other
 * half: the only other place that knows several layers. What each employee
 * and party did stands in a book of its own, so that a look costs what was
 * touched. Times are packet times. It must not write an alert itself.
 */
#ifndef OUTFLOW_JUDGING_H
#define OUTFLOW_JUDGING_H

#include "outflow/judge.h"
#include "outflow/settings.h"

struct judging;
struct state;

struct judging_settings {
    const struct settings *settings; /* borrowed, like identity, until */
    struct identity *identity;       /* judging_free or judging_reload */
    const struct keyed *key;
    struct state *state; /* borrowed; NULL: nothing outlives the process */
    bool at_once;        /* a look judges all there is, however long */
};

/* Goes on with what the state holds. NULL and a problem without memory. */
struct judging *judging_new(const struct judging_settings *settings,
                            struct problems *problems);
void judging_free(struct judging *j);

/*
 * Take a batch; a repeated one changes nothing. ERR_LIMIT, ERR_MEMORY: not
 * all of it was kept, and is counted.
 */
enum err judging_take(struct judging *j, const struct exposure *e);

/*
 * As it is kept: with a flow that is the same in every run, and who sent it
 * to whom when its transfer began.
 */
void judging_resolve(struct identity *identity, const struct keyed *key,
                     const struct exposure *e, struct exposure *lasting,
                     struct resolved *who);

/* Do rules of these settings count by party? */
bool judging_by_party(const struct settings *s);

/* judging_take of one that is as it is kept. */
enum err judging_keep(struct judging *j, const struct exposure *e,
                      const struct resolved *who);

/*
 * Judge what was touched since the last look and hand what there is to tell
 * to sink->alert: open, update, final. now_ns is the packet time up to which
 * everything was taken. Returns within a fraction of a second; what it did
 * not come to is judged by the next look. Ask four times a second. ERR_IO
 * when the sink said no: the same alert is made again by a later look.
 */
enum err judging_look(struct judging *j, int64_t now_ns,
                      const struct verdict_sink *sink);

/* Judge everything, then final for every open incident: the sensor ends. */
enum err judging_end(struct judging *j, const struct verdict_sink *sink);

/*
 * Go on by new settings and a new identity; the old may be freed. ERR_MEMORY
 * leaves all as it was. Who did what before stays as it was resolved.
 */
enum err judging_reload(struct judging *j, const struct settings *settings,
                        struct identity *identity);

/*
 * Put by what was taken and told since the last commit, in one transaction.
 * To be called about once a second, and after the alerts of the looks before
 * are safe in the spool: one that is told again has the same id and sequence.
 * ERR_IO: what was not stored is kept and tried again.
 */
enum err judging_commit(struct judging *j);

struct judging_totals {
    uint64_t customers; /* names held in memory */
    uint64_t alerts;    /* handed over */
    uint64_t incidents; /* told, and not final */
    uint64_t books;     /* employees and parties in memory */
    uint64_t memory;    /* bytes they take */
    uint64_t lost;      /* records that found no memory */
    uint64_t ties_lost; /* times that ties found none */
    uint64_t damaged;   /* books of which a part could not be read */
    uint64_t resting;   /* books touched and not judged yet */
};
void judging_totals(const struct judging *j, struct judging_totals *out);

#endif
