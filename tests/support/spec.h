// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * spec.h - what every cmocka program includes, and how tables become tests.
 *
 * A table row is a test of its own, named by a sentence. It must not hold
 * knowledge of any layer.
 */
#ifndef OUTFLOW_TESTS_SPEC_H
#define OUTFLOW_TESTS_SPEC_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* cmocka takes these words as macros; ours are an enum and plain names. */
#undef skip
#undef fail

#include "outflow/compiler.h"

/* A test over one row: the row is the initial state, the first member its
 * name. */
#define SPEC_ROW(table, i, run)                                                \
    ((struct CMUnitTest){(table)[i].name, (run), NULL, NULL,                   \
                         (void *)(uintptr_t) & (table)[i]})

/* Put a test for each row of table into tests, from place at on. */
#define SPEC_TABLE(tests, at, table, run)                                      \
    do {                                                                       \
        for (size_t spec_i = 0; spec_i < COUNT(table); spec_i++)               \
            (tests)[(at)++] = SPEC_ROW(table, spec_i, run);                    \
    } while (0)

/* Run the first count tests under a group's name. */
#define SPEC_RUN(group, tests, count)                                          \
    _cmocka_run_group_tests(group, tests, count, NULL, NULL)

#endif
