// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * header.h - what a header word or a label says of the values under it.
 *
 * It must not look at values.
 */
#ifndef OUTFLOW_DETECT_HEADER_H
#define OUTFLOW_DETECT_HEADER_H

#include "outflow/compiler.h"
#include "outflow/field.h"

/* How far a header word may be believed. */
enum claim_force {
    CLAIM_NONE = 0, /* the word says nothing to us */
    CLAIM_NOT,      /* it says that this is no field of a customer; with
                       the type other, that it is which bank an account
                       is with */
    CLAIM_WEAK,     /* only when the column looks like it (customer id) */
    CLAIM_FIRM,
};

struct claim {
    uint8_t type;     /* enum field_type */
    uint8_t force;    /* enum claim_force */
    uint8_t national; /* enum national: which national_id; 0 any */
};

struct header; /* the dictionary of headers.def */

struct header *header_new(void);
void header_free(struct header *h);

/* What label (UTF-8, or CP932 bytes) claims. */
struct claim header_find(struct header *h, struct span label);

enum { HEADER_ROOM = 96 }; /* bytes of a normal form */

/*
 * The normal form of a label: NFKC, small letters, no blanks and marks, what
 * stands in brackets dropped. Gives its length, 0 when it is no label.
 */
size_t header_normal(struct span label, uint8_t out[HEADER_ROOM]);

#endif
