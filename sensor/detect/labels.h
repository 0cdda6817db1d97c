// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * labels.h - the row that labelled values make, whoever reads the labels.
 *
 * It must not be included outside of detect/.
 */
#ifndef OUTFLOW_DETECT_LABELS_H
#define OUTFLOW_DETECT_LABELS_H

#include "detect/state.h"

/* An empty line: rows may lie apart. */
void labels_apart(struct rows *r);

/*
 * The row that labelled values make. A value of a claim is added; a
 * label that comes again (hash; 0: it has none) begins the next row.
 */
bool labels_add(struct rows *r, struct claim claim, uint64_t label,
                struct span value, const struct moment *seen);
void labels_flush(struct rows *r);
bool labels_flush_element(struct rows *r); /* of a list or table */
void labels_drop(struct rows *r);
void labels_spare(struct rows *r); /* the last value added is one */

/* A label whose value is on the next line, and that value. */
void labels_pend(struct rows *r, struct claim claim, uint64_t label);
bool labels_pended(struct rows *r, struct span value,
                   const struct moment *seen);
bool labels_held(const struct rows *r); /* is a row being put together? */
void labels_free(struct rows *r);
uint64_t labels_hash(struct span label);

#endif
