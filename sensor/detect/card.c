// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * card.c - numbers of payment cards.
 *
 * In: a cell or token. Out: is it a live card number. Not: expiry dates,
 * magnetic tracks. Spec: ISO/IEC 7812-1, ranges in iin.def.
 */
#include "detect/check.h"
#include "detect/detectors.h"
#include "outflow/compiler.h"

enum {
    CARD_MIN = 12,
    CARD_USUAL = 16, /* shorter ones are of few issuers, or IMEIs */
    CARD_MAX = 19,
};

#define LEN(n)  (UINT32_C(1) << (n))
#define MAESTRO (LEN(20) - LEN(12))

static const struct {
    uint32_t first, last, lengths;
} ranges[] = {
#define IIN(first, last, lengths) {first, last, lengths},
#include "detect/iin.def"
#undef IIN
};

bool card_digits(struct span digits)
{
    uint32_t iin = 0;

    if (digits.len < CARD_MIN || digits.len > CARD_MAX)
        return false;
    for (size_t i = 0; i < 6; i++)
        iin = iin * 10 + (uint32_t)(digits.ptr[i] - '0');
    if (iin < 180000 || iin > 817199) /* outside of every range */
        return false;
    for (size_t i = 0; i < COUNT(ranges); i++) {
        if (iin >= ranges[i].first && iin <= ranges[i].last &&
            (ranges[i].lengths & LEN(digits.len)))
            return check_luhn(digits);
    }
    return false;
}

/* Groups as cards are embossed: sizes as decimal digits. */
static bool grouping_known(uint32_t sizes)
{
    return sizes == 4444 || sizes == 44443 || sizes == 465 || sizes == 464;
}

/* The digits of a cell that is written as a card; empty: it is not. */
static struct span card_written(const struct cell *c, uint8_t digits[CARD_MAX])
{
    static const struct span none = {NULL, 0};
    size_t count = 0;
    uint32_t sizes = 0, run = 0;
    uint8_t separator = 0;
    struct span s = c->narrow;

    if (c->digits < CARD_MIN || c->digits > CARD_MAX || c->letters > 0)
        return none;
    for (size_t i = 0; i < s.len; i++) {
        if (cell_is_digit(s.ptr[i])) {
            digits[count++] = s.ptr[i];
            run++;
            continue;
        }
        if ((s.ptr[i] != ' ' && s.ptr[i] != '-') || run == 0 || run > 9 ||
            sizes > 9999 || (separator && separator != s.ptr[i]))
            return none;
        separator = s.ptr[i];
        sizes = sizes * 10 + run;
        run = 0;
    }
    if (separator && (run > 9 || !grouping_known(sizes * 10 + run)))
        return none;
    return (struct span){digits, count};
}

bool card_sure(const struct cell *c)
{
    uint8_t digits[CARD_MAX];

    return card_digits(card_written(c, digits));
}

/*
 * Under a header, or among live cards: one whose check holds, in a range that
 * no scheme has published as issued, or not yet when iin.def was written.
 */
static bool card_fits(const struct cell *c)
{
    uint8_t digits[CARD_MAX];
    struct span all = card_written(c, digits);

    if (all.len == 0)
        return false;
    bool bank = digits[0] >= '2' && digits[0] <= '6';
    return card_digits(all) ||
           (all.len >= CARD_USUAL && bank && check_luhn(all));
}

const struct detector detector_CARD = {card_sure, card_fits};
