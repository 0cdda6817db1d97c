// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * make_charsets.c - print glibc's charsets as C tables, at build time.
 *
 * The program itself must not load converter modules: its workers have no
 * files. Pairs are lead bytes 0x81-0xFE by trail bytes 0x40-0xFE; 94x94 sets
 * are rows by cells; a character of two code points is packed as bit 31,
 * the second (15 bits), the first (16 bits). 0 is no character. Not part of
 * the program.
 */
#include <iconv.h>
#include <stdint.h>
#include <stdio.h>

static const char *const needed[] = {
    "CP932", "GB18030", "CP949", "BIG5-HKSCS", "EUC-JP-MS", "EUC-JISX0213",
#define SINGLE(id, iconv, labels) iconv,
#include "charsets.def"
};

static iconv_t open_charset(const char *name)
{
    return iconv_open("UTF-32LE", name);
}

/* Does this glibc have all of them? */
static int have_all(void)
{
    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
        iconv_t cd = open_charset(needed[i]);
        if (cd == (iconv_t)-1) {
            fprintf(stderr, "make_charsets: no %s here\n", needed[i]);
            return 0;
        }
        (void)iconv_close(cd);
    }
    return 1;
}

/* May it be the second of two code points that are one character? */
static int joins(uint32_t code)
{
    return (code >= 0x300 && code < 0x370) || code == 0x309A || code == 0x2E5 ||
           code == 0x2E9;
}

/* The code point of len bytes, 0 when they are no character. */
static uint32_t code_of(iconv_t cd, const uint8_t *bytes, size_t len)
{
    uint32_t out[4] = {0};
    char in[4];
    char *from = in, *to = (char *)out;
    size_t left = len, room = sizeof(out);

    for (size_t i = 0; i < len; i++)
        in[i] = (char)bytes[i];
    (void)iconv(cd, NULL, NULL, NULL, NULL);
    if (iconv(cd, &from, &left, &to, &room) == (size_t)-1 || left != 0)
        return 0;
    (void)iconv(cd, NULL, NULL, &to, &room); /* it may hold one back */
    size_t codes = (sizeof(out) - room) / sizeof(out[0]);
    if (codes == 2 && out[0] < 0x10000 && joins(out[1]))
        return UINT32_C(0x80000000) | out[1] << 16 | out[0];
    return codes == 1 ? out[0] : 0;
}

static void print_code(uint32_t code)
{
    static unsigned count;

    printf("0x%X,%s", code, ++count % 12 == 0 ? "\n" : " ");
}

static void print_pairs(const char *type, const char *name, const char *charset)
{
    iconv_t cd = open_charset(charset);

    printf("static const %s %s[] = {\n", type, name);
    for (unsigned lead = 0x81; lead <= 0xFE; lead++) {
        for (unsigned trail = 0x40; trail <= 0xFE; trail++) {
            const uint8_t pair[2] = {(uint8_t)lead, (uint8_t)trail};
            print_code(code_of(cd, pair, 2));
        }
    }
    printf("};\n\n");
    (void)iconv_close(cd);
}

/* A 94x94 set of an EUC: the plain one, or that behind 0x8F. */
static void print_set(const char *type, const char *name, const char *charset,
                      int shifted)
{
    iconv_t cd = open_charset(charset);

    printf("static const %s %s[] = {\n", type, name);
    for (unsigned row = 0xA1; row <= 0xFE; row++) {
        for (unsigned cell = 0xA1; cell <= 0xFE; cell++) {
            const uint8_t three[3] = {0x8F, (uint8_t)row, (uint8_t)cell};
            print_code(shifted ? code_of(cd, three, 3)
                               : code_of(cd, three + 1, 2));
        }
    }
    printf("};\n\n");
    (void)iconv_close(cd);
}

/* GB 18030's four bytes below U+10000, as ranges: {first, code of it}. */
static void print_fours(void)
{
    iconv_t cd = open_charset("GB18030");
    uint32_t before = 0;

    printf("static const struct four { uint16_t at, code; } fours[] = {\n");
    for (unsigned at = 0; at < 39420; at++) {
        const uint8_t four[4] = {
            (uint8_t)(0x81 + at / 12600), (uint8_t)(0x30 + at / 1260 % 10),
            (uint8_t)(0x81 + at / 10 % 126), (uint8_t)(0x30 + at % 10)};
        uint32_t code = code_of(cd, four, 4);
        if (at == 0 || code != (before != 0 ? before + 1 : 0))
            printf("{%u, 0x%X}, ", at, code);
        before = code;
    }
    printf("};\n\n");
    (void)iconv_close(cd);
}

static void print_single(const char *charset)
{
    iconv_t cd = open_charset(charset);

    printf("{");
    for (unsigned i = 0x80; i < 0x100; i++) {
        const uint8_t byte = (uint8_t)i;
        print_code(code_of(cd, &byte, 1));
    }
    printf("},\n");
    (void)iconv_close(cd);
}

int main(void)
{
    if (!have_all())
        return 1;
    print_pairs("uint16_t", "cp932", "CP932");
    print_pairs("uint32_t", "gbk", "GB18030");
    print_pairs("uint16_t", "cp949", "CP949");
    print_pairs("uint32_t", "big5", "BIG5-HKSCS");
    print_set("uint16_t", "jisx0208", "EUC-JP-MS", 0);
    print_set("uint16_t", "jisx0212", "EUC-JP-MS", 1);
    print_set("uint32_t", "jisx0213_1", "EUC-JISX0213", 0);
    print_set("uint32_t", "jisx0213_2", "EUC-JISX0213", 1);
    print_fours();
    printf("static const uint16_t singles[][128] = {\n");
#define SINGLE(id, iconv, labels) print_single(iconv);
#include "charsets.def"
    printf("};\n");
    return 0;
}
