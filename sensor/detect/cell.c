// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * cell.c - looks a cell over: what signs it is made of.
 *
 * Runs for every cell of a table, so ASCII takes a way of its own.
 * It must not allocate.
 */
#include "detect/cell.h"

#include "util/unicode.h"

/* U+3000 in UTF-8: the blank of Japanese text. */
static const struct span ideographic = {(const uint8_t *)"\xE3\x80\x80", 3};

struct span cell_trim(struct span text)
{
    for (;;) {
        text = span_trim(text);
        if (span_starts(text, ideographic))
            text = span_skip(text, 3);
        else if (text.len >= 3 &&
                 span_eq(span_skip(text, text.len - 3), ideographic))
            text = span_head(text, text.len - 3);
        else
            return text;
    }
}

/* The ASCII sign that code stands for, 0 for none. */
static uint8_t narrow_sign(uint32_t code, bool after_digit)
{
    if (code >= 0xFF01 && code <= 0xFF5E)
        return (uint8_t)(code - 0xFEE0);
    if (code == 0x3000 || code == 0xA0)
        return ' ';
    if ((code >= 0x2010 && code <= 0x2015) || code == 0x2212)
        return '-';
    /* the long vowel mark, often typed for a dash between numbers */
    if (after_digit && (code == 0x30FC || code == 0xFF70))
        return '-';
    return 0;
}

static struct span narrow_make(struct span text, uint8_t *room)
{
    size_t len = 0;

    while (text.len > 0 && len + 4 <= CELL_ROOM) {
        uint32_t code;
        size_t used = unicode_decode(text, &code);
        uint8_t sign =
            narrow_sign(code, len > 0 && cell_is_digit(room[len - 1]));
        if (sign)
            room[len++] = sign;
        for (size_t i = 0; !sign && i < used; i++)
            room[len++] = text.ptr[i];
        text = span_skip(text, used);
    }
    return (struct span){room, len};
}

/* Counts of five kinds of bytes side by side, LANE bits each. */
enum { LANE = 12, LANE_MASK = (1 << LANE) - 1 };

#define D UINT64_C(1)                 /* digits */
#define L (UINT64_C(1) << LANE)       /* letters */
#define W (UINT64_C(1) << (2 * LANE)) /* bytes that are not ASCII */
#define B (UINT64_C(1) << (3 * LANE)) /* blanks */
#define A (UINT64_C(1) << (4 * LANE)) /* @ */

/* clang-format off */
static const uint64_t kinds[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    B, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    D, D, D, D, D, D, D, D, D, D, 0, 0, 0, 0, 0, 0,
    A, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
    L, L, L, L, L, L, L, L, L, L, L, 0, 0, 0, 0, 0,
    0, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
    L, L, L, L, L, L, L, L, L, L, L, 0, 0, 0, 0, 0,
    W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W,
    W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W,
    W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W,
    W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W,
    W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W,
    W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W,
    W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W,
    W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W,
};
/* clang-format on */

static void cell_count(struct cell *c)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < c->narrow.len; i++)
        sum += kinds[c->narrow.ptr[i]];
    c->digits = (uint16_t)(sum & LANE_MASK);
    c->letters = (uint16_t)(sum >> LANE & LANE_MASK);
    c->wide = (uint16_t)(sum >> (2 * LANE) & LANE_MASK);
    c->blanks = (uint16_t)(sum >> (3 * LANE) & LANE_MASK);
    c->at = sum >> (4 * LANE) & LANE_MASK;
}

void cell_make(struct cell *c, struct span text, uint8_t *room)
{
    *c = (struct cell){.text = cell_trim(text)};
    c->narrow = span_head(c->text, CELL_ROOM);
    cell_count(c);
    if (c->wide == 0)
        return;
    c->narrow = cell_trim(narrow_make(c->text, room));
    cell_count(c);
}

size_t cell_digits(struct span s, uint8_t *out, size_t max)
{
    size_t count = 0;

    for (size_t i = 0; i < s.len; i++) {
        if (!cell_is_digit(s.ptr[i]))
            continue;
        if (count < max)
            out[count] = s.ptr[i];
        count++;
    }
    return count;
}
