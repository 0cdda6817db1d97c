// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * iban.c - international bank account numbers.
 *
 * In: a cell. Out: is it an IBAN by its check digits. Not: whether the bank
 * exists. Spec: ISO 13616 (lengths: iban.def), ISO 7064 MOD 97-10.
 */
#include "detect/check.h"
#include "detect/detectors.h"
#include "outflow/compiler.h"

enum { IBAN_MIN = 15, IBAN_MAX = 34 };

static const struct {
    char country[3];
    uint8_t length;
} countries[] = {
#define IBAN(country, length) {country, length},
#include "detect/iban.def"
#undef IBAN
};

static bool length_known(struct span iban)
{
    for (size_t i = 0; i < COUNT(countries); i++) {
        if (span_eq_nocase(span_head(iban, 2), span_of(countries[i].country)))
            return iban.len == countries[i].length;
    }
    return false;
}

static bool iban_sure(const struct cell *c)
{
    uint8_t turned[IBAN_MAX], plain[IBAN_MAX];
    size_t count = 0;

    if (c->wide > 0 || c->letters < 2 || c->digits < 9)
        return false;
    for (size_t i = 0; i < c->narrow.len; i++) {
        uint8_t sign = c->narrow.ptr[i];
        if (sign == ' ' || sign == '-')
            continue;
        if (count == IBAN_MAX)
            return false;
        plain[count++] = sign;
    }
    if (count < IBAN_MIN || !cell_is_letter(plain[0]) ||
        !cell_is_letter(plain[1]) || !cell_is_digit(plain[2]) ||
        !cell_is_digit(plain[3]))
        return false;
    for (size_t i = 0; i < count; i++)
        turned[i] = plain[(i + 4) % count];
    return length_known((struct span){plain, count}) &&
           check_mod97((struct span){turned, count});
}

const struct detector detector_IBAN = {iban_sure, iban_sure};
