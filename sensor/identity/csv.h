// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * csv.h - rows of a comma-separated file of the operator (RFC 4180).
 *
 * One row is held at a time, of at most LIMIT_EMPLOYEE_LINE bytes. A byte
 * order mark is passed over; lines end with LF, CRLF or CR.
 *
 * It must not be used for bytes of the wire: detect/ reads those.
 */
#ifndef OUTFLOW_IDENTITY_CSV_H
#define OUTFLOW_IDENTITY_CSV_H

#include <stdio.h>

#include "outflow/buf.h"

enum { CSV_CELLS = 16 }; /* more than any header we know */

enum csv_row {
    CSV_ROW = 0,
    CSV_END,
    CSV_LONG,  /* the row is longer than the limit, or has more cells */
    CSV_QUOTE, /* a quote that is not closed, or text behind it */
    CSV_MEMORY,
};

struct csv {
    FILE *in;                     /* borrowed */
    struct buf text;              /* bytes of the cells of the row */
    size_t ends[CSV_CELLS];       /* of each cell in text */
    struct span cells[CSV_CELLS]; /* of the row, blanks at the ends cut */
    size_t count;                 /* cells */
    unsigned line;                /* the row begins on */
    unsigned next;                /* line being read */
    bool whole;                   /* a line end closed the row */
};

/* Begin at the start of in. */
void csv_open(struct csv *c, FILE *in);

/* The next row that is not blank. */
enum csv_row csv_next(struct csv *c);

/* Release what c holds; in stays open. */
void csv_close(struct csv *c);

#endif
