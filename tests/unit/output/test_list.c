// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_list.c - output/list.c: lines of the affected list.
 */
#include "fixture.h"

static void test_header_and_line(void **state)
{
    static const char *const employees[] = {"taro", "10.20.0.7"};
    static const char *const parties[] = {"drop.example"};
    static const char *const alerts[] = {"0123456789abcdef0123456789abcdef"};
    const struct affected c = {
        .name = {UINT64_C(0x00ff00ff12345678), NAME_CARD},
        .mask = "353011******0000",
        .fields = FIELD_BIT(FIELD_PHONE) | FIELD_BIT(FIELD_CARD_NUMBER),
        .records = 2,
        .first_ns = FIXTURE_TIME,
        .last_ns = FIXTURE_TIME + 1,
        .employees = employees,
        .employee_count = 2,
        .parties = parties,
        .party_count = 1,
        .alerts = alerts,
        .alert_count = 1,
    };
    struct buf out;

    (void)state;
    buf_init(&out, 4096);
    assert_true(list_header(&out) && list_line(&c, &out));
    assert_string_equal(
        text_of(&out),
        "customer,identifier,masked,fields,records,first_seen,last_seen,"
        "employees,parties,alerts\r\n"
        "00ff00ff12345678,card_number,353011******0000,card_number;phone,2,"
        "2011-08-05T01:02:03.123456Z,2011-08-05T01:02:03.123456Z,"
        "taro;10.20.0.7,drop.example,0123456789abcdef0123456789abcdef\r\n");
    buf_clear(&out);
}

static void test_no_name_becomes_a_formula_or_a_cell(void **state)
{
    static const char *const employees[] = {"=cmd|'/C calc'!A0", "b;c"};
    static const char *const parties[] = {"a\r\n,\"x"};
    const struct affected c = {.name = {1, NAME_BIRTH},
                               .mask = "***",
                               .employees = employees,
                               .employee_count = 2,
                               .parties = parties,
                               .party_count = 1};
    struct buf out;

    (void)state;
    buf_init(&out, 4096);
    assert_true(list_line(&c, &out));
    assert_string_equal(text_of(&out), "0000000000000001,person_name,***,,0,"
                                       "1970-01-01T00:00:00.000000Z,"
                                       "1970-01-01T00:00:00.000000Z,"
                                       "'=cmd|'/C calc'!A0;b\\x3Bc,"
                                       "\"a\\x0D\\x0A,\"\"x\",\r\n");
    buf_clear(&out);
}

static void test_no_room_is_said(void **state)
{
    const struct affected c = {.mask = "***"};
    struct buf out;

    (void)state;
    buf_init(&out, 10);
    assert_false(list_header(&out));
    assert_false(list_line(&c, &out));
    buf_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_header_and_line),
        cmocka_unit_test(test_no_name_becomes_a_formula_or_a_cell),
        cmocka_unit_test(test_no_room_is_said),
    };
    return cmocka_run_group_tests_name("output/list", tests, NULL, NULL);
}
