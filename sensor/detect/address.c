// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * address.c - postal addresses.
 *
 * In: a cell. Out: is it an address by itself (a prefecture; a municipality
 * with a number; a number with a street's word, in several languages; a code
 * as its country writes it), may it be one under a header (words). Not:
 * sentences that name an address, addresses of machines.
 */
#include "detect/detectors.h"

#include <string.h>

#include "outflow/compiler.h"
#include "util/unicode.h"

enum {
    WORD_MAX = 16,
    PREFECTURE_AT = 14,  /* bytes in front of it: a postal code */
    PREFECTURE_LEN = 24, /* of the longest */
    HANGUL_FIRST = 0xEA, /* first byte of syllables of Korea */
    HIRAGANA_MOST = 10,  /* in an address; sentences have more */
    SMALL_MOST = 2,      /* words that begin small, beside large ones */
    WORDS_MOST = 8,      /* all of them small */
};

#define WORD(text)                                                             \
    {                                                                          \
        (const uint8_t *)(text), sizeof(text) - 1                              \
    }
#define NOTHING(text)

static const struct span prefectures[] = {
#define PREFECTURE(text) WORD(text),
#define MUNICIPAL        NOTHING
#define STREET           NOTHING
#define LEAD             NOTHING
#define ENDING           NOTHING
#define STATE            NOTHING
#define SHORT_STATE      NOTHING
#include "detect/places.def"
#undef PREFECTURE
#undef MUNICIPAL
};

static const struct span municipal[] = {
#define PREFECTURE      NOTHING
#define MUNICIPAL(text) WORD(text),
#include "detect/places.def"
#undef MUNICIPAL
#undef STREET
};

static const struct span streets[] = {
#define MUNICIPAL    NOTHING
#define STREET(text) WORD(text),
#include "detect/places.def"
#undef STREET
#undef LEAD
};

static const struct span leads[] = {
#define STREET     NOTHING
#define LEAD(text) WORD(text),
#include "detect/places.def"
#undef LEAD
#undef ENDING
};

static const struct span endings[] = {
#define LEAD         NOTHING
#define ENDING(text) WORD(text),
#include "detect/places.def"
#undef ENDING
#undef STATE
};

static const struct span states[] = {
#define ENDING      NOTHING
#define STATE(text) WORD(text),
#include "detect/places.def"
#undef STATE
#undef SHORT_STATE
};

/* With codes of four digits. */
static const struct span short_states[] = {
#define STATE             NOTHING
#define SHORT_STATE(text) WORD(text),
#include "detect/places.def"
};

/* Sentences have a full stop, or many hiragana; addresses a few. */
static bool is_sentence(struct span s)
{
    size_t hiragana = 0, used;

    for (; s.len > 0; s = span_skip(s, used)) {
        uint32_t c;
        used = unicode_decode(s, &c);
        hiragana += c >= 0x3041 && c <= 0x3096;
        if (c == 0x3002)
            return true;
    }
    return hiragana > HIRAGANA_MOST;
}

/* One bit in 64 for a character of three bytes. */
static uint64_t trace_of(const uint8_t *p)
{
    return UINT64_C(1) << ((p[1] ^ p[2] << 1) & 63);
}

/* The bits of all such characters: what has none of them is not there. */
static uint64_t traces(struct span s)
{
    uint64_t bits = 0;

    for (size_t i = 0; i + 2 < s.len; i++) {
        if (s.ptr[i] >= 0xE0)
            bits |= trace_of(s.ptr + i);
    }
    return bits;
}

static bool is_one_of(struct span word, const struct span *words, size_t count,
                      bool exact)
{
    for (size_t i = 0; i < count; i++) {
        if (words[i].len == word.len &&
            (exact ? span_eq(word, words[i]) : span_eq_nocase(word, words[i])))
            return true;
    }
    return false;
}

/* Behind a province of Korea: does a town or district come next? */
static bool has_district(struct span rest)
{
    static const struct span ends[] = {WORD("시"), WORD("군"), WORD("구")};
    struct span word;

    rest = span_trim(rest);
    if (!span_cut(&rest, ' ', &word) || word.len < 6 || rest.len == 0)
        return false;
    return is_one_of(span_skip(word, word.len - 3), ends, COUNT(ends), true);
}

bool address_japanese(const struct cell *c)
{
    /* at the front, or behind a postal code */
    struct span head = span_head(c->narrow, PREFECTURE_AT + PREFECTURE_LEN);

    if (c->wide < 9)
        return false;
    uint64_t have = traces(head);
    for (size_t i = 0; i < COUNT(prefectures); i++) {
        if (!(have & trace_of(prefectures[i].ptr)))
            continue;
        size_t at = span_find_run(head, prefectures[i]);
        if (at == head.len || at > PREFECTURE_AT || c->narrow.len - at <= 9)
            continue;
        if (prefectures[i].ptr[0] < HANGUL_FIRST)
            return !is_sentence(c->narrow);
        if (has_district(span_skip(c->narrow, at + prefectures[i].len)))
            return true;
    }
    return false;
}

static bool municipal_sure(const struct cell *c)
{
    if (c->wide < 9 || c->digits == 0)
        return false;
    uint64_t have = traces(c->narrow);
    for (size_t i = 0; i < COUNT(municipal); i++) {
        if (!(have & trace_of(municipal[i].ptr)))
            continue;
        size_t at = span_find_run(c->narrow, municipal[i]);
        if (at == c->narrow.len || at < 3)
            continue;
        uint8_t one[1];
        if (cell_digits(span_skip(c->narrow, at), one, 1) > 0)
            return !is_sentence(c->narrow);
    }
    return false;
}

/* What an address in Latin letters is known by. */
struct marks {
    bool number;  /* a house number or code */
    size_t house; /* numbers of at most four digits, the city's one apart */
    bool street;  /* a word for streets where it belongs */
    bool zip;     /* a code as only its country writes it, with its place */
    bool city;    /* four or five digits and a name behind them */
    bool box;     /* P.O. Box and a number */
    bool four;    /* the word before ended a code of four digits and "AA" */
    bool split;   /* or one of three digits and two */
    bool name;    /* the word before is a name */
    size_t large; /* words that begin large */
    size_t small; /* words that do not and join no names */
};

static bool is_large(struct span word)
{
    return word.len > 0 &&
           ((word.ptr[0] >= 'A' && word.ptr[0] <= 'Z') || word.ptr[0] >= 0x80);
}

/* Are the signs of word letters (A), digits (9) and others as in form? */
static bool has_form(struct span word, const char *form)
{
    size_t i = 0;

    for (; i < word.len && form[i]; i++) {
        uint8_t c = word.ptr[i];
        if (form[i] == '9'   ? !cell_is_digit(c)
            : form[i] == 'A' ? c < 'A' || c > 'Z'
                             : c != (uint8_t)form[i])
            return false;
    }
    return i == word.len && form[i] == 0;
}

static bool has_one_form(struct span word, const char *const *forms,
                         size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (has_form(word, forms[i]))
            return true;
    }
    return false;
}

/* The two halves of a code of Great Britain or Canada. */
static bool is_code(struct span before, struct span word)
{
    static const char *const front[] = {"A9",  "A99",  "AA9",
                                        "A9A", "AA99", "AA9A"};

    return (has_form(word, "9AA") &&
            has_one_form(before, front, COUNT(front))) ||
           (has_form(word, "9A9") && has_form(before, "A9A"));
}

/* Small words inside the names of streets and places. */
static bool joins(struct span word)
{
    static const struct span words[] = {
        WORD("de"),  WORD("da"),  WORD("di"),  WORD("du"),    WORD("des"),
        WORD("del"), WORD("dei"), WORD("la"),  WORD("le"),    WORD("las"),
        WORD("los"), WORD("les"), WORD("von"), WORD("van"),   WORD("der"),
        WORD("den"), WORD("am"),  WORD("an"),  WORD("im"),    WORD("in"),
        WORD("zum"), WORD("zur"), WORD("of"),  WORD("the"),   WORD("and"),
        WORD("y"),   WORD("e"),   WORD("do"),  WORD("dos"),   WORD("della"),
        WORD("das"), WORD("al"),  WORD("ter"), WORD("bis"),   WORD("apt"),
        WORD("sur"), WORD("aux"), WORD("no"),  WORD("dello"), WORD("delle"),
    };

    return is_one_of(word, words, COUNT(words), true);
}

static bool has_ending(struct span word)
{
    for (size_t i = 0; i < COUNT(endings); i++) {
        size_t len = endings[i].len;
        if (word.len > len + 1 &&
            span_eq_nocase(span_skip(word, word.len - len), endings[i]))
            return true;
    }
    return false;
}

/* A code in front of its city: 10115, 1015, 07-401, 12345-678, 1015CN. */
static bool is_city_code(struct span word)
{
    static const char *const forms[] = {"99999",     "9999",     "99-999",
                                        "9999-999",  "99999999", "9999AA",
                                        "99999-999", "AA"};

    return has_one_form(word, forms, COUNT(forms));
}

/* A word without digits. */
static void mark_name(struct marks *m, struct span word, struct span before,
                      size_t place)
{
    bool large = is_large(word);

    m->large += large;
    m->small += !large && cell_is_letter(word.ptr[0]) && !joins(word);
    /* two letters are the end of a code behind four digits */
    if (!m->city && large && word.len >= 3 && before.len > 0 &&
        (m->split ||
         (is_city_code(before) && (cell_is_digit(before.ptr[0]) || m->four)))) {
        bool four = has_form(before, "9999") || has_form(before, "9999AA");
        m->city = true;
        m->house -= m->split ? 2 : m->four || four;
    }
    m->split = false;
    m->four = has_form(before, "9999") && has_form(word, "AA");
    m->name = large && word.len >= 3;
    if (word.len <= WORD_MAX && place > 0 &&
        is_one_of(word, streets, COUNT(streets), false))
        m->street = true;
    if ((large || joins(word)) && is_one_of(before, leads, COUNT(leads), false))
        m->street = true;
    m->street = m->street || (large && has_ending(word));
}

/* A name and its code in one word: मोतिहारी-972997. */
static bool has_code(struct span word)
{
    return word.len > 9 && word.ptr[0] >= 0xE0 &&
           has_form(span_skip(word, word.len - 7), "-999999");
}

static void mark_word(struct marks *m, struct span word, struct span before,
                      size_t place)
{
    uint8_t one[1];
    size_t digits = cell_digits(word, one, 1);

    if (digits == 0) {
        mark_name(m, word, before, place);
        return;
    }
    m->number = true;
    size_t most = memchr(word.ptr, '/', word.len) ? 7 : 4; /* 12/3100 */
    m->house +=
        digits <= most && cell_is_digit(word.ptr[0]) && word.len <= digits + 2;
    m->zip = m->zip || is_code(before, word) ||
             (digits >= 5 && digits <= 9 &&
              is_one_of(before, states, COUNT(states), true)) ||
             (has_form(word, "9999") &&
              is_one_of(before, short_states, COUNT(short_states), true));
    m->box = m->box || span_eq_nocase(before, SPAN("box"));
    /* Valladolid, 32319; 351 81 Polna is as good as 35181 */
    m->city =
        m->city || has_code(word) ||
        (m->name && (has_form(word, "99999") || has_form(word, "999999") ||
                     has_form(word, "9999999")));
    m->name = false;
    m->split = has_form(before, "999") && has_form(word, "99");
}

static bool is_parting(uint8_t c)
{
    return c == ' ' || c == ',' || c == '\n' || c == '\r' || c == '\t';
}

/* The next word: blanks, commas and line ends part them. */
static bool cut_word(struct span *rest, struct span *word)
{
    size_t n = 0;

    if (rest->len == 0)
        return false;
    while (n < rest->len && !is_parting(rest->ptr[n]))
        n++;
    *word = span_head(*rest, n);
    *rest = span_skip(*rest, n + 1);
    if (word->len > 1 && word->ptr[word->len - 1] == '.')
        *word = span_head(*word, word->len - 1);
    return true;
}

static bool latin_sure(const struct cell *c)
{
    struct span rest = c->narrow, word, before = {NULL, 0};
    struct marks m = {.large = 0};
    size_t place = 0;

    if (c->letters + c->wide < 3 || c->digits == 0 || c->blanks == 0)
        return false;
    while (cut_word(&rest, &word)) {
        if (word.len == 0)
            continue;
        mark_word(&m, word, before, place++);
        before = word;
    }
    if (m.large > 0 ? m.small > SMALL_MOST : place > WORDS_MOST)
        return false; /* a sentence */
    return (m.number && m.street) || m.zip || m.box || (m.city && m.house);
}

static bool address_sure(const struct cell *c)
{
    if (c->at)
        return false;
    return c->wide >= 9
               ? address_japanese(c) || municipal_sure(c) || latin_sure(c)
               : latin_sure(c);
}

static bool address_fits(const struct cell *c)
{
    return !c->at && c->letters + c->wide >= 2 &&
           (c->narrow.len > 4 || (!span_eq_nocase(c->narrow, SPAN("n/a")) &&
                                  !span_eq_nocase(c->narrow, SPAN("null")) &&
                                  !span_eq_nocase(c->narrow, SPAN("none")))) &&
           (c->text.len < 3 || !memchr(c->text.ptr, ':', c->text.len) ||
            span_find_run(c->text, SPAN("://")) == c->text.len);
}

const struct detector detector_ADDRESS = {address_sure, address_fits};
