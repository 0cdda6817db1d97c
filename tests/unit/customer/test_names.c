// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_names.c - customer/names.c: which customer a row is about.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "outflow/compiler.h"
#include "outflow/customer.h"

enum { ROW = 8 };

#define H PROOF_HEADER
#define S PROOF_SHAPE

struct cell {
    enum field_type type;
    enum field_proof proof;
    const char *text;
};

static struct keyed *key;

static size_t to_fields(const struct cell *cells, struct field *out)
{
    size_t count = 0;

    while (count < ROW && cells[count].text) {
        out[count] = (struct field){cells[count].type, cells[count].proof,
                                    span_of(cells[count].text)};
        count++;
    }
    return count;
}

static bool record_of(const struct cell *cells, struct record *out)
{
    struct field fields[ROW];

    return customer_record(key, fields, to_fields(cells, fields), out);
}

static uint64_t name_of(const struct cell *cells)
{
    struct record r = {0};

    assert_true(record_of(cells, &r));
    return r.name.pseudonym;
}

struct row_case {
    const char *name;
    struct cell cells[ROW];
    int kind;          /* -1: no record */
    uint8_t weaker[6]; /* kinds + 1, 0 ends */
    const char *mask;
};

#define WEAK(kind) ((kind) + 1)

static const struct row_case rows[] = {
    {"an account by header is the strongest name",
     {{FIELD_PHONE, S, "03-1234-5678"},
      {FIELD_CARD_NUMBER, S, "3530111333300000"},
      {FIELD_ACCOUNT_NUMBER, H, "0012345"}},
     NAME_ACCOUNT,
     {WEAK(NAME_CARD), WEAK(NAME_PHONE)},
     "***45"},
    {"an account by shape is weaker than a card, an id and an IBAN",
     {{FIELD_ACCOUNT_NUMBER, S, "7001234567"},
      {FIELD_IBAN, S, "DE89370400440532013000"}},
     NAME_IBAN,
     {WEAK(NAME_ACCOUNT_SHAPE)},
     "********************00"},
    {"e-mail comes before phone",
     {{FIELD_PHONE, S, "03-1234-5678"}, {FIELD_EMAIL, S, "a@b.example"}},
     NAME_EMAIL,
     {WEAK(NAME_PHONE)},
     "***"},
    {"a name with two further types is a record, named by birth first",
     {{FIELD_PERSON_NAME, H, "山田太郎"},
      {FIELD_ADDRESS, H, "東京都港区1-2"},
      {FIELD_POSTAL_CODE, H, "105-0023"},
      {FIELD_DATE_OF_BIRTH, H, "1955/3/3"}},
     NAME_BIRTH,
     {WEAK(NAME_ADDRESS), WEAK(NAME_POSTAL)},
     "***"},
    {"a name with gender and address is a record",
     {{FIELD_PERSON_NAME, H, "山田太郎"},
      {FIELD_ADDRESS, H, "東京都港区1-2"},
      {FIELD_GENDER, H, "男"}},
     NAME_ADDRESS,
     {0},
     "***"},
    {"a name with an address alone is no record",
     {{FIELD_PERSON_NAME, H, "山田太郎"}, {FIELD_ADDRESS, H, "東京都港区1-2"}},
     -1,
     {0},
     NULL},
    {"other does not count as a further type",
     {{FIELD_PERSON_NAME, H, "山田太郎"},
      {FIELD_ADDRESS, H, "東京都港区1-2"},
      {FIELD_OTHER, H, "x"}},
     -1,
     {0},
     NULL},
    {"a name with gender and opening date names nobody",
     {{FIELD_PERSON_NAME, H, "山田太郎"},
      {FIELD_GENDER, H, "男"},
      {FIELD_ACCOUNT_OPENED, H, "2001/1/1"}},
     -1,
     {0},
     NULL},
    {"an empty phone beside a name is no record",
     {{FIELD_PERSON_NAME, H, "山田太郎"}, {FIELD_PHONE, H, "-"}},
     -1,
     {0},
     NULL},
    {"two phones: the first names, the second stands aside",
     {{FIELD_PHONE, S, "03-1234-5678"}, {FIELD_PHONE, S, "090-1234-5678"}},
     NAME_PHONE,
     {0},
     "*******78"},
    {"two phones beside an account are both weaker names",
     {{FIELD_PHONE, S, "03-1234-5678"},
      {FIELD_ACCOUNT_NUMBER, H, "12345"},
      {FIELD_PHONE, S, "090-1234-5678"}},
     NAME_ACCOUNT,
     {WEAK(NAME_PHONE), WEAK(NAME_PHONE)},
     "***45"},
    {"the same value as account and card is one name",
     {{FIELD_ACCOUNT_NUMBER, H, "3530111333300000"},
      {FIELD_CARD_NUMBER, S, "3530-1113-3330-0000"}},
     NAME_ACCOUNT,
     {0},
     "**************00"},
    {"five weaker names at most",
     {{FIELD_ACCOUNT_NUMBER, H, "12345"},
      {FIELD_PHONE, S, "03-1234-5671"},
      {FIELD_PHONE, S, "03-1234-5672"},
      {FIELD_PHONE, S, "03-1234-5673"},
      {FIELD_PHONE, S, "03-1234-5674"},
      {FIELD_EMAIL, S, "a@b.example"},
      {FIELD_PHONE, S, "03-1234-5675"}},
     NAME_ACCOUNT,
     {WEAK(NAME_EMAIL), WEAK(NAME_PHONE), WEAK(NAME_PHONE), WEAK(NAME_PHONE),
      WEAK(NAME_PHONE)},
     "***45"},
    {"no fields, no record", {{FIELD_NONE, S, NULL}}, -1, {0}, NULL},
};

static void test_row(void **state)
{
    const struct row_case *c = *state;
    struct record r = {0};
    uint32_t map = 0;
    size_t weaker = 0;

    assert_int_equal(record_of(c->cells, &r), c->kind >= 0);
    if (c->kind < 0)
        return;
    assert_int_equal(r.name.kind, c->kind);
    assert_string_equal(r.mask, c->mask);
    assert_int_equal(r.rows, 1);
    for (size_t i = 0; i < ROW && c->cells[i].text; i++)
        map |= FIELD_BIT(c->cells[i].type);
    assert_int_equal(r.fields, map);
    while (c->weaker[weaker])
        weaker++;
    assert_int_equal(r.weaker_count, weaker);
    for (size_t i = 0; i < weaker; i++)
        assert_int_equal(WEAK(r.weaker[i].kind), c->weaker[i]);
}

/* Every way to write one customer: two names, five weaker, all the same. */
static const struct cell written[][ROW] = {
    {{FIELD_PERSON_NAME, H, "山田 太郎"},
     {FIELD_ADDRESS, H, "東京都港区芝浦2-21-9"},
     {FIELD_DATE_OF_BIRTH, H, "1955/03/03"}},
    {{FIELD_DATE_OF_BIRTH, H, "1955-03-03"},
     {FIELD_PERSON_NAME, H, "山田太郎"},
     {FIELD_ADDRESS, H, "東京都港区芝浦２－２１－９"}},
    {{FIELD_PERSON_NAME, H, "山田　太郎"},
     {FIELD_ADDRESS, H, "東京都港区芝浦2丁目21番9号"},
     {FIELD_DATE_OF_BIRTH, H, "昭和30年3月3日"}},
    {{FIELD_PERSON_NAME, H, " 山田太郎 "},
     {FIELD_ADDRESS, H, "東京都港区芝浦二丁目21番9号"},
     {FIELD_DATE_OF_BIRTH, H, "S30.3.3"}},
    {{FIELD_PERSON_NAME, H, "山田"},
     {FIELD_PERSON_NAME, H, "太郎"},
     {FIELD_ADDRESS, H, "東京都港区芝浦2−21−9"},
     {FIELD_DATE_OF_BIRTH, H, "19550303"}},
    {{FIELD_PERSON_NAME, H, "山田太郎"},
     {FIELD_PERSON_NAME, H, "ヤマダ タロウ"},
     {FIELD_ADDRESS, H, "〒108-0023 東京都港区芝浦2-21-9"},
     {FIELD_DATE_OF_BIRTH, H, "1955年3月3日"}},
    {{FIELD_PERSON_NAME, H, "山田"},
     {FIELD_PERSON_NAME, H, "太郎"},
     {FIELD_PERSON_NAME, H, "ﾔﾏﾀﾞ"},
     {FIELD_PERSON_NAME, H, "ﾀﾛｳ"},
     {FIELD_ADDRESS, H, "東京都港区"},
     {FIELD_ADDRESS, H, "芝浦2-21-9"},
     {FIELD_DATE_OF_BIRTH, H, "1955.3.3"}},
    {{FIELD_PERSON_NAME, H, "山田・太郎 様"},
     {FIELD_PERSON_NAME, H, "やまだ たろう様"},
     {FIELD_ADDRESS, H, "東京都港区芝浦二丁目"},
     {FIELD_ADDRESS, H, "21-9"},
     {FIELD_DATE_OF_BIRTH, H, "昭和三十年三月三日"}},
    {{FIELD_PERSON_NAME, H, "山田　太郎（ヤマダ タロウ）"},
     {FIELD_ADDRESS, H, "東京都港區芝浦2の21の9"},
     {FIELD_DATE_OF_BIRTH, H, "20151"}},
};

static void test_written_forms_are_one_customer(void **state)
{
    struct record first = {0};

    (void)state;
    assert_true(record_of(written[0], &first));
    assert_int_equal(first.weaker_count, 1);
    for (size_t i = 1; i < COUNT(written); i++) {
        struct record r = {0};
        assert_true(record_of(written[i], &r));
        assert_true(r.name.pseudonym == first.name.pseudonym);
        assert_true(r.weaker[0].pseudonym == first.weaker[0].pseudonym);
    }
}

static void test_a_given_name_in_katakana_is_no_reading(void **state)
{
    const struct cell apart[ROW] = {{FIELD_PERSON_NAME, H, "山田"},
                                    {FIELD_PERSON_NAME, H, "ソノ"},
                                    {FIELD_GENDER, H, "女"},
                                    {FIELD_DATE_OF_BIRTH, H, "1955-03-03"}};
    const struct cell joined[ROW] = {{FIELD_PERSON_NAME, H, "山田 ソノ"},
                                     {FIELD_GENDER, H, "女"},
                                     {FIELD_DATE_OF_BIRTH, H, "1955-03-03"}};

    (void)state;
    assert_true(name_of(apart) == name_of(joined));
}

static void test_account_and_card_have_one_class(void **state)
{
    const struct cell card[ROW] = {{FIELD_CARD_NUMBER, S, "3530111333300000"}};
    const struct cell account[ROW] = {
        {FIELD_ACCOUNT_NUMBER, H, "3530-1113-3330-0000"}};
    const struct cell shape[ROW] = {
        {FIELD_ACCOUNT_NUMBER, S, "03530111333300000"}};
    const struct cell id[ROW] = {{FIELD_NATIONAL_ID, S, "3530111333300000"}};

    (void)state;
    assert_true(name_of(card) == name_of(account));
    assert_true(name_of(card) == name_of(shape));
    assert_true(name_of(card) != name_of(id));
}

static bool joins(const struct cell *row, uint64_t pseudonym)
{
    struct field fields[ROW];
    struct name names[64];
    size_t count = customer_names(key, fields, to_fields(row, fields), names,
                                  COUNT(names));

    for (size_t i = 0; i < count; i++) {
        if (names[i].pseudonym == pseudonym)
            return true;
    }
    return false;
}

/* The table does not say whether its days or its months stand first. */
static void test_the_join_reads_days_both_ways(void **state)
{
    const struct cell table[ROW] = {{FIELD_PERSON_NAME, H, "Jerry Price"},
                                    {FIELD_DATE_OF_BIRTH, H, "4/3/1980"}};
    static const struct {
        const char *day;
        bool joins;
    } wire[] = {{"1980-04-03", true},
                {"1980-03-04", true},
                {"1980-03-05", false},
                {"1980-04-04", false}};

    (void)state;
    for (size_t i = 0; i < COUNT(wire); i++) {
        const struct cell sent[ROW] = {{FIELD_PERSON_NAME, H, "Jerry Price"},
                                       {FIELD_GENDER, H, "M"},
                                       {FIELD_DATE_OF_BIRTH, H, wire[i].day}};
        assert_int_equal(joins(table, name_of(sent)), wire[i].joins);
    }
}

/* Nor does it say whether 06 is dialled in front of all of its phones. */
static void test_the_join_reads_phones_both_ways(void **state)
{
    const struct cell table[ROW] = {{FIELD_PHONE, H, "06 20 123 4567"}};
    const struct cell coded[ROW] = {{FIELD_PHONE, S, "+36 20 123 4567"}};
    const struct cell plain[ROW] = {{FIELD_PHONE, S, "0620-1234567"}};
    const struct cell other[ROW] = {{FIELD_PHONE, S, "+36 20 123 4568"}};

    (void)state;
    assert_true(joins(table, name_of(coded)));
    assert_true(joins(table, name_of(plain)));
    assert_false(joins(table, name_of(other)));
}

/* A table row joins whatever part of it named the customer on the wire. */
static void test_the_join_finds_every_name(void **state)
{
    const struct cell table[ROW] = {{FIELD_ACCOUNT_NUMBER, H, "0012345"},
                                    {FIELD_PERSON_NAME, H, "山田太郎"},
                                    {FIELD_PERSON_NAME, H, "ヤマダタロウ"},
                                    {FIELD_ADDRESS, H, "東京都港区1-2"},
                                    {FIELD_PHONE, H, "03-1234-5678"},
                                    {FIELD_PHONE, H, "090-1234-5678"},
                                    {FIELD_DATE_OF_BIRTH, H, "1955-03-03"}};
    const struct cell seen[][ROW] = {
        {{FIELD_ACCOUNT_NUMBER, S, "12345"}},
        {{FIELD_PHONE, S, "+81 90 1234 5678"}},
        {{FIELD_PHONE, S, "+81 3 1234 5678"}},
        {{FIELD_PERSON_NAME, H, "ﾔﾏﾀﾞ ﾀﾛｳ"},
         {FIELD_GENDER, H, "M"},
         {FIELD_DATE_OF_BIRTH, H, "S30.3.3"}},
        {{FIELD_PERSON_NAME, H, "山田 太郎"},
         {FIELD_GENDER, H, "M"},
         {FIELD_ADDRESS, H, "東京都港区1番2号"}},
    };
    const struct cell stranger[ROW] = {{FIELD_ACCOUNT_NUMBER, S, "12346"}};

    (void)state;
    for (size_t i = 0; i < COUNT(seen); i++)
        assert_true(joins(table, name_of(seen[i])));
    assert_false(joins(table, name_of(stranger)));
}

static void test_names_stop_at_the_room(void **state)
{
    struct field fields[FIELDS_MAX + 10];
    struct name names[4];
    char text[FIELDS_MAX + 10][16];

    (void)state;
    for (size_t i = 0; i < COUNT(fields); i++) {
        (void)snprintf(text[i], sizeof(text[i]), "99%05zu", i);
        fields[i] = (struct field){FIELD_ACCOUNT_NUMBER, H, span_of(text[i])};
    }
    assert_int_equal(customer_names(key, fields, COUNT(fields), names, 4), 4);
    assert_int_equal(customer_names(key, fields, COUNT(fields), names, 0), 0);
}

static void test_identifiers_of_names(void **state)
{
    (void)state;
    assert_int_equal(name_field(NAME_ACCOUNT_SHAPE), FIELD_ACCOUNT_NUMBER);
    assert_int_equal(name_field(NAME_CARD), FIELD_CARD_NUMBER);
    assert_int_equal(name_field(NAME_POSTAL), FIELD_PERSON_NAME);
}

int main(void)
{
    const uint8_t bytes[KEY_BYTES] = {1, 2, 3};
    struct CMUnitTest tests[COUNT(rows) + 8] = {0};
    size_t n = 0;

    for (; n < COUNT(rows); n++) {
        tests[n] = (struct CMUnitTest){
            .name = rows[n].name,
            .test_func = test_row,
            .initial_state = (void *)(uintptr_t)&rows[n],
        };
    }
    const struct CMUnitTest more[] = {
        cmocka_unit_test(test_written_forms_are_one_customer),
        cmocka_unit_test(test_a_given_name_in_katakana_is_no_reading),
        cmocka_unit_test(test_account_and_card_have_one_class),
        cmocka_unit_test(test_the_join_reads_days_both_ways),
        cmocka_unit_test(test_the_join_reads_phones_both_ways),
        cmocka_unit_test(test_the_join_finds_every_name),
        cmocka_unit_test(test_names_stop_at_the_room),
        cmocka_unit_test(test_identifiers_of_names),
    };
    memcpy(tests + n, more, sizeof(more));
    key = keyed_new(bytes);
    int failed =
        cmocka_run_group_tests_name("customer/names", tests, NULL, NULL);
    keyed_free(key);
    return failed;
}
