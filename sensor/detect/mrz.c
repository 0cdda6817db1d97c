// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * mrz.c - machine-readable zones of travel documents.
 *
 *     P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<     TD3
 *     L898902C36UTO7408122F1204159ZE184226B<<<<<10
 *     |number  ||     birth |expiry        |  ||       || check digits
 *
 * In: text. Out: is it a zone, and its document's number. Not: names and
 * dates in it. Spec: ICAO Doc 9303 parts 3 to 6 (weights 7 3 1, modulus 10).
 *
 * It must not accept a line whose check digits do not hold.
 */
#include "detect/mrz.h"

#include "detect/mod.h"

enum { SIGNS = 90, NUMBER = 9, TD1 = 30, TD2 = 36, TD3 = 44 };

/* The signs of a zone, and where each stands in the text. */
struct zone {
    uint8_t sign[SIGNS];
    uint16_t place[SIGNS];
    size_t len;
};

static bool zone_take(struct zone *z, struct span text)
{
    for (size_t i = 0; i < text.len && i < UINT16_MAX; i++) {
        uint8_t c = text.ptr[i];
        bool sign = cell_is_digit(c) || c == '<' || (c >= 'A' && c <= 'Z');
        if (c == ' ' || c == '\n' || c == '\r' || c == '\t')
            continue;
        if (!sign || z->len == SIGNS)
            return false;
        z->place[z->len] = (uint16_t)i;
        z->sign[z->len++] = c;
    }
    return true;
}

static unsigned value_of(uint8_t sign)
{
    if (sign == '<')
        return 0;
    return cell_is_digit(sign) ? (unsigned)(sign - '0')
                               : (unsigned)(sign - 'A' + 10);
}

/* Sum on of len signs, the weights going on from *n. */
static unsigned sum_on(const uint8_t *signs, size_t len, size_t *n)
{
    static const uint8_t weights[3] = {7, 3, 1};
    unsigned sum = 0;

    for (size_t i = 0; i < len; i++)
        sum += value_of(signs[i]) * weights[(*n)++ % 3];
    return sum;
}

/* Is the sign behind len signs their check digit? */
static bool holds(const uint8_t *signs, size_t len)
{
    size_t n = 0;

    return cell_is_digit(signs[len]) &&
           sum_on(signs, len, &n) % 10 == value_of(signs[len]);
}

/* number and its digit, nationality, birth, sex, expiry: TD2 and TD3 */
static bool line_holds(const uint8_t *line, size_t len)
{
    size_t n = 0;
    unsigned sum = sum_on(line, 10, &n);

    if (!holds(line, 9) || !holds(line + 13, 6) || !holds(line + 21, 6))
        return false;
    if (len == TD3 && line[42] != '<' && !holds(line + 28, 14))
        return false; /* where it is '<' there is nothing optional */
    sum += sum_on(line + 13, 7, &n);
    sum += sum_on(line + 21, len - 1 - 21, &n);
    return cell_is_digit(line[len - 1]) && sum % 10 == value_of(line[len - 1]);
}

/* TD1: the number in the first line, dates and the sum in the second */
static bool card_holds(const uint8_t *line)
{
    const uint8_t *second = line + TD1;
    size_t n = 0;
    unsigned sum = sum_on(line + 5, 25, &n);

    if (!holds(line + 5, 9) || !holds(second, 6) || !holds(second + 8, 6))
        return false;
    sum += sum_on(second, 7, &n);
    sum += sum_on(second + 8, 7, &n);
    sum += sum_on(second + 18, 11, &n);
    return cell_is_digit(second[29]) && sum % 10 == value_of(second[29]);
}

/* Where the number stands in the signs, SIZE_MAX: no zone. */
static size_t number_at(const struct zone *z)
{
    size_t line = z->len == 2 * TD3 || z->len == TD3 ? TD3 : TD2;

    if (z->len == 3 * TD1)
        return card_holds(z->sign) ? 5 : SIZE_MAX;
    if (z->len != line && z->len != 2 * line)
        return SIZE_MAX;
    return line_holds(z->sign + z->len - line, line) ? z->len - line : SIZE_MAX;
}

bool mrz_read(struct span text, struct span *number)
{
    struct zone z = {.len = 0};
    size_t len = NUMBER;

    if (!zone_take(&z, text))
        return false;
    size_t at = number_at(&z);
    if (at == SIZE_MAX)
        return false;
    while (len > 0 && z.sign[at + len - 1] == '<')
        len--;
    if (len == 0)
        return false;
    *number = span_slice(text, z.place[at], z.place[at + len - 1] + 1U);
    return true;
}
