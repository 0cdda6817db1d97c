// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * packed.h - columns that pass one after another, held until their rows are
 * known.
 *
 * Cells stand packed behind one another, a length in front of each. When
 * there is no room for more, fewer rows of every column are held, and the
 * cells of the others are judged alone: a card is a customer without a name.
 *
 * It must not be included outside of detect/.
 */
#ifndef OUTFLOW_DETECT_PACKED_H
#define OUTFLOW_DETECT_PACKED_H

#include "detect/gather.h"

/* One column, or what stands behind a hole in it. */
struct packed_run {
    struct claim claim;
    uint64_t label;
    uint32_t at;   /* of the first cell in text */
    uint32_t rows; /* cells that passed, held or not */
    bool behind;   /* a hole in the column is in front of it */
    bool holed;    /* or behind it */
    bool ended;    /* the column's end was seen */
};

struct packed {
    struct buf text;
    struct packed_run run[GATHER_COLUMNS];
    size_t runs;
    uint32_t most;  /* rows held; the cells of others are judged alone */
    uint64_t alone; /* label of the column whose cells are */
    bool naming;    /* they name customers: other columns would again */
};

void packed_init(struct packed *p);

/* A column begins; false when there are too many. */
bool packed_begin(struct packed *p, uint64_t label, struct claim claim);

/* The next cell of the column (as JSON writes it) that began last. */
void packed_cell(struct rows *r, struct packed *p, struct span cell);

/* The column that began last is at its end. */
void packed_end(struct packed *p);

/* Bytes were lost in the column that began last, or between columns. */
void packed_gap(struct packed *p);

/* Columns that have as many cells as the longest; *rows: how many those. */
size_t packed_alike(const struct packed *p, uint32_t *rows);

/* Give the rows that the columns make, and forget them. */
void packed_give(struct rows *r, struct packed *p, const struct moment *seen);
void packed_forget(struct rows *r, struct packed *p);

/* A key or a cell as UTF-8 without its escapes; until the next is asked for. */
struct span packed_text(struct rows *r, struct span raw);

#endif
