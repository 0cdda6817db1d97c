// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * lines.c - lines, verbs and replies of text protocols.
 *
 * In:   bytes of a command connection.
 * Out:  one line at a time, and what it says.
 * Not:  keeps nothing between calls and knows no protocol's verbs.
 */
#include "decode/proto/lines.h"

enum line_found line_take(struct reader *r, struct span *line)
{
    struct reader ahead = *r;
    size_t at = span_find(r->rest, '\n');

    if (at >= LINE_LONGEST)
        return LINE_ENDLESS;
    if (at == r->rest.len)
        return LINE_MORE;
    *line = reader_take(&ahead, at);
    reader_skip(&ahead, 1);
    if (line->len > 0 && line->ptr[line->len - 1] == '\r')
        line->len--;
    *r = ahead;
    return LINE_WHOLE;
}

bool line_is(struct span line, struct span verb)
{
    struct reader behind = reader_over(span_skip(line, verb.len));

    return span_starts_nocase(line, verb) &&
           (reader_left(&behind) == 0 || reader_peek(&behind, 0) == ' ' ||
            reader_peek(&behind, 0) == '\t');
}

struct span line_argument(struct span line)
{
    size_t blank = span_find(line, ' ');

    return span_trim(span_skip(line, blank));
}

bool line_reply(struct span line, struct reply *out)
{
    uint64_t code = 0;
    struct reader behind = reader_over(span_skip(line, 3));

    if (line.len < 3 || !span_number(span_head(line, 3), &code) || code < 100 ||
        code > 599)
        return false;
    uint8_t mark = reader_left(&behind) > 0 ? reader_u8(&behind) : ' ';
    if (mark != ' ' && mark != '-')
        return false;
    *out = (struct reply){(unsigned)code, mark == ' ', behind.rest};
    return true;
}

/* The six bits of a base64 letter, 64 for anything else. */
static unsigned six_bits(uint8_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A' + 0u;
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26u;
    if (c >= '0' && c <= '9')
        return c - '0' + 52u;
    return c == '+' ? 62 : c == '/' ? 63 : 64;
}

size_t line_base64(struct span text, uint8_t *out, size_t room)
{
    struct reader r = reader_over(span_trim(text));
    uint32_t bits = 0;
    unsigned held = 0;
    size_t made = 0;

    while (reader_left(&r) > 0) {
        uint8_t c = reader_u8(&r);
        if (c == '=')
            break;
        unsigned six = six_bits(c);
        if (six == 64)
            return 0;
        bits = bits << 6 | six;
        held += 6;
        if (held >= 8 && made < room) {
            held -= 8;
            out[made++] = (uint8_t)(bits >> held);
        }
    }
    return made;
}
