// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * store.h - a state at work: its tables in memory, and what waits.
 *
 *     state      opening, closing, health
 *     books      names of books and captures, and their numbers
 *     days       packing what is put, loading what is asked for
 *     ties       which name stands for which, over all books
 *     incidents  what was told already
 *     commit     everything that waits, in one transaction
 *     tend       joining, dropping, moving the log
 * Only this folder knows it; others see outflow/state.h.
 */
#ifndef OUTFLOW_STATE_STORE_H
#define OUTFLOW_STATE_STORE_H

#include "outflow/state.h"
#include "state/sql.h"
#include "state/tables.h"
#include "util/hash.h"

struct state {
    char *dir; /* owned */
    int lock;
    struct sql *db;
    struct sql_query *seek_part, *put_day, *get_days, *get_tie, *put_tie;
    uint64_t memory; /* that may wait */

    struct book *books; /* owned; the number is the place */
    uint32_t book_count, book_room, books_stored;
    uint32_t *book_slots; /* owned; number + 1 */
    size_t book_slot_count;
    struct names captures, partners;

    struct waiting_day *days; /* owned */
    size_t day_count, day_room;
    struct ledger_tie *ties;    /* owned: recent ones, then those that wait */
    struct tie_link *tie_links; /* owned */
    size_t tie_count, tie_room, tie_stored;
    uint32_t *tie_slots; /* owned; by weak name, tie + 1 */
    size_t tie_slot_count;
    struct recent *recents; /* owned */
    size_t recent_count, recent_room;
    uint64_t recent_bytes; /* of the row that is being written */
    uint32_t *spill;       /* owned; ties being moved, by weak name */
    size_t spill_count, spill_at, spill_rows;
    size_t ties_recent;         /* so many may stay in memory */
    uint32_t weak, weak_stored; /* bits of classes that are a tie's weak name */
    struct waiting_incident *incidents; /* owned */
    size_t incident_count, incident_room;
    uint64_t held; /* bytes that wait */

    size_t tried;     /* days of the transaction that failed */
    int64_t sequence; /* of the commit that is next */
    int64_t today;    /* newest day put */
    struct hash_key key;
    struct state_health health;
    int64_t tended_day; /* when ties and incidents were looked at last */
    uint32_t tended;    /* book whose old days were dropped last */
    uint32_t slice;     /* of ties looked at for old ones */
};

/* The number of a name in a list, added when it is new; or STATE_NONE. */
uint32_t names_find(struct names *n, const char *name);

/* Read books, captures, partners; false when the disk failed. (books.c) */
bool books_read(struct state *st) MUST_USE;
bool books_write(struct state *st) MUST_USE;
void state_books_clear(struct state *st);
void book_note_day(struct state *st, uint32_t book, int64_t day);

/* Write what waits, within the commit's transaction; then forget it. */
bool days_write(struct state *st) MUST_USE;
void days_forget(struct state *st, size_t count);
void days_clear(struct state *st);
bool ties_read(struct state *st) MUST_USE;
bool ties_write(struct state *st) MUST_USE;
void ties_written(struct state *st);
void ties_clear(struct state *st);

/* A step of moving recent ties to the table of all; of joining rows of them;
 * of dropping some seen before that month. True when there was one. */
bool ties_spill(struct state *st);
bool ties_join(struct state *st);
bool ties_drop(struct state *st, uint32_t month);
bool incidents_write(struct state *st) MUST_USE;
void state_incidents_clear(struct state *st);

/*
 * Join parts of a day: all, or only the newest of much the same size. False
 * when it failed. (join.c)
 */
bool days_join(struct state *st, uint32_t book, int64_t day, bool all) MUST_USE;

int64_t state_clock(void); /* ns, monotonic: for how long, not when */

/* What state_commit and state_tend do when the disk says no. */
void state_failed(struct state *st);

/* A transaction of its own; end: what was done is kept if ok, else undone. */
bool state_begin(struct state *st) MUST_USE;
bool state_end(struct state *st, bool ok);

#endif
