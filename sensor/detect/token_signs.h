// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * token_signs.h - what each byte can be beside or inside a token.
 *
 * Private to the files token*.c.
 */
#ifndef OUTFLOW_DETECT_TOKEN_SIGNS_H
#define OUTFLOW_DETECT_TOKEN_SIGNS_H

#include <stdbool.h>
#include <stdint.h>

/* What a sign can be, one bit each. */
enum {
    DIGIT = 1,     /* 0 to 9 */
    MARK = 2,      /* between the groups of a number: blank - . / ( ) */
    WORD = 4,      /* letters, digits, _ */
    BETWEEN = 8,   /* between a label's colon and its value */
    BORDER = 16,   /* in front of a label */
    TAIL = 32,     /* behind a label */
    SEPARATOR = 64 /* of a table's cells */
};

extern const uint8_t token_signs[256];

static inline bool is(uint8_t c, unsigned what)
{
    return (token_signs[c] & what) != 0;
}

#endif
