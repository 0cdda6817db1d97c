// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * national.h - national identifiers: the table of nationals.def at work.
 *
 * Many of their checks pass one number in ten, so a bare number is never one
 * by itself: the sign beside it (a header, the share of its column, another
 * field of the row) is the caller's to see.
 *
 * It must not see more than the cell.
 */
#ifndef OUTFLOW_DETECT_NATIONAL_H
#define OUTFLOW_DETECT_NATIONAL_H

#include "detect/cell.h"

/* What must be there besides a value that passes its check. */
enum national_sign {
    SIGN_LABEL = 0, /* a label of exactly this: no check, any shape */
    SIGN_HEADER,    /* a label: the check says little */
    SIGN_MARKS,     /* or its usual marks, beside another field: no check */
    SIGN_SHARE,     /* or nearly all of its column */
    SIGN_WRITTEN,   /* or its usual marks, beside another field */
    SIGN_ITSELF,    /* or, with more than one check, another field */
};

/* The rows of the table; 0 is any of them (a header that names none). */
enum national {
    NATIONAL_ANY_OF = 0,
#define NATIONAL(id, ...) NATIONAL_##id,
#include "detect/nationals.def"
#undef NATIONAL
    NATIONALS,
};

#define NATIONAL_BIT(id) (UINT64_C(1) << (id))

/* What a cell can be, as NATIONAL_BITs. */
struct national_look {
    uint64_t valid; /* shape and check hold */
    uint64_t sure;  /* of them, certain beside another field */
};

struct national_look national_look(const struct cell *c);

/* The rows whose check says something, as NATIONAL_BITs. */
extern const uint64_t national_checked;

/* Is the cell a value of that row of the table? */
bool national_valid(const struct cell *c, enum national id);

/* Of the rows whose check says something: does a column's share count? */
bool national_shares(enum national id);

/* Or, where values are certain by themselves: is it one of those rows? */
bool national_marked(enum national id);

/* "US", "" where it is of no one country. */
const char *national_country(enum national id);

/*
 * The identifier inside of the cell's text: the number of the document in a
 * machine-readable zone, else all of it.
 */
struct span national_value(struct span text);

#endif
