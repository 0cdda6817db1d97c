// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * cell.h - one cell of a row, looked over once for all detectors.
 *
 * It must not decide what the cell is.
 */
#ifndef OUTFLOW_DETECT_CELL_H
#define OUTFLOW_DETECT_CELL_H

#include "outflow/span.h"

/* Longer cells are prose: only their beginning is looked at. */
enum { CELL_ROOM = 256 };

struct cell {
    struct span text;   /* as it stood, UTF-8, without blanks around it */
    struct span narrow; /* full-width signs as ASCII, all dashes as '-' */
    uint16_t digits;    /* of narrow: 0 to 9 */
    uint16_t letters;   /* of narrow: A to Z in either case */
    uint16_t wide;      /* of narrow: bytes that are not ASCII */
    uint16_t blanks;    /* of narrow: spaces */
    bool at;            /* has an @ */
};

/* Look over text; room (CELL_ROOM bytes) holds narrow where it differs. */
void cell_make(struct cell *c, struct span text, uint8_t *room);

/* The digits of s alone, at most max of them; gives how many there are. */
size_t cell_digits(struct span s, uint8_t *out, size_t max);

/* text without blanks at its ends, the ideographic space too. */
struct span cell_trim(struct span text);

static inline bool cell_is_digit(uint8_t c)
{
    return (uint8_t)(c - '0') <= 9;
}

static inline bool cell_is_letter(uint8_t c)
{
    return (uint8_t)((c | 0x20) - 'a') <= 'z' - 'a';
}

/* In a name that a script gives: any sign beyond ASCII may be a letter. */
static inline bool cell_is_word(uint8_t c)
{
    return cell_is_letter(c) || cell_is_digit(c) || c == '_' || c == '$' ||
           c >= 0x80;
}

/* Between tokens of a structured text. */
static inline bool cell_is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Digits of a number as long as a card's. */
enum { LONG_MIN = 13, LONG_MAX = 19 };

/* Is part at least so many percent of all? Nothing is none of nothing. */
static inline bool cell_share(unsigned part, unsigned all, unsigned percent)
{
    return all > 0 && part * 100 >= all * percent;
}

#endif
