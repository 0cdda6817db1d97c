// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * sqlite_schema.h - what CREATE TABLE says of the columns of a table.
 *
 * It must not know pages; of SQL only what tells the names of columns and
 * where their values are stored.
 * Spec: https://www.sqlite.org/lang_createtable.html
 */
#ifndef DECODE_DOCUMENT_SQLITE_SCHEMA_H
#define DECODE_DOCUMENT_SQLITE_SCHEMA_H

#include "decode/document/strings.h"

#define SQLITE_NO_COLUMN UINT32_MAX

struct sqlite_table {
    struct strings columns; /* names, in the order values are stored in */
    uint32_t rowid;         /* the column that is the row's number, or
                               SQLITE_NO_COLUMN */
    bool keyed;             /* WITHOUT ROWID: it is an index */
};

/* Read a statement (UTF-8); false when it makes no table with rows. */
bool sqlite_table_read(struct span sql, struct sqlite_table *table);

/* Give back what it holds. */
void sqlite_table_clear(struct sqlite_table *table);

#endif
