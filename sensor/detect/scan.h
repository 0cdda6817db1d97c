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
 * Signs: the fourth digit of every run of four or more; where digits stand in
 * groups of two or three with one mark between them, the first that is the
 * second or third of its group and at least the ninth byte of them all; an @
 * between signs of an address; EF or 82 where a full-width digit begins
 * (UTF-8, CP932). Where a neighbour is not seen, at the edges of a block, an
 * @ and a lead count.
 */
struct scan_masks {
    uint64_t digit, at;
    uint64_t mark;      /* blank - . / where digits stand side by side */
    uint64_t inner;     /* what stands right beside an @ */
    uint64_t ef, bc;    /* EF and BC */
    uint64_t s82, wide; /* 82 and 4F to 58 */
};

/* Of the block in front, for runs that lie across the edge; 0: no block. */
struct scan_before {
    uint64_t digit;
    uint64_t joined; /* short groups and the marks between them */
    uint64_t ends;   /* where they are long enough */
};

/* Each bit moved n places on, out of the block in front. */
static inline uint64_t scan_on(uint64_t m, uint64_t before, unsigned n)
{
    return m << n | before >> (64 - n);
}

/* Digits with a digit in front of them. */
static inline uint64_t scan_second(uint64_t digit,
                                   const struct scan_before *before)
{
    return digit & scan_on(digit, before->digit, 1);
}

/* The signs of groups; second, fourth: digits with as many in front. */
static inline uint64_t scan_groups(const struct scan_masks *m, uint64_t second,
                                   uint64_t four, struct scan_before *before)
{
    uint64_t c = before->digit & before->digit << 1;
    uint64_t marks = m->mark & scan_on(second, c, 1);
    uint64_t k1 = before->joined, k2 = k1 & k1 << 1, k4 = k2 & k2 << 2;
    uint64_t j1 = (m->digit & ~four) | marks;

    if ((marks & (marks - 1)) == 0 && k1 >> 63 == 0) {
        before->joined = j1; /* two groups at most: seven bytes */
        before->ends = 0;
        return 0;
    }
    uint64_t j2 = j1 & scan_on(j1, k1, 1), j4 = j2 & scan_on(j2, k2, 2);
    uint64_t j8 = j4 & scan_on(j4, k4, 4);
    uint64_t ends = j8 & scan_on(j1, k1, 8) & second, e = before->ends;

    before->joined = j1;
    before->ends = ends;
    return ends & ~(scan_on(ends, e, 1) | scan_on(ends, e, 2) |
                    scan_on(ends, e, 3) | scan_on(ends, e, 4));
}

/* The signs of a block behind another. */
static inline uint64_t scan_signs(const struct scan_masks *m,
                                  struct scan_before *before)
{
    const uint64_t top = UINT64_C(1) << 63;
    uint64_t d = m->digit, signs = 0;
    uint64_t second = scan_second(d, before);

    if (second != 0) { /* the fourth: of two such pairs the second */
        uint64_t c = before->digit & before->digit << 1;
        uint64_t four = second & scan_on(second, c, 2);
        signs = four & ~scan_on(four, c & c << 2, 1);
        signs |= scan_groups(m, second, four, before);
    } else {
        before->joined = d;
        before->ends = 0;
    }
    before->digit = d;
    if ((m->at | m->ef | m->s82) == 0)
        return signs;
    return signs | (m->at & (m->inner << 1 | 1) & (m->inner >> 1 | top)) |
           (m->ef & m->bc >> 1) | (m->s82 & m->wide >> 1) |
           ((m->ef | m->s82) & top);
}

struct scan_isa {
    const char *name;
    bool (*usable)(void);
    /*
     * The masks of count blocks at bytes; reads nothing beyond them. before
     * becomes that of the block behind them.
     */
    void (*blocks)(const uint8_t *bytes, size_t count,
                   struct scan_before *before, struct scan_block *out);
};

/* The versions there are, slowest first; NULL past the last. */
const struct scan_isa *scan_at(size_t i);

/* The fastest version this machine runs. */
const struct scan_isa *scan_best(void);

#endif
