// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * helper.h - whole objects that a foreign library reads, in another process.
 *
 * Decoders hold such an object (decode/held.h), and hand it over with
 * hint->helper at its end. It must not be relied on: the helper may be
 * missing, may die, and what it says is as hostile as the object itself.
 */
#ifndef OUTFLOW_HELPER_H
#define OUTFLOW_HELPER_H

#include "outflow/sink.h"

/* Bytes of an object that were never captured; zeros stand there. */
struct hole {
    uint64_t from; /* place in the object */
    uint64_t len;
};

/* All of it borrowed until the call returns. */
struct helper_object {
    const char *format; /* "7z", "pdf": who is to read it; static */
    struct span bytes;
    const struct hole *holes; /* in order, apart from one another */
    size_t hole_count;
};

enum helper_end {
    HELPER_DONE = 0, /* it was read, or was told what of it is not */
    HELPER_NONE,     /* there is no helper */
    HELPER_REFUSED,  /* the sink wants no more */
    HELPER_LIMIT,    /* it takes too long, or too much memory */
    HELPER_DIED,     /* it crashed, now or when it met this object before */
};

struct helper {
    void *ctx;

    /*
     * Read an object, and put its parts and notes into the sink. Parts that
     * are open when it ends badly are closed. *read is how many bytes of
     * the object were looked at; in HELPER_DONE all that were not closed.
     */
    enum helper_end (*read)(void *ctx, const struct helper_object *object,
                            struct sink *out, uint64_t *read);
};

#endif
