// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * commit.c - everything that waits, in one transaction.
 *
 * The number of a commit is written with it: when the disk failed while it
 * answered, the number says whether the transaction is there after all. It
 * must not forget anything before the disk has it.
 */
#include "state/store.h"

#include <time.h>

/* So large, the log is moved even without anybody asking. */
#define LOG_MOST (UINT64_C(64) << 20)

/* Ties in memory: more are moved even without anybody asking. */
enum { TIES_HELD = 1 << 21 };

int64_t state_clock(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

bool state_waiting(const struct state *st)
{
    return st->day_count > 0 || st->tie_count > st->tie_stored ||
           st->incident_count > 0 || st->books_stored < st->book_count ||
           st->captures.stored < st->captures.count ||
           st->partners.stored < st->partners.count;
}

/*
 * Is the transaction there after all of which we heard an error? Then its
 * days are not put again; everything else may be.
 */
static void look_back(struct state *st)
{
    if (st->tried > 0 &&
        sql_number_of(st->db, "SELECT value FROM meta WHERE name = 'sequence'",
                      0) >= st->sequence) {
        days_forget(st, st->tried);
        st->sequence++;
    }
    st->tried = 0;
}

static bool write_sequence(struct state *st)
{
    char text[96];

    snprintf(text, sizeof(text),
             "INSERT OR REPLACE INTO meta VALUES ('sequence', %lld)",
             (long long)st->sequence);
    return sql_do(st->db, text);
}

static bool write_all(struct state *st)
{
    st->tried = st->day_count;
    return books_write(st) && days_write(st) && ties_write(st) &&
           incidents_write(st) && write_sequence(st);
}

static void done(struct state *st)
{
    days_clear(st);
    ties_written(st);
    state_incidents_clear(st);
    st->held = 0;
    st->tried = 0;
    st->books_stored = st->book_count;
    st->captures.stored = st->captures.count;
    st->partners.stored = st->partners.count;
    st->weak_stored = st->weak;
    st->sequence++;
    st->health.failing = false;
    st->health.why[0] = '\0';
}

enum err state_commit(struct state *st)
{
    int64_t begun = state_clock();

    if (!state_waiting(st) && !st->health.failing)
        return ERR_OK;
    if (!sql_do(st->db, "BEGIN IMMEDIATE")) {
        state_failed(st);
        return ERR_IO;
    }
    look_back(st);
    if (!write_all(st) || !sql_do(st->db, "COMMIT")) {
        state_failed(st);
        return ERR_IO;
    }
    done(st);
    for (size_t n = 0; st->tie_count > TIES_HELD && n < TIES_HELD; n++) {
        if (!ties_spill(st))
            break;
    }
    if (sql_log_bytes(st->db) > LOG_MOST)
        (void)sql_checkpoint(st->db);
    st->health.commit_ns = state_clock() - begun;
    return ERR_OK;
}
