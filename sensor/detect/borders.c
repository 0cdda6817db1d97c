// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * borders.c - where the columns of lines as long as one another begin, when
 * nothing stands between them.
 *
 *     1 Jerry Price  73487704434539148803436467(214) 555-01421955-03-03
 *     2 Mary Reed    73487704443530111333300000(303) 555-01111961-01-01
 *
 * Values whose form is their length are looked for first: cards, days,
 * phones that stand at the same place of nearly every line. The rest is cut
 * where figures and letters meet, or blanks and signs, in nearly all lines.
 *
 * It must not say what a column is: columns.c judges, as for any table.
 */
#include <string.h>

#include "detect/detectors.h"
#include "detect/shape.h"
#include "outflow/compiler.h"
#include "util/unicode.h"

enum {
    PLACES_MAX = 400,  /* longer lines are no rows of this kind */
    LINES_LEAST = 8,   /* fewer show nothing by their share */
    NEARLY = 95,       /* percent of the lines */
    MOST = 90,         /* percent of cards that must be live */
    PADDED = 50,       /* percent of lines that end before a column's end */
    LINE_LEAST = 24,   /* bytes, and digits under digits, of lines that are */
    DIGITS_LEAST = 12, /* looked at */
    SIGN_WIDE = 0x80,  /* stands for a sign beyond ASCII */
};

/* The lines, a sign a place; what is known of the places. */
struct place_map {
    unsigned lines, width;
    uint8_t sign[LIMIT_SAMPLE_ROWS][PLACES_MAX];
    uint8_t digits[PLACES_MAX], blanks[PLACES_MAX]; /* lines that have one */
    bool begins[PLACES_MAX + 1];
    bool inside[PLACES_MAX]; /* of a value: no column begins there */
};

/* The places of a line; gives how many, 0: too many. */
static unsigned map_line(struct span line, const struct dialect *how,
                         uint8_t *sign)
{
    unsigned at = 0;

    if (line.len <= PLACES_MAX && line.len > 0 && unicode_ascii(line)) {
        memcpy(sign, line.ptr, line.len);
        return (unsigned)line.len;
    }
    while (line.len > 0) {
        uint32_t code;
        size_t used = unicode_decode(line, &code);
        unsigned width = split_width(how, code);
        if (at + width > PLACES_MAX)
            return 0;
        uint8_t one = code < SIGN_WIDE ? (uint8_t)code : SIGN_WIDE;
        memset(sign + at, code == 0x3000 ? ' ' : one, width);
        at += width;
        line = span_skip(line, used);
    }
    return at;
}

static bool nearly(const struct place_map *m, unsigned lines)
{
    return lines * 100 >= m->lines * NEARLY;
}

/* False when the lines are not as long as one another. */
static bool map_lines(struct span text, const struct dialect *how,
                      struct place_map *m)
{
    struct span line;
    unsigned odd = 0;

    m->lines = m->width = 0;
    while (m->lines < LIMIT_SAMPLE_ROWS && shape_line(&text, &line)) {
        if (line.len == 0)
            continue;
        unsigned width = map_line(line, how, m->sign[m->lines]);
        if (m->lines == 0)
            m->width = width;
        if (width != m->width && ++odd > 1)
            return false;
        m->lines += width == m->width;
    }
    if (m->lines < LINES_LEAST || m->width == 0)
        return false;
    memset(m->digits, 0, sizeof(m->digits));
    memset(m->blanks, 0, sizeof(m->blanks));
    memset(m->begins, 0, sizeof(m->begins));
    memset(m->inside, 0, sizeof(m->inside));
    for (unsigned i = 0; i < m->lines; i++) {
        for (unsigned at = 0; at < m->width; at++) {
            uint8_t c = m->sign[i][at];
            m->digits[at] = (uint8_t)(m->digits[at] + cell_is_digit(c));
            m->blanks[at] = (uint8_t)(m->blanks[at] + (c == ' '));
        }
    }
    return true;
}

/* Two digits there, and their number at most that; 0 is none. */
static bool is_upto(const uint8_t *sign, unsigned most)
{
    if (!cell_is_digit(sign[0]) || !cell_is_digit(sign[1]))
        return false;
    unsigned n = (unsigned)(sign[0] - '0') * 10 + (unsigned)(sign[1] - '0');

    return n >= 1 && n <= most;
}

/*
 * Signs that a form has: 0 is any digit, Yy 19 or 20 of a year, Mm a month, Dd
 * a day of one.
 */
static bool has_form(const uint8_t *sign, const char *form)
{
    for (; *form; form++, sign++) {
        bool good = *sign == (uint8_t)*form;
        if (*form == '0')
            good = cell_is_digit(*sign);
        else if (*form == 'Y')
            good = memcmp(sign, "19", 2) == 0 || memcmp(sign, "20", 2) == 0;
        else if (*form == 'M' || *form == 'D')
            good = is_upto(sign, *form == 'M' ? 12 : 31);
        else if (memchr("ymd", *form, 3))
            good = true;
        if (!good)
            return false;
    }
    return true;
}

static bool is_card(const uint8_t *sign, unsigned len)
{
    uint8_t room[CELL_ROOM];
    struct cell c;

    for (unsigned i = 0; i < len; i++) {
        if (!cell_is_digit(sign[i]))
            return false;
    }
    cell_make(&c, (struct span){sign, len}, room);
    return card_sure(&c);
}

/* A value of len places begins at at; it may not lie over another. */
static bool take_value(struct place_map *m, unsigned at, unsigned len)
{
    unsigned same = 0;

    for (unsigned i = 0; i < len; i++) {
        if (m->inside[at + i])
            return false;
    }
    for (unsigned i = 1; i < m->lines; i++)
        same += memcmp(m->sign[i] + at, m->sign[i - 1] + at, len) == 0;
    if (same * 2 > m->lines)
        return false;
    memset(m->inside + at, true, len);
    m->begins[at] = m->begins[at + len] = true;
    return true;
}

static bool are_cards(const struct place_map *m, unsigned at, unsigned len)
{
    unsigned live = 0;

    for (unsigned i = 0; i < m->lines; i++) {
        live += is_card(m->sign[i] + at, len);
        if ((i + 1 - live) * 100 > m->lines * (100 - MOST))
            return false;
    }
    return true;
}

static const uint8_t card_lengths[] = {16, 15, 14, 19, 13};

static void find_cards(struct place_map *m)
{
    unsigned run = 0; /* places back that are digits in nearly all lines */

    for (unsigned i = 0; i < sizeof(card_lengths); i++) {
        const unsigned len = card_lengths[i];
        run = 0;
        for (unsigned at = 0; at < m->width; at++) {
            run = nearly(m, m->digits[at]) ? run + 1 : 0;
            if (run >= len && are_cards(m, at + 1 - len, len))
                take_value(m, at + 1 - len, len);
        }
    }
}

/* Values of a form that stand at the same place of nearly every line. */
static void find_form(struct place_map *m, const char *form)
{
    unsigned len = (unsigned)strlen(form);

    for (unsigned at = 0; at + len <= m->width; at++) {
        unsigned lines = 0;
        for (unsigned i = 0; i < m->lines && lines + 2 > i; i++)
            lines += has_form(m->sign[i] + at, form);
        if (nearly(m, lines))
            take_value(m, at, len);
    }
}

/* Do nearly all lines have a sign there that is no digit? */
static bool is_lettered(const struct place_map *m, unsigned at)
{
    return m->digits[at] == 0 && nearly(m, m->lines - m->blanks[at]);
}

/* Is it beyond ASCII in all lines? */
static bool is_wide(const struct place_map *m, unsigned at)
{
    for (unsigned i = 0; i < m->lines; i++) {
        if (m->sign[i][at] != SIGN_WIDE)
            return false;
    }
    return true;
}

/* Does a column begin at the place, by the signs on its two sides? */
static bool meets(const struct place_map *m, unsigned at)
{
    unsigned left = m->blanks[at - 1];
    unsigned before = at > 1 ? m->blanks[at - 2] : left;

    /* values that end before their column does */
    if (left * 100 >= m->lines * PADDED && before * 200 >= m->lines * PADDED)
        return nearly(m, m->lines - m->blanks[at]);
    if (m->digits[at - 1] > 0 && nearly(m, m->digits[at - 1] + left))
        return is_lettered(m, at);
    return is_wide(m, at - 1) && nearly(m, m->digits[at]);
}

/* Figures, dashes and dots side by side belong together. */
static bool is_joint(const struct place_map *m, unsigned at)
{
    for (unsigned i = 0; i < m->lines; i++) {
        for (unsigned side = 0; side < 2; side++) {
            uint8_t c = m->sign[i][at - side];
            if (c != ' ' && memchr("-/.@:,'", c, 7))
                return true;
        }
    }
    return false;
}

static bool put_places(struct place_map *m, struct dialect *how)
{
    for (unsigned at = 0; at < m->width; at++) {
        bool value = at > 0 && m->inside[at] && m->inside[at - 1];
        bool begins = at == 0 || m->begins[at] ||
                      (!value && meets(m, at) && !is_joint(m, at));
        if (!begins)
            continue;
        if (how->places == DIALECT_PLACES)
            return false;
        how->place[how->places] = how->gap[how->places] = (uint16_t)at;
        how->places++;
    }
    return how->places >= 2;
}

bool borders_find(struct span text, struct dialect *how)
{
    static const char *const forms[] = {
        "(000) 000-0000", "(000)000-0000", "000-000-0000", "Yy00-00-00",
        "Yy00/00/00",     "Yy00.00.00",    "00/00/Yy00",   "00-00-Yy00",
        "00.00.Yy00",     "Yy00MmDd"};
    struct place_map m;

    if (text.len < (size_t)LINES_LEAST * LINE_LEAST)
        return false;
    for (unsigned wide = 0; wide < 2; wide++) {
        *how = (struct dialect){.how = SPLIT_PLACES, .wide = wide == 0};
        if (!map_lines(text, how, &m))
            continue;
        find_cards(&m);
        for (size_t i = 0; i < COUNT(forms); i++)
            find_form(&m, forms[i]);
        return put_places(&m, how);
    }
    return false;
}

/* Have both lines a card, a phone or the sign of a mail at the place? */
static bool is_value(const uint8_t *sign, const uint8_t *other, unsigned left)
{
    static const char *const forms[] = {"(000) 000-0000", "000-000-0000",
                                        "000-0000-0000"};

    for (size_t i = 0; i < COUNT(forms); i++) {
        if (strlen(forms[i]) <= left && has_form(sign, forms[i]) &&
            has_form(other, forms[i]))
            return true;
    }
    for (size_t i = 0; i < sizeof(card_lengths); i++) {
        unsigned len = card_lengths[i];
        if (len <= left && is_card(sign, len) && is_card(other, len))
            return true;
    }
    return false;
}

/* Signs of code, pages, logs and formats that have readers of their own. */
static bool is_marked(struct span line)
{
    static const char marks[] = "{}\"<=|;\t";

    for (const char *mark = marks; *mark; mark++) {
        if (memchr(line.ptr, *mark, line.len))
            return true;
    }
    return false;
}

bool borders_even(struct span line, struct span before)
{
    const struct dialect how = {.how = SPLIT_PLACES, .wide = true};
    uint8_t sign[PLACES_MAX], other[PLACES_MAX];
    unsigned digits = 0, width;

    if (line.len < LINE_LEAST || line.len > 3 * PLACES_MAX ||
        before.len > 3 * PLACES_MAX || is_marked(line))
        return false;
    width = map_line(line, &how, sign);
    if (width == 0 || width != map_line(before, &how, other))
        return false;
    for (unsigned i = 0; i < width; i++)
        digits += cell_is_digit(sign[i]) && cell_is_digit(other[i]);
    if (digits < DIGITS_LEAST || digits == width)
        return false;
    bool any = memchr(sign, '@', width) && memchr(other, '@', width);
    for (unsigned at = 0; at < width && !any; at++) {
        bool starts = cell_is_digit(sign[at]) || sign[at] == '(';
        any = starts && is_value(sign + at, other + at, width - at);
    }
    return any;
}
