// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * scratch.h - a file of employees for a test, and what was said of it.
 */
#ifndef TESTS_UNIT_IDENTITY_SCRATCH_H
#define TESTS_UNIT_IDENTITY_SCRATCH_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "outflow/err.h"
#include "support/spec.h"

/* The working directory of the test, with nothing but e.csv in it. */
static char scratch[] = "/tmp/outflow-identity-XXXXXX";

static inline int scratch_enter(void **state)
{
    (void)state;
    umask(022);
    return mkdtemp(scratch) && chdir(scratch) == 0 ? 0 : -1;
}

static inline int scratch_leave(void **state)
{
    (void)state;
    (void)remove("e.csv");
    return chdir("/") == 0 && rmdir(scratch) == 0 ? 0 : -1;
}

static inline void scratch_write(const char *text)
{
    FILE *out = fopen("e.csv", "we");

    assert_non_null(out);
    fputs(text, out);
    fclose(out);
}

/* p says exactly that; p is released. */
static inline void scratch_said(struct problems *p, const char *want)
{
    char text[8192] = "";

    for (size_t i = 0; i < p->count; i++) {
        size_t len = strlen(text);
        snprintf(text + len, sizeof(text) - len, "%s\n", p->lines[i]);
    }
    problems_clear(p);
    assert_string_equal(text, want ? want : "");
}

#endif
