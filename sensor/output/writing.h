// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * writing.h - an alert on its way into JSON, for the formats that are JSON.
 */
#ifndef OUTFLOW_OUTPUT_WRITING_H
#define OUTFLOW_OUTPUT_WRITING_H

#include "output/jsonw.h"
#include "output/words.h"

struct run_info;

struct writing {
    struct jsonw j;
    const struct alert *a; /* NULL: an event */
    const struct run_info *run;
    const struct caps *caps;
};

/* A name of the wire or the operator, or NULL, under a key. */
static inline void put_name(struct writing *w, const char *key,
                            const char *name)
{
    jsonw_name(&w->j, key, name ? name : "", w->caps->name);
}

#endif
