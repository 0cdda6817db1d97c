// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * gather.h - rows that come value by value: objects, elements, tuples.
 *
 * The readers of formats with structure put each value under its label or
 * its place; the rows are held until their columns are certain, as the lines
 * of a table are, so that a customer is the same whatever it is written in.
 *
 * It must not be included outside of detect/.
 */
#ifndef OUTFLOW_DETECT_GATHER_H
#define OUTFLOW_DETECT_GATHER_H

#include "detect/state.h"

enum { GATHER_COLUMNS = 64 };

/* A value of the row under a label (hash, what it claims). */
void gather_cell(struct rows *r, uint64_t label, struct claim claim,
                 struct span value);

/* The value at a place of the row; the names given claim it. */
void gather_place(struct rows *r, size_t place, struct span value);

/* What the places are called; none of them: nothing is known of them. */
void gather_names(struct rows *r, const struct claim *names, size_t count);
bool gather_named(const struct rows *r);

/* Are the columns of the rows to come certain? */
bool gather_certain(const struct rows *r);

/* Are they, or do rows wait until they are? */
bool gather_held(const struct rows *r);

/*
 * The row is whole; seen is the packet that completed it. False when it, or
 * all the rows held so far, named nobody.
 */
bool gather_row(struct rows *r, const struct moment *seen);

/* Forget the row that is being put together. */
void gather_drop(struct rows *r);

/* No rows of this kind come any more: judge those held. */
void gather_flush(struct rows *r);
void gather_free(struct rows *r);

#endif
