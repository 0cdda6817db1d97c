// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * mod.c - sums over the signs of an identifier.
 *
 * It must not know identifiers.
 */
#include "detect/mod.h"

unsigned mod_sum(struct span s, const char *weights)
{
    unsigned sum = 0;

    for (size_t i = 0; i < s.len && weights[i]; i++)
        sum += mod_digit(s, i) * mod_weight(weights[i]);
    return sum;
}

unsigned mod_number(struct span s, size_t from, size_t to)
{
    unsigned number = 0;

    for (size_t i = from; i < to && i < s.len; i++)
        number = number * 10 + mod_digit(s, i);
    return number;
}

bool mod_alike(struct span s)
{
    for (size_t i = 1; i < s.len; i++) {
        if (s.ptr[i] != s.ptr[0])
            return false;
    }
    return true;
}

bool mod_date(unsigned year, unsigned month, unsigned day)
{
    static const uint8_t days[13] = {0,  31, 29, 31, 30, 31, 30,
                                     31, 31, 30, 31, 30, 31};

    if (month < 1 || month > 12 || day < 1 || day > days[month])
        return false;
    if (month == 2 && day == 29)
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return true;
}
