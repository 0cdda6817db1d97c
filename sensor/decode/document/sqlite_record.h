// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * sqlite_record.h - the values of a row, from its record to cells.
 *
 * A record is a list of types and the values behind it. Texts become UTF-8;
 * blobs that are no text become parts of their own, aside of the table.
 *
 * It must not know pages or tables.
 * Spec: https://www.sqlite.org/fileformat2.html 2.1.
 */
#ifndef DECODE_DOCUMENT_SQLITE_RECORD_H
#define DECODE_DOCUMENT_SQLITE_RECORD_H

#include "decode/document/cells.h"
#include "decode/document/sqlite_page.h"

struct sqlite_value {
    uint64_t type; /* as stored */
    struct span bytes;
};

struct sqlite_record {
    struct reader types;
    struct reader values;
    bool cut; /* the record's end is missing */
};

/* How rows are written. */
struct sqlite_writer {
    struct cells *rows;
    struct buf text; /* a text in another charset */
    enum charset charset;
    uint64_t line; /* rows written so far */
};

/*
 * Begin to read the record in bytes, of which it is the first part: len are
 * all. False when it is none: its sizes do not add up.
 */
bool sqlite_record_open(struct sqlite_record *rec, struct span bytes,
                        uint64_t len);

/* How many values does it hold? */
uint32_t sqlite_record_count(const struct sqlite_record *rec);

/* Take the next value; false when there is no more of them. */
bool sqlite_record_next(struct sqlite_record *rec, struct sqlite_value *value);

/* A whole number, or 0. */
int64_t sqlite_value_number(const struct sqlite_value *value);

/* A text as UTF-8, valid until the next; empty when it is none. */
struct span sqlite_value_text(struct sqlite_writer *w,
                              const struct sqlite_value *value);

/* Write a value as the cell of a column. */
void sqlite_value_put(struct sqlite_writer *w, uint32_t column,
                      const struct sqlite_value *value);

/* Write a whole number as the cell of a column. */
void sqlite_number_put(struct sqlite_writer *w, uint32_t column, int64_t value);

#endif
