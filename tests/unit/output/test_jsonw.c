// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_jsonw.c - output/jsonw.c: commas, nesting and kinds of values.
 */
#include "fixture.h"
#include "output/jsonw.h"

static void test_every_kind_of_value(void **state)
{
    struct buf out;

    (void)state;
    buf_init(&out, 4096);
    struct jsonw j = {put_to(&out), false};
    jsonw_open(&j, NULL, '{');
    jsonw_word(&j, "w", "x");
    jsonw_name(&j, "n", "q\"\\\t", 100);
    jsonw_number(&j, "i", 1);
    jsonw_number(&j, "exact", UINT64_C(1) << 53);
    jsonw_number(&j, "big", UINT64_MAX);
    jsonw_bool(&j, "t", true);
    jsonw_bool(&j, "f", false);
    jsonw_null(&j, "z");
    jsonw_open(&j, "e", '[');
    jsonw_close(&j, ']');
    jsonw_open(&j, "a", '[');
    jsonw_open(&j, NULL, '{');
    jsonw_close(&j, '}');
    jsonw_number(&j, NULL, 2);
    jsonw_close(&j, ']');
    jsonw_close(&j, '}');
    assert_true(j.put.ok);
    assert_string_equal(text_of(&out),
                        "{\"w\":\"x\",\"n\":\"q\\\"\\\\\\\\x09\",\"i\":1,"
                        "\"exact\":9007199254740992,"
                        "\"big\":\"18446744073709551615\",\"t\":true,"
                        "\"f\":false,\"z\":null,\"e\":[],\"a\":[{},2]}");
    buf_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_kind_of_value)};
    return cmocka_run_group_tests_name("output/jsonw", tests, NULL, NULL);
}
