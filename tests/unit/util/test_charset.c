// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_charset.c - util/charset.c: every character as glibc has it.
 *
 * All one- to four-byte characters of every charset are put through iconv
 * and through our tables; then labels, cut characters and ISO 2022.
 */
#include <iconv.h>
#include <string.h>

#include "support/spec.h"
#include "util/charset.h"

struct known {
    const char *name; /* iconv's */
    enum charset charset;
};

static const struct known known[] = {
#define MULTI(id, iconv, labels)  {iconv, CHARSET_##id},
#define SINGLE(id, iconv, labels) {iconv, CHARSET_##id},
#include "util/charsets.def"
};

/* UTF-8 by iconv; 0: not one whole character. */
static size_t by_iconv(iconv_t cd, const uint8_t *bytes, size_t len,
                       uint8_t out[32])
{
    char in[4];
    char *from = in, *to = (char *)out;
    size_t left = len, room = 32;

    memcpy(in, bytes, len);
    (void)iconv(cd, NULL, NULL, NULL, NULL);
    if (iconv(cd, &from, &left, &to, &room) == (size_t)-1 || left > 0)
        return 0;
    (void)iconv(cd, NULL, NULL, &to, &room);
    return 32 - room;
}

static void compare(const struct known *k, iconv_t cd, const uint8_t *bytes,
                    size_t len)
{
    const struct span s = {bytes, len};
    uint8_t want[32], have[8];
    uint32_t code;
    size_t used = charset_decode(k->charset, s, &code);
    size_t wanted = by_iconv(cd, bytes, len, want);

    if (used != len || code == CHARSET_BAD || wanted == 0)
        return; /* no character of this length in one of both */
    size_t put = charset_put(code, have);
    if (put != wanted || memcmp(have, want, put) != 0)
        print_message("%s: %02x%02x%02x%02x\n", k->name, bytes[0], bytes[1],
                      bytes[2], bytes[3]);
    assert_int_equal(put, wanted);
    assert_memory_equal(have, want, put);
}

/* Every character that iconv knows has to be known. */
static void expect(const struct known *k, iconv_t cd, const uint8_t *bytes,
                   size_t len)
{
    const struct span s = {bytes, len};
    uint8_t want[32];
    uint32_t code;

    if (by_iconv(cd, bytes, len, want) == 0)
        return;
    /* control characters from 0x80 on are in no text */
    if (len == 1 && bytes[0] >= 0x80 && bytes[0] < 0xA0 &&
        !charset_is_single(k->charset))
        return;
    /* several characters, the first of one byte, are none of this length */
    if (len > 1 && by_iconv(cd, bytes, 1, want) > 0)
        return;
    size_t used = charset_decode(k->charset, s, &code);
    if (used != len || code == CHARSET_BAD)
        print_message("%s: no %02x%02x\n", k->name, bytes[0], bytes[1]);
    assert_int_equal(used, len);
    assert_true(code != CHARSET_BAD);
    compare(k, cd, bytes, len);
}

static void test_all_characters(void **state)
{
    const struct known *k = *state;

    if (k->charset == CHARSET_ISO2022 || k->charset == CHARSET_UTF8)
        return;
    iconv_t cd = iconv_open("UTF-8", k->name);
    assert_true(cd != (iconv_t)-1);
    for (unsigned first = 1; first < 256; first++) {
        uint8_t bytes[4] = {(uint8_t)first};
        expect(k, cd, bytes, 1);
        for (unsigned second = 0x21; second < 256; second++) {
            if (charset_is_single(k->charset))
                break;
            bytes[1] = (uint8_t)second;
            expect(k, cd, bytes, 2);
        }
    }
    for (unsigned i = 0; i < 0x10000 && k->charset == CHARSET_EUCJP; i++) {
        const uint8_t bytes[4] = {0x8F, (uint8_t)(i >> 8), (uint8_t)i, 0};
        if (bytes[1] >= 0xA1 && bytes[2] >= 0xA1)
            expect(k, cd, bytes, 3);
    }
    for (unsigned i = 0; i < 1587600 && k->charset == CHARSET_GB18030; i++) {
        const uint8_t bytes[4] = {
            (uint8_t)(0x81 + i / 12600), (uint8_t)(0x30 + i / 1260 % 10),
            (uint8_t)(0x81 + i / 10 % 126), (uint8_t)(0x30 + i % 10)};
        expect(k, cd, bytes, 4);
    }
    (void)iconv_close(cd);
}

struct said {
    const char *name;
    const char *label;
    enum charset charset;
};

static const struct said labels[] = {
    {"a label in any case", "Shift_JIS", CHARSET_CP932},
    {"a label in quotes", "\"EUC-JP\"", CHARSET_EUCJP},
    {"Latin-1 is what Windows writes", "ISO-8859-1", CHARSET_CP1252},
    {"GB 2312 is part of GB 18030", "gb2312", CHARSET_GB18030},
    {"a Korean standard is part of CP949", "ks_c_5601-1987", CHARSET_CP949},
    {"UTF-16 alone is as Windows writes it", "utf-16", CHARSET_UTF16LE},
    {"a word that names none", "klingon", CHARSET_NONE},
    {"nothing", "", CHARSET_NONE},
};

static void test_label(void **state)
{
    const struct said *s = *state;

    assert_int_equal(charset_find(span_of(s->label)), s->charset);
}

struct cut {
    const char *name;
    enum charset charset;
    const char *bytes;
};

static const struct cut cuts[] = {
    {"UTF-8 of four bytes", CHARSET_UTF8, "\xF0\xA0\xAE\xB7"},
    {"CP932 of two bytes", CHARSET_CP932, "\x8E\x52"},
    {"EUC-JP of three bytes", CHARSET_EUCJP, "\x8F\xB0\xA1"},
    {"GB 18030 of four bytes", CHARSET_GB18030, "\x95\x32\x82\x36"},
    {"Big5 of two bytes", CHARSET_BIG5, "\xA4\xA4"},
    {"CP949 of two bytes", CHARSET_CP949, "\xB0\xA1"},
};

static void test_cut(void **state)
{
    const struct cut *c = *state;
    struct span all = span_of(c->bytes);
    uint32_t code;

    for (size_t len = 1; len < all.len; len++)
        assert_int_equal(charset_decode(c->charset, span_head(all, len), &code),
                         0);
    assert_int_equal(charset_decode(c->charset, all, &code), all.len);
    assert_true(code != CHARSET_BAD);
    assert_int_equal(charset_bad(c->charset, span_head(all, 1), true), 0);
    assert_int_equal(charset_bad(c->charset, span_head(all, 1), false), 1);
}

struct shift {
    const char *name;
    const char *in, *out;
    size_t bad;
};

static const struct shift shifts[] = {
    {"JIS X 0208 by either escape", "\033$@;3\033$B;3\033(J x", "山山 x", 0},
    {"half-width katakana by escape", "\033(I6E\033(B", "ｶﾅ", 0},
    {"half-width katakana by the eighth bit", "\xB6\xC5", "ｶﾅ", 0},
    {"JIS X 0212", "\033$(D0!\033(B", "丂", 0},
    {"JIS X 0213, both planes", "\033$(Q.!\033$(P!!\033(B", "俱𠂉", 0},
    {"two code points for one character", "\033$(Q$w\033(B", "か゚", 0},
    {"Chinese and Korean", "\033$A0!\033$(C0!\033(B", "啊가", 0},
    {"a line begins in ASCII", "\033$B;3\nab", "山\nab", 0},
    {"half a pair is lost", "\033$B;", "\xEF\xBF\xBD", 1},
};

static void test_shift(void **state)
{
    const struct shift *s = *state;
    struct buf out;
    size_t bad = 0;

    buf_init(&out, 200);
    assert_true(iso2022_convert(span_of(s->in), &out, &bad));
    if (!span_eq(buf_span(&out), span_of(s->out)))
        print_message("%.*s\n", (int)out.len, (const char *)out.ptr);
    assert_true(span_eq(buf_span(&out), span_of(s->out)));
    assert_int_equal(bad, s->bad);
    buf_clear(&out);
}

static void test_what_does_not_fit_is_said(void **state)
{
    struct buf out;
    size_t bad = 0;

    (void)state;
    buf_init(&out, 4);
    assert_false(charset_convert(CHARSET_CP932,
                                 SPAN("\x8ER\x93"
                                      "c"),
                                 &out, &bad));
    assert_false(iso2022_convert(SPAN("\033$B;3ED"), &out, &bad));
    buf_clear(&out);
}

int main(void)
{
    struct CMUnitTest
        tests[COUNT(known) + COUNT(labels) + COUNT(cuts) + COUNT(shifts) + 1];
    size_t count = 0;

    SPEC_TABLE(tests, count, known, test_all_characters);
    SPEC_TABLE(tests, count, labels, test_label);
    SPEC_TABLE(tests, count, cuts, test_cut);
    SPEC_TABLE(tests, count, shifts, test_shift);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(test_what_does_not_fit_is_said);
    return SPEC_RUN("util/charset", tests, count);
}
