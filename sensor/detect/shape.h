// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * shape.h - how the lines of a sample may be read as a table.
 *
 * It must not be included outside of detect/.
 */
#ifndef OUTFLOW_DETECT_SHAPE_H
#define OUTFLOW_DETECT_SHAPE_H

#include "detect/split.h"
#include "detect/state.h"

enum { SHAPE_COLONS = 3 }; /* fewer parts of colons are times and labels */

struct shape {
    struct dialect how;
    struct dialect names; /* how the header line is split */
    size_t cells;         /* of a row */
    size_t header;        /* bytes up to the end of the header; 0: none */
    size_t heading;       /* where its line begins */
    bool numbered;        /* rows have a number in front that it names not */
    bool torn;            /* a line end is in it, as a damaged byte puts one */
};

/* The separators tried, the usual ones first; NULL behind the last. */
const struct dialect *shape_dialect(size_t i);

/* The next line of text; false when there is none. */
bool shape_line(struct span *text, struct span *line);

/* fixed.c: a line that only draws: dashes between the head and the rows. */
bool shape_rule(struct span line);

/* heading.c: the best header among the first lines of text. */
bool heading_find(struct rows *r, struct span text, struct shape *shape);

/*
 * heading.c: does the header go on in the line behind it, or begin in the one
 * in front? Together they have as many cells as the rows.
 */
bool heading_torn(struct span text, size_t cells, struct shape *shape);

/* heading.c: the cells of two such lines as one line, in plain. */
struct span heading_mended(struct buf *plain, struct span lines,
                           const struct shape *shape);

/* heading.c: a header whose words stand between blanks. */
bool heading_words(struct rows *r, struct span text, struct shape *shape);

/* heading.c: what the cells of line claim; puts at most max claims. */
void heading_claims(struct rows *r, struct span line,
                    const struct dialect *names, struct claim *claims,
                    size_t max);

/*
 * fixed.c: the places where columns begin, by what is blank in the lines of
 * text from the header on (or all). Gaps of less than least columns are none.
 */
bool fixed_find(struct span text, const struct shape *shape, unsigned least,
                bool wide, struct dialect *how);

/*
 * borders.c: the same for lines as long as one another whose columns need not
 * have a blank between them.
 */
bool borders_find(struct span text, struct dialect *how);

/* borders.c: may two lines, one below the other, be such rows? */
bool borders_even(struct span line, struct span before);

#endif
