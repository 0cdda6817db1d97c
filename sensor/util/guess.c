// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * guess.c - the reading of bytes that looks most like writing.
 *
 * uchardet was measured on the same tables (docs/design.md): cells of names
 * are too short for its models. It must not keep anything.
 */
#include "util/guess.h"

#include <string.h>

#include "util/letters.h"
#include "util/unicode.h"

enum {
    DECLARED = 60, /* what a declaration adds to a score */
    CHOSEN = 120,  /* one of a single-byte charset nobody has by default */
    DEFAULT = 0,   /* and Latin-1, which programs write unasked */
    CURRENT = 30,  /* and what text in front was in */
    TRUSTED = 200, /* without a doubt */
    RIVAL = 8,     /* by this another single-byte charset beats CP1252 */
    OLD = 150,     /* and by this one of DOS or the Mac */
    NO_SCORE = -100000,
    SURE_THREES = 3, /* UTF-8 of three bytes that are no accident */
    SURE_TWOS = 6,
    GOOD_UTF8 = 8, /* whole characters for each damaged one */
};

/* Charsets that are met without a declaration; of equals the first wins. */
static const uint8_t candidates[] = {
    CHARSET_CP932,  CHARSET_EUCJP,          CHARSET_GB18030,
    CHARSET_BIG5,   CHARSET_CP949,          CHARSET_CP1252,
    CHARSET_CP1250, CHARSET_LATIN2,         CHARSET_CP1251,
    CHARSET_KOI8R,  CHARSET_LATIN_CYRILLIC, CHARSET_CP866,
    CHARSET_CP1253, CHARSET_LATIN_GREEK,    CHARSET_CP1254,
    CHARSET_CP1257, CHARSET_CP1255,         CHARSET_CP1256,
    CHARSET_CP850,  CHARSET_CP852,          CHARSET_MACINTOSH,
};

/* --- one reading --- */

struct reading {
    int score;
    uint32_t signs;
    uint32_t bad;
};

static struct reading read_as(enum charset charset, const struct guess_text *t)
{
    struct letters l = {.pairs = !charset_is_single(charset)};
    struct reading r = {NO_SCORE, 0, 0};
    struct span rest = t->bytes;

    while (rest.len > 0) {
        uint32_t code;
        size_t used = charset_decode(charset, rest, &code);
        if (used == 0 && t->cut)
            break;
        r.bad += code == CHARSET_BAD ? 1 : 0;
        letters_add(&l, code);
        rest = span_skip(rest, used > 0 ? used : rest.len);
    }
    r.signs = l.signs;
    r.score = letters_score(&l);
    return r;
}

/* --- UTF-8 --- */

struct utf8 {
    uint32_t twos, threes; /* characters of two, of three and four bytes */
    uint32_t odd;          /* of two bytes that text hardly has */
    uint32_t bad;
};

/* Counts characters, up to most damaged ones. */
static struct utf8 count_utf8(struct span s, bool cut, uint32_t most)
{
    struct utf8 u = {0};

    while (s.len > 0 && u.bad <= most) {
        uint32_t code;
        size_t used = charset_decode(CHARSET_UTF8, s, &code);
        if (used == 0) {
            u.bad += cut ? 0 : 1;
            break;
        }
        if (code == CHARSET_BAD)
            u.bad += s.ptr[0] >= 0x80 ? 1 : 0;
        else if (used == 2)
            u.twos++;
        u.odd += used == 2 && !letters_usual(code) ? 1 : 0;
        u.threes += used >= 3 ? 1 : 0;
        s = span_skip(s, used);
    }
    return u;
}

bool guess_is_utf8(struct span bytes, bool cut)
{
    struct utf8 u = count_utf8(bytes, cut, 0);

    return u.bad == 0 && (u.threes >= SURE_THREES ||
                          (u.odd == 0 && u.twos + u.threes >= SURE_TWOS));
}

/* --- all of them --- */

static void consider(enum charset charset, const struct guess_text *t,
                     struct guess *best)
{
    struct reading r = read_as(charset, t);
    bool other = charset_is_single(charset) && charset != CHARSET_CP1252;

    if (charset == t->declared)
        r.score += other                       ? CHOSEN
                   : charset == CHARSET_CP1252 ? DEFAULT
                                               : DECLARED;
    bool trusted = charset == t->current && t->trusted && r.bad == 0;
    if (charset == t->current)
        r.score += trusted ? TRUSTED : CURRENT;
    if (!trusted)
        r.score -= charset >= CHARSET_CP866 ? OLD : other ? RIVAL : 0;
    if (r.score > best->score)
        *best = (struct guess){charset, r.score, r.signs};
}

static bool is_candidate(enum charset charset)
{
    for (size_t i = 0; i < COUNT(candidates); i++)
        if (candidates[i] == charset)
            return true;
    return false;
}

struct guess guess_charset(const struct guess_text *t)
{
    struct utf8 u = count_utf8(t->bytes, t->cut, UINT32_MAX);
    struct guess best = {CHARSET_CP1252, NO_SCORE, 0};
    const enum charset said[] = {t->declared, t->current};

    if (unicode_ascii(t->bytes))
        return best;
    if (u.twos + u.threes > 0 &&
        (u.bad == 0 ? u.odd == 0 : u.threes / GOOD_UTF8 >= u.bad))
        return (struct guess){CHARSET_UTF8, 0, u.twos + u.threes};
    for (size_t i = 0; i < COUNT(candidates); i++)
        consider((enum charset)candidates[i], t, &best);
    for (size_t i = 0; i < COUNT(said); i++)
        if (said[i] > CHARSET_UTF8 && said[i] != CHARSET_ISO2022 &&
            !is_candidate(said[i]))
            consider(said[i], t, &best);
    if (u.bad == 0 && u.twos + u.threes > 0 && best.score < 0)
        return (struct guess){CHARSET_UTF8, 0, u.twos + u.threes};
    return best;
}

/* Blanks, and the four separators of ASCII. */
static bool is_blank(uint32_t code)
{
    return (code >= '\t' && code <= '\r') || (code >= 0x1C && code < 0x20);
}

bool guess_is_binary(struct span s)
{
    enum { FEW = 3, SHARE = 40 };
    size_t controls = 0;

    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.ptr[i];
        bool blank = is_blank(c);
        controls += ((c < 0x20 && !blank && c != 0x1B) || c == 0x7F) ? 1 : 0;
    }
    return controls >= FEW && controls * SHARE > s.len;
}

/* --- wide units --- */

struct units {
    size_t count, bad, odd;
    size_t plain; /* ASCII */
    size_t pairs; /* that two ASCII bytes side by side would be, too */
};

/* Units that text is full of: no value is lost when one is not here. */
static bool is_common(uint32_t code)
{
    return code < 0x180 || (code >= 0x370 && code < 0x460) ||
           (code >= 0x5D0 && code < 0x700) || (code >= 0xE00 && code < 0xE80) ||
           (code >= 0x1E00 && code < 0x1F00) ||
           (code >= 0x2010 && code < 0x2660) ||
           (code >= 0x3000 && code < 0x3400) ||
           (code >= 0x4E00 && code < 0xA000) ||
           (code >= 0xAC00 && code < 0xD7B0) ||
           (code >= 0xF900 && code < 0xFB00) ||
           (code >= 0xFE30 && code < 0xFE50) || code == 0xFEFF ||
           (code >= 0xFF00 && code < 0xFFF0);
}

static bool is_pair(uint32_t code)
{
    uint32_t high = code >> 8, low = code & 0xFF;

    return high >= 0x20 && high < 0x7F && low >= 0x20 && low < 0x7F;
}

/* All of them are characters. */
static bool is_han(uint32_t code)
{
    return code >= 0x4E00 && code < 0x9FF0;
}

static void count_unit(struct units *u, uint32_t code)
{
    bool blank = is_blank(code);

    u->count++;
    u->pairs += is_pair(code) ? 1 : 0;
    if (blank || (code >= 0x20 && code < 0x7F))
        u->plain++;
    else if (is_han(code))
        return;
    else if ((code < 0x20 && !blank) || (code >= 0x7F && code < 0xA0) ||
             code > 0x10FFFF || (code >= 0xD800 && code < 0xF900))
        u->bad++;
    else if (code < 0x10000 && !is_common(code))
        u->odd++;
}

enum {
    LEAST = 4,   /* units that tell anything */
    PLAIN = 64,  /* of as many units, at least one is ASCII */
    BAD = 50,    /* of as many, at most one is bad */
    ODD = 10,    /* or odd */
    FEW_BAD = 3, /* fewer may be chance */
    FEW_ODD = 8,
};

/* Of so many units, this many are too many even if all the rest is right. */
struct bounds {
    size_t bad, odd;
};

static size_t greater(size_t a, size_t b)
{
    return a > b ? a : b;
}

static struct bounds bounds_of(size_t units)
{
    return (struct bounds){greater(units / BAD + 1, FEW_BAD),
                           greater(units / ODD + 1, FEW_ODD)};
}

static bool is_hopeless(const struct units *u, struct bounds most)
{
    return u->bad >= most.bad || u->odd >= most.odd;
}

/* Counts units until there are too many bad ones for any text. */
static struct units count_units(enum charset charset, struct span s)
{
    bool big = charset == CHARSET_UTF16BE || charset == CHARSET_UTF32BE;
    size_t unit = charset_unit(charset), most = s.len / unit;
    const uint8_t *p = s.ptr, *end = s.ptr + most * unit;
    struct bounds bounds = bounds_of(most);
    struct units u = {0};

    for (; p < end && !is_hopeless(&u, bounds); p += unit) {
        uint32_t code =
            big ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
        if (unit == 4)
            code = big ? code << 16 | (uint32_t)p[2] << 8 | p[3]
                       : ((uint32_t)p[3] << 8 | p[2]) << 16 | code;
        else if ((code & 0xFC00) == 0xD800 && end - p >= 4 &&
                 (p[big ? 2 : 3] & 0xFC) == 0xDC) {
            p += unit; /* a pair of surrogates: some rare sign */
            code = 0x20000;
        }
        count_unit(&u, code);
    }
    return u;
}

/*
 * Wide text has ends of lines, digits and commas, each with its zero byte;
 * what it has none of is bytes of 8-bit text taken in pairs.
 */
static bool fits(const struct units *u)
{
    return u->count >= LEAST && u->plain * PLAIN >= u->count &&
           u->bad * BAD <= u->count && u->odd * ODD <= u->count &&
           u->pairs * 4 <= u->count * 3;
}

struct guess_wide guess_wide(struct span s, bool aligned)
{
    struct guess_wide best = {.charset = CHARSET_NONE};
    size_t least = SIZE_MAX;

    if (memchr(s.ptr, 0, s.len) == NULL)
        return best;
    /* from the widest on: UTF-32 is UTF-16 full of zeros */
    for (int c = CHARSET_UTF32BE; c >= CHARSET_UTF16LE; c--) {
        size_t shifts = aligned ? 1 : charset_unit((enum charset)c);
        for (size_t skip = 0; skip < shifts; skip++) {
            struct units u = count_units((enum charset)c, span_skip(s, skip));
            size_t wrong = u.bad * 4 + u.odd;
            best.maybe =
                best.maybe ||
                !is_hopeless(&u,
                             bounds_of(s.len / charset_unit((enum charset)c)));
            if (!fits(&u) || wrong >= least)
                continue;
            least = wrong;
            best.charset = (enum charset)c;
            best.skip = (uint8_t)skip;
            best.sure = wrong == 0 && u.plain * 4 > u.count;
        }
    }
    return best;
}

enum charset guess_mark(struct span s, size_t *len)
{
    static const struct {
        struct span mark;
        enum charset charset;
    } marks[] = {
        {SPAN_INIT("\xEF\xBB\xBF"), CHARSET_UTF8},
        {SPAN_INIT("\xFF\xFE\0\0"), CHARSET_UTF32LE},
        {SPAN_INIT("\0\0\xFE\xFF"), CHARSET_UTF32BE},
        {SPAN_INIT("\xFF\xFE"), CHARSET_UTF16LE},
        {SPAN_INIT("\xFE\xFF"), CHARSET_UTF16BE},
        {SPAN_INIT("\x84\x31\x95\x33"), CHARSET_GB18030},
    };

    for (size_t i = 0; i < COUNT(marks); i++) {
        *len = marks[i].mark.len;
        if (span_starts(s, marks[i].mark))
            return marks[i].charset;
    }
    *len = 0;
    return CHARSET_NONE;
}
