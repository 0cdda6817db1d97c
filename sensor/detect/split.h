// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * split.h - separated text into rows and cells (RFC 4180 and its kin).
 *
 * It must not know types or keep state.
 */
#ifndef OUTFLOW_DETECT_SPLIT_H
#define OUTFLOW_DETECT_SPLIT_H

#include "outflow/span.h"

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
bool split_row(struct span text, uint8_t separator, bool last,
               struct split_row *row);

/* Cells of a row. */
struct split_cells {
    size_t count; /* cells, also those past the room */
    bool damaged; /* a quote was opened and not closed */
};

/*
 * Put the first max cells of row, quotes around them left off (doubled
 * quotes inside stay). A separator of 0 makes one cell.
 */
struct split_cells split_cells(struct span row, uint8_t separator,
                               struct span *cells, size_t max);

#endif
