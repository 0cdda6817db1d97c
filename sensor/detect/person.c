// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * person.c - names of people.
 *
 * In: a cell. Out: does it look like a name by itself (two to five words
 * that begin large; two to six kanji; kana with a blank), may it be one under
 * a header (letters, no digits). Not: names of companies told from people's.
 */
#include "detect/detectors.h"

#include <string.h>

#include "outflow/compiler.h"
#include "util/unicode.h"

enum { NAME_TEXT = 60, NAME_SIGNS = 12, WORDS_MAX = 5 };

static bool is_kanji(uint32_t c)
{
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) ||
           (c >= 0xF900 && c <= 0xFAFF) || c >= 0x20000 || c == 0x3005 ||
           c == 0x3006 || c == 0x30F6;
}

static bool is_kana(uint32_t c)
{
    return (c >= 0x3041 && c <= 0x3096) || (c >= 0x30A1 && c <= 0x30FF) ||
           (c >= 0xFF66 && c <= 0xFF9F);
}

/* Last signs of places, companies and their parts. */
static bool is_no_name_ending(uint32_t c)
{
    static const uint32_t endings[] = {
        0x5E02, /* 市 */ 0x533A, /* 区 */ 0x753A, /* 町 */ 0x770C, /* 県 */
        0x5E9C, /* 府 */ 0x90FD, /* 都 */ 0x90E1, /* 郡 */ 0x793E, /* 社 */
        0x5E97, /* 店 */ 0x90E8, /* 部 */ 0x8AB2, /* 課 */ 0x4FC2, /* 係 */
        0x5C40, /* 局 */ 0x884C, /* 行 */ 0x54E1, /* 員 */ 0x9577, /* 長 */
        0x6E08, /* 済 */ 0x4E2D, /* 中 */ 0x6027, /* 性 */ 0x7A2E, /* 種 */
        0x54C1, /* 品 */ 0x985E, /* 類 */ 0x6599, /* 料 */ 0x8CBB, /* 費 */
    };

    for (size_t i = 0; i < COUNT(endings); i++) {
        if (endings[i] == c)
            return true;
    }
    return false;
}

struct signs {
    size_t kanji, kana, others, last_run;
    uint32_t last;
    bool blank;
};

static struct signs count_signs(struct span s)
{
    struct signs n = {.kanji = 0};

    while (s.len > 0) {
        uint32_t c;
        size_t used = unicode_decode(s, &c);
        s = span_skip(s, used);
        if (c == ' ') {
            n.others += n.blank || n.kanji + n.kana == 0;
            n.blank = true;
            n.last_run = 0;
            continue;
        }
        n.kanji += is_kanji(c);
        n.kana += is_kana(c);
        n.others += !is_kanji(c) && !is_kana(c);
        n.last_run++;
        n.last = c;
    }
    return n;
}

bool person_japanese(const struct cell *c)
{
    if (c->wide == 0 || c->letters > 0 || c->digits > 0)
        return false;
    struct signs n = count_signs(c->narrow);
    return n.others == 0 && n.kanji + n.kana > 0;
}

static bool japanese_sure(const struct cell *c)
{
    struct signs n = count_signs(c->narrow);
    size_t all = n.kanji + n.kana;

    if (n.others > 0 || all < 2 || all > NAME_SIGNS)
        return false;
    if (n.blank)
        return n.last_run > 0 && all - n.last_run > 0 && all <= 10 &&
               (n.kanji == 0 || all <= 8);
    return n.kanji >= 2 && all <= 6 && !is_no_name_ending(n.last);
}

/* Words that may be small inside a name. */
static bool is_particle(struct span word)
{
    static const char *const words[] = {
        "de", "da",  "di", "del", "der", "den", "van", "von", "la",
        "le", "bin", "al", "y",   "e",   "dos", "ten", "ter", "zu"};

    for (size_t i = 0; i < COUNT(words); i++) {
        if (span_eq(word, span_of(words[i])))
            return true;
    }
    return false;
}

/* Begins large, goes on with letters: McDonald, O'Brien, SMITH, J., José. */
static bool word_valid(struct span word)
{
    if (word.len == 0 ||
        !((word.ptr[0] >= 'A' && word.ptr[0] <= 'Z') || word.ptr[0] >= 0x80))
        return false;
    for (size_t i = 1; i < word.len; i++) {
        uint8_t c = word.ptr[i];
        bool inner = c == '\'' || c == '-' || c == '.';
        if (!cell_is_letter(c) && c < 0x80 && !inner)
            return false;
    }
    return true;
}

static bool western_sure(const struct cell *c)
{
    struct span rest = c->narrow, word;
    size_t words = 0, long_words = 0;

    while (span_cut(&rest, ' ', &word)) {
        if (word.len > 0 && word.ptr[word.len - 1] == ',' && rest.len > 0)
            word = span_head(word, word.len - 1);
        if (words > 0 && is_particle(word))
            continue;
        if (!word_valid(word))
            return false;
        words++;
        long_words += word.len > 1 && word.ptr[word.len - 1] != '.';
    }
    return words >= 2 && words <= WORDS_MAX && long_words >= 1 &&
           c->letters >= 4;
}

static bool person_sure(const struct cell *c)
{
    if (c->digits > 0 || c->at || c->narrow.len > NAME_TEXT)
        return false;
    return c->letters > 0 ? western_sure(c) : c->wide > 0 && japanese_sure(c);
}

static bool person_fits(const struct cell *c)
{
    static const char refused[] = "/\\<>=:;|_{}[]#%$!?";

    if (c->digits > 0 || c->at || c->narrow.len > NAME_TEXT ||
        c->letters + c->wide < 2)
        return false;
    for (size_t i = 0; i < c->narrow.len; i++) {
        if (memchr(refused, c->narrow.ptr[i], sizeof(refused) - 1))
            return false;
    }
    return !span_eq_nocase(c->narrow, SPAN("n/a")) &&
           !span_eq_nocase(c->narrow, SPAN("null")) &&
           !span_eq_nocase(c->narrow, SPAN("none"));
}

const struct detector detector_PERSON = {person_sure, person_fits};
