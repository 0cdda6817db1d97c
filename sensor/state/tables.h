// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * tables.h - what stands in the tables of a state that is open.
 */
#ifndef OUTFLOW_STATE_TABLES_H
#define OUTFLOW_STATE_TABLES_H

#include "outflow/state.h"

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

/* Beside each tie in memory. */
struct tie_link {
    uint32_t next;  /* with the same bucket; + 1 */
    uint32_t month; /* it was seen in */
};

/* A row of recent ties: those from first to the next row's first. */
struct recent {
    int64_t id;
    size_t first;
    uint64_t bytes;
    uint32_t month;
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

static inline int64_t day_row(uint32_t book, int64_t day, uint32_t part)
{
    return ((int64_t)book * (1 << DAY_BITS) + day + DAY_ZERO) * PARTS + part;
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

#endif
