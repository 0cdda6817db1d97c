// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * address.c - postal addresses.
 *
 * In: a cell. Out: is it an address by itself (a prefecture; a municipality
 * with a number; a number with a street word; a state with a ZIP code), may
 * it be one under a header (words). Not: addresses of machines.
 */
#include "detect/detectors.h"

#include <string.h>

#include "outflow/compiler.h"

enum { WORD_MAX = 16 };

#define WORD(text)                                                             \
    {                                                                          \
        (const uint8_t *)(text), sizeof(text) - 1                              \
    }

static const struct span prefectures[] = {
#define PREFECTURE(text) WORD(text),
#define MUNICIPAL(text)
#define STREET(text)
#define STATE(text)
#include "detect/places.def"
#undef PREFECTURE
#undef MUNICIPAL
#undef STREET
#undef STATE
};

static const struct span municipal[] = {
#define PREFECTURE(text)
#define MUNICIPAL(text) WORD(text),
#define STREET(text)
#define STATE(text)
#include "detect/places.def"
#undef PREFECTURE
#undef MUNICIPAL
#undef STREET
#undef STATE
};

static const struct span streets[] = {
#define PREFECTURE(text)
#define MUNICIPAL(text)
#define STREET(text) WORD(text),
#define STATE(text)
#include "detect/places.def"
#undef PREFECTURE
#undef MUNICIPAL
#undef STREET
#undef STATE
};

static const struct span states[] = {
#define PREFECTURE(text)
#define MUNICIPAL(text)
#define STREET(text)
#define STATE(text) WORD(text),
#include "detect/places.def"
#undef PREFECTURE
#undef MUNICIPAL
#undef STREET
#undef STATE
};

bool address_japanese(const struct cell *c)
{
    if (c->wide < 9)
        return false;
    for (size_t i = 0; i < COUNT(prefectures); i++) {
        size_t at = span_find_run(c->narrow, prefectures[i]);
        /* at the front, or behind a postal code */
        if (at < c->narrow.len && at <= 14 && c->narrow.len - at > 9)
            return true;
    }
    return false;
}

static bool municipal_sure(const struct cell *c)
{
    if (c->wide < 9 || c->digits == 0)
        return false;
    for (size_t i = 0; i < COUNT(municipal); i++) {
        size_t at = span_find_run(c->narrow, municipal[i]);
        if (at == c->narrow.len || at < 3)
            continue;
        struct span behind = span_skip(c->narrow, at);
        uint8_t one[1];
        if (cell_digits(behind, one, 1) > 0)
            return true;
    }
    return false;
}

static bool is_one_of(struct span word, const struct span *words, size_t count,
                      bool exact)
{
    for (size_t i = 0; i < count; i++) {
        if (exact ? span_eq(word, words[i]) : span_eq_nocase(word, words[i]))
            return true;
    }
    return false;
}

/* What an address in Latin letters is known by. */
struct marks {
    bool number; /* a house number or code */
    bool street; /* a street word that is not the first word */
    bool zip;    /* a state and five digits behind it */
    bool box;    /* P.O. Box and a number */
};

static void mark_word(struct marks *m, struct span word, struct span before,
                      size_t place)
{
    uint8_t one[1];
    size_t digits = cell_digits(word, one, 1);

    m->number = m->number || digits > 0;
    m->zip = m->zip || (digits >= 5 && digits <= 9 &&
                        is_one_of(before, states, COUNT(states), true));
    m->box = m->box || (digits > 0 && span_eq_nocase(before, SPAN("box")));
    if (place > 0 && digits == 0 && word.len <= WORD_MAX)
        m->street =
            m->street || is_one_of(word, streets, COUNT(streets), false);
    if (word.len > 6 &&
        (span_eq_nocase(span_skip(word, word.len - 6), SPAN("strasse")) ||
         span_eq(span_skip(word, word.len - 5), SPAN("stra\xC3\x9F"))))
        m->street = true;
}

/* The next word: blanks and line ends part them. */
static bool cut_word(struct span *rest, struct span *word)
{
    size_t n = 0;

    if (rest->len == 0)
        return false;
    while (n < rest->len && !memchr(" \n\r\t", rest->ptr[n], 4))
        n++;
    *word = span_head(*rest, n);
    *rest = span_skip(*rest, n + 1);
    return true;
}

static bool latin_sure(const struct cell *c)
{
    struct span rest = c->narrow, word, before = {NULL, 0};
    struct marks m = {false, false, false, false};

    if (c->letters < 3 || c->digits == 0 || c->blanks == 0)
        return false;
    for (size_t place = 0; cut_word(&rest, &word); place++) {
        while (word.len > 0 &&
               (word.ptr[word.len - 1] == ',' || word.ptr[word.len - 1] == '.'))
            word = span_head(word, word.len - 1);
        mark_word(&m, word, before, place);
        before = word;
    }
    return (m.number && m.street) || m.zip || m.box;
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
           span_find_run(c->text, SPAN("://")) == c->text.len &&
           !span_eq_nocase(c->narrow, SPAN("n/a")) &&
           !span_eq_nocase(c->narrow, SPAN("null")) &&
           !span_eq_nocase(c->narrow, SPAN("none"));
}

const struct detector detector_ADDRESS = {address_sure, address_fits};
