// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * mod.h - sums over the signs of an identifier.
 *
 * Places are those of the shape: where digits are asked for, digits stand.
 *
 * It must not know identifiers.
 */
#ifndef OUTFLOW_DETECT_MOD_H
#define OUTFLOW_DETECT_MOD_H

#include "detect/cell.h"

/* A digit's value. */
static inline unsigned mod_digit(struct span s, size_t at)
{
    return (unsigned)(s.ptr[at] - '0') % 10;
}

/* The sign at a place, a letter as a capital. */
static inline uint8_t mod_letter(struct span s, size_t at)
{
    uint8_t c = s.ptr[at];

    return cell_is_letter(c) ? (uint8_t)(c & ~0x20) : c;
}

/* A weight as it stands in a table: 0 to 9, A for 10, B for 11. */
static inline unsigned mod_weight(char sign)
{
    return sign <= '9' ? (unsigned)(sign - '0') : (unsigned)(sign - 'A' + 10);
}

/* The sum of the digits, each by its weight, as far as there are weights. */
unsigned mod_sum(struct span s, const char *weights);

/* The number that the digits at places [from, to) write, nine at most. */
unsigned mod_number(struct span s, size_t from, size_t to);

/* Nothing but one sign again and again: filled in, not issued. */
bool mod_alike(struct span s);

/* Is there such a day? */
bool mod_date(unsigned year, unsigned month, unsigned day);

#endif
