// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_normal.c - customer/normal.c: written forms and what they become.
 */
#include "form_case.h"

#define ACCOUNT FIELD_ACCOUNT_NUMBER
#define CARD    FIELD_CARD_NUMBER

static const struct form_case cases[] = {
    {CARD, "3530111333300000", "3530111333300000"},
    {CARD, "3530-1113-3330-0000", "3530111333300000"},
    {CARD, " 3530 1113 3330 0000 ", "3530111333300000"},
    {CARD, "３５３０－１１１３－３３３０－００００", "3530111333300000"},
    {ACCOUNT, "0001234567", "1234567"},
    {ACCOUNT, "1234567", "1234567"},
    {ACCOUNT, "00-01-234567", "1234567"},
    {ACCOUNT, "ab-0012", "AB0012"},
    {ACCOUNT, "No.", NULL},
    {ACCOUNT, "0000", NULL},
    {ACCOUNT, "", NULL},
    {ACCOUNT, "会員－１２３", "会員123"},
    {FIELD_IBAN, "de89 3704 0044 0532 0130 00", "DE89370400440532013000"},
    {FIELD_NATIONAL_ID, "078-05-1120", "078051120"},
    {FIELD_NATIONAL_ID, "０７８０５１１２０", "078051120"},
    {FIELD_POSTAL_CODE, "〒105-0023", "1050023"},
    {FIELD_POSTAL_CODE, "１０５－００２３", "1050023"},
    {FIELD_POSTAL_CODE, "1050023", "1050023"},
    {FIELD_POSTAL_CODE, "sw1a 1aa", "SW1A1AA"},
    {FIELD_EMAIL, " Taro@Example.COM ", "taro@example.com"},
    {FIELD_EMAIL, "Taro Yamada <taro@example.com>", "taro@example.com"},
    {FIELD_EMAIL, "mailto:taro@example.com", "taro@example.com"},
    {FIELD_EMAIL, "ｔａｒｏ＠example.com", "taro@example.com"},
    {FIELD_EMAIL, "taro at example.com", NULL},
    {FIELD_EMAIL, "@example.com", NULL},
    {FIELD_EMAIL, "taro@", NULL},
    {FIELD_PERSON_NAME, "山田 太郎", "山田太郎"},
    {FIELD_PERSON_NAME, "山田　太郎", "山田太郎"},
    {FIELD_PERSON_NAME, "山田太郎", "山田太郎"},
    {FIELD_PERSON_NAME, "ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダタロウ"},
    {FIELD_PERSON_NAME, "John  SMITH", "johnsmith"},
    {FIELD_PERSON_NAME, "José Müller", "josémüller"},
    {FIELD_PERSON_NAME, "JOSÉ MÜLLER", "josémüller"},
    {FIELD_PERSON_NAME, "   ", NULL},
    {FIELD_GENDER, "男", NULL},
    {FIELD_OTHER, "note", NULL},
};

static void test_a_value_longer_than_the_room_is_no_name(void **state)
{
    char text[NORMAL_TEXT + 2];
    struct normal n = {.len = 0};

    (void)state;
    memset(text, '7', sizeof(text));
    struct span s = {(const uint8_t *)text, sizeof(text)};
    assert_false(normal_add(&n, FIELD_ACCOUNT_NUMBER, s));
    assert_false(normal_add(&n, FIELD_PERSON_NAME, s));
    s.len = NORMAL_TEXT;
    assert_true(normal_add(&n, FIELD_ACCOUNT_NUMBER, s));
    assert_int_equal(n.len, NORMAL_TEXT);
}

static void test_a_full_form_says_so_and_keeps_what_it_had(void **state)
{
    char text[NORMAL_TEXT];
    struct normal n = {.len = 0};
    struct span s = {(const uint8_t *)text, sizeof(text)};

    (void)state;
    memset(text, '7', sizeof(text));
    for (int i = 0; i < NORMAL_ROOM / NORMAL_TEXT; i++)
        assert_true(normal_add(&n, FIELD_ACCOUNT_NUMBER, s));
    assert_false(normal_add(&n, FIELD_ACCOUNT_NUMBER, s));
    assert_int_equal(n.len, NORMAL_ROOM);
    assert_true(n.full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_value_longer_than_the_room_is_no_name),
        cmocka_unit_test(test_a_full_form_says_so_and_keeps_what_it_had),
    };
    return run_forms("customer/normal", cases, COUNT(cases)) +
           cmocka_run_group_tests_name("customer/normal caps", tests, NULL,
                                       NULL);
}
