// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * client.h - a worker's way to the helper.
 *
 * Started before the worker gives up its rights: a keeper is forked that
 * sleeps until the first object comes. Afterwards the worker needs nothing
 * but reading from one descriptor and writing to it. It must not wait while
 * the other side waits for it: what comes is taken as it comes.
 */
#ifndef HELPER_CLIENT_H
#define HELPER_CLIENT_H

#include "outflow/counters.h"
#include "outflow/err.h"
#include "outflow/helper.h"

struct helper_start {
    const char *path;  /* of the program, or NULL: where it belongs */
    const char *user;  /* the keeper's when started as root, or NULL: as is */
    uint64_t document; /* bytes of an object at most */
    uint32_t cpu_ms;   /* of one object at most, whatever its size */
    void (*beat)(void *ctx); /* called while it waits; may be NULL */
    void *ctx;
};

struct helper_client;

/*
 * Make the window and the keeper. Without memory, processes or the program
 * there is no helper, which is no error: objects are then counted as such.
 * NULL without memory.
 */
struct helper_client *helper_open(const struct helper_start *how);

/* What decoders are given; counts into *counters. */
const struct helper *helper_use(struct helper_client *c,
                                struct counters *counters);

/* The descriptor that is written to (-1: none); bytes of address space. */
int helper_pipe(const struct helper_client *c);
uint64_t helper_space(const struct helper_client *c);

/* The keeper leaves, and is waited for. */
void helper_close(struct helper_client *c);

#endif
