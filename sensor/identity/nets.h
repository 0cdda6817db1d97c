// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * nets.h - many networks, and which of them an address is in.
 *
 * Networks are kept sorted, longest prefix first; a question costs one
 * binary search for each prefix length there is.
 *
 * It must not know whose networks they are.
 */
#ifndef OUTFLOW_IDENTITY_NETS_H
#define OUTFLOW_IDENTITY_NETS_H

#include "outflow/addr.h"
#include "outflow/compiler.h"

enum { NETS_LENGTHS = 129 }; /* prefix lengths 0 to 128 */

struct net {
    struct network network;
    uint64_t owner; /* the caller's number for it */
};

struct nets {
    struct net *list; /* owned */
    size_t count;
    size_t room;
    size_t from[NETS_LENGTHS + 1]; /* first place of length 128 - i */
};

/* Add one; false without memory. nets_sort before asking. */
bool nets_add(struct nets *n, const struct network *network,
              uint64_t owner) MUST_USE;

/* Make ready for questions. */
void nets_sort(struct nets *n);

/*
 * Go through the networks that hold a, longest prefix first: *step is 0 at
 * first. Gives the next, or NULL. Of equal networks with several owners,
 * each is given, smallest owner first.
 */
const struct net *nets_next(const struct nets *n, const struct addr *a,
                            size_t *step);

/* Is a in any of them? */
bool nets_have(const struct nets *n, const struct addr *a);

/* Release what n holds. */
void nets_clear(struct nets *n);

#endif
