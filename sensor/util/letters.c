// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * letters.c - values of characters, and of words as their letters come.
 *
 * Values are hundredths a character: what a right reading is full of is
 * worth much, what no text has is worth less than nothing. It must not know
 * bytes or charsets.
 */
#include "util/letters.h"

#include <stddef.h>

#include "outflow/compiler.h"
#include "util/unicode.h"

#include "letters.inc"

/* Values of one character. */
enum {
    FREQUENT = 400,
    KANA = 300,     /* also full-width letters, punctuation, ornaments */
    NARROW = 100,   /* half-width katakana */
    WORD = 200,     /* a letter of a word that some language may have */
    LANGUAGE = 200, /* and that of the language of the whole */
    USUAL = 0,      /* punctuation of any text */
    COMMON = -100,  /* some Han sign, some word no language has */
    SYMBOL = -200,
    STRANGE = -300, /* letters of no language, case within a word */
    INSIDE = -400,  /* a symbol inside a word */
    NOT_TEXT = -600,
    BAD = -1200,
};

enum { RUN = 4 }; /* so often no word has the same letter in a row */

enum script {
    SCRIPT_NONE = 0,
    SCRIPT_LATIN,
    SCRIPT_CASED,   /* Greek, Cyrillic */
    SCRIPT_UNCASED, /* Hebrew, Arabic, Thai */
};

static bool has_bit(const uint8_t *bits, uint32_t at)
{
    return (bits[at / 8] >> at % 8 & 1) != 0;
}

static bool within(uint32_t code, uint32_t first, uint32_t last)
{
    return code >= first && code <= last;
}

static enum script script_of(uint32_t code)
{
    if (code == 0xAA || code == 0xBA || code == 0xB5)
        return SCRIPT_NONE; /* ordinals and micro: symbols */
    if (within(code, 0xC0, 0x24F) || within(code, 0x1E00, 0x1EFF))
        return code == 0xD7 || code == 0xF7 ? SCRIPT_NONE : SCRIPT_LATIN;
    if (within(code, 0x386, 0x3CE) || within(code, 0x401, 0x45F) ||
        within(code, 0x490, 0x491))
        return SCRIPT_CASED;
    if (within(code, 0x5D0, 0x5EA) || within(code, 0x620, 0x64A) ||
        within(code, 0xE01, 0xE4E))
        return SCRIPT_UNCASED;
    return SCRIPT_NONE;
}

bool letters_usual(uint32_t code)
{
    static const uint16_t marks[] = {
        0xA0,   0xA3,   0xA7,   0xA9,   0xAA,   0xAB,   0xAE,   0xB0,
        0xB4,   0xB7,   0xBA,   0xBB,   0xBF,   0x2010, 0x2013, 0x2014,
        0x2015, 0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E, 0x2022,
        0x2026, 0x20AC, 0x2116, 0x2122, 0x2212};

    for (size_t i = 0; i < COUNT(marks); i++)
        if (marks[i] == code)
            return true;
    if (code < 0x250) {
        uint32_t low = unicode_lower(code); /* U+23A's is beyond the table */
        return low < COUNT(letters) && letters[low] != 0;
    }
    return script_of(code) != SCRIPT_NONE;
}

/* The commonest letters of Russian, Ukrainian and Greek running text. */
static bool is_common_letter(uint32_t code)
{
    static const uint16_t common[] = {
        0x3B1, 0x3BF, 0x3B9, 0x3B5, 0x3C4, 0x3C3, 0x3BD, 0x3B7, 0x3C5,
        0x3C1, 0x3C0, 0x3BA, 0x3BC, 0x3BB, 0x3AC, 0x3AE, 0x3CC, 0x3AF,
        0x3C2, 0x430, 0x432, 0x434, 0x435, 0x438, 0x43A, 0x43B, 0x43C,
        0x43D, 0x43E, 0x43F, 0x440, 0x441, 0x442, 0x443, 0x456};

    for (size_t i = 0; i < COUNT(common); i++)
        if (common[i] == code)
            return true;
    return false;
}

/* --- words --- */

static void word_end(struct letters *l)
{
    uint32_t high = l->word_high;

    if (high == 1 && !l->word_ascii)
        l->sum += USUAL; /* alone it may be a line of a table */
    else if (high > 0 && l->word_script != SCRIPT_LATIN) {
        bool odd = l->word_odd || l->word_ascii;
        l->sum += odd ? (int64_t)high * STRANGE : (int64_t)l->word_value;
    } else if (high > 0) {
        if (high > 1 && !l->word_ascii) /* not even in Vietnamese */
            l->word_odd = true;
        l->sum += (int64_t)high * (l->word_odd         ? STRANGE
                                   : l->word_mask == 0 ? COMMON
                                                       : WORD);
        for (unsigned i = 0; !l->word_odd && i < LETTERS_LANGUAGES; i++)
            l->language[i] += l->word_mask >> i & 1 ? high : 0;
    }
    l->word_high = l->word_script = 0;
    l->word_mask = UINT32_MAX;
    l->word_value = 0;
    l->word_any = l->word_ascii = l->word_lower = l->word_odd = false;
}

static void word_letter(struct letters *l, uint32_t code, enum script script)
{
    uint32_t lower = unicode_lower(code);

    if (!l->word_any)
        word_end(l); /* begins anew */
    if (lower != code && l->word_lower)
        l->word_odd = true;
    l->word_lower = lower == code;
    l->word_any = true;
    if (code < 0x80) {
        l->word_ascii = true;
        return;
    }
    if (l->word_high > 0 && l->word_script != script)
        l->word_odd = true;
    if (l->same == RUN)
        l->word_odd = true;
    l->word_script = (uint8_t)script;
    l->word_high++;
    if (script == SCRIPT_LATIN) {
        uint32_t mask = lower < COUNT(letters) ? letters[lower] : 0;
        l->word_odd = l->word_odd || mask == 0;
        l->word_mask &= mask;
    } else {
        l->word_value += script == SCRIPT_UNCASED || is_common_letter(lower)
                             ? WORD + KANA / 2
                             : KANA / 2;
    }
}

/* --- characters --- */

/* Lines of drawn tables. */
static bool is_line(uint32_t code)
{
    return within(code, 0x2500, 0x257F);
}

/* Lines of tables, bullets, numbers in circles. */
static bool is_ornament(uint32_t code)
{
    return within(code, 0x2190, 0x2193) || within(code, 0x2460, 0x2473) ||
           within(code, 0x2500, 0x25FF) || code == 0x203B;
}

/* behind: it stands right behind a letter, where no line of a table does. */
static int sign_value(const struct letters *l, uint32_t code, bool behind)
{
    if (l->same >= RUN &&
        (within(code, 0x4E00, 0xD7A3) || within(code, 0xFF61, 0xFF9F)))
        return STRANGE;
    if (within(code, 0x4E00, 0x9FFF))
        return has_bit(han, code - 0x4E00) ? FREQUENT : COMMON;
    if (within(code, 0x3041, 0x3096) || within(code, 0x30A1, 0x30FC) ||
        within(code, 0x3000, 0x3012) || within(code, 0xFF01, 0xFF5E))
        return KANA;
    if (within(code, 0xAC00, 0xD7A3))
        return has_bit(hangul, code - 0xAC00) ? FREQUENT : COMMON / 2;
    if (within(code, 0xFF61, 0xFF9F))
        return NARROW;
    if (!behind && l->pairs && is_ornament(code))
        return KANA;
    if (!behind && is_line(code)) /* one byte may draw a table, too */
        return is_line(l->last) ? KANA : USUAL;
    if (code == 0)
        return BAD;
    if (within(code, 0x80, 0x9F) || within(code, 0xE000, 0xF8FF) ||
        (code >= 0x20000 && code < 0x80000000))
        return NOT_TEXT;
    if (letters_usual(code))
        return USUAL;
    return code < 0x3400 ? SYMBOL : STRANGE;
}

static void add(struct letters *l, uint32_t code)
{
    bool ascii = code < 0x80 && code != 0;
    bool letter = ascii && (code | 0x20) >= 'a' && (code | 0x20) <= 'z';
    enum script script = ascii ? SCRIPT_NONE : script_of(code);

    l->signs += ascii ? 0 : 1;
    if (letter || script != SCRIPT_NONE) {
        if (l->pending)
            l->sum += INSIDE;
        l->pending = false;
        word_letter(l, code, script);
        return;
    }
    bool behind = l->word_any;
    word_end(l);
    l->pending = false;
    if (ascii)
        return;
    int value = sign_value(l, code, behind);
    l->sum += value;
    l->pending = behind && value < 0 && code < 0x3000;
}

void letters_add(struct letters *l, uint32_t code)
{
    l->same = code == l->last ? l->same + 1 : 1;
    add(l, code);
    l->last = code;
}

int letters_score(struct letters *l)
{
    uint32_t best = 0;

    word_end(l);
    for (unsigned i = 0; i < LETTERS_LANGUAGES; i++)
        best = l->language[i] > best ? l->language[i] : best;
    if (l->signs == 0)
        return 0;
    return (int)((l->sum + (int64_t)best * LANGUAGE) / (int64_t)l->signs);
}
