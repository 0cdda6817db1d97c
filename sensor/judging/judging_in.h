// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * judging_in.h - what the parts of judging share.
 *
 *     judging.c        taking and looking
 *     judging_store.c  the state, memory, new settings
 *
 * Only these two know it.
 */
#ifndef OUTFLOW_JUDGING_IN_H
#define OUTFLOW_JUDGING_IN_H

#include "judging/incidents.h"
#include "judging/judging.h"
#include "outflow/bonds.h"
#include "judging/shelf.h"

struct judging {
    struct judging_settings set;
    struct judge_settings rules;
    struct shelf books;
    struct incidents incidents;
    struct contracts *contracts;
    struct bonds *bonds;
    uint64_t bonds_full; /* times that ties found no memory */
    bool ending;         /* every incident is to become final */
    uint32_t *waiting;   /* owned: books that a look has to see */
    size_t wait_count, wait_room;
    uint64_t alerts;
    int64_t clock_ns;  /* newest packet time of a look or an exposure */
    int64_t tidied_ns; /* and when old days were left behind */
};

/* The worse of two. */
static inline enum err judging_worse(enum err a, enum err b)
{
    return a != ERR_OK ? a : b;
}

/* A book that the next look has to see; false without memory. */
bool judging_await(void *ctx, uint32_t book);

/* Tell all books what came to this one; without a state it is done with. */
enum err judging_learn(struct judging *j, uint32_t book);

/* What the state holds of incidents and partners; ERR_MEMORY. */
enum err judging_restore(struct judging *j) MUST_USE;

/*
 * Days before this one are in no window and in no incident that may grow: a
 * book that is loaded begins there.
 */
void judging_set_since(struct judging *j);

/* The text that says in which book an incident is judged; or NULL. */
char *judging_home(const struct book *b);

#endif
