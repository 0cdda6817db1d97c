// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * err.h - what can go wrong, and how it is told to the operator.
 *
 * Functions give an enum err (0 is good), a pointer or NULL. Errors of the
 * operator (settings, rules, files) are collected in a struct problems, each
 * with its place, so that all of them are shown at once.
 *
 * It must not hold a value of a customer.
 */
#ifndef OUTFLOW_ERR_H
#define OUTFLOW_ERR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "outflow/compiler.h"

enum err {
    ERR_OK = 0,
    ERR_MEMORY, /* an allocation failed or a cap was reached */
    ERR_IO,     /* the system refused a read, write or open */
    ERR_FORMAT, /* the bytes are not what they claim to be */
    ERR_LIMIT,  /* a limit of limits.h was reached */
    ERR_USAGE,  /* the operator asked for something impossible */
};

/* Problems found so far, in the order they were added. */
struct problems {
    char **lines; /* owned; each without "outflow: " and newline */
    size_t count; /* lines held */
    size_t lost;  /* problems that found no memory or room */
};

/* Add one line, printf-like; control bytes in it are escaped. */
void problems_add(struct problems *p, const char *fmt, ...) PRINTF(2, 3);

/* Write each as "outflow: LINE". Gives the number of problems. */
size_t problems_print(const struct problems *p, FILE *out);

/* Release what p holds; p is empty afterwards and may be used again. */
void problems_clear(struct problems *p);

#endif
