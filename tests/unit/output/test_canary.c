// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_canary.c - no output holds a value of a customer.
 *
 * A record is made of planted values and goes through every writer; none of
 * the values, in any form we know, may be found in what comes out. What a
 * problem says of a table is searched too.
 */
#include "files.h"
#include "fixture.h"
#include "output/entry.h"

static const char *const planted[] = {
    "3530111333300000", "3530-1113-3330-0000", "1113333", "canary@x.example",
    "090-1234-5678",    "9012345678",          "金糸雀",  "1955/03/03",
    "1955-03-03",       "芝浦2-21-9",
};

static void search(const char *text)
{
    for (size_t i = 0; i < COUNT(planted); i++)
        assert_null(strstr(text, planted[i]));
}

static struct record make_record(const struct keyed *key)
{
    const struct field fields[] = {
        {FIELD_CARD_NUMBER, PROOF_SHAPE, SPAN("3530-1113-3330-0000")},
        {FIELD_EMAIL, PROOF_SHAPE, SPAN("canary@x.example")},
        {FIELD_PHONE, PROOF_SHAPE, SPAN("090-1234-5678")},
        {FIELD_PERSON_NAME, PROOF_HEADER, SPAN("金糸雀")},
        {FIELD_DATE_OF_BIRTH, PROOF_HEADER, SPAN("1955/03/03")},
        {FIELD_ADDRESS, PROOF_HEADER, SPAN("芝浦2-21-9")},
    };
    struct record r = {0};

    assert_true(customer_record(key, fields, COUNT(fields), &r));
    return r;
}

static void test_lists_and_alerts(void **state)
{
    static const char *const formats[] = {"table", "json", "cef", "leef",
                                          "ocsf"};
    const uint8_t bytes[KEY_BYTES] = {5};
    struct keyed *key = keyed_new(bytes);
    struct record r = make_record(key);
    struct alert a = fixture_alert();
    struct buf out;

    (void)state;
    const struct affected c = {
        .name = r.name, .mask = r.mask, .fields = r.fields, .records = 1};
    buf_init(&out, LIMIT_ALERT);
    assert_true(list_line(&c, &out));
    for (unsigned i = 0; i < FIELD_TYPES; i++)
        a.fields[i] = (r.fields >> i) & 1;
    for (size_t i = 0; i < COUNT(formats); i++)
        assert_true(output_format_find(span_of(formats[i]))
                        ->alert(&a, &fixture_run, &out));
    assert_true(entry_put_alert(&out, &a, &fixture_run)); /* the spool */
    assert_null(memmem(out.ptr, out.len, planted[0], strlen(planted[0])));
    for (size_t i = 0; i < out.len; i++) /* search for it as a text */
        out.ptr[i] = out.ptr[i] == '\0' ? ' ' : out.ptr[i];
    const char *text = text_of(&out);
    assert_non_null(strstr(text, "353011******0000"));
    search(text);
    for (size_t i = 0; i < COUNT(planted); i++)
        assert_null(memmem(&r, sizeof(r), planted[i], strlen(planted[i])));
    buf_clear(&out);
    keyed_free(key);
}

/* A table whose header is missing: its first row must not be quoted. */
static void test_problems_of_a_join(void **state)
{
    static char phone[] = "phone";
    const uint8_t bytes[KEY_BYTES] = {5};
    struct keyed *key = keyed_new(bytes);
    struct schema_column column = {.name = phone, .type = FIELD_PHONE};
    const struct schema schema = {.columns = &column, .column_count = 1};
    struct problems problems = {0};
    struct join_result result;
    char table[FILE_PATH], list[FILE_PATH];
    struct buf head;

    (void)state;
    buf_init(&head, 1000);
    assert_true(list_header(&head));
    file_make(list, buf_span(&head));
    buf_clear(&head);
    file_make(table, SPAN("3530-1113-3330-0000,090-1234-5678,金糸雀\n"));
    const struct join_settings settings = {key, &schema, table, list};
    assert_int_equal(list_join(&settings, stderr, &result, &problems),
                     ERR_FORMAT);
    assert_int_equal(problems.count, 1);
    search(problems.lines[0]);
    problems_clear(&problems);
    (void)unlink(table);
    (void)unlink(list);
    keyed_free(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lists_and_alerts),
        cmocka_unit_test(test_problems_of_a_join),
    };
    return cmocka_run_group_tests_name("output/canary", tests, NULL, NULL);
}
