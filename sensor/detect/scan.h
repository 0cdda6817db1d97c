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
    uint64_t digit;   /* 0 to 9 */
    uint64_t at;      /* @ between signs of an address */
    uint64_t lead;    /* where a full-width digit may begin */
};

struct scan_isa {
    const char *name;
    bool (*usable)(void);
    /* Masks of count blocks at bytes; reads nothing beyond them. */
    void (*blocks)(const uint8_t *bytes, size_t count, struct scan_block *out);
};

/*
 * An @ and a full-width digit are known by their neighbours; at the edges of
 * a block, where these are not seen, they count. inner: bytes that stand
 * beside an @; ef, bc: EF and BC (UTF-8); s82, wide: 82 and 4F to 58 (CP932).
 */
static inline uint64_t scan_at_signs(uint64_t at, uint64_t inner)
{
    return at & (inner << 1 | 1) & (inner >> 1 | UINT64_C(1) << 63);
}

static inline uint64_t scan_wide(uint64_t ef, uint64_t bc, uint64_t s82,
                                 uint64_t wide)
{
    return (ef & bc >> 1) | (s82 & wide >> 1) |
           ((ef | s82) & UINT64_C(1) << 63);
}

/* The versions there are, slowest first; NULL past the last. */
const struct scan_isa *scan_at(size_t i);

/* The fastest version this machine runs. */
const struct scan_isa *scan_best(void);

#endif
