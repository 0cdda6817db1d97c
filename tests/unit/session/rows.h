// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * rows.h - tables of mutations of one upload, played to every engine.
 *
 * The bar: every captured byte in its place, every hole told with its
 * length, nothing else missing.
 */
#ifndef OUTFLOW_TESTS_ROWS_H
#define OUTFLOW_TESTS_ROWS_H

#include "talk.h"

enum {
    UPLOAD = 400000,
    SEGMENT = 1448,
};

/* What a mutation does, and what is to be heard of the upload. */
struct row {
    const char *name;
    void (*mutate)(struct talk *t);
    uint64_t missing; /* bytes of the upload */
    uint64_t from;    /* place of its first byte heard */
    uint64_t last;    /* bytes of its end not heard and not proven */
    size_t flows;     /* default 1 */
    bool copies;      /* differing copies are told */
    bool midstream;
    bool answer_lost; /* the server's bytes are not heard */
    uint64_t answer_missing;
    size_t len;  /* of the upload; default UPLOAD */
    bool second; /* the upload stands in the second flow, too */
};

/* Run count rows with each engine as tests of a group; gives main's. */
int rows_run(const char *group, const struct row *rows, size_t count);

#endif
