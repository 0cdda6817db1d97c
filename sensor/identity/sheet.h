// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * sheet.h - rows of a comma-separated file of the operator (RFC 4180).
 *
 * One row is held at a time, of at most LIMIT_EMPLOYEE_LINE bytes. A byte
 * order mark is passed over; lines end with LF, CRLF or CR.
 *
 * It must not be used for bytes of the wire: detect/ reads those.
 */
#ifndef OUTFLOW_IDENTITY_SHEET_H
#define OUTFLOW_IDENTITY_SHEET_H

#include <stdio.h>

#include "outflow/buf.h"

enum { SHEET_CELLS = 16 }; /* more than any header we know */

enum sheet_row {
    SHEET_ROW = 0,
    SHEET_END,
    SHEET_LONG,  /* the row is longer than the limit, or has more cells */
    SHEET_QUOTE, /* a quote that is not closed, or text behind it */
    SHEET_MEMORY,
};

struct sheet {
    FILE *in;                       /* borrowed */
    struct buf text;                /* bytes of the cells of the row */
    size_t ends[SHEET_CELLS];       /* of each cell in text */
    struct span cells[SHEET_CELLS]; /* of the row, blanks at the ends cut */
    size_t count;                   /* cells */
    unsigned line;                  /* the row begins on */
    unsigned next;                  /* line being read */
    bool whole;                     /* a line end closed the row */
};

/* Begin at the start of in. */
void sheet_open(struct sheet *c, FILE *in);

/* The next row that is not blank. */
enum sheet_row sheet_next(struct sheet *c);

/* Release what c holds; in stays open. */
void sheet_close(struct sheet *c);

#endif
