// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * span.c - comparing, cutting and searching borrowed bytes.
 *
 * The only util that looks at span bytes by index, beside reader. It must
 * not allocate.
 */
#include "outflow/span.h"

#include <string.h>

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

struct span span_of(const char *text)
{
    return (struct span){(const uint8_t *)text, text ? strlen(text) : 0};
}

struct span span_head(struct span s, size_t len)
{
    return (struct span){s.ptr, s.len < len ? s.len : len};
}

struct span span_skip(struct span s, size_t len)
{
    if (len == 0)
        return s;
    if (len >= s.len)
        return (struct span){s.len > 0 ? s.ptr + s.len : s.ptr, 0};
    return (struct span){s.ptr + len, s.len - len};
}

struct span span_slice(struct span s, size_t from, size_t to)
{
    if (to < from)
        to = from;
    return span_skip(span_head(s, to), from);
}

bool span_eq(struct span a, struct span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool span_eq_nocase(struct span a, struct span b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++) {
        if (lower(a.ptr[i]) != lower(b.ptr[i]))
            return false;
    }
    return true;
}

bool span_starts(struct span s, struct span head)
{
    return s.len >= head.len && span_eq(span_head(s, head.len), head);
}

bool span_starts_nocase(struct span s, struct span head)
{
    return s.len >= head.len && span_eq_nocase(span_head(s, head.len), head);
}

size_t span_find(struct span s, uint8_t byte)
{
    const uint8_t *at = s.len > 0 ? memchr(s.ptr, byte, s.len) : NULL;

    return at ? (size_t)(at - s.ptr) : s.len;
}

size_t span_find_run(struct span s, struct span run)
{
    if (run.len == 0)
        return 0;
    const uint8_t *at =
        s.len >= run.len ? memmem(s.ptr, s.len, run.ptr, run.len) : NULL;

    return at ? (size_t)(at - s.ptr) : s.len;
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct span span_trim(struct span s)
{
    while (s.len > 0 && is_blank(s.ptr[0]))
        s = span_skip(s, 1);
    while (s.len > 0 && is_blank(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

bool span_cut(struct span *rest, uint8_t sep, struct span *piece)
{
    if (rest->len == 0)
        return false;

    size_t at = span_find(*rest, sep);
    *piece = span_head(*rest, at);
    *rest = span_skip(*rest, at < rest->len ? at + 1 : at);
    return true;
}

bool span_number(struct span s, uint64_t *value)
{
    uint64_t n = 0;

    if (s.len == 0)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        unsigned digit = (unsigned)s.ptr[i] - '0';
        if (digit > 9 || n > (UINT64_MAX - digit) / 10)
            return false;
        n = n * 10 + digit;
    }
    *value = n;
    return true;
}

unsigned span_hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10u : 16;
}

bool span_hex(struct span s, uint64_t *value)
{
    uint64_t n = 0;

    if (s.len == 0)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        unsigned digit = span_hex_digit(s.ptr[i]);
        if (digit > 15 || n >> 60 != 0)
            return false;
        n = n << 4 | digit;
    }
    *value = n;
    return true;
}

int span_compare(struct span a, struct span b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len > 0 ? memcmp(a.ptr, b.ptr, len) : 0;

    if (order != 0)
        return order < 0 ? -1 : 1;
    return (a.len > b.len) - (a.len < b.len);
}
