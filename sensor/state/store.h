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
#include "util/hash.h"

/*
 * Number of a row of days: book, day, part of the day. A day has more than
 * one part until it is joined.
 */
enum {
    PART_BITS = 12,
    DAY_BITS = 20,
    PARTS = 1 << PART_BITS,
    DAY_ZERO = 1 << (DAY_BITS - 1), /* 1970-01-01 */
};

/* More is refused, and counted. */
enum {
    LIMIT_STATE_BLOB = 256 << 20, /* of one day of one book: 20 million rows */
};
#define LIMIT_STATE_JOIN (UINT64_C(2) << 30) /* memory to join parts of it */

struct book {
    char *name; /* owned */
    enum book_kind kind;
    int64_t first, last; /* days; first > last: none */
};

struct waiting_day {
    uint32_t book;
    uint32_t rows;
    int64_t day;
    uint8_t *blob; /* owned */
    size_t len;
};

struct waiting_tie {
    struct ledger_tie tie;
    uint32_t next; /* with the same bucket; + 1 */
};

struct waiting_incident {
    struct state_incident in; /* its strings and bytes are owned */
    bool dropped;
};

struct names {
    char **list; /* owned, as what stands in it */
    size_t count, room;
    size_t stored; /* that many are in the database */
};

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
    struct waiting_tie *ties; /* owned */
    size_t tie_count, tie_room;
    uint32_t *tie_slots; /* owned; by weak name, tie + 1 */
    size_t tie_slot_count;
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

static inline int64_t day_row(uint32_t book, int64_t day, uint32_t part)
{
    return (int64_t)book << (DAY_BITS + PART_BITS) |
           (day + DAY_ZERO) << PART_BITS | part;
}

static inline bool day_fits(int64_t day)
{
    return day >= -DAY_ZERO && day < DAY_ZERO;
}

/* Pseudonyms of these kinds never meet: bits of classes. */
static inline uint32_t kind_class(unsigned kind)
{
    bool account = kind == NAME_CARD || kind == NAME_ACCOUNT_SHAPE;

    return UINT32_C(1) << (account ? NAME_ACCOUNT : kind);
}

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
bool ties_write(struct state *st) MUST_USE;
void ties_clear(struct state *st);
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

#endif
