// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_escape.c - output/escape.c: hostile names in every format.
 */
#include "fixture.h"
#include "output/escape.h"

struct escape_case {
    const char *name;
    enum escape how;
    const char *in;
    size_t cut;
    const char *want;
};

static const struct escape_case cases[] = {
    {"plain shows controls", ESCAPE_PLAIN, HOSTILE, 256, HOSTILE_SAFE},
    {"plain keeps Japanese", ESCAPE_PLAIN, "顧客.csv", 256, "顧客.csv"},
    {"C1, U+0085, U+2028 and 2029 are written out", ESCAPE_PLAIN,
     "\xC2\x85\xC2\x9B\xE2\x80\xA8\xE2\x80\xA9", 256,
     "\\xC2\\x85\\xC2\\x9B\\xE2\\x80\\xA8\\xE2\\x80\\xA9"},
    {"DEL and NUL's neighbours", ESCAPE_PLAIN, "\x7F\x01", 256, "\\x7F\\x01"},
    {"cut in front of a character", ESCAPE_PLAIN, "ab\xE5\xB1\xB1", 4, "ab"},
    {"cut in front of an escape", ESCAPE_PLAIN, "abc\n", 6, "abc"},
    {"an escape that fits stays", ESCAPE_PLAIN, "abc\n", 7, "abc\\x0A"},
    {"JSON quotes", ESCAPE_JSON, "a\"b\\c", 256, "a\\\"b\\\\c"},
    {"CEF header", ESCAPE_CEF_HEAD, "a|b\\c=d", 256, "a\\|b\\\\c=d"},
    {"CEF value", ESCAPE_CEF_VALUE, "a|b\\c=d", 256, "a|b\\\\c\\=d"},
    {"structured data", ESCAPE_PARAM, "a\"b\\c]d", 256, "a\\\"b\\\\c\\]d"},
    {"an item of a list", ESCAPE_ITEM, "a;b;;", 256, "a\\x3Bb\\x3B\\x3B"},
    {"a shell's words are only words", ESCAPE_PLAIN, "$(id)`id`'; rm", 256,
     "$(id)`id`'; rm"},
    {"nothing", ESCAPE_PLAIN, NULL, 256, ""},
};

static void test_case(void **state)
{
    const struct escape_case *c = *state;
    struct buf out;

    buf_init(&out, 4096);
    struct put p = put_to(&out);
    escape_put(&p, c->how, c->in, c->cut);
    assert_true(p.ok);
    assert_string_equal(text_of(&out), c->want);
    buf_clear(&out);
}

static const struct {
    const char *in, *want;
} cells[] = {
    {"plain", "plain"},
    {"=1+1", "'=1+1"},
    {"+81", "'+81"},
    {"-1", "'-1"},
    {"@SUM(A1)", "'@SUM(A1)"},
    {"\tx", "'\tx"},
    {"\rx", "\"'\rx\""},
    {"  =1", "'  =1"},
    {"\"=1", "\"'\"\"=1\""},
    {"a,b", "\"a,b\""},
    {"a\"b", "\"a\"\"b\""},
    {"=a,b", "\"'=a,b\""},
    {"a=b", "a=b"},
    {"", ""},
    {" ", " "},
};

static void test_cells(void **state)
{
    struct buf out;

    (void)state;
    buf_init(&out, 4096);
    for (size_t i = 0; i < COUNT(cells); i++) {
        struct put p = put_to(&out);
        buf_reset(&out);
        escape_cell(&p, span_of(cells[i].in));
        assert_string_equal(text_of(&out), cells[i].want);
    }
    buf_clear(&out);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 1] = {0};

    for (size_t i = 0; i < COUNT(cases); i++) {
        tests[i] = (struct CMUnitTest){
            .name = cases[i].name,
            .test_func = test_case,
            .initial_state = (void *)(uintptr_t)&cases[i],
        };
    }
    tests[COUNT(cases)] = (struct CMUnitTest)cmocka_unit_test(test_cells);
    return cmocka_run_group_tests_name("output/escape", tests, NULL, NULL);
}
