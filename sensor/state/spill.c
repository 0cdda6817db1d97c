// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * spill.c - recent ties: joined, dropped, moved to the table of all.
 *
 * Moving takes many steps; until the last one the rows of recent ties stay,
 * so that a tie may stand in both places, which changes nothing. It must not
 * touch ties that wait for a commit.
 */
#include "state/tie.h"

#include <stdlib.h>

enum {
    STEP_TIES = 256,    /* written between two looks at the clock */
    STEP_NS = 10000000, /* that a step takes, but for the disk */
    ROWS = 8,           /* of recent ties, before some are joined */
    LEAST = 4,          /* that are worth joining */
};

/* Rows of recent ties from .. to, both in it. */
static bool delete_rows(struct state *st, int64_t from, int64_t to)
{
    const int64_t values[] = {from, to};

    return sql_run(st->db, "DELETE FROM recent WHERE id BETWEEN ? AND ?",
                   values, 2);
}

/* Forget the first rows in memory, and their ties. */
static void forget(struct state *st, size_t rows)
{
    size_t ties =
        rows < st->recent_count ? st->recents[rows].first : st->tie_stored;

    memmove(st->ties, st->ties + ties,
            (st->tie_count - ties) * sizeof(*st->ties));
    memmove(st->tie_links, st->tie_links + ties,
            (st->tie_count - ties) * sizeof(*st->tie_links));
    memmove(st->recents, st->recents + rows,
            (st->recent_count - rows) * sizeof(*st->recents));
    st->tie_count -= ties;
    st->tie_stored -= ties;
    st->recent_count -= rows;
    for (size_t i = 0; i < st->recent_count; i++)
        st->recents[i].first -= ties;
    ties_index(st);
}

/* --- moving ------------------------------------------------------------------
 */

static int by_weak(const void *a, const void *b, void *ctx)
{
    const struct ledger_tie *ties = ctx;
    uint64_t x =
        ties[*(const uint32_t *)a].weak.pseudonym ^ (UINT64_C(1) << 63);
    uint64_t y =
        ties[*(const uint32_t *)b].weak.pseudonym ^ (UINT64_C(1) << 63);

    return (x > y) - (x < y);
}

/* In the order of the table, so that each of its pages is met once. */
static bool start(struct state *st)
{
    st->spill = calloc(st->tie_stored + 1, sizeof(*st->spill));
    if (!st->spill)
        return false;
    for (uint32_t i = 0; i < st->tie_stored; i++)
        st->spill[i] = i;
    st->spill_count = st->tie_stored;
    st->spill_at = 0;
    st->spill_rows = st->recent_count;
    qsort_r(st->spill, st->spill_count, sizeof(*st->spill), by_weak, st->ties);
    return true;
}

/* Is it there already, so that nothing is to be written? Else merge it. */
static bool is_stored(struct state *st, struct ledger_tie *tie, uint32_t *month,
                      bool *ok)
{
    struct ledger_tie have;
    enum sql_step step;
    bool stored = false;

    sql_set(st->get_tie, 1, (int64_t)tie->weak.pseudonym);
    while ((step = sql_step(st->get_tie)) == SQL_ROW) {
        uint32_t seen = (uint32_t)sql_get(st->get_tie, 2);
        if ((uint64_t)sql_get(st->get_tie, 0) != tie->strong.pseudonym)
            continue;
        tie_take(st->get_tie, tie->weak.pseudonym, &have);
        tie_merge(tie, &have);
        stored = seen >= *month && tie_same(tie, &have);
        *month = seen > *month ? seen : *month;
        break;
    }
    sql_reset(st->get_tie);
    *ok = step != SQL_FAILED;
    return stored;
}

static bool move_one(struct state *st, uint32_t at)
{
    struct ledger_tie tie = st->ties[at];
    uint32_t month = st->tie_links[at].month;
    bool ok;

    if (is_stored(st, &tie, &month, &ok) || !ok)
        return ok;
    sql_set(st->put_tie, 1, (int64_t)tie.weak.pseudonym);
    sql_set(st->put_tie, 2, (int64_t)tie.strong.pseudonym);
    sql_set(st->put_tie, 3, tie_kinds(&tie));
    sql_set(st->put_tie, 4, month);
    sql_set_text(st->put_tie, 5, tie.mask);
    return sql_step(st->put_tie) == SQL_DONE;
}

static bool move_some(struct state *st)
{
    int64_t until = state_clock() + STEP_NS;
    size_t at = st->spill_at;
    bool ok = true;

    while (ok && at < st->spill_count && state_clock() < until) {
        for (unsigned i = 0; ok && i < STEP_TIES && at < st->spill_count; i++)
            ok = move_one(st, st->spill[at++]);
    }
    ok = ok && (at < st->spill_count ||
                delete_rows(st, 0, st->recents[st->spill_rows - 1].id));
    ok = state_end(st, ok);
    if (ok)
        st->spill_at = at;
    return ok;
}

bool ties_spill(struct state *st)
{
    if (!st->spill && (st->tie_stored < st->ties_recent || !start(st)))
        return false;
    if (!state_begin(st)) {
        state_failed(st);
        return false;
    }
    if (!move_some(st))
        return false;
    if (st->spill_at == st->spill_count) {
        forget(st, st->spill_rows);
        free(st->spill);
        st->spill = NULL;
    }
    return true;
}

/* --- joining
 * ------------------------------------------------------------------ */

/* The first of the newest rows that are of one month and much of one size. */
static size_t choose(const struct state *st)
{
    size_t first = st->recent_count;
    uint64_t sum = 0;

    while (first > 0) {
        const struct recent *row = &st->recents[first - 1];
        if (sum > 0 && (row->bytes > 2 * sum || row->month != row[1].month))
            break;
        sum += row->bytes;
        first--;
    }
    return st->recent_count - first >= LEAST ? first : st->recent_count;
}

bool ties_join(struct state *st)
{
    size_t first = choose(st);
    bool ok;

    if (st->spill || st->recent_count < ROWS || first == st->recent_count)
        return false;
    ok = state_begin(st) &&
         delete_rows(st, st->recents[first].id,
                     st->recents[st->recent_count - 1].id) &&
         recent_put(st, &st->recents[first], st->tie_stored);
    if (!state_end(st, ok))
        return false;
    st->recents[first].bytes = st->recent_bytes;
    st->recent_count = first + 1;
    return true;
}

/* --- dropping
 * ------------------------------------------------------------------ */

/* Rows stand in the order they came: the oldest are the first. */
bool ties_drop(struct state *st, uint32_t month)
{
    size_t rows = 0;

    while (rows < st->recent_count && st->recents[rows].month < month)
        rows++;
    if (rows == 0 || st->spill)
        return false;
    if (!state_end(st, state_begin(st) &&
                           delete_rows(st, 0, st->recents[rows - 1].id)))
        return false;
    forget(st, rows);
    return true;
}
