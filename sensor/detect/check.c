// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * check.c - check digits of numbers.
 *
 * It must not accept anything but digits, and letters where they belong.
 */
#include "detect/check.h"

#include <string.h>

#include "detect/cell.h"
#include "outflow/compiler.h"

bool check_none(struct span s)
{
    (void)s;
    return true;
}

bool check_luhn(struct span s)
{
    static const uint8_t twice[10] = {0, 2, 4, 6, 8, 1, 3, 5, 7, 9};
    unsigned sum = 0;

    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.ptr[s.len - 1 - i];
        if (!cell_is_digit(c))
            return false;
        sum += i & 1 ? twice[c - '0'] : (unsigned)(c - '0');
    }
    return s.len > 1 && sum % 10 == 0;
}

bool check_mod10(struct span s)
{
    unsigned sum = 0;

    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.ptr[s.len - 1 - i];
        if (!cell_is_digit(c))
            return false;
        sum += (unsigned)(c - '0') * (i & 1 ? 3 : 1);
    }
    return s.len > 1 && sum % 10 == 0;
}

bool check_mod11(struct span s)
{
    unsigned sum = 0;

    if (s.len < 2)
        return false;
    for (size_t i = 1; i < s.len; i++) {
        uint8_t c = s.ptr[s.len - 1 - i];
        if (!cell_is_digit(c))
            return false;
        sum += (unsigned)(c - '0') * (unsigned)((i - 1) % 6 + 2);
    }
    unsigned want = (11 - sum % 11) % 11;
    uint8_t have = s.ptr[s.len - 1];
    if (want == 10)
        return have == 'X' || have == 'x' || have == '0';
    return have == '0' + want;
}

bool check_mod97(struct span s)
{
    unsigned rest = 0;

    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.ptr[i];
        if (cell_is_digit(c))
            rest = (rest * 10 + (unsigned)(c - '0')) % 97;
        else if (cell_is_letter(c))
            rest = (rest * 100 + (unsigned)((c | 0x20) - 'a' + 10)) % 97;
        else
            return false;
    }
    return s.len > 2 && rest == 1;
}

/* The product of D5. */
static unsigned dihedral(unsigned a, unsigned b)
{
    if (a < 5)
        return b < 5 ? (a + b) % 5 : 5 + (a + b - 5) % 5;
    return b < 5 ? 5 + (a - b) % 5 : (a - b + 5) % 5;
}

bool check_verhoeff(struct span s)
{
    static const uint8_t permute[10] = {1, 5, 7, 6, 2, 8, 3, 0, 9, 4};
    unsigned sum = 0;

    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.ptr[s.len - 1 - i];
        if (!cell_is_digit(c))
            return false;
        unsigned digit = (unsigned)(c - '0');
        for (size_t k = 0; k < i % 8; k++)
            digit = permute[digit];
        sum = dihedral(sum, digit);
    }
    return s.len > 1 && sum == 0;
}

bool (*check_find(const char *name))(struct span s)
{
    static const struct {
        const char *name;
        bool (*run)(struct span s);
    } checks[] = {
        {"luhn", check_luhn},   {"mod10", check_mod10},
        {"mod11", check_mod11}, {"mod97", check_mod97},
        {"none", check_none},   {"verhoeff", check_verhoeff},
    };

    for (size_t i = 0; i < COUNT(checks); i++) {
        if (strcmp(checks[i].name, name) == 0)
            return checks[i].run;
    }
    return NULL;
}
