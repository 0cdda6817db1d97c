// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_check.c - detect/check.c: one row per number and check.
 */
#include "detect/check.h"
#include "support/spec.h"

struct check_case {
    const char *name;
    const char *check;
    const char *number;
    bool good;
};

static const struct check_case cases[] = {
    {"luhn holds for a card", "luhn", "4111111111111111", true},
    {"luhn holds for fifteen digits", "luhn", "378282246310005", true},
    {"luhn sees one wrong digit", "luhn", "4111111111111112", false},
    {"luhn sees two digits exchanged", "luhn", "1411111111111111", false},
    {"luhn takes digits only", "luhn", "41111111x1111111", false},
    {"luhn needs two digits", "luhn", "0", false},
    {"mod10 holds for an EAN", "mod10", "4006381333931", true},
    {"mod10 sees a wrong EAN", "mod10", "4006381333930", false},
    {"mod11 holds with a digit", "mod11", "1234567892", true},
    {"mod11 sees a wrong digit", "mod11", "1234567893", false},
    {"mod11 writes ten as X", "mod11", "20000X", true},
    {"mod97 holds for an IBAN turned round", "mod97", "WEST12345698765432GB82",
     true},
    {"mod97 sees a wrong digit", "mod97", "WEST12345698765433GB82", false},
    {"verhoeff holds", "verhoeff", "2363", true},
    {"verhoeff sees digits exchanged", "verhoeff", "3263", false},
    {"verhoeff sees a wrong digit", "verhoeff", "2364", false},
    {"none takes anything", "none", "abc", true},
};

static void test_case(void **state)
{
    const struct check_case *c = *state;
    bool (*check)(struct span) = check_find(c->check);

    assert_non_null(check);
    assert_int_equal(check(span_of(c->number)), c->good);
}

static void test_unknown_is_no_check(void **state)
{
    (void)state;
    assert_null(check_find("crc32"));
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 1];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, test_case);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(test_unknown_is_no_check);
    return SPEC_RUN("detect/check", tests, count);
}
