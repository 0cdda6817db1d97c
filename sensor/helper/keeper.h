// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * keeper.h - the process that starts the helper, and ends it.
 *
 * Forked by a worker that still has its rights; gives them up, and sleeps.
 * It starts the helper for the first object, passes on what it says, ends
 * it when it takes too long, and starts it anew when it died. It must not
 * look into what it passes on.
 */
#ifndef HELPER_KEEPER_H
#define HELPER_KEEPER_H

enum {
    KEEPER_WORKER = 3,  /* descriptors of the keeper: its worker, */
    KEEPER_WINDOW = 4,  /* the memory that objects are in, */
    KEEPER_PROGRAM = 5, /* and the helper's program */
};

struct keeper {
    int worker, window, program; /* descriptors, any */
    const char *user;            /* to become when root, or NULL */
};

/* Be the keeper until the worker is gone; its exit status. */
int keeper_run(const struct keeper *k);

#endif
