// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * pair.h - a line as labels and values, in the notations people use.
 *
 * It must not keep state between lines.
 */
#ifndef OUTFLOW_DETECT_PAIR_H
#define OUTFLOW_DETECT_PAIR_H

#include "detect/header.h"
#include "outflow/buf.h"

enum { PAIRS_MAX = 48 };

struct pair {
    struct span label, value;
    struct claim claim;
    bool said;  /* in a sentence: it is a pair only if the value fits */
    bool spare; /* counts only when the row has no other of its type */
};

/*
 * The pairs of a line, at most PAIRS_MAX; several only when at least two of
 * their labels are known for sure. plain keeps what had to be decoded.
 */
size_t pair_take(struct header *h, struct buf *plain, struct span line,
                 struct pair *pairs);

/*
 * What a label claims. It may be percent-coded; of customer.3.name the last
 * word is left and counts.
 */
struct claim pair_claim(struct header *h, struct buf *plain,
                        struct span *label);

/* The claim of the label that line ends with: "... account number is". */
struct claim pair_before(struct header *h, struct buf *plain, struct span line);

/* The pair of a content line: of vCard (RFC 6350) or LDIF (RFC 2849). */
size_t pair_content(struct header *h, struct buf *plain, struct span line,
                    struct pair *pair);

/* Does the line begin an address book, or an entry of one? */
bool pair_begins_content(struct span line);

/* Does the line end a row: END:VCARD, [section], a line between records? */
bool pair_is_border(struct span line);

#endif
