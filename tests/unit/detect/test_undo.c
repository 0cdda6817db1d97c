// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_undo.c - detect/undo.c: values without the codes they were written in.
 */
#include "detect/undo.h"
#include "support/spec.h"

struct undo_case {
    const char *name;
    const char *cell;
    const char *plain;
    unsigned more; /* signs beside those of the cell */
};

static const struct undo_case cases[] = {
    {"plain text stays", "Anna Smith", "Anna Smith", 0},
    {"doubled quotes are single ones", "5\"\" pipe", "5\" pipe", 0},
    {"percent codes", "Anna%20Smith", "Anna Smith", 0},
    {"percent codes twice", "Anna%2520Smith", "Anna Smith", 0},
    {"percent codes of UTF-8", "%E4%BD%90%E8%97%A4", "佐藤", 0},
    {"percent codes of CP932", "%8D%B2%93%A1", "佐藤", 0},
    {"a percentage is no code", "5% off %20", "5% off %20", 0},
    {"a plus is a blank where the row has codes", "Anna+Smith", "Anna Smith",
     UNDO_PERCENT | UNDO_PLUS},
    {"a plus elsewhere is a plus", "+81 90", "+81 90", UNDO_PERCENT},
    {"entities", "O&#39;Brien &amp; Co", "O'Brien & Co", 0},
    {"entities of other signs", "&#x4F50;&#34276;", "佐藤", 0},
    {"an ampersand is no entity", "Smith & Co", "Smith & Co", 0},
    {"escapes of JSON", "\\u4f50\\u85e4", "佐藤", 0},
    {"an escape beyond the first plane", "\\ud840\\udc0b", "𠀋", 0},
    {"half an escape stays", "\\u4f", "\\u4f", 0},
    {"quoted-printable", "=E4=BD=90=E8=97=A4", "佐藤", 0},
    {"an equation is no code", "a=b", "a=b", 0},
    {"digits told to be text", "=\"4111111111111111\"", "4111111111111111", 0},
    {"digits behind an apostrophe", "'4111", "4111", 0},
    {"a word behind an apostrophe stays", "'Anna", "'Anna", 0},
    {"codes over codes", "&amp;#x4F50;%E8%97%A4", "佐藤", 0},
    {"Base64 where it is asked for", "QW5uYSBTbWl0aA==", "Anna Smith",
     UNDO_BASE64},
    {"Base64 is not guessed", "QW5uYSBTbWl0aA==", "QW5uYSBTbWl0aA==", 0},
    {"more than eight deep stays coded", "%25252525252525252541", "%2541", 0},
};

static void test_case(void **state)
{
    const struct undo_case *c = *state;
    struct span cell = span_of(c->cell);
    struct buf plain;

    buf_init(&plain, 64 << 10);
    /* spans into it are kept while it grows: it has its room from the start */
    while (plain.len < 32 << 10)
        assert_true(buf_add_byte(&plain, ' '));
    buf_reset(&plain);
    struct span have = undo_cell(&plain, cell, undo_signs(cell) | c->more);
    assert_true(span_eq(have, span_of(c->plain)));
    buf_clear(&plain);
}

static void test_what_is_base64_of_a_text(void **state)
{
    (void)state;
    assert_true(undo_is_base64(SPAN("QW5uYSBTbWl0aA==")));
    assert_true(undo_is_base64(SPAN("NTEwOTU0MTA1OA==")));
    assert_false(undo_is_base64(SPAN("4111111111111111")));
    assert_false(undo_is_base64(SPAN("Jerry Price1")));
    assert_false(undo_is_base64(SPAN("QW5u")));
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 1];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, test_case);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(test_what_is_base64_of_a_text);
    return SPEC_RUN("detect/undo", tests, count);
}
