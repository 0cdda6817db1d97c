// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * incidents.h - incidents as they were told, and what is to be told next.
 *
 * An incident is found anew at every look; here stands what its alerts said,
 * so that it keeps its id and its sequence rises. It must not judge.
 */
#ifndef OUTFLOW_INCIDENTS_H
#define OUTFLOW_INCIDENTS_H

#include "outflow/buf.h"
#include "outflow/judge.h"
#include "outflow/state.h"
#include "util/hash.h"

/* Packet time: interface.md 5. */
enum {
    INCIDENT_FINAL_S = 30,  /* still for so long, it is final */
    INCIDENT_UPDATE_S = 60, /* between two updates of one incident */
};

/* How large an incident was. */
struct extent {
    int64_t start_ns, end_ns;
    uint64_t customers, records, bytes;
    uint32_t fields;
    uint64_t parties;
};

struct incident_told {
    char *rule, *subject; /* owned */
    char *home;           /* owned; the book it is judged in, NULL: unknown */
    uint64_t flow;        /* by transfer, else 0 */
    char id[33];
    unsigned sequence; /* of the newest alert; 0: none yet */
    enum alert_status status;
    int64_t within_ns;
    struct extent now;          /* when it was judged last */
    struct extent said;         /* by the newest alert */
    int64_t moved_ns;           /* packet time of the newest that was new */
    int64_t update_ns;          /* of the newest update; INT64_MIN: none */
    uint32_t book;              /* where it is judged */
    bool stirred;               /* more came since the newest alert */
    bool unsaved;               /* the state does not have it so */
    bool seen;                  /* by the look at work */
    struct incident_told *next; /* of the same hash */
};

struct incidents {
    struct incident_told **table; /* owned, by rule and subject */
    size_t room, count;
    struct hash_key key; /* subjects are the wire's: no two runs have one */
};

enum incident_step { STEP_NONE = 0, STEP_OPEN, STEP_UPDATE, STEP_FINAL };

void incidents_init(struct incidents *all);
void incidents_forget(struct incidents *all);

/*
 * What was told of this incident: the same rule, subject and window. Made
 * when there is nothing; NULL without memory. Of two that have grown into
 * one, the earlier stays and *lost is the other, which the caller removes.
 */
struct incident_told *incidents_find(struct incidents *all,
                                     const struct judged *is,
                                     struct incident_told **lost);

/* Put one by that a state kept; false without memory. */
bool incidents_add(struct incidents *all,
                   const struct incident_told *told) MUST_USE;
void incidents_remove(struct incidents *all, struct incident_told *told);

/* Every one; those it says false of are removed. */
void incidents_each(struct incidents *all,
                    bool (*keep)(void *ctx, struct incident_told *told),
                    void *ctx);

/* It was judged at that packet time, and is now so large. */
void incident_note(struct incident_told *told, const struct judged *is,
                   int64_t now_ns);

/* What is to be told of it at that packet time. */
enum incident_step incident_step(const struct incident_told *told,
                                 int64_t now_ns);

/* When it will be, if nothing more comes; INT64_MAX: never. */
int64_t incident_due(const struct incident_told *told);

/*
 * One as a state keeps it. figures is a buffer for what only this module
 * reads; the result borrows from both. False without memory.
 */
bool incident_save(const struct incident_told *told, struct buf *figures,
                   struct state_incident *out) MUST_USE;

/*
 * The same back: texts are borrowed. False when it cannot be read; it is then
 * as if it had not been told.
 */
bool incident_restore(const struct state_incident *from,
                      struct incident_told *out) MUST_USE;

/* It was told. */
void incident_said(struct incident_told *told, enum alert_status status,
                   int64_t now_ns);

#endif
