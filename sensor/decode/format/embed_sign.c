// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * embed_sign.c - one digit of base64 as it stands in JSON, XML or a URI.
 *
 * Spec: RFC 8259 7, XML 1.0 4.1, RFC 3986 2.1. A line goes on in the next
 * one when that is as wide, or is the last: nothing but digits in either.
 */
#include "decode/format/embed_sign.h"

#include "decode/format/base64.h"

enum {
    NARROW = 40, /* digits of a line that is one of several */
    WIDE = 256,
    MARGIN = 64, /* blanks in front of a line */
};

static bool is_digit(uint8_t byte)
{
    return base64_values[byte] < 64;
}

/* A sign that was written in another way. */
static struct embed_sign escaped(uint8_t byte, size_t used)
{
    struct embed_sign s = {SIGN_STOP, byte, 0};

    if (is_digit(byte))
        s = (struct embed_sign){SIGN_DIGIT, byte, used};
    else if (byte == '=')
        s = (struct embed_sign){SIGN_PAD, byte, used};
    else if (byte == '\r' || byte == '\n' || byte == '\t')
        s = (struct embed_sign){SIGN_BLANK, '\n', used};
    return s;
}

static struct embed_sign backslash(struct span s, bool ended)
{
    uint8_t next = s.len > 1 ? s.ptr[1] : 0;
    uint64_t value;

    if (s.len < 2 || (next == 'u' && s.len < SIGN_MOST))
        return (struct embed_sign){ended ? SIGN_STOP : SIGN_MORE, '\\', 0};
    if (next == '/' || next == '=' || next == '+')
        return escaped(next, 2);
    if (next == 'n' || next == 'r' || next == 't')
        return escaped('\n', 2);
    if (next == 'u' && span_hex(span_slice(s, 2, SIGN_MOST), &value) &&
        value < 0x80)
        return escaped((uint8_t)value, SIGN_MOST);
    return (struct embed_sign){SIGN_STOP, '\\', 0};
}

static struct embed_sign percent(struct span s, bool ended)
{
    uint64_t value;

    if (s.len < 3)
        return (struct embed_sign){ended ? SIGN_STOP : SIGN_MORE, '%', 0};
    if (span_hex(span_slice(s, 1, 3), &value))
        return escaped((uint8_t)value, 3);
    return (struct embed_sign){SIGN_STOP, '%', 0};
}

static struct embed_sign entity(struct span s, bool ended)
{
    struct span seen = span_head(s, SIGN_MOST);
    size_t end = span_find(seen, ';');
    struct span name = span_slice(s, 1, end);

    if (end == seen.len && seen.len < SIGN_MOST && !ended)
        return (struct embed_sign){SIGN_MORE, '&', 0};
    bool blank = span_eq(name, SPAN("#13")) || span_eq(name, SPAN("#10")) ||
                 span_eq_nocase(name, SPAN("#xd")) ||
                 span_eq_nocase(name, SPAN("#xa"));
    if (end < seen.len && blank)
        return escaped('\n', end + 1);
    return (struct embed_sign){SIGN_STOP, '&', 0};
}

/* A line ends: is the next one of the same digits? */
static struct embed_sign line_end(struct span s, struct embed_lines *lines,
                                  bool ended)
{
    uint32_t width = lines->width > 0 ? lines->width : lines->line;
    size_t at = 0, digits = 0, ends = 0;

    if (lines->line != width || width < NARROW || width > WIDE)
        return (struct embed_sign){SIGN_STOP, *s.ptr, 0};
    while (at < s.len && at < MARGIN && ends <= 1 &&
           (s.ptr[at] == '\r' || s.ptr[at] == '\n' || s.ptr[at] == ' ' ||
            s.ptr[at] == '\t'))
        ends += s.ptr[at++] == '\n';
    while (at + digits < s.len && digits < width &&
           is_digit(s.ptr[at + digits]))
        digits++;
    bool there = at + digits < s.len;
    uint8_t next = there ? s.ptr[at + digits] : '\n';
    if (!there && ends <= 1 && digits < width && !ended)
        return (struct embed_sign){SIGN_MORE, '\n', 0};
    bool last = next == '\r' || next == '\n' || next == '=' || next == '<' ||
                next == '"' || next == '\'' || next == '&';
    if (ends > 1 || digits == 0 || (digits < width && !last))
        return (struct embed_sign){SIGN_STOP, *s.ptr, 0};
    lines->width = (uint16_t)width;
    lines->line = 0;
    return (struct embed_sign){SIGN_BLANK, '\n', at};
}

void embed_sign(struct span s, struct embed_lines *lines, bool ended,
                struct embed_sign *sign)
{
    uint8_t byte = s.len > 0 ? *s.ptr : 0;

    *sign = (struct embed_sign){SIGN_STOP, byte, 0};
    if (s.len == 0)
        *sign = (struct embed_sign){ended ? SIGN_STOP : SIGN_MORE, 0, 0};
    else if (is_digit(byte))
        *sign = (struct embed_sign){SIGN_DIGIT, byte, 1};
    else if (byte == '=')
        *sign = (struct embed_sign){SIGN_PAD, byte, 1};
    else if (byte == '\\')
        *sign = backslash(s, ended);
    else if (byte == '%')
        *sign = percent(s, ended);
    else if (byte == '&')
        *sign = entity(s, ended);
    else if (byte == '\r' || byte == '\n')
        *sign = line_end(s, lines, ended);
    if (sign->kind == SIGN_DIGIT)
        lines->line++;
}
