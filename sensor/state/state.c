// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * state.c - open a state: whose it is, with which key, of which version.
 *
 * It must not store the key: only what a known text gives under it.
 */
#include "state/store.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "state/folder.h"
#include "state/tie.h"
#include "util/keyed.h"

/* So that file(1) and we know the file. */
enum { APPLICATION = 0x6F75666C, FILE_ROOM = 4096 };

static const char file_name[] = "state.db";

struct schema {
    int64_t version;
    const char *text;
};

static const struct schema schemas[] = {
#define SCHEMA(version, text) {version, text},
#include "state/schema.def"
#undef SCHEMA
};

static bool migrate(struct state *st, int64_t from)
{
    char mark[80];
    bool ok = sql_do(st->db, "BEGIN IMMEDIATE");

    for (size_t i = 0; ok && i < COUNT(schemas); i++) {
        if (schemas[i].version > from)
            ok = sql_do(st->db, schemas[i].text);
    }
    snprintf(mark, sizeof(mark),
             "PRAGMA application_id = %d; PRAGMA user_version = %lld;",
             APPLICATION, (long long)schemas[COUNT(schemas) - 1].version);
    ok = ok && sql_do(st->db, mark) && sql_do(st->db, "COMMIT");
    if (!ok)
        sql_rollback(st->db);
    return ok;
}

/* Bring the database to this version. */
static bool check_schema(struct state *st, struct problems *problems)
{
    int64_t newest = schemas[COUNT(schemas) - 1].version;
    int64_t tables =
        sql_number_of(st->db, "SELECT count(*) FROM sqlite_schema", -1);
    int64_t id = sql_number_of(st->db, "PRAGMA application_id", -1);
    int64_t version = sql_number_of(st->db, "PRAGMA user_version", -1);

    if (tables < 0 || id < 0 || version < 0) {
        problems_add(problems, "state %s: %s: %s", st->dir, file_name,
                     sql_why(st->db));
        return false;
    }
    if (tables > 0 && id != APPLICATION) {
        problems_add(problems, "state %s: %s: not a state of outflow", st->dir,
                     file_name);
        return false;
    }
    if (version > newest) {
        problems_add(problems,
                     "state %s: made by a newer outflow: want version %lld at"
                     " most, have %lld",
                     st->dir, (long long)newest, (long long)version);
        return false;
    }
    if (version < newest && !migrate(st, version)) {
        problems_add(problems, "state %s: %s: %s", st->dir, file_name,
                     sql_why(st->db));
        return false;
    }
    return true;
}

static bool set_meta(struct state *st, const char *name, int64_t value)
{
    struct sql_query *q =
        sql_query(st->db, "INSERT OR REPLACE INTO meta VALUES (?, ?)");
    bool ok = q != NULL;

    if (ok) {
        sql_set_text(q, 1, name);
        sql_set(q, 2, value);
        ok = sql_step(q) == SQL_DONE;
    }
    sql_query_free(q);
    return ok;
}

/* A known text under the key: who has another key has another state. */
static bool check_key(struct state *st, const struct keyed *key,
                      struct problems *problems)
{
    static const char what[] = "state";
    int64_t want = (int64_t)keyed_pseudonym(
        key, (struct span){(const uint8_t *)what, sizeof(what)});
    int64_t is_new = sql_number_of(
        st->db, "SELECT count(*) = 0 FROM meta WHERE name = 'key'", -1);
    int64_t have =
        sql_number_of(st->db, "SELECT value FROM meta WHERE name = 'key'", 0);

    if (is_new < 0 || (is_new == 1 && !set_meta(st, "key", want))) {
        problems_add(problems, "state %s: %s: %s", st->dir, file_name,
                     sql_why(st->db));
        return false;
    }
    if (is_new == 0 && have != want) {
        problems_add(problems,
                     "state %s: made with another key; what it holds cannot"
                     " be told apart with this one",
                     st->dir);
        return false;
    }
    return true;
}

static bool prepare(struct state *st)
{
    st->seek_part = sql_query(st->db, "SELECT id FROM days WHERE id BETWEEN ?"
                                      " AND ? ORDER BY id DESC LIMIT 1");
    st->put_day = sql_query(st->db, "INSERT INTO days VALUES (?, ?, ?)");
    st->get_days = sql_query(st->db, "SELECT id, rows, blob FROM days WHERE"
                                     " id BETWEEN ? AND ? ORDER BY id");
    st->get_tie = sql_query(st->db, "SELECT strong, kinds, seen, mask FROM"
                                    " ties WHERE weak = ?");
    st->put_tie =
        sql_query(st->db, "INSERT OR REPLACE INTO ties VALUES (?, ?, ?, ?, ?)");
    return st->seek_part && st->put_day && st->get_days && st->get_tie &&
           st->put_tie;
}

static bool read_meta(struct state *st)
{
    st->sequence = 1 + sql_number_of(st->db,
                                     "SELECT value FROM meta WHERE name ="
                                     " 'sequence'",
                                     0);
    st->weak = st->weak_stored = (uint32_t)sql_number_of(
        st->db, "SELECT value FROM meta WHERE name = 'weak'", 0);
    return prepare(st) && books_read(st) && ties_read(st);
}

static bool open_database(struct state *st, const struct keyed *key,
                          struct problems *problems)
{
    char path[FILE_ROOM], why[160];
    int len = snprintf(path, sizeof(path), "%s/%s", st->dir, file_name);

    if (len < 0 || (size_t)len >= sizeof(path)) {
        problems_add(problems, "state %s: the name is too long", st->dir);
        return false;
    }
    st->db = sql_open(path, why, sizeof(why));
    if (!st->db) {
        problems_add(problems, "state %s: %s: %s", st->dir, file_name, why);
        return false;
    }
    if (!check_schema(st, problems) || !check_key(st, key, problems))
        return false;
    if (read_meta(st))
        return true;
    problems_add(problems, "state %s: %s: %s", st->dir, file_name,
                 sql_why(st->db));
    return false;
}

struct state *state_open(const char *dir, const struct keyed *key,
                         uint64_t memory, struct problems *problems)
{
    struct state *st = calloc(1, sizeof(*st));

    if (st)
        st->dir = strdup(dir);
    if (!st || !st->dir) {
        problems_add(problems, "state %s: out of memory", dir);
        free(st);
        return NULL;
    }
    st->memory = memory;
    st->ties_recent = TIES_RECENT;
    st->key = hash_key_new();
    st->today = st->tended_day = INT64_MIN;
    st->lock = folder_open(dir, file_name, problems);
    if (st->lock >= 0 && open_database(st, key, problems))
        return st;
    state_close(st);
    return NULL;
}

void state_close(struct state *st)
{
    if (!st)
        return;
    sql_query_free(st->seek_part);
    sql_query_free(st->put_day);
    sql_query_free(st->get_days);
    sql_query_free(st->get_tie);
    sql_query_free(st->put_tie);
    sql_close(st->db);
    state_books_clear(st);
    days_clear(st);
    ties_clear(st);
    state_incidents_clear(st);
    if (st->lock >= 0)
        (void)close(st->lock);
    free(st->dir);
    free(st);
}

void state_failed(struct state *st)
{
    st->health.failing = true;
    snprintf(st->health.why, sizeof(st->health.why), "%s", sql_why(st->db));
    sql_rollback(st->db);
}

bool state_begin(struct state *st)
{
    return sql_do(st->db, "BEGIN IMMEDIATE");
}

bool state_end(struct state *st, bool ok)
{
    ok = ok && sql_do(st->db, "COMMIT");
    if (!ok)
        state_failed(st);
    return ok;
}

void state_health(const struct state *st, struct state_health *out)
{
    *out = st->health;
    out->waiting = st->day_count;
    out->waiting_bytes = st->held;
    out->bytes = (uint64_t)sql_number_of(
        st->db,
        "SELECT page_count * page_size FROM pragma_page_count,"
        " pragma_page_size",
        0);
}
