// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * scan.h - which bytes of a text may matter, 64 at a time.
 *
 * The first and cheapest look at every byte on the wire: bit masks of line
 * ends, digits and the few bytes that begin something else. Every version
 * gives the same masks; the machine chooses the fastest.
 *
 * It must not keep state: cuts of the text are its caller's matter.
 */
#ifndef OUTFLOW_DETECT_SCAN_H
#define OUTFLOW_DETECT_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SCAN_BLOCK = 64 }; /* bytes of a block */

/* Bit i stands for byte i of the block. */
struct scan_block {
    uint64_t newline; /* LF or CR */
    uint64_t cr;      /* CR */
    uint64_t signs;   /* what must be looked at: see below */
};

/*
 * Signs: the fourth digit of every run of four or more; an @ between signs of
 * an address; EF or 82 where a full-width digit begins (UTF-8, CP932). Where
 * a neighbour is not seen, at the edges of a block, an @ and a lead count.
 */
struct scan_masks {
    uint64_t digit, at;
    uint64_t inner;     /* what stands right beside an @ */
    uint64_t ef, bc;    /* EF and BC */
    uint64_t s82, wide; /* 82 and 4F to 58 */
};

/*
 * The signs of a block; before: the four bytes in front of it that are
 * digits, the nearest in the highest of four bits.
 */
static inline uint64_t scan_signs(const struct scan_masks *m, uint64_t *before)
{
    const uint64_t top = UINT64_C(1) << 63;
    uint64_t d = m->digit, c = *before;
    /* the second digit of two, then of two such pairs the second */
    uint64_t second = d & (d << 1 | c >> 3);
    uint64_t front = (c & c << 1) >> 2 & 3;
    uint64_t fourth = second & (second << 2 | front);

    fourth &= ~(fourth << 1 | (c == 15));
    *before = d >> 60;
    if ((m->at | m->ef | m->s82) == 0)
        return fourth;
    return fourth | (m->at & (m->inner << 1 | 1) & (m->inner >> 1 | top)) |
           (m->ef & m->bc >> 1) | (m->s82 & m->wide >> 1) |
           ((m->ef | m->s82) & top);
}

struct scan_isa {
    const char *name;
    bool (*usable)(void);
    /*
     * The masks of count blocks at bytes; reads nothing beyond them. before
     * is as in scan_signs and is carried from block to block.
     */
    void (*blocks)(const uint8_t *bytes, size_t count, uint64_t before,
                   struct scan_block *out);
};

/* The versions there are, slowest first; NULL past the last. */
const struct scan_isa *scan_at(size_t i);

/* The fastest version this machine runs. */
const struct scan_isa *scan_best(void);

#endif
