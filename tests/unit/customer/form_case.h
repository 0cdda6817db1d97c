// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * form_case.h - a table of written forms and the one they must become.
 *
 * Shared by the tests of customer/; each row runs as a test of its own.
 */
#ifndef OUTFLOW_TEST_FORM_CASE_H
#define OUTFLOW_TEST_FORM_CASE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "customer/normal.h"
#include "outflow/compiler.h"

struct form_case {
    enum field_type type;
    const char *text; /* as written; also the row's name */
    const char *want; /* NULL: it has no normal form */
};

static inline void test_form(void **state)
{
    const struct form_case *c = *state;
    struct normal n = {.len = 0};
    bool some = normal_add(&n, c->type, span_of(c->text));

    assert_int_equal(some, c->want != NULL);
    if (!c->want) {
        assert_int_equal(n.len, 0);
        return;
    }
    normal_byte(&n, 0);
    assert_string_equal((const char *)n.bytes, c->want);
}

static inline int run_forms(const char *name, const struct form_case *cases,
                            size_t count)
{
    struct CMUnitTest tests[128] = {0};

    for (size_t i = 0; i < count && i < COUNT(tests); i++) {
        tests[i] = (struct CMUnitTest){
            .name = cases[i].text,
            .test_func = test_form,
            .initial_state = (void *)(uintptr_t)&cases[i],
        };
    }
    return _cmocka_run_group_tests(name, tests, count, NULL, NULL);
}

#endif
