// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * mask.c - names the wire chose, without the identifiers in them.
 *
 * A file may be called 4111111111111111.csv or taro@bank.example.txt. Numbers
 * of seven digits and more keep their last two, the part of an address before
 * its @ becomes ***; days and IP addresses stay.
 *
 * It must not let a value through because the name is damaged.
 */
#include <string.h>

#include "detect/detectors.h"
#include "detect/state.h"
#include "util/unicode.h"

enum { NUMBER_MIN = 7, KEPT = 2 };

/* Copies whole characters, bad bytes as '?', wide digits as ASCII. */
static size_t copy_valid(struct span name, uint8_t *out, size_t room)
{
    size_t len = 0;

    while (name.len > 0) {
        uint32_t code;
        uint8_t sign[4];
        size_t used = unicode_decode(name, &code);
        if (code == 0xFFFD && used == 1)
            code = '?';
        if (code >= 0xFF10 && code <= 0xFF19)
            code -= 0xFF10 - '0';
        size_t bytes = unicode_encode(code, sign);
        if (len + bytes > room)
            break;
        for (size_t i = 0; i < bytes; i++)
            out[len++] = sign[i];
        name = span_skip(name, used);
    }
    return len;
}

static unsigned number_at(const uint8_t *digits, size_t count)
{
    unsigned value = 0;

    for (size_t i = 0; i < count; i++)
        value = value * 10 + (unsigned)(digits[i] - '0');
    return value;
}

/* 20110805 and 201108050102 tell when, not who. */
static bool is_moment(const uint8_t *digits, size_t count)
{
    if (count != 8 && count != 12 && count != 14)
        return false;
    unsigned year = number_at(digits, 4), month = number_at(digits + 4, 2);
    unsigned day = number_at(digits + 6, 2);
    return year >= 1990 && year <= 2099 && month >= 1 && month <= 12 &&
           day >= 1 && day <= 31;
}

/* Digits with single marks between them, from at on; gives their end. */
static size_t number_end(struct span s, size_t at)
{
    while (at < s.len) {
        uint8_t c = s.ptr[at];
        bool mark = c == '-' || c == ' ' || c == '.' || c == '(' || c == ')' ||
                    c == '_';
        if (cell_is_digit(c))
            at++;
        else if (mark && at + 1 < s.len && cell_is_digit(s.ptr[at + 1]))
            at += 2;
        else
            break;
    }
    return at;
}

/* a.b.c.d with numbers up to 255. */
static bool is_ip(struct span s)
{
    struct span part;
    uint64_t value;
    size_t parts = 0;

    while (span_cut(&s, '.', &part)) {
        if (!span_number(part, &value) || value > 255)
            return false;
        parts++;
    }
    return parts == 4;
}

static void mask_number(uint8_t *bytes, size_t from, size_t to)
{
    uint8_t digits[LIMIT_NAME];
    struct span s = {bytes + from, to - from};
    size_t count = cell_digits(s, digits, sizeof(digits)), seen = 0;

    if (count < NUMBER_MIN || is_ip(s) || is_moment(digits, count))
        return;
    for (size_t i = from; i < to; i++) {
        if (cell_is_digit(bytes[i]) && seen++ < count - KEPT)
            bytes[i] = '*';
    }
}

static size_t mask_numbers(uint8_t *bytes, size_t len)
{
    struct span s = {bytes, len};

    for (size_t i = 0; i < len;) {
        if (!cell_is_digit(bytes[i])) {
            i++;
            continue;
        }
        size_t end = number_end(s, i);
        mask_number(bytes, i, end);
        i = end;
    }
    return len;
}

static bool is_local(uint8_t c)
{
    return cell_is_letter(c) || cell_is_digit(c) || c == '.' || c == '_' ||
           c == '-' || c == '+' || c == '%' || c >= 0x80;
}

/* Everything before an @ that looks like an address becomes ***. */
static size_t mask_emails(uint8_t *bytes, size_t len)
{
    size_t out = 0;

    for (size_t i = 0; i < len; i++) {
        bool host = i + 1 < len && (cell_is_letter(bytes[i + 1]) ||
                                    cell_is_digit(bytes[i + 1]));
        if (bytes[i] == '@' && host) {
            size_t from = out;
            while (from > 0 && is_local(bytes[from - 1]))
                from--;
            size_t stars = out - from < 3 ? out - from : 3;
            for (size_t k = 0; k < stars; k++)
                bytes[from + k] = '*';
            out = from + stars;
        }
        bytes[out++] = bytes[i];
    }
    return out;
}

/* ASCII without an @ and with too few digits for any number. */
static bool is_harmless(struct span name)
{
    uint8_t digits = 0, odd = 0; /* bytes: compilers make vectors of them */

    if (name.len > UINT8_MAX)
        return false;
    for (size_t i = 0; i < name.len; i++) {
        uint8_t c = name.ptr[i];
        digits = (uint8_t)(digits + cell_is_digit(c));
        odd |= (uint8_t)((c & 0x80) | (c == '@'));
    }
    return odd == 0 && digits < NUMBER_MIN;
}

void detect_mask(const struct detect *d, struct span name, char *out,
                 size_t room)
{
    uint8_t bytes[LIMIT_NAME];
    size_t most = room > LIMIT_NAME ? LIMIT_NAME : room - 1;

    (void)d;
    if (room == 0)
        return;
    if (is_harmless(name)) {
        size_t plain = name.len < most ? name.len : most;
        if (plain > 0)
            memcpy(out, name.ptr, plain);
        out[plain] = 0;
        return;
    }
    size_t len = copy_valid(name, bytes, most);
    len = mask_emails(bytes, mask_numbers(bytes, len));
    for (size_t i = 0; i < len; i++)
        out[i] = (char)bytes[i];
    out[len] = 0;
}
