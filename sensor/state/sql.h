// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * sql.h - the few things asked of SQLite.
 *
 * sql.c alone knows the library. It must not know what is stored.
 */
#ifndef OUTFLOW_STATE_SQL_H
#define OUTFLOW_STATE_SQL_H

#include "outflow/compiler.h"
#include "outflow/span.h"

struct sql;       /* an open database */
struct sql_query; /* a prepared statement of it */

enum sql_step { SQL_FAILED = 0, SQL_ROW, SQL_DONE };

/*
 * Open the database in that file, which must be there (it may be empty), for
 * this process alone. NULL, with why it failed in why (room bytes).
 */
struct sql *sql_open(const char *path, char *why, size_t room);
void sql_close(struct sql *db);

/* What the newest call that failed said. */
const char *sql_why(const struct sql *db);

/* Statements without parameters and results. */
bool sql_do(struct sql *db, const char *text) MUST_USE;

/* A statement with numbers as parameters and no results. */
bool sql_run(struct sql *db, const char *text, const int64_t *values,
             int count) MUST_USE;

/* The first column of the first row; otherwise when there is none. */
int64_t sql_number_of(struct sql *db, const char *text, int64_t otherwise);

/* Give up a transaction, if one is open. */
void sql_rollback(struct sql *db);

/* Bytes in the log that are not in the database yet. */
uint64_t sql_log_bytes(const struct sql *db);

/* Move the log into the database; false when the disk failed. */
bool sql_checkpoint(struct sql *db);

/* NULL when it cannot be prepared. */
struct sql_query *sql_query(struct sql *db, const char *text);
void sql_query_free(struct sql_query *q);

/* Set parameter i (from 1); bytes and texts are borrowed until the reset. */
void sql_set(struct sql_query *q, int i, int64_t value);
void sql_set_bytes(struct sql_query *q, int i, struct span bytes);
void sql_set_text(struct sql_query *q, int i, const char *text);

/* The next row; after SQL_DONE and SQL_FAILED the query is reset. */
enum sql_step sql_step(struct sql_query *q);
void sql_reset(struct sql_query *q);

/* Column i (from 0) of the row; bytes are valid until the next step. */
int64_t sql_get(struct sql_query *q, int i);
struct span sql_get_bytes(struct sql_query *q, int i);
const char *sql_get_text(struct sql_query *q, int i);

#endif
