// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * kanji.c - old kanji to new, hiragana to katakana, small kana to large.
 *
 * One look into a table for a kanji: names and addresses come by the
 * million. It must not change a character of another script.
 */
#include "customer/kanji.h"

enum {
    KANJI_FIRST = 0x4E00,
    KANJI_LAST = 0x9FFF,
    HIRAGANA_FIRST = 0x3041,
    HIRAGANA_LAST = 0x3096,
    KATAKANA_FIRST = 0x30A1,
    KATAKANA_LAST = 0x30FA,
    TO_KATAKANA = 0x60,
};

/* 0: the character is the usual one. */
static const uint16_t usual[KANJI_LAST + 1 - KANJI_FIRST] = {
#define USUAL(other, form) [(other)-KANJI_FIRST] = (form),
#define FAR(other, form)
#include "customer/variants.def"
#undef USUAL
#undef FAR
};

static uint32_t usual_far(uint32_t code)
{
    switch (code) {
#define USUAL(other, form)
#define FAR(other, form)                                                       \
    case other:                                                                \
        return form;
#include "customer/variants.def"
#undef USUAL
#undef FAR
    default:
        return code;
    }
}

static uint32_t large(uint32_t katakana)
{
    switch (katakana) {
    case 0x30A1: /* small a, i, u, e, o, tsu, ya, yu, yo, wa */
    case 0x30A3:
    case 0x30A5:
    case 0x30A7:
    case 0x30A9:
    case 0x30C3:
    case 0x30E3:
    case 0x30E5:
    case 0x30E7:
    case 0x30EE:
        return katakana + 1;
    case 0x30F5: /* small ka, ke */
        return 0x30AB;
    case 0x30F6:
        return 0x30B1;
    default:
        return katakana;
    }
}

uint32_t kanji_usual(uint32_t code)
{
    if (code < HIRAGANA_FIRST)
        return code;
    if (code >= KANJI_FIRST && code <= KANJI_LAST) {
        uint32_t form = usual[code - KANJI_FIRST];
        return form ? form : code;
    }
    if (code <= HIRAGANA_LAST)
        return large(code + TO_KATAKANA);
    if (code >= KATAKANA_FIRST && code <= KATAKANA_LAST)
        return large(code);
    return code > KANJI_LAST ? usual_far(code) : code;
}

bool kanji_is(uint32_t code)
{
    return (code >= 0x3400 && code <= KANJI_LAST) || code == 0x3005 ||
           code == 0x3006 || (code >= 0xF900 && code <= 0xFAFF) ||
           code >= 0x20000;
}

bool kanji_is_kana(uint32_t code)
{
    return (code >= HIRAGANA_FIRST && code <= HIRAGANA_LAST) ||
           (code >= KATAKANA_FIRST && code <= 0x30FE);
}
