// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * person.c - one form for a person's name.
 *
 * Blanks, dots and hyphens between its words vanish, old kanji become new,
 * hiragana katakana; what is polite only (Mr., Dr., the Japanese honorifics)
 * and a reading in brackets behind the name is left out; "Price, Jerry" is
 * "Jerry Price".
 *
 * It must not put the words of a name into an order of its own: two people
 * may differ by nothing else.
 */
#include <string.h>

#include "customer/kanji.h"
#include "customer/normal.h"
#include "outflow/compiler.h"
#include "util/unicode.h"

static uint32_t code_at(struct span s, size_t *len)
{
    uint32_t code = s.ptr[0];

    *len = code < 0x80 ? 1 : unicode_decode(s, &code);
    return code;
}

static bool is_letter(uint8_t c)
{
    return c >= 'a' && c <= 'z';
}

/* A word of courtesy in front, with a stop or a blank behind it. */
static struct span without_title(struct span s)
{
    static const char *const titles[] = {
        "mr",   "mrs", "ms",   "miss",  "mx",   "dr",  "prof",
        "herr", "mme", "mlle", "madam", "frau", "sig", "sra",
        "sr",   "sir", "rev",  "hon",   "shri", "smt",
    };
    size_t len = 0;

    while (len < s.len && is_letter(s.ptr[len]))
        len++;
    if (len < 2 || len > 5 || len == s.len ||
        (s.ptr[len] != '.' && s.ptr[len] != ' '))
        return s;
    for (size_t i = 0; i < COUNT(titles); i++) {
        if (!span_eq(span_head(s, len), span_of(titles[i])))
            continue;
        struct span rest = span_trim(span_skip(s, len + 1));
        return rest.len > 0 ? rest : s;
    }
    return s;
}

/* What is said behind a name out of courtesy; kana as they are written. */
static struct span without_honorific(struct span s)
{
    static const char *const words[] = {"様", "殿", "さま", "さん", "氏"};

    for (size_t i = 0; i < COUNT(words); i++) {
        struct span word = span_of(words[i]);
        if (s.len <= word.len || !span_eq(span_skip(s, s.len - word.len), word))
            continue;
        struct span rest = span_trim(span_head(s, s.len - word.len));
        return rest.len > 0 ? rest : s;
    }
    return s;
}

/* A reading: kana and blanks alone. */
static bool is_kana(struct span s)
{
    size_t len;

    for (; s.len > 0; s = span_skip(s, len)) {
        uint32_t code = code_at(s, &len);
        if (!kanji_is_kana(code) && !unicode_is_space(code))
            return false;
    }
    return true;
}

/* Brackets at the end with kana or a word of courtesy in them. */
static struct span without_brackets(struct span s)
{
    size_t open = span_find(s, '(');

    if (open == 0 || open == s.len || s.ptr[s.len - 1] != ')')
        return s;
    struct span inside = span_slice(s, open + 1, s.len - 1);
    return is_kana(span_trim(inside)) ? span_trim(span_head(s, open)) : s;
}

/* Signs between the words of a name, or inside them, that come and go. */
static bool is_mark(uint32_t c)
{
    if (c < 0x80)
        return c == ' ' || c == '.' || c == ',' || c == '\'' || c == '-' ||
               c == '`' || c == '\t' || c == '\n' || c == '\r' || c == '_';
    return c == 0x30FB || c == 0xB7 || c == 0x2019 || c == 0x2018 ||
           (c >= 0x2010 && c <= 0x2015) || c == 0x2022 || c == 0x2212 ||
           c == 0x3001 || unicode_is_space(c);
}

static void put_code(struct normal *n, uint32_t code)
{
    uint8_t bytes[4] = {0};
    size_t len = unicode_encode(code, bytes);

    normal_bytes(n, (struct span){bytes, len});
}

/* What a sign behind that letter becomes: 0 for nothing. */
static uint32_t form_of(uint32_t code, uint32_t before)
{
    bool dash =
        code == '-' || (code >= 0x2010 && code <= 0x2015) || code == 0x2212;

    if (dash && kanji_is_kana(before))
        return 0x30FC; /* typed for the long vowel mark */
    if (code == 0x3005 && kanji_is(before))
        return before; /* the sign that repeats a kanji */
    return is_mark(code) ? 0 : kanji_usual(code);
}

static void put_words(struct normal *n, struct span s)
{
    uint32_t before = 0;
    size_t len;

    for (; s.len > 0; s = (struct span){s.ptr + len, s.len - len}) {
        uint32_t code = form_of(code_at(s, &len), before);
        before = code;
        if (code == 0)
            continue;
        if (code < 0x80)
            normal_byte(n, (uint8_t)code);
        else
            put_code(n, code);
    }
}

/* Are the words behind a comma part of the family name? */
static bool is_suffix(struct span s)
{
    static const char *const words[] = {"jr", "sr", "ii",  "iii",
                                        "iv", "md", "phd", "esq"};

    if (s.len > 0 && s.ptr[s.len - 1] == '.')
        s = span_head(s, s.len - 1);
    for (size_t i = 0; i < COUNT(words); i++) {
        if (span_eq(s, span_of(words[i])))
            return true;
    }
    return false;
}

bool normal_person(struct normal *n, struct span text)
{
    uint8_t room[NORMAL_TEXT];
    struct span s = span_trim(normal_folded(text, room));

    s = without_brackets(s);
    s = without_honorific(without_title(s));
    size_t comma = span_find(s, ',');
    struct span behind = span_trim(span_skip(s, comma + 1));
    if (comma < s.len && behind.len > 0 &&
        span_find(behind, ',') == behind.len && !is_suffix(behind)) {
        put_words(n, without_title(behind));
        s = span_head(s, comma);
    }
    put_words(n, s);
    return true;
}
