// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * claims.h - which employee something belonged to at a time.
 *
 * A claim says: key (a network, a MAC address, a mail address, as a number)
 * is this employee's from one time until another. The same key may be
 * claimed by many, one after the other.
 *
 * It must not know what the keys are.
 */
#ifndef OUTFLOW_IDENTITY_CLAIMS_H
#define OUTFLOW_IDENTITY_CLAIMS_H

#include "outflow/compiler.h"
#include "outflow/span.h"

struct claim {
    uint64_t key;
    int64_t from, until; /* [from, until) in ns */
    int64_t reach;       /* greatest until of this key up to here */
    uint32_t person;     /* whose */
    uint32_t group;      /* by this claim, or WORD_NONE */
    uint32_t line;       /* in employees.csv */
};

struct claims {
    struct claim *list; /* owned */
    size_t count;
    size_t room;
};

/* Add one; false without memory. claims_sort before asking. */
bool claims_add(struct claims *c, const struct claim *claim) MUST_USE;

/* Make ready for questions. */
void claims_sort(struct claims *c);

/*
 * Whose was key at time? The claim that began last, the first line of those;
 * NULL when nobody's. *rival is a claim of another person that held at the
 * same time, or NULL.
 */
const struct claim *claims_find(const struct claims *c, uint64_t key,
                                int64_t time_ns, const struct claim **rival);

/* Release what c holds. */
void claims_clear(struct claims *c);

#endif
