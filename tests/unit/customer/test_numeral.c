// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_numeral.c - customer/numeral.c: kanji numbers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "customer/numeral.h"
#include "outflow/compiler.h"

struct numeral_case {
    const char *text;
    size_t used;
    unsigned value;
};

static const struct numeral_case cases[] = {
    {"一", 3, 1},
    {"十", 3, 10},
    {"十二丁目", 6, 12},
    {"二十一", 9, 21},
    {"百五", 6, 105},
    {"千二百三十四", 18, 1234},
    {"二〇一九年", 12, 2019},
    {"三千", 6, 3000},
    {"丁目", 0, 0},
    {"12", 0, 0},
    {"", 0, 0},
    {"九九九九九", 0, 0},
};

static void test_numerals(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        unsigned value = 0;
        size_t used = numeral_read(span_of(cases[i].text), &value);
        assert_int_equal(used, cases[i].used);
        if (used > 0)
            assert_int_equal(value, cases[i].value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_numerals)};
    return cmocka_run_group_tests_name("customer/numeral", tests, NULL, NULL);
}
