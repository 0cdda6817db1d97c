// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * state.h - the ledger on disk: books, days, ties, incidents, captures.
 *
 * A book is the ledger of one employee, or of one party that a rule or a
 * contract looks at. Nothing is written before state_commit: what functions
 * are given waits in memory, and is read back from there, too. A commit is
 * one transaction: after a crash everything of it is there, or nothing. When
 * the disk is full or fails, what waits is kept, counted and tried again
 * with the next commit. docs/state.md tells the rest.
 *
 * It must not hold a value of a customer, or the key.
 */
#ifndef OUTFLOW_STATE_H
#define OUTFLOW_STATE_H

#include "outflow/pack.h"

enum book_kind { BOOK_EMPLOYEE = 0, BOOK_PARTY, BOOK_KINDS };

static const uint32_t STATE_NONE = UINT32_MAX; /* no number */

struct state_book {
    enum book_kind kind;
    const char *name;    /* valid until state_close */
    int64_t first, last; /* days it holds; first > last: none */
};

struct state_incident {
    char id[33];                /* event.id: its key */
    const char *rule, *subject; /* valid until the visitor returns */
    int64_t start_ns, end_ns;   /* packet times, as in an alert */
    int64_t told_ns;            /* packet time it was last told at */
    uint32_t sequence;          /* of the newest alert */
    uint8_t status;             /* enum alert_status of it */
    struct span figures;        /* the judge's, as it was last told */
};

/* How the state stands; counts are since state_open. */
struct state_health {
    bool failing;     /* the newest commit failed */
    char why[160];    /* then: what the system said */
    uint64_t waiting; /* days that wait for the disk */
    uint64_t waiting_bytes;
    uint64_t lost_days; /* found no room to wait, or cannot be read */
    uint64_t lost_rows; /* customers on them */
    uint64_t bytes;     /* of the database on disk, without its log */
    int64_t commit_ns;  /* what the newest commit took */
};

struct state;

/*
 * Open or make the state in dir. NULL, with the problem told, when dir is a
 * link, belongs to another user, or is open to others; when another process
 * has it; when it was made with another key, by a newer outflow, or is no
 * state. memory: bytes that may wait for the disk. Waits for nothing. The
 * settings are copied, the key is not kept.
 */
struct state *state_open(const char *dir, const struct keyed *key,
                         uint64_t memory, struct problems *problems);

/* Forgets what was not committed. */
void state_close(struct state *st);

/* The number of a book, which is made if there is none; or STATE_NONE. */
uint32_t state_book(struct state *st, enum book_kind kind, const char *name);
uint32_t state_books(const struct state *st);
struct state_book state_book_at(const struct state *st, uint32_t book);

/*
 * Add the days from .. to (both in it) of a book to a ledger. Ask for a day
 * more than a window needs: rows and unread bytes lean on the one before.
 * ERR_FORMAT: a day is damaged; it was left out, and is counted as lost.
 */
enum err state_load(struct state *st, uint32_t book, const int64_t range[2],
                    struct ledger *into, const struct ledger_codec *codec);

/*
 * Put everything that is in fresh (all its days) beside what the book holds:
 * the ledger of what came since the book's last put. Ties of fresh are put
 * with state_tie_put. ERR_LIMIT: no room to wait; it was dropped, counted.
 */
enum err state_put(struct state *st, uint32_t book, struct ledger *fresh,
                   const struct ledger_codec *codec);

/* Put the ties of a ledger; it may hold ties that are there already. */
enum err state_tie_put(struct state *st, struct ledger *fresh);

/*
 * Add to a ledger every tie that says what its names from number `from` on
 * stand for, and what those stand for, to the end. What it adds are names
 * without rows.
 */
enum err state_tie_load(struct state *st, struct ledger *into, size_t from);

/* Incidents: by id; put replaces. False: there is none. */
enum err state_incident_put(struct state *st, const struct state_incident *in);
enum err state_incident_drop(struct state *st, const char *id);
bool state_incident_each(struct state *st,
                         bool (*visit)(void *ctx,
                                       const struct state_incident *in),
                         void *ctx);

/* The number that a capture's name has in every run; or STATE_NONE. */
uint32_t state_capture(struct state *st, const char *name);

/* The names by number, for outputs; valid until the next state_capture. */
const char *const *state_captures(const struct state *st, size_t *count);

/*
 * Write all that waits in one transaction and wait for the disk. ERR_IO: it
 * is kept, state_health says why.
 */
enum err state_commit(struct state *st);

/* Is anything waiting? */
bool state_waiting(const struct state *st);

/*
 * A bit of housekeeping, in a transaction of its own, some ms long: joins
 * blobs of one day, drops days before `oldest` (and ties not seen since),
 * moves the log into the database. newest: the newest day seen. True when
 * there is more to do. Ask when idle.
 */
bool state_tend(struct state *st, int64_t oldest, int64_t newest);

void state_health(const struct state *st, struct state_health *out);

#endif
