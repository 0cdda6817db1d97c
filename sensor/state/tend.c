// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * tend.c - housekeeping in small steps, each a transaction.
 *
 * What a step may lose it loses by rule only: days before the oldest that a
 * rule, a contract or an open incident looks at. It must not run while a
 * commit does, and never fails anybody: what failed is tried again.
 */
#include "state/store.h"

#include <stdio.h>

enum {
    SLICES = 1024,      /* of all ties, looked at one after another */
    PAGES_AT_ONCE = 64, /* given back to the file system in a step */
    MONTH = 32,         /* days that a tie's time stands for */
    FAR_DAY = 100000,   /* days that fit 64 bits of ns, and some */
    STEP_NS = 3000000,  /* that a step over ties takes */
};

#define LOG_WORTH (UINT64_C(1) << 20) /* bytes worth moving */

/* --- joining ----------------------------------------------------------------
 */

struct loose {
    uint32_t book;
    int64_t day;
};

/* A day with parts: the next one that is over, else one that is not. */
static bool find_loose(struct state *st, int64_t newest, struct loose *out)
{
    struct sql_query *q =
        sql_query(st->db, "SELECT id FROM loose WHERE id > ? AND id & ? < ?"
                          " ORDER BY id LIMIT 1");
    const int64_t mask = (INT64_C(1) << DAY_BITS) - 1;
    bool found = false;

    if (q) {
        sql_set(q, 1, -1);
        sql_set(q, 2, mask);
        sql_set(q, 3, newest + DAY_ZERO);
        found = sql_step(q) == SQL_ROW;
    }
    if (found) {
        int64_t id = sql_get(q, 0);
        *out =
            (struct loose){(uint32_t)(id >> DAY_BITS), (id & mask) - DAY_ZERO};
    }
    sql_query_free(q);
    return found;
}

/* Days of today that have many parts by now; one of them. */
static bool find_busy(struct state *st, struct loose *out)
{
    struct sql_query *q = sql_query(
        st->db,
        "SELECT id FROM loose WHERE (SELECT count(*) FROM days WHERE days.id"
        " BETWEEN loose.id << 12 AND (loose.id << 12) + 4095) >= 16 LIMIT 1");
    const int64_t mask = (INT64_C(1) << DAY_BITS) - 1;
    bool found = q && sql_step(q) == SQL_ROW;

    if (found) {
        int64_t id = sql_get(q, 0);
        *out =
            (struct loose){(uint32_t)(id >> DAY_BITS), (id & mask) - DAY_ZERO};
    }
    sql_query_free(q);
    return found;
}

_Static_assert(PART_BITS == 12, "find_busy says so in SQL");

/* True when something was joined. */
static bool join_some(struct state *st, int64_t newest)
{
    struct loose one;
    bool over = find_loose(st, newest, &one);

    if (!over && !find_busy(st, &one))
        return false;
    return state_begin(st) &&
           state_end(st, days_join(st, one.book, one.day, over));
}

/* --- dropping ---------------------------------------------------------------
 */

static bool run(struct state *st, const char *text, int64_t a, int64_t b,
                int64_t c)
{
    const int64_t values[] = {a, b, c};

    return sql_run(st->db, text, values, 3);
}

/* Nothing that an open incident holds is old. */
static int64_t oldest_needed(struct state *st, int64_t oldest)
{
    int64_t start =
        sql_number_of(st->db,
                      "SELECT min(start) FROM incidents WHERE status <> 2"
                      " HAVING min(start) IS NOT NULL",
                      INT64_MAX);

    if (start != INT64_MAX && ledger_day(start) < oldest)
        oldest = ledger_day(start);
    return oldest < -DAY_ZERO ? -DAY_ZERO : oldest;
}

_Static_assert(ALERT_FINAL == 2, "oldest_needed says so in SQL");

/* The old days of one book; true when there were any. */
static bool drop_days(struct state *st, int64_t oldest)
{
    for (uint32_t n = 0; n < st->book_count; n++) {
        uint32_t book = st->tended++ % st->book_count;
        struct book *b = &st->books[book];
        if (b->first >= oldest || b->first > b->last)
            continue;
        if (!state_begin(st) ||
            !state_end(
                st,
                run(st, "DELETE FROM days WHERE id BETWEEN ? AND ? AND id < ?",
                    day_row(book, -DAY_ZERO, 0),
                    day_row(book, oldest - 1, PARTS - 1), INT64_MAX) &&
                    run(st,
                        "DELETE FROM loose WHERE id BETWEEN ? AND ? AND"
                        " id < ?",
                        day_row(book, -DAY_ZERO, 0) >> PART_BITS,
                        day_row(book, oldest - 1, 0) >> PART_BITS, INT64_MAX)))
            return false;
        b->first = oldest;
        return true;
    }
    return false;
}

static bool drop_slice(struct state *st, struct sql_query *q, int64_t month)
{
    const uint64_t width = UINT64_MAX / SLICES + 1;
    int64_t from = (int64_t)(st->slice * width) ^ INT64_MIN;

    sql_set(q, 1, from);
    sql_set(q, 2, from + (int64_t)(width - 1));
    sql_set(q, 3, month);
    return sql_step(q) == SQL_DONE;
}

/* Ties that were not seen for so long, for some ms; true when some are left. */
static bool drop_ties(struct state *st, int64_t oldest)
{
    int64_t month = (oldest + DAY_ZERO) / MONTH, until;
    struct sql_query *q;
    bool ok;

    if (st->slice >= SLICES || st->weak == 0 || month <= 0)
        return false;
    if (ties_drop(st, (uint32_t)month))
        return true;
    q = sql_query(st->db, "DELETE FROM ties WHERE weak BETWEEN ? AND ? AND"
                          " seen < ?");
    until = state_clock() + STEP_NS;
    ok = q && state_begin(st);
    for (; ok && st->slice < SLICES && state_clock() < until; st->slice++)
        ok = drop_slice(st, q, month);
    sql_query_free(q);
    return state_end(st, ok);
}

static bool drop_incidents(struct state *st, int64_t oldest)
{
    if (oldest < -FAR_DAY)
        return true; /* nothing is that old */
    return state_begin(st) &&
           state_end(st, run(st,
                             "DELETE FROM incidents WHERE status = ? AND finish"
                             " < ? AND sequence < ?",
                             ALERT_FINAL, oldest * INT64_C(86400000000000),
                             INT64_MAX));
}

/* --- space
 * -------------------------------------------------------------------- */

static bool give_back(struct state *st)
{
    char text[48];
    int64_t pages = sql_number_of(st->db, "PRAGMA freelist_count", 0);

    if (pages < 2 * PAGES_AT_ONCE)
        return false;
    snprintf(text, sizeof(text), "PRAGMA incremental_vacuum(%d)",
             PAGES_AT_ONCE);
    if (!sql_do(st->db, text))
        state_failed(st);
    return !st->health.failing;
}

bool state_tend(struct state *st, int64_t oldest, int64_t newest)
{
    if (st->health.failing)
        return false;
    oldest = oldest_needed(st, oldest);
    if (newest > st->tended_day) {
        st->tended_day = newest; /* once a day */
        st->slice = 0;
        if (!drop_incidents(st, oldest))
            return false;
    }
    if (join_some(st, newest) || ties_spill(st) || ties_join(st) ||
        drop_days(st, oldest) || drop_ties(st, oldest) || give_back(st))
        return true;
    if (sql_log_bytes(st->db) > LOG_WORTH && !sql_checkpoint(st->db))
        state_failed(st);
    return false;
}
