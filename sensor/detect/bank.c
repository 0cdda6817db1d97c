// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * bank.c - which bank: US routing numbers and SWIFT codes.
 *
 * In: a cell. Out: has it the shape and the check of one. Not: whether there
 * is such a bank. Spec: ABA Routing Number Policy (first two digits, weights
 * 3 7 1), ISO 9362 (four letters, country, two signs, three for a branch).
 */
#include "detect/bank.h"

#include <string.h>

enum { ROUTING = 9, BIC = 8, BIC_BRANCH = 11 };

/* 00 government, 01-12, 21-32 thrifts, 61-72 electronic, 80 cheques. */
static bool district_known(const uint8_t *digits)
{
    unsigned d = (digits[0] - '0') * 10U + (digits[1] - '0');

    return d <= 12 || (d >= 21 && d <= 32) || (d >= 61 && d <= 72) || d == 80;
}

bool bank_is_routing(const struct cell *c)
{
    static const uint8_t weights[3] = {3, 7, 1};
    unsigned sum = 0, any = 0;

    if (c->digits != ROUTING || c->narrow.len != ROUTING)
        return false;
    for (size_t i = 0; i < ROUTING; i++) {
        unsigned digit = c->narrow.ptr[i] - '0';
        sum += weights[i % 3] * digit;
        any |= digit;
    }
    return any && sum % 10 == 0 && district_known(c->narrow.ptr);
}

/* ISO 3166-1 by its first letter, and XK as SWIFT has it for Kosovo. */
static const char *const countries[26] = {
    "DEFGILMOQRSTUWXZ",
    "ABDEFGHIJLMNOQRSTVWYZ",
    "ACDFGHIKLMNORUVWXYZ",
    "EJKMOZ",
    "CEGHRST",
    "IJKMOR",
    "ABDEFGHILMNPQRSTUWY",
    "KMNRTU",
    "DELMNOQRST",
    "EMOP",
    "EGHIMNPRWYZ",
    "ABCIKRSTUVY",
    "ACDEFGHKLMNOPQRSTUVWXYZ",
    "ACEFGILOPRUZ",
    "M",
    "AEFGHKLMNRSTWY",
    "A",
    "EOSUW",
    "ABCDEGHIJKLMNORSTVXYZ",
    "CDFGHJKLMNORTVWZ",
    "AGMSYZ",
    "ACEGINU",
    "FS",
    "K",
    "ET",
    "AMW",
};

static bool is_capital(uint8_t c)
{
    return c >= 'A' && c <= 'Z';
}

bool bank_is_bic(const struct cell *c)
{
    struct span s = c->narrow;

    if ((s.len != BIC && s.len != BIC_BRANCH) || c->letters < 6 ||
        c->letters + c->digits != s.len)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        if (!is_capital(s.ptr[i]) && (i < 6 || !cell_is_digit(s.ptr[i])))
            return false;
    }
    return strchr(countries[s.ptr[4] - 'A'], s.ptr[5]) != NULL;
}
