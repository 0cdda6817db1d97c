// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_number.c - detect/number.c: one row per pattern and value.
 */
#include <string.h>

#include "detect/number.h"
#include "support/spec.h"

struct number_case {
    const char *name;
    const char *pattern, *check;
    const char *value;
    bool match;
};

static const struct number_case cases[] = {
    {"a class repeated", "7[0-9]{9}", "none", "7123456789", true},
    {"another first digit", "7[0-9]{9}", "none", "8123456789", false},
    {"one digit short", "7[0-9]{9}", "none", "712345678", false},
    {"one digit long", "7[0-9]{9}", "none", "71234567890", false},
    {"the shorthand for digits", "AB\\d{6}", "none", "AB123456", true},
    {"a letter is no digit", "AB\\d{6}", "none", "AB12345X", false},
    {"from so many to so many, least", "\\d{2,4}", "none", "12", true},
    {"from so many to so many, most", "\\d{2,4}", "none", "1234", true},
    {"from so many to so many, more", "\\d{2,4}", "none", "12345", false},
    {"left out", "A?[0-9]{3}", "none", "123", true},
    {"not left out", "A?[0-9]{3}", "none", "A123", true},
    {"several ranges", "[A-CX0-3]{4}", "none", "AX3C", true},
    {"dashes of the value are dropped", "\\d{8}", "none", "1234-5678", true},
    {"dashes of the pattern stay", "\\d{3}-\\d{3}", "none", "123-456", true},
    {"an escaped sign", "A\\.\\d{3}", "none", "A.123", true},
    {"the check must hold", "4[0-9]{15}", "luhn", "4111111111111111", true},
    {"the check does not hold", "4[0-9]{15}", "luhn", "4111111111111112",
     false},
    {"a pattern that explodes elsewhere is linear", "a?a?a?a?a?a?a?a?a{8}",
     "none", "aaaaaaaa", true},
};

static void test_match(void **state)
{
    const struct number_case *c = *state;
    struct number_rule rule = {.name = "test",
                               .type = FIELD_ACCOUNT_NUMBER,
                               .pattern = c->pattern,
                               .check = c->check};
    struct problems problems = {NULL, 0, 0};
    struct numbers *n = numbers_new(&rule, 1, &problems);

    assert_non_null(n);
    assert_int_equal(numbers_match(n, span_of(c->value), NULL),
                     c->match ? FIELD_ACCOUNT_NUMBER : FIELD_NONE);
    numbers_free(n);
}

struct refused_case {
    const char *name;
    const char *pattern, *check;
    const char *problem;
};

static const struct refused_case refused[] = {
    {"groups are refused", "(ab)", "none", "pattern: want"},
    {"alternatives are refused", "a|b", "none", "pattern: want"},
    {"stars are refused", "a*", "none", "pattern: want"},
    {"a dot is refused", "a.b", "none", "pattern: want"},
    {"an open class is refused", "[0-9", "none", "pattern: want"},
    {"a turned range is refused", "[9-0]", "none", "pattern: want"},
    {"a negated class is refused", "[^a]", "none", "pattern: want"},
    {"an open count is refused", "a{3", "none", "pattern: want"},
    {"a turned count is refused", "a{3,2}", "none", "pattern: want"},
    {"a long pattern is refused", "\\d{64}", "none", "pattern: want"},
    {"an empty pattern is refused", "", "none", "pattern: want"},
    {"an unknown escape is refused", "\\w", "none", "pattern: want"},
    {"an unknown check is refused", "\\d", "mod12", "check: want"},
};

static void test_refused(void **state)
{
    const struct refused_case *c = *state;
    struct number_rule rule = {.name = "savings",
                               .type = FIELD_ACCOUNT_NUMBER,
                               .pattern = c->pattern,
                               .check = c->check,
                               .file = "outflow.conf",
                               .line = 7};
    struct problems problems = {NULL, 0, 0};

    assert_null(numbers_new(&rule, 1, &problems));
    assert_int_equal(problems.count, 1);
    assert_non_null(strstr(problems.lines[0], c->problem));
    assert_non_null(strstr(problems.lines[0], "outflow.conf:7: "));
    problems_clear(&problems);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + COUNT(refused)];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, test_match);
    SPEC_TABLE(tests, count, refused, test_refused);
    return SPEC_RUN("detect/number", tests, count);
}
