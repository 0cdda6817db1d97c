// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * text.c - escaping what the wire chose, and the distance of words.
 *
 * Escapes encode, never delete: deleting would hide the attempt.
 */
#include "util/text.h"

#include <string.h>

static bool continues(struct span s, size_t at)
{
    return at < s.len && (s.ptr[at] & 0xC0) == 0x80;
}

size_t text_character(struct span s, uint32_t *code)
{
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    if (s.len == 0)
        return 0;

    uint8_t first = s.ptr[0];
    size_t len = first < 0x80             ? 1
                 : (first & 0xE0) == 0xC0 ? 2
                 : (first & 0xF0) == 0xE0 ? 3
                 : (first & 0xF8) == 0xF0 ? 4
                                          : 0;
    if (len <= 1) {
        *code = first;
        return len;
    }
    uint32_t c = first & (0xFFu >> (len + 1));
    for (size_t i = 1; i < len; i++) {
        if (!continues(s, i))
            return 0;
        c = c << 6 | (s.ptr[i] & 0x3F);
    }
    if (c < least[len] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        return 0;
    *code = c;
    return len;
}

/* Would this character move a cursor, a line or the reading direction? */
static bool is_unsafe(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x200E || c == 0x200F ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ||
           c == 0x061C || c == 0xFEFF;
}

size_t text_escape(struct span text, char *out, size_t room)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t used = 0;

    if (room == 0)
        return 0;
    while (text.len > 0) {
        uint32_t code = 0;
        size_t len = text_character(text, &code);
        bool plain = len > 0 && !is_unsafe(code);
        size_t bytes = len > 0 ? len : 1;
        if (used + (plain ? bytes : 4 * bytes) >= room)
            break;
        for (size_t i = 0; i < bytes; i++) {
            uint8_t b = text.ptr[i];
            if (plain) {
                out[used++] = (char)b;
                continue;
            }
            out[used++] = '\\';
            out[used++] = 'x';
            out[used++] = digits[b >> 4];
            out[used++] = digits[b & 15];
        }
        text = span_skip(text, bytes);
    }
    out[used] = '\0';
    return used;
}

unsigned text_distance(struct span a, struct span b)
{
    enum { LONGEST = 63 };
    uint8_t row[LONGEST + 1];

    if (a.len > LONGEST || b.len > LONGEST)
        return 255;
    for (size_t j = 0; j <= b.len; j++)
        row[j] = (uint8_t)j;
    for (size_t i = 0; i < a.len; i++) {
        uint8_t diagonal = row[0];
        row[0] = (uint8_t)(i + 1);
        for (size_t j = 0; j < b.len; j++) {
            uint8_t best = (uint8_t)(diagonal + (a.ptr[i] != b.ptr[j] ? 1 : 0));
            diagonal = row[j + 1];
            if (diagonal + 1 < best)
                best = (uint8_t)(diagonal + 1);
            if (row[j] + 1 < best)
                best = (uint8_t)(row[j] + 1);
            row[j + 1] = best;
        }
    }
    return row[b.len];
}
