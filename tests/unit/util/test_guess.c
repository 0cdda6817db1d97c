// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_guess.c - util/guess.c: what bytes are in, by what they look like.
 *
 * Tables in many languages stand in tests/unit/decode/test_recode.c; here
 * is what one short text tells, and what is no text.
 */
#include <string.h>

#include "support/bytes.h"
#include "support/spec.h"
#include "util/guess.h"
#include "util/letters.h"

struct short_text {
    const char *name;
    struct span bytes;
    enum charset declared, want;
};

static const struct short_text texts[] = {
    {"one name in CP932",
     BYTES("\x8eR\x93"
           "c \x91\xbe\x98Y"),
     CHARSET_NONE, CHARSET_CP932},
    {"one name in EUC-JP", BYTES("\xbb\xb3\xc5\xc4\xc2\xc0\xcf\xba"),
     CHARSET_NONE, CHARSET_EUCJP},
    {"one name in EUC-KR", BYTES("\xb1\xe8\xb9\xce\xc1\xd8"), CHARSET_NONE,
     CHARSET_CP949},
    {"one Western word", BYTES("M\xfcller"), CHARSET_NONE, CHARSET_CP1252},
    {"one Czech name", BYTES("Ji\xf8\xed Dvo\xf8\xe1k"), CHARSET_NONE,
     CHARSET_CP1250},
    {"one Russian name", BYTES("\xc8\xe2\xe0\xed\xee\xe2"), CHARSET_NONE,
     CHARSET_CP1251},
    {"UTF-8 whatever is declared", BYTES("\xe5\xb1\xb1\xe7\x94\xb0"),
     CHARSET_CP932, CHARSET_UTF8},
    {"a declaration that fits decides", BYTES("Wa\xb3\xeasa"), CHARSET_LATIN2,
     CHARSET_LATIN2},
    {"no sign of a charset", BYTES("plain"), CHARSET_CP1252, CHARSET_CP1252},
};

static void test_short(void **state)
{
    const struct short_text *s = *state;
    const struct guess_text text = {.bytes = s->bytes, .declared = s->declared};

    assert_int_equal(guess_charset(&text).charset, s->want);
}

struct wide {
    const char *name;
    struct span bytes;
    bool aligned;
    enum charset want;
    unsigned skip;
};

static const struct wide wides[] = {
    {"little-endian units", BYTES("a\0b\0c\0,\0d\0\n\0"), true, CHARSET_UTF16LE,
     0},
    {"big-endian units", BYTES("\0a\0b\0c\0,\0d\0\n"), true, CHARSET_UTF16BE,
     0},
    {"units of four bytes", BYTES("a\0\0\0b\0\0\0c\0\0\0\n\0\0\0"), true,
     CHARSET_UTF32LE, 0},
    {"a cut unit in front", BYTES("\0b\0\0\0c\0\0\0,\0\0\0d\0\0\0"), false,
     CHARSET_UTF32LE, 1},
    {"a pair of surrogates", BYTES("a\0\x42\xd8\xb7\xdf,\0d\0\n\0"), true,
     CHARSET_UTF16LE, 0},
    {"no zero byte, no wide text", BYTES("abcdefgh\n"), true, CHARSET_NONE, 0},
    {"zeros are none", BYTES("\0\0\0\0\0\0\0\0\0\0\0\0"), true, CHARSET_NONE,
     0},
};

static void test_wide(void **state)
{
    const struct wide *w = *state;
    const struct guess_wide have = guess_wide(w->bytes, w->aligned);

    assert_int_equal(have.charset, w->want);
    assert_int_equal(have.skip, w->skip);
}

static void test_marks_are_known(void **state)
{
    size_t len;

    (void)state;
    assert_int_equal(guess_mark(SPAN("\xff\xfe\0\0a"), &len), CHARSET_UTF32LE);
    assert_int_equal(len, 4);
    assert_int_equal(guess_mark(SPAN("\xff\xfe"
                                     "a\0"),
                                &len),
                     CHARSET_UTF16LE);
    assert_int_equal(len, 2);
    assert_int_equal(guess_mark(SPAN("ab"), &len), CHARSET_NONE);
    assert_int_equal(len, 0);
}

static void test_control_bytes_are_no_text(void **state)
{
    (void)state;
    assert_true(guess_is_binary(SPAN("\1\2\3\4abc\x80\x90")));
    assert_false(guess_is_binary(SPAN("a\tb\r\nc\f\x1b")));
}

static void test_utf8_by_chance_is_not_sure(void **state)
{
    (void)state;
    assert_true(guess_is_utf8(SPAN("山田太郎"), false));
    assert_true(guess_is_utf8(SPAN("山田太\xe9\x83"), true));
    assert_false(guess_is_utf8(SPAN("\xc3\xb1"), false));
    assert_false(guess_is_utf8(SPAN("山田太\xe9\x83"), false));
}

static void test_case_and_letters_make_words(void **state)
{
    static const uint32_t name[] = {'M', 0xFC, 'l', 'l', 'e', 'r'};
    static const uint32_t odd[] = {'M', 0xFC, 0x158, 'L', 0xFE, 0xB3, 'r'};
    struct letters good = {0}, bad = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(name); i++)
        letters_add(&good, name[i]);
    for (size_t i = 0; i < COUNT(odd); i++)
        letters_add(&bad, odd[i]);
    assert_true(letters_score(&good) > 150);
    assert_true(letters_score(&bad) < 0);
    assert_true(letters_usual(0xE9));
    assert_false(letters_usual(0x22B));
    assert_false(letters_usual(0x23A)); /* its small letter is U+2C65 */
}

int main(void)
{
    struct CMUnitTest tests[COUNT(texts) + COUNT(wides) + 4];
    size_t count = 0;

    SPEC_TABLE(tests, count, texts, test_short);
    SPEC_TABLE(tests, count, wides, test_wide);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_marks_are_known);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(test_control_bytes_are_no_text);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(test_utf8_by_chance_is_not_sure);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(test_case_and_letters_make_words);
    return SPEC_RUN("util/guess", tests, count);
}
