// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_marks.c - output/marks.c: an affected list read back.
 */
#include "files.h"
#include "output/marks.h"

#define HEAD                                                                   \
    "customer,identifier,masked,fields,records,first_seen,last_seen,"          \
    "employees,parties,alerts\r\n"

static enum err read_text(const char *text, struct marks *m,
                          struct problems *problems)
{
    char path[FILE_PATH];

    file_make(path, span_of(text));
    enum err err = marks_read(m, path, problems);
    (void)unlink(path);
    return err;
}

static void test_lines_are_found_by_pseudonym(void **state)
{
    struct problems problems = {0};
    struct marks m;

    (void)state;
    assert_int_equal(
        read_text("\xEF\xBB\xBF" HEAD
                  "ffffffffffffffff,phone,***,phone,1,b,c,x,y,z\r\n"
                  "00000000000000aa,card_number,***,card_number;phone;new,1,"
                  "2011-08-05T01:02:03.123456Z,2011-08-05T01:02:04.123456Z,"
                  "\"a;\"\"b\",y,z\r\n"
                  "\r\n"
                  "00000000000000aa,card_number,***,pin,1,b,c,x,y,z\r\n",
                  &m, &problems),
        ERR_OK);
    assert_int_equal(m.count, 2);
    assert_null(marks_find(&m, 1));
    assert_non_null(marks_find(&m, UINT64_MAX));
    struct mark *mark = marks_find(&m, 0xaa);
    assert_non_null(mark);
    assert_int_equal(mark->fields,
                     FIELD_BIT(FIELD_CARD_NUMBER) | FIELD_BIT(FIELD_PHONE));
    assert_string_equal(mark->first, "2011-08-05T01:02:03.123456Z");
    assert_string_equal(mark->last, "2011-08-05T01:02:04.123456Z");
    assert_false(mark->found);
    marks_clear(&m);
}

static void test_an_empty_list_is_a_list(void **state)
{
    struct problems problems = {0};
    struct marks m;

    (void)state;
    assert_int_equal(read_text(HEAD, &m, &problems), ERR_OK);
    assert_int_equal(m.count, 0);
    assert_null(marks_find(&m, 1));
    marks_clear(&m);
}

static void test_what_is_no_list_is_said(void **state)
{
    static const char *const bad[] = {
        "", "name,phone\r\n", HEAD "1.23E+15,phone,***,phone,1,b,c,x,y,z\r\n",
        HEAD "zzzzzzzzzzzzzzzz,phone\r\n"};
    static const char *const want[] = {
        ":1: want the header", ":1: want the header",
        ":2: customer: want 16 hex digits", ":2: customer: want 16 hex digits"};

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct problems problems = {0};
        struct marks m;
        assert_int_equal(read_text(bad[i], &m, &problems), ERR_FORMAT);
        assert_int_equal(problems.count, 1);
        assert_non_null(strstr(problems.lines[0], want[i]));
        problems_clear(&problems);
        marks_clear(&m);
    }
}

static void test_a_missing_list_is_said(void **state)
{
    struct problems problems = {0};
    struct marks m;

    (void)state;
    assert_int_equal(marks_read(&m, "/nonexistent/list.csv", &problems),
                     ERR_IO);
    assert_int_equal(problems.count, 1);
    problems_clear(&problems);
    marks_clear(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_are_found_by_pseudonym),
        cmocka_unit_test(test_an_empty_list_is_a_list),
        cmocka_unit_test(test_what_is_no_list_is_said),
        cmocka_unit_test(test_a_missing_list_is_said),
    };
    return cmocka_run_group_tests_name("output/marks", tests, NULL, NULL);
}
