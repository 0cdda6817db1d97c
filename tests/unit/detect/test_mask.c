// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_mask.c - detect/mask.c: names the wire chose, without identifiers.
 */
#include <string.h>

#include "support/spec.h"
#include "unit/detect/collect.h"

struct mask_case {
    const char *name; /* what the wire said */
    const char *want;
};

static const struct mask_case cases[] = {
    {"customers.csv", "customers.csv"},
    {"4111111111111111.csv", "**************11.csv"},
    {"4111-1111-1111-1111.csv", "****-****-****-**11.csv"},
    {"tel 090-1234-5678", "tel ***-****-**78"},
    {"acct_7348770443.txt", "acct_********43.txt"},
    {"４１１１１１１１１１１１１１１１", "**************11"},
    {"report_20110805.csv", "report_20110805.csv"},
    {"dump-20110805010203.sql", "dump-20110805010203.sql"},
    {"10.20.0.7", "10.20.0.7"},
    {"192.168.100.200", "192.168.100.200"},
    {"taro.yamada@bank.example", "***@bank.example"},
    {"to taro@bank.example.eml", "to ***@bank.example.eml"},
    {"顧客名簿.xlsx", "顧客名簿.xlsx"},
    {"a\xFF"
     "b",
     "a?b"},
    {"", ""},
};

static void test_case(void **state)
{
    const struct mask_case *c = *state;
    char out[300];

    detect_mask(NULL, span_of(c->name), out, sizeof(out));
    assert_string_equal(out, c->want);
}

static void test_cut_at_the_limit(void **state)
{
    char out[600], long_name[600];

    (void)state;
    memset(long_name, 'a', sizeof(long_name));
    detect_mask(NULL, (struct span){(uint8_t *)long_name, 600}, out,
                sizeof(out));
    assert_int_equal(strlen(out), 256);
    detect_mask(NULL, SPAN("abcdef"), out, 4);
    assert_string_equal(out, "abc");
    detect_mask(NULL, SPAN("あい"), out, 6);
    assert_string_equal(out, "あ");
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 1];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, test_case);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_cut_at_the_limit);
    return SPEC_RUN("detect/mask", tests, count);
}
