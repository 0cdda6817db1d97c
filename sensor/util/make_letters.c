// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * make_letters.c - print frequent.def and alphabets.def as tables, at build
 * time: a bit for each frequent sign, a mask of languages for each letter.
 *
 * Not part of the program.
 */
#include <stdint.h>
#include <stdio.h>

enum {
    HAN_FIRST = 0x4E00,
    HAN_LAST = 0x9FFF,
    HANGUL_FIRST = 0xAC00,
    HANGUL_LAST = 0xD7A3,
    LETTERS = 0x250,
};

static uint8_t han[(HAN_LAST - HAN_FIRST) / 8 + 1];
static uint8_t hangul[(HANGUL_LAST - HANGUL_FIRST) / 8 + 1];
static uint32_t letters[LETTERS];

/* The next code point of well-formed UTF-8. */
static uint32_t next(const char **text)
{
    const uint8_t *p = (const uint8_t *)*text;
    unsigned more = p[0] >= 0xE0 ? 2 : p[0] >= 0xC0 ? 1 : 0;
    uint32_t code = more == 2 ? p[0] & 0x0F : more == 1 ? p[0] & 0x1F : p[0];

    for (unsigned i = 1; i <= more; i++)
        code = code << 6 | (p[i] & 0x3F);
    *text += more + 1;
    return code;
}

static void set_bit(uint8_t *bits, uint32_t at)
{
    bits[at / 8] = (uint8_t)(bits[at / 8] | 1u << at % 8);
}

static void frequent(const char *text)
{
    while (*text) {
        uint32_t code = next(&text);
        if (code >= HAN_FIRST && code <= HAN_LAST)
            set_bit(han, code - HAN_FIRST);
        else if (code >= HANGUL_FIRST && code <= HANGUL_LAST)
            set_bit(hangul, code - HANGUL_FIRST);
    }
}

static void alphabet(const char *text, unsigned language)
{
    while (*text) {
        uint32_t code = next(&text);
        if (code < LETTERS)
            letters[code] |= UINT32_C(1) << language;
    }
}

static void print_bits(const char *name, const uint8_t *bits, size_t len)
{
    printf("static const uint8_t %s[] = {\n", name);
    for (size_t i = 0; i < len; i++)
        printf("0x%02X,%s", bits[i], i % 16 == 15 ? "\n" : " ");
    printf("};\n\n");
}

int main(void)
{
    unsigned language = 0;

#define FREQUENT(text) frequent(text);
#include "frequent.def"
#define ALPHABET(text) alphabet(text, language++);
#include "alphabets.def"
    print_bits("han", han, sizeof(han));
    print_bits("hangul", hangul, sizeof(hangul));
    printf("static const uint32_t letters[] = {\n");
    for (unsigned i = 0; i < LETTERS; i++)
        printf("0x%X,%s", letters[i], i % 12 == 11 ? "\n" : " ");
    printf("};\n");
    return language <= 32 ? 0 : 1;
}
