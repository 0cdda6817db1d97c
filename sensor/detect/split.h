// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * split.h - lines of a table into rows and cells, in every usual dialect.
 *
 * It must not know types or keep state.
 */
#ifndef OUTFLOW_DETECT_SPLIT_H
#define OUTFLOW_DETECT_SPLIT_H

#include "outflow/span.h"

/* What stands between the cells of a row. */
enum split_how {
    SPLIT_SIGN = 0, /* a separator (RFC 4180 and its kin); 0: one cell */
    SPLIT_BAR,      /* the bar of drawn tables, U+2502 or U+2503 */
    SPLIT_BLANKS,   /* two blanks or more */
    SPLIT_PLACES,   /* nothing: each column begins at its place */
};

enum { DIALECT_PLACES = 48 };

struct dialect {
    uint8_t how;                    /* enum split_how */
    uint8_t separator;              /* of SPLIT_SIGN */
    uint8_t quote;                  /* around cells; 0: none */
    bool wrapped;                   /* rows stand in brackets: ["a", "b"], */
    bool escapes;                   /* a backslash hides a separator */
    bool wide;                      /* places count wide signs twice */
    uint8_t places;                 /* columns of SPLIT_PLACES */
    uint16_t place[DIALECT_PLACES]; /* where they begin */
    uint16_t gap[DIALECT_PLACES];   /* where the blanks in front begin */
};

/* Where a row ends. */
struct split_row {
    size_t len;  /* bytes of the row without its line end */
    size_t next; /* bytes up to the row behind it */
};

/*
 * Where the line at the front of text ends: at LF, CR LF or a CR alone. False
 * when its end is not there yet; with last the end of text is one.
 */
bool split_line(struct span text, bool last, struct split_row *line);

/*
 * The same for a row whose quoted cells may hold line ends. An open quote
 * that is not closed within limits.h is taken for a sign like others.
 */
bool split_row(struct span text, const struct dialect *how, bool last,
               struct split_row *row);

/* Cells of a row. */
struct split_cells {
    size_t count; /* cells, also those past the room */
    bool damaged; /* a quote was opened and not closed */
};

/*
 * Put the first max cells of row (UTF-8), quotes around them left off
 * (doubled quotes and backslashes inside stay).
 */
struct split_cells split_cells(struct span row, const struct dialect *how,
                               struct span *cells, size_t max);

/* Columns that a sign takes: 1, or 2 when how is wide and it is. */
unsigned split_width(const struct dialect *how, uint32_t code);

#endif
