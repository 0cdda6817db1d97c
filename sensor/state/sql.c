// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * sql.c - SQLite, with the log written ahead and the disk waited for.
 *
 * One process, one thread, no file but the database and its log: the index
 * of the log stays in memory (exclusive locking). It must not know what is
 * stored.
 */
#include "state/sql.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    PAGE = 2048,      /* a day of few customers, and half of it lost at most */
    CACHE_KIB = 8192, /* pages held in memory */
};

struct sql {
    sqlite3 *handle;
    int frames; /* pages in the log */
};

struct sql_query {
    sqlite3_stmt *stmt;
};

static int note_frames(void *ctx, sqlite3 *db, const char *name, int frames)
{
    struct sql *sql = ctx;

    (void)db;
    (void)name;
    sql->frames = frames;
    return SQLITE_OK;
}

bool sql_do(struct sql *db, const char *text)
{
    return sqlite3_exec(db->handle, text, NULL, NULL, NULL) == SQLITE_OK;
}

/* Page size and vacuum mode hold from the first write on only. */
static bool set_up(struct sql *sql)
{
    char text[512];

    snprintf(text, sizeof(text),
             "PRAGMA page_size = %d; PRAGMA auto_vacuum = INCREMENTAL;"
             "PRAGMA locking_mode = EXCLUSIVE; PRAGMA temp_store = MEMORY;"
             "PRAGMA trusted_schema = OFF; PRAGMA cache_size = -%d;"
             "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
             "PRAGMA wal_autocheckpoint = 0;",
             PAGE, CACHE_KIB);
    if (!sql_do(sql, text))
        return false;
    sqlite3_wal_hook(sql->handle, note_frames, sql);
    return true;
}

struct sql *sql_open(const char *path, char *why, size_t room)
{
    struct sql *sql = calloc(1, sizeof(*sql));
    int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;

    if (!sql) {
        snprintf(why, room, "out of memory");
        return NULL;
    }
    if (sqlite3_open_v2(path, &sql->handle, flags, NULL) == SQLITE_OK &&
        set_up(sql))
        return sql;
    snprintf(why, room, "%s",
             sql->handle ? sqlite3_errmsg(sql->handle) : "out of memory");
    sql_close(sql);
    return NULL;
}

void sql_close(struct sql *db)
{
    if (!db)
        return;
    (void)sqlite3_close(db->handle);
    free(db);
}

const char *sql_why(const struct sql *db)
{
    return sqlite3_errmsg(db->handle);
}

int64_t sql_number_of(struct sql *db, const char *text, int64_t otherwise)
{
    struct sql_query *q = sql_query(db, text);

    if (q && sql_step(q) == SQL_ROW)
        otherwise = sql_get(q, 0);
    sql_query_free(q);
    return otherwise;
}

void sql_rollback(struct sql *db)
{
    if (!sqlite3_get_autocommit(db->handle))
        (void)sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
}

uint64_t sql_log_bytes(const struct sql *db)
{
    return (uint64_t)db->frames * PAGE;
}

bool sql_checkpoint(struct sql *db)
{
    int whole = 0, moved = 0;
    int said = sqlite3_wal_checkpoint_v2(
        db->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, &whole, &moved);

    if (said != SQLITE_OK)
        return false;
    db->frames = whole > moved ? whole - moved : 0;
    return true;
}

struct sql_query *sql_query(struct sql *db, const char *text)
{
    struct sql_query *q = calloc(1, sizeof(*q));

    if (q && sqlite3_prepare_v3(db->handle, text, -1, SQLITE_PREPARE_PERSISTENT,
                                &q->stmt, NULL) == SQLITE_OK)
        return q;
    free(q);
    return NULL;
}

void sql_query_free(struct sql_query *q)
{
    if (!q)
        return;
    (void)sqlite3_finalize(q->stmt);
    free(q);
}

void sql_set(struct sql_query *q, int i, int64_t value)
{
    (void)sqlite3_bind_int64(q->stmt, i, value);
}

void sql_set_bytes(struct sql_query *q, int i, struct span bytes)
{
    (void)sqlite3_bind_blob64(q->stmt, i, bytes.ptr, bytes.len, SQLITE_STATIC);
}

void sql_set_text(struct sql_query *q, int i, const char *text)
{
    (void)sqlite3_bind_text(q->stmt, i, text, -1, SQLITE_STATIC);
}

enum sql_step sql_step(struct sql_query *q)
{
    int said = sqlite3_step(q->stmt);

    if (said == SQLITE_ROW)
        return SQL_ROW;
    sql_reset(q);
    return said == SQLITE_DONE ? SQL_DONE : SQL_FAILED;
}

/* What the reset says is what the step said. */
void sql_reset(struct sql_query *q)
{
    (void)sqlite3_reset(q->stmt);
    (void)sqlite3_clear_bindings(q->stmt);
}

int64_t sql_get(struct sql_query *q, int i)
{
    return sqlite3_column_int64(q->stmt, i);
}

struct span sql_get_bytes(struct sql_query *q, int i)
{
    const uint8_t *ptr = sqlite3_column_blob(q->stmt, i);

    return (struct span){ptr, (size_t)sqlite3_column_bytes(q->stmt, i)};
}

const char *sql_get_text(struct sql_query *q, int i)
{
    const unsigned char *text = sqlite3_column_text(q->stmt, i);

    return text ? (const char *)text : "";
}

bool sql_run(struct sql *db, const char *text, const int64_t *values, int count)
{
    struct sql_query *q = sql_query(db, text);
    bool ok = q != NULL;

    for (int i = 0; ok && i < count; i++)
        sql_set(q, i + 1, values[i]);
    ok = ok && sql_step(q) == SQL_DONE;
    sql_query_free(q);
    return ok;
}
