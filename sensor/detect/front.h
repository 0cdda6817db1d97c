// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * front.h - the label in front of a value, and what it claims.
 *
 * It must not know what the value is.
 */
#ifndef OUTFLOW_DETECT_FRONT_H
#define OUTFLOW_DETECT_FRONT_H

#include "detect/pair.h"

/* What stands in front of a value. */
struct front {
    struct claim claim; /* of the label; CLAIM_NONE without one */
    uint8_t sign;       /* the byte behind the label */
};

/*
 * The labels last met: a log or an answer of an API repeats the same few a
 * million times. It changes speed only, never results.
 */
struct fronts;

/* NULL: no memory. The caller frees it. */
struct fronts *fronts_new(void);
void fronts_free(struct fronts *f);

/*
 * The label in front of place from of text, by the dictionary h. plain is
 * room to decode it in, and is emptied first.
 */
struct front front_of(struct fronts *f, struct header *h, struct buf *plain,
                      struct span text, size_t from);

/*
 * What a label claims, if it is remembered, else NULL. 16 bytes or more of
 * its text stand in front of its end.
 */
const struct claim *front_known(const struct fronts *f, struct span label);

#endif
