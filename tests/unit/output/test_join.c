// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_join.c - output/join.c: an affected list and the table it came from.
 *
 * Each row writes a list of what was seen on the wire (through
 * customer_record and list_line) and joins it with a table.
 */
#include "files.h"
#include "outflow/compiler.h"
#include "outflow/output.h"

enum { SEEN = 3, CELLS = 4 };

static struct keyed *key;

struct seen {
    struct {
        enum field_type type;
        const char *text;
    } cells[CELLS];
};

struct join_case {
    const char *name;
    struct schema_column columns[CELLS];
    const char *table;
    size_t table_len; /* 0: up to its NUL */
    struct seen seen[SEEN];
    const char *want;
    uint64_t rows, missed;
};

#define T1    "2011-08-05T01:02:03.000000Z"
#define T2    "2011-08-05T01:02:04.000000Z"
#define NS1   INT64_C(1312506123000000000)
#define PHONE "phone," T1 "," T2
#define ADDED ",fields,first_seen,last_seen"

static char id[] = "id", name[] = "Name", phone[] = "phone", born[] = "born",
            kana[] = "電話番号";

static const struct join_case cases[] = {
    {.name = "rows come unchanged, in table order, with three columns",
     .columns = {{.name = id, .type = FIELD_ACCOUNT_NUMBER},
                 {.name = phone, .type = FIELD_PHONE}},
     .table = "id,x,phone\r\n007,\"a,b\"\"\",+81 3-1234-5678\r\n8,b,\r\n"
              "9,\"multi\r\nline\",03-9999-9999\r\n",
     .seen = {{{{FIELD_PHONE, "03-9999-9999"}}},
              {{{FIELD_PHONE, "03-1234-5678"}}},
              {{{FIELD_PHONE, "03-0000-0001"}}}},
     .want = "id,x,phone" ADDED "\r\n"
             "007,\"a,b\"\"\",+81 3-1234-5678," PHONE "\r\n"
             "9,\"multi\r\nline\",03-9999-9999," PHONE "\r\n",
     .rows = 3,
     .missed = 1},
    {.name = "leading zeros of an account do not matter",
     .columns = {{.name = id, .type = FIELD_ACCOUNT_NUMBER}},
     .table = "id\n00042\n43",
     .seen = {{{{FIELD_ACCOUNT_NUMBER, "42"}}},
              {{{FIELD_ACCOUNT_NUMBER, "0043"}}}},
     .want = "id" ADDED "\n00042,account_number," T1 "," T2
             "\n43,account_number," T1 "," T2 "\r\n",
     .rows = 2},
    {.name = "columns by number, no header",
     .columns = {{.number = 2, .type = FIELD_PHONE}},
     .table = "a,03-1234-5678\nb,03-9999-9999\n",
     .seen = {{{{FIELD_PHONE, "03-9999-9999"}}}},
     .want = "b,03-9999-9999," PHONE "\n",
     .rows = 2},
    {.name = "semicolons part cells, so the list of types is quoted",
     .columns = {{.name = name, .type = FIELD_PERSON_NAME},
                 {.name = born, .type = FIELD_DATE_OF_BIRTH}},
     .table = "\xEF\xBB\xBFNAME;born\n山田 太郎;1955/3/3\n",
     .seen = {{{{FIELD_PERSON_NAME, "山田太郎"},
                {FIELD_DATE_OF_BIRTH, "S30.3.3"},
                {FIELD_GENDER, "M"}}}},
     .want = "\xEF\xBB\xBFNAME;born;fields;first_seen;last_seen\n"
             "山田 太郎;1955/3/3;\"person_name;date_of_birth;gender\";" T1
             ";" T2 "\n",
     .rows = 1},
    {.name = "a CP932 table stays CP932",
     .columns = {{.name = kana, .type = FIELD_PHONE}},
     .table = "\x8E\x81\x96\xBC,\x93\x64\x98\x62\x94\xD4\x8D\x86\r\n"
              "\x95\x5C\x81\x40\x8D\x4F,\x82\x4F\x82\x52-1234-5678\r\n",
     .seen = {{{{FIELD_PHONE, "03-1234-5678"}}}},
     .want = "\x8E\x81\x96\xBC,\x93\x64\x98\x62\x94\xD4\x8D\x86" ADDED
             "\r\n\x95\x5C\x81\x40\x8D\x4F,\x82\x4F\x82\x52-1234-5678," PHONE
             "\r\n",
     .rows = 1},
    {.name = "a guarded phone is a phone",
     .columns = {{.name = phone, .type = FIELD_PHONE}},
     .table = "phone\tx\n'+81-3-1234-5678\t=1\n",
     .seen = {{{{FIELD_PHONE, "0312345678"}}}},
     .want = "phone\tx\tfields\tfirst_seen\tlast_seen\n"
             "'+81-3-1234-5678\t=1\tphone\t" T1 "\t" T2 "\n",
     .rows = 1},
    {.name = "two customers of the list in one row: both losses",
     .columns = {{.name = id, .type = FIELD_ACCOUNT_NUMBER},
                 {.name = phone, .type = FIELD_PHONE}},
     .table = "id,phone\n7,03-1234-5678\n",
     .seen = {{{{FIELD_PHONE, "03-1234-5678"}}},
              {{{FIELD_ACCOUNT_NUMBER, "7"}, {FIELD_GENDER, "M"}}}},
     .want = "id,phone" ADDED "\n7,03-1234-5678,account_number;phone;gender," T1
             "," T2 "\n",
     .rows = 1},
};

/* Write the list as read -a does. */
static void make_list(const struct seen *seen, char path[FILE_PATH])
{
    struct buf out;

    buf_init(&out, 1 << 16);
    assert_true(list_header(&out));
    for (size_t i = 0; i < SEEN && seen[i].cells[0].text; i++) {
        struct field fields[CELLS];
        struct record r = {0};
        size_t count = 0;
        for (; count < CELLS && seen[i].cells[count].text; count++)
            fields[count] =
                (struct field){seen[i].cells[count].type, PROOF_HEADER,
                               span_of(seen[i].cells[count].text)};
        assert_true(customer_record(key, fields, count, &r));
        const struct affected c = {.name = r.name,
                                   .mask = r.mask,
                                   .fields = r.fields,
                                   .first_ns = NS1,
                                   .last_ns = NS1 + 1000000000};
        assert_true(list_line(&c, &out));
    }
    file_make(path, buf_span(&out));
    buf_clear(&out);
}

static enum err run(const struct join_case *c, char **text, size_t *len,
                    struct join_result *result)
{
    struct schema_column columns[CELLS];
    struct schema schema = {.columns = columns};
    char table[FILE_PATH], list[FILE_PATH];
    struct problems problems = {0};

    memcpy(columns, c->columns, sizeof(columns));
    while (schema.column_count < CELLS && (columns[schema.column_count].name ||
                                           columns[schema.column_count].number))
        schema.column_count++;
    file_make(table, span_of(c->table));
    make_list(c->seen, list);
    FILE *out = open_memstream(text, len);
    const struct join_settings settings = {key, &schema, table, list};
    enum err err = list_join(&settings, out, result, &problems);
    fclose(out);
    (void)unlink(table);
    (void)unlink(list);
    assert_int_equal(problems.count, err == ERR_OK ? 0 : 1);
    problems_clear(&problems);
    return err;
}

static void test_case(void **state)
{
    const struct join_case *c = *state;
    struct join_result result;
    char *text;
    size_t len;

    assert_int_equal(run(c, &text, &len, &result), ERR_OK);
    assert_string_equal(text, c->want);
    assert_int_equal(result.rows, c->rows);
    assert_int_equal(result.missed, c->missed);
    free(text);
}

static void test_a_table_without_the_column_is_said(void **state)
{
    static const struct join_case bad[] = {
        {.columns = {{.name = phone, .type = FIELD_PHONE}},
         .table = "id,tel\n1,2\n"},
        {.columns = {{.number = 3, .type = FIELD_PHONE}}, .table = "1,2\n"},
        {.columns = {{.name = phone, .type = FIELD_PHONE}}, .table = ""},
        {.columns = {{.name = phone, .type = FIELD_PHONE}},
         .table = "\xFF\xFEp"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct join_result result;
        char *text;
        size_t len;
        assert_int_equal(run(&bad[i], &text, &len, &result), ERR_FORMAT);
        assert_int_equal(len, 0);
        free(text);
    }
}

static void test_files_that_cannot_be_read_are_said(void **state)
{
    const struct schema schema = {0};
    struct join_settings settings = {key, &schema, "/nonexistent/t",
                                     "/nonexistent/l"};
    struct problems problems = {0};
    struct join_result result;
    char list[FILE_PATH];

    (void)state;
    assert_int_equal(list_join(&settings, stdout, &result, &problems), ERR_IO);
    make_list(cases[0].seen, list);
    settings.list = list;
    assert_int_equal(list_join(&settings, stdout, &result, &problems), ERR_IO);
    assert_int_equal(problems.count, 2);
    problems_clear(&problems);
    (void)unlink(list);
}

static void test_an_output_that_fails_is_said(void **state)
{
    struct schema_column column = {.name = phone, .type = FIELD_PHONE};
    const struct schema schema = {.columns = &column, .column_count = 1};
    struct problems problems = {0};
    struct join_result result;
    char list[FILE_PATH], table[FILE_PATH];
    FILE *full = fopen("/dev/full", "w");

    (void)state;
    setbuf(full, NULL);
    make_list(cases[0].seen, list);
    file_make(table, SPAN("phone\n03-1234-5678\n"));
    const struct join_settings settings = {key, &schema, table, list};
    assert_int_equal(list_join(&settings, full, &result, &problems), ERR_IO);
    assert_int_equal(problems.count, 1);
    problems_clear(&problems);
    fclose(full);
    (void)unlink(list);
    (void)unlink(table);
}

int main(void)
{
    const uint8_t bytes[KEY_BYTES] = {9};
    struct CMUnitTest tests[COUNT(cases) + 3] = {0};

    for (size_t i = 0; i < COUNT(cases); i++) {
        tests[i] = (struct CMUnitTest){
            .name = cases[i].name,
            .test_func = test_case,
            .initial_state = (void *)(uintptr_t)&cases[i],
        };
    }
    const struct CMUnitTest more[] = {
        cmocka_unit_test(test_a_table_without_the_column_is_said),
        cmocka_unit_test(test_files_that_cannot_be_read_are_said),
        cmocka_unit_test(test_an_output_that_fails_is_said),
    };
    memcpy(tests + COUNT(cases), more, sizeof(more));
    key = keyed_new(bytes);
    int failed = cmocka_run_group_tests_name("output/join", tests, NULL, NULL);
    keyed_free(key);
    return failed;
}
