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
    uint64_t digit;   /* 0 to 9 */
    uint64_t at;      /* @ */
    uint64_t lead;    /* EF or 82: a full-width digit may begin */
};

struct scan_isa {
    const char *name;
    bool (*usable)(void);
    /* Masks of count blocks at bytes; reads nothing beyond them. */
    void (*blocks)(const uint8_t *bytes, size_t count, struct scan_block *out);
};

/* The versions there are, slowest first; NULL past the last. */
const struct scan_isa *scan_at(size_t i);

/* The fastest version this machine runs. */
const struct scan_isa *scan_best(void);

#endif
