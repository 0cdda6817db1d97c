// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * names.c - looks words up in names.def.
 *
 * Only samples of tables are looked at, so a search of a dozen steps is
 * cheap enough. It must not allocate.
 */
#include "detect/names.h"

#include <string.h>

#include "customer/kanji.h"
#include "outflow/compiler.h"
#include "util/unicode.h"

enum {
    WORD_ROOM = 32,
    SHORT_FAMILY = 6, /* bytes of the shortest family name in kanji */
    NAME_LONG = 90,   /* bytes of a name, more or less */
    WHOLE_LEAST = 6,  /* bytes of a name that may be all of a word */
    STEM_LEAST = 2,   /* bytes and more in front of the end of a name */
};

#define TEXT(word)                                                             \
    {                                                                          \
        (const uint8_t *)(word), sizeof(word) - 1                              \
    }
#define NOTHING(word)

static const struct span latin[] = {
#define NAME(word) TEXT(word),
#define KANJI      NOTHING
#define KANA       NOTHING
#define THING      NOTHING
#define HOUSE      NOTHING
#define SIGN       NOTHING
#define END        NOTHING
#define TAIL       NOTHING
#include "detect/names.def"
#undef NAME
#undef KANJI
};

static const struct span kanji[] = {
#define NAME        NOTHING
#define KANJI(word) TEXT(word),
#include "detect/names.def"
#undef KANJI
#undef KANA
};

static const struct span kana[] = {
#define KANJI      NOTHING
#define KANA(word) TEXT(word),
#include "detect/names.def"
#undef KANA
#undef THING
};

static const struct span things[] = {
#define KANA        NOTHING
#define THING(word) TEXT(word),
#include "detect/names.def"
#undef THING
#undef HOUSE
};

static const struct span houses[] = {
#define THING       NOTHING
#define HOUSE(word) TEXT(word),
#include "detect/names.def"
#undef HOUSE
#undef SIGN
};

static const struct span family_signs[] = {
#define HOUSE      NOTHING
#define SIGN(word) TEXT(word),
#include "detect/names.def"
#undef SIGN
#undef END
};

static const struct span ends[] = {
#define SIGN      NOTHING
#define END(word) TEXT(word),
#include "detect/names.def"
#undef END
#undef TAIL
};

static const struct span tails[] = {
#define END        NOTHING
#define TAIL(word) TEXT(word),
#include "detect/names.def"
};

static int compare(struct span a, struct span b)
{
    int order = memcmp(a.ptr, b.ptr, a.len < b.len ? a.len : b.len);

    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static bool listed(struct span word, const struct span *list, size_t count)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare(list[middle], word);
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

/* The small ASCII letter under a letter's diacritics; 0: none. */
static uint8_t base_letter(uint32_t c)
{
    static const char letters[] =
        "aaaaaaaceeeeiiiidnooooo ouuuuyts"
        "aaaaaaaceeeeiiiidnooooo ouuuuyty"
        "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllll"
        "nnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

    if (c < 0x80)
        return cell_is_letter((uint8_t)c) ? (uint8_t)(c | 0x20) : 0;
    if (c < 0xC0 || c - 0xC0 >= sizeof(letters) - 1)
        return 0;
    return (uint8_t)letters[c - 0xC0];
}

/* The word in small ASCII letters; empty when that is not possible. */
static struct span plain_word(struct span word, uint8_t *room)
{
    size_t len = 0, used;

    for (; word.len > 0; word = span_skip(word, used)) {
        uint32_t code;
        used = unicode_decode(word, &code);
        if (code == '\'' || code == 0x2019)
            continue;
        uint8_t letter = base_letter(code);
        if (letter == 0 || letter == ' ' || len == WORD_ROOM)
            return (struct span){room, 0};
        room[len++] = letter;
    }
    return (struct span){room, len};
}

bool names_word(struct span word)
{
    uint8_t room[WORD_ROOM];

    return listed(plain_word(word, room), latin, COUNT(latin));
}

bool names_thing(struct span word)
{
    uint8_t room[WORD_ROOM];

    return listed(plain_word(word, room), things, COUNT(things));
}

bool names_house(struct span text)
{
    for (size_t i = 0; i < COUNT(houses); i++) {
        size_t len = houses[i].len;
        if (span_starts(text, houses[i]) ||
            (text.len > len &&
             span_eq(span_skip(text, text.len - len), houses[i])))
            return true;
    }
    return false;
}

/* The cell in the usual forms of its letters; *blank: where the first is. */
static struct span usual(struct span text, uint8_t *room, size_t *blank)
{
    size_t len = 0, used;

    *blank = 0;
    for (; text.len > 0 && len + 4 <= NAME_LONG; text = span_skip(text, used)) {
        uint32_t code;
        used = unicode_decode(text, &code);
        if (code == ' ' || code == 0x30FB) {
            *blank = *blank ? *blank : len;
            continue;
        }
        len += unicode_encode(kanji_usual(code), room + len);
    }
    return (struct span){room, len};
}

/* A family name at the front, and something behind it; or all of it. */
static bool japanese_known(const struct cell *c, bool whole)
{
    uint8_t plain[NAME_LONG * 2], room[NAME_LONG];
    size_t blank;
    size_t len = unicode_short(span_head(c->narrow, NAME_LONG), UNICODE_NFKC,
                               plain, sizeof(plain));

    if (len == SIZE_MAX || c->narrow.len > NAME_LONG)
        return false;
    struct span name = usual((struct span){plain, len}, room, &blank);
    if (whole)
        return listed(name, kanji, COUNT(kanji)) ||
               listed(name, kana, COUNT(kana));
    if (blank > 0)
        return listed(span_head(name, blank), kanji, COUNT(kanji)) ||
               listed(span_head(name, blank), kana, COUNT(kana));
    for (size_t n = SHORT_FAMILY; n < name.len && n <= 4 * 3; n += 3) {
        if (listed(span_head(name, n), kanji, COUNT(kanji)))
            return true;
    }
    return false;
}

/* One sign of a family and one to three of the person: Korean, Chinese. */
static bool sign_known(const struct cell *c)
{
    return c->narrow.len >= 6 && c->narrow.len <= 12 && c->blanks == 0 &&
           listed(span_head(c->narrow, 3), family_signs, COUNT(family_signs));
}

/* Has one of the words such an end, and more in front of it, or is all of it?
 */
static bool ends_so(struct span text, const struct span *list, size_t count)
{
    struct span word;

    while (span_cut(&text, ' ', &word)) {
        for (size_t i = 0; i < count; i++) {
            size_t len = list[i].len;
            bool whole = word.len == len && len >= WHOLE_LEAST;
            if ((whole || word.len > len + STEM_LEAST) &&
                span_eq(span_skip(word, word.len - len), list[i]))
                return true;
        }
    }
    return false;
}

bool names_single(const struct cell *c)
{
    if (c->digits > 0 || c->blanks > 0 || c->at)
        return false;
    return c->letters > 0 ? names_word(c->narrow)
                          : c->wide > 0 && japanese_known(c, true);
}

bool names_known(const struct cell *c)
{
    struct span rest = c->narrow, word;

    if (c->digits > 0 || c->at || c->narrow.len > NAME_LONG)
        return false;
    if (c->letters == 0 && c->wide > 0 && c->narrow.ptr[0] >= 0xE0)
        return japanese_known(c, false) || sign_known(c) ||
               ends_so(c->narrow, ends, COUNT(ends));
    if (c->letters == 0)
        return ends_so(c->narrow, ends, COUNT(ends));
    while (span_cut(&rest, ' ', &word)) {
        while (word.len > 0 &&
               (word.ptr[word.len - 1] == ',' || word.ptr[word.len - 1] == '.'))
            word = span_head(word, word.len - 1);
        if (word.len > 1 && names_word(word))
            return true;
    }
    return ends_so(c->narrow, tails, COUNT(tails));
}
