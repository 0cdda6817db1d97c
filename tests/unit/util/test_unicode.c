// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_unicode.c - util/unicode.c and cp932.c: one row per behaviour.
 *
 * The short way is compared with utf8proc itself over whole texts, and the
 * CP932 table with glibc's converter over every pair of bytes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <iconv.h>
#include <utf8proc.h>

#include "outflow/compiler.h"
#include "util/unicode.h"

struct form_case {
    const char *name, *in, *nfkc, *fold;
};

static const struct form_case forms[] = {
    {"ASCII stays", "Plain Text 1-2", "Plain Text 1-2", "plain text 1-2"},
    {"full-width digits are digits", "０９０－１２３４", "090-1234",
     "090-1234"},
    {"half-width katakana becomes wide", "ﾔﾏﾀﾞﾀﾛｳ", "ヤマダタロウ",
     "ヤマダタロウ"},
    {"voicing marks join", "ｶﾞｷﾞ", "ガギ", "ガギ"},
    {"combining marks join the letter before", "abce\xCC\x81x", "abcéx",
     "abcéx"},
    {"combining voicing joins kana", "は\xE3\x82\x99な", "ばな", "ばな"},
    {"ideographic blank is a blank", "山田　太郎", "山田 太郎", "山田 太郎"},
    {"compatibility kanji are unified", "\xEF\xA4\xA9", "\xE6\x9C\x97",
     "\xE6\x9C\x97"},
    {"era ligature opens", "㍼55年", "昭和55年", "昭和55年"},
    {"sharp s folds", "Straße", "Straße", "strasse"},
    {"zero-width space is ignored in fold",
     "a\xE2\x80\x8B"
     "b",
     "a\xE2\x80\x8B"
     "b",
     "ab"},
    {"an invalid byte is replaced",
     "a\xFF"
     "b",
     "a\xEF\xBF\xBD"
     "b",
     "a\xEF\xBF\xBD"
     "b"},
    {"a cut character is replaced", "a\xE5\xB1", "a\xEF\xBF\xBD\xEF\xBF\xBD",
     "a\xEF\xBF\xBD\xEF\xBF\xBD"},
    {"Hangul letters join", "\xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA8",
     "\xEA\xB0\x81", "\xEA\xB0\x81"},
    {"nothing gives nothing", "", "", ""},
};

static void check(bool (*make)(struct span, struct buf *), const char *in,
                  const char *want)
{
    struct buf out;

    buf_init(&out, 1 << 20);
    assert_true(make(span_of(in), &out));
    assert_int_equal(out.len, strlen(want));
    assert_memory_equal(out.len ? (const char *)out.ptr : "", want, out.len);
    buf_clear(&out);
}

static void test_form(void **state)
{
    const struct form_case *c = *state;
    uint8_t room[256];

    check(unicode_nfkc, c->in, c->nfkc);
    check(unicode_nfkc_fold, c->in, c->fold);
    size_t len = unicode_short(span_of(c->in), UNICODE_FOLD, room, 256);
    assert_int_equal(len, strlen(c->fold));
    if (len > 0)
        assert_int_equal(
            unicode_short(span_of(c->in), UNICODE_FOLD, room, len - 1),
            SIZE_MAX);
}

/* A random text of letters of many kinds. */
static size_t random_text(uint8_t *out, size_t count, unsigned seed)
{
    static const uint32_t from[] = {0x20,   0x41,   0xC0,   0x391,  0x410,
                                    0x3041, 0x30A1, 0x4E00, 0xFF01, 0xFF61,
                                    0xAC00, 0x1E00, 0x2160, 0x3300};
    size_t len = 0;

    for (size_t i = 0; i < count; i++) {
        seed = seed * 1103515245u + 12345u;
        uint32_t base = from[(seed >> 16) % COUNT(from)];
        seed = seed * 1103515245u + 12345u;
        len += unicode_encode(base + ((seed >> 16) % 60), out + len);
    }
    return len;
}

static void test_random_texts_match_utf8proc(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed < 400; seed++) {
        uint8_t text[4 * 300];
        size_t len = random_text(text, 20 + seed % 280, seed);
        utf8proc_uint8_t *want = NULL;
        utf8proc_ssize_t size =
            utf8proc_map(text, (utf8proc_ssize_t)len, &want,
                         UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT |
                             UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
        struct buf out;
        buf_init(&out, 1 << 16);
        assert_true(unicode_nfkc_fold((struct span){text, len}, &out));
        assert_int_equal(out.len, size);
        assert_memory_equal(out.ptr, want, out.len);
        buf_clear(&out);
        free(want);
    }
}

static void test_a_full_buf_is_said(void **state)
{
    struct buf out;

    (void)state;
    buf_init(&out, 4);
    assert_false(unicode_nfkc(SPAN("ｱｱｱｱｱｱ"), &out));
    assert_false(unicode_nfkc(SPAN("plain ascii"), &out));
    assert_false(unicode_from_cp932(SPAN("\x82\xA0\x82\xA0"), &out, NULL));
    buf_clear(&out);
}

static void test_every_cp932_pair_matches_iconv(void **state)
{
    iconv_t cd = iconv_open("UTF-8", "CP932");
    struct buf out;

    (void)state;
    buf_init(&out, 64);
    for (unsigned pair = 0x8000; pair <= 0xFFFF; pair++) {
        char in[2] = {(char)(pair >> 8), (char)(pair & 0xFF)}, want[8];
        char *from = in, *to = want;
        size_t left = 2, room = sizeof(want), bad = 0;
        if ((pair & 0xFF) < 0x40)
            continue;
        (void)iconv(cd, NULL, NULL, NULL, NULL);
        if (iconv(cd, &from, &left, &to, &room) == (size_t)-1)
            continue;
        uint8_t bytes[2] = {(uint8_t)(pair >> 8), (uint8_t)(pair & 0xFF)};
        bool two = unicode_cp932_lead(bytes[0]);
        if (!two && (bytes[0] < 0xA1 || bytes[0] > 0xDF))
            continue; /* single bytes glibc maps to controls */
        if (!two && unicode_cp932_lead(bytes[1]))
            continue; /* a lead byte at the end is held by callers */
        buf_reset(&out);
        assert_true(unicode_from_cp932((struct span){bytes, 2}, &out, &bad));
        assert_int_equal(bad, 0);
        assert_int_equal(out.len, sizeof(want) - room);
        assert_memory_equal(out.ptr, want, out.len);
    }
    buf_clear(&out);
    iconv_close(cd);
}

static void test_cp932_backslash_bytes_and_bad_ones(void **state)
{
    struct buf out;
    size_t bad = 0;

    (void)state;
    buf_init(&out, 64);
    /* "表" ends in a backslash; FF and a lone lead are no characters */
    struct span in = SPAN("a\x95\x5C,\xFF\xB1\x95");
    assert_true(unicode_from_cp932(in, &out, &bad));
    assert_int_equal(bad, 2);
    assert_int_equal(unicode_cp932_bad(in), 2);
    assert_true(span_eq(buf_span(&out), SPAN("a表,\xEF\xBF\xBDｱ"
                                             "\xEF\xBF\xBD")));
    buf_clear(&out);
}

static void test_questions(void **state)
{
    (void)state;
    assert_true(unicode_utf8_valid(SPAN("aé山😀")));
    assert_false(unicode_utf8_valid(SPAN("a\xE5\xB1")));
    assert_false(unicode_utf8_valid(SPAN("\xED\xA0\x80")));
    assert_true(unicode_ascii(SPAN("0123456789")));
    assert_false(unicode_ascii(SPAN("0123456789\x80")));
    assert_int_equal(unicode_width(0x5C71), 2);
    assert_int_equal(unicode_width('a'), 1);
    assert_int_equal(unicode_width(0x301), 0);
    assert_true(unicode_is_word(0x5C71) && unicode_is_word('7'));
    assert_false(unicode_is_word('-') || unicode_is_word(0x3012));
    assert_true(unicode_is_space(0x3000) && !unicode_is_space('x'));
}

int main(void)
{
    struct CMUnitTest tests[COUNT(forms) + 5] = {0};
    size_t n = 0;

    for (; n < COUNT(forms); n++) {
        tests[n] = (struct CMUnitTest){
            .name = forms[n].name,
            .test_func = test_form,
            .initial_state = (void *)(uintptr_t)&forms[n],
        };
    }
    const struct CMUnitTest more[] = {
        cmocka_unit_test(test_random_texts_match_utf8proc),
        cmocka_unit_test(test_a_full_buf_is_said),
        cmocka_unit_test(test_every_cp932_pair_matches_iconv),
        cmocka_unit_test(test_cp932_backslash_bytes_and_bad_ones),
        cmocka_unit_test(test_questions),
    };
    memcpy(tests + n, more, sizeof(more));
    return cmocka_run_group_tests_name("util/unicode", tests, NULL, NULL);
}
