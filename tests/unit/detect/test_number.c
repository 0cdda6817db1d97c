// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_number.c - detect/number.c: one row per pattern and value.
 */
#include <string.h>

#include "detect/expression.h"
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
    {"one of two", "(AB|CD)-\\d{6}", "none", "CD-123456", true},
    {"neither of two", "(AB|CD)-\\d{6}", "none", "CE-123456", false},
    {"an expression stands for the whole value", "(AB|CD)\\d{6}", "none",
     "AB1234567", false},
    {"a line end is no end", "(AB|CD)\\d{6}", "none", "AB123456\n", false},
    {"anchors around change nothing", "^(?:AB|CD)\\d{6}$", "none", "AB123456",
     true},
    {"a repeat without end", "\\d+X", "none", "1234567890123456789012345X",
     true},
    {"a negated class", "[^0-9]{3}\\w+", "none", "abc_12", true},
    {"a dot", "K.\\d{4,}", "none",
     "K\xC3\xA4"
     "123456",
     false},
    {"a long value", "[0-9a-f]{64,}", "none",
     "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", true},
    {"an expression's check holds", "(?:4\\d{15}|5\\d{15})", "luhn",
     "4111-1111-1111-1111", true},
    {"an expression's check does not hold", "(?:4\\d{15}|5\\d{15})", "luhn",
     "4111-1111-1111-1112", false},
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
    {"a repeat inside a repeat", "(a+)+", "none", "no repeat without end"},
    {"a repeat inside a repeat, deeper", "((ab?|c*)x?)*", "none",
     "no repeat without end"},
    {"repeats that multiply", "(a{1,100}){1,100}", "none", "at most 2000"},
    {"repeats that multiply thrice", "((\\d{20}){20}){20}", "none",
     "at most 2000"},
    {"a repeat too long", "a{5000}", "none", "up to 1000"},
    {"look-ahead", "a(?=b)", "none", "( ) and (?: ) only"},
    {"a reference back", "(a)\\1", "none", "behind \\"},
    {"flags inside", "(?i)a", "none", "( ) and (?: ) only"},
    {"an anchor inside", "a^b", "none", "^ and $ at the ends"},
    {"nothing to repeat", "*a", "none", "in front of a repeat"},
    {"a repeat of a repeat", "a{2}{3}", "none", "in front of a repeat"},
    {"an open bracket", "(ab", "none", "a ) for every ("},
    {"a closed bracket", "ab)", "none", "a ( for every )"},
    {"brackets that close those around", "a)|(?:b", "none", "a ( for every )"},
    {"too many brackets inside one another",
     "((((((((((((((((a))))))))))))))))", "none", "at most 15"},
    {"an open class", "[0-9", "none", "a ] for every ["},
    {"a turned range", "[9-0]", "none", "a pattern of libhyperscan"},
    {"an open count", "a{3", "none", "{n}, {n,} or {n,m}"},
    {"a turned count", "a{3,2}", "none", "{n}, {n,} or {n,m}"},
    {"an empty pattern", "", "none", "a pattern"},
    {"nothing between anchors", "^$", "none", "a pattern"},
    {"an unknown escape", "a\\Q(b", "none", "behind \\"},
    {"an unknown check", "\\d", "mod12", "check: want"},
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

static void test_the_library_is_trusted(void **state)
{
    char why[EXPRESSION_WHY] = "";

    (void)state;
    assert_true(expression_trusted(why));
    assert_string_equal(why, "");
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + COUNT(refused) + 1];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, test_match);
    SPEC_TABLE(tests, count, refused, test_refused);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(test_the_library_is_trusted);
    return SPEC_RUN("detect/number", tests, count);
}
