// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * person.c - names of people.
 *
 * In: a cell. Out: does it look like a name by itself (two to five words
 * that begin large; two to six kanji; kana with a blank; two to four Korean
 * syllables), may it be one under
 * a header (letters, no digits). Not: names of companies told from people's.
 */
#include "detect/detectors.h"
#include "detect/names.h"

#include <string.h>

#include "outflow/compiler.h"
#include "util/unicode.h"

enum { NAME_TEXT = 90, NAME_SIGNS = 14, WORDS_MAX = 5 };

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

/* Last signs of places, companies, their parts, and things. */
static bool is_no_name_ending(uint32_t c)
{
    static const char endings[] =
        "市区町県府都郡社店部課係局員長済中性種品類料費所院校園館庁署機業輸駅港"
        "線券証額率量型用室階号円個台剤油食具器材庫割引書械車堂設産事究会団組"
        "険託工宅薬刷科";
    struct span rest = {(const uint8_t *)endings, sizeof(endings) - 1};
    uint32_t ending;

    while (rest.len > 0) {
        rest = span_skip(rest, unicode_decode(rest, &ending));
        if (ending == c)
            return true;
    }
    return false;
}

struct signs {
    size_t kanji, kana, others, last_run;
    size_t voiced; /* half-width marks that belong to the kana before */
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
        n.voiced += c == 0xFF9E || c == 0xFF9F;
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
    size_t all = n.kanji + n.kana - n.voiced;

    if (n.others > 0 || all < 2 || all > NAME_SIGNS)
        return false;
    if (n.blank)
        return n.last_run > 0 && n.kanji + n.kana > n.last_run &&
               (n.kanji == 0 || all <= 8);
    return n.kanji >= 2 && all <= 6 && !is_no_name_ending(n.last) &&
           !names_house(c->narrow);
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

/* Words that may be small in front of a name. */
static bool is_title(struct span word)
{
    static const char *const words[] = {
        "pan", "pani", "paní", "pán", "dr.",  "ing.", "mgr.",
        "пан", "пані", "г-н",  "sr.", "sra.", "sig.", "prof.",
    };

    for (size_t i = 0; i < COUNT(words); i++) {
        if (span_eq(word, span_of(words[i])))
            return true;
    }
    return false;
}

static bool western_sure(const struct cell *c)
{
    struct span rest = c->narrow, word;
    size_t words = 0, long_words = 0;

    while (span_cut(&rest, ' ', &word)) {
        if (word.len > 0 && word.ptr[word.len - 1] == ',' && rest.len > 0)
            word = span_head(word, word.len - 1);
        if (words > 0 ? is_particle(word) : is_title(word))
            continue;
        if (!word_valid(word) || names_thing(word))
            return false;
        words++;
        long_words += word.len > 1 && word.ptr[word.len - 1] != '.';
    }
    return words >= 2 && words <= WORDS_MAX && long_words >= 1 &&
           c->letters + c->wide >= 4;
}

/* Two to four syllables of Korean, the family name first. */
static bool korean_sure(const struct cell *c)
{
    struct span s = c->narrow;
    size_t count = 0, used;

    for (; s.len > 0; s = span_skip(s, used)) {
        uint32_t code;
        used = unicode_decode(s, &code);
        if (code == ' ')
            continue;
        if (code < 0xAC00 || code > 0xD7A3)
            return false;
        count++;
    }
    return count >= 2 && count <= 4;
}

/* Letters beyond ASCII of Europe, of the Near East, of India and Thailand. */
static bool is_lettered(const struct cell *c)
{
    uint8_t first = c->narrow.ptr[0];

    return c->letters > 0 ||
           (c->wide > 0 && ((first >= 0xC3 && first <= 0xDB) || first == 0xE0));
}

static bool person_sure(const struct cell *c)
{
    if (c->digits > 0 || c->at || c->narrow.len > NAME_TEXT)
        return false;
    if (is_lettered(c))
        return western_sure(c);
    return c->wide > 0 && (japanese_sure(c) || korean_sure(c));
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
