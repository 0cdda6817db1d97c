// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * csv.h - read separated files row by row, keeping each row as it stood.
 *
 * For files of the operator (customer tables, affected lists), not for what
 * the wire brings. Memory is one row. It must not know what a cell means.
 */
#ifndef OUTFLOW_OUTPUT_CSV_H
#define OUTFLOW_OUTPUT_CSV_H

#include <stdio.h>

#include "outflow/buf.h"

struct csv {
    FILE *file;
    uint8_t sep;     /* between cells; ',' until csv_separate */
    struct buf hold; /* read and not yet given away */
    size_t used;     /* of it, given away with the last row */
    bool ended;      /* nothing more in the file */
    bool short_;     /* memory was refused */
};

/* Open a file, "-" is standard input; errno says why not. */
bool csv_open(struct csv *c, const char *path);
void csv_close(struct csv *c);

/* From the start again; false when the file is no such file. */
bool csv_rewind(struct csv *c);

/*
 * The next row with its line end, borrowed until the next call. A line end
 * inside quotes belongs to the row; an open quote ends at the first line end
 * (else one stray quote would swallow the file). False at the end.
 */
bool csv_row(struct csv *c, struct span *row);

/* True when reading stopped because of an error or for want of memory. */
bool csv_failed(const struct csv *c);

/* row without its line end. */
struct span csv_line(struct span row);

/*
 * Split a row without line end into at most max cells, quotes removed; the
 * cells lie in scratch. Gives how many; 0 also when scratch is full.
 */
size_t csv_cells(struct span line, uint8_t sep, struct buf *scratch,
                 struct span *cells, size_t max);

#endif
