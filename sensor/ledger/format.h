// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * format.h - what pack.c and unpack.c agree on.
 *
 *     byte   version
 *     4      checksum of what follows, little endian
 *     bits   day, unit of times in it
 *            routes, each as what differs from the one before
 *            transfers by route: header, packets, parts, unread bytes
 *            sets: kinds, masks, field maps, times, pseudonyms
 *            rows by pseudonym, as places in those sets
 *
 * Texts stand where they are first used, then by their number. docs/state.md
 * tells it bit by bit.
 */
#ifndef OUTFLOW_LEDGER_FORMAT_H
#define OUTFLOW_LEDGER_FORMAT_H

#include "ledger/bits.h"
#include "ledger/ledger.h"
#include "outflow/pack.h"

enum {
    PACK_VERSION = 1,    /* first byte of a day */
    PACK_TIES = 0x81,    /* of ties */
    PACK_HEAD = 5,       /* bytes in front of the bits */
    PACK_TAIL = 9,       /* digits of a mask's end that stand by themselves */
    PACK_MICRO = 1000,   /* unit of times where all are whole microseconds */
    PACK_TEXT = 4 << 10, /* bytes of the longest text */
    PACK_LIST = 4 << 10, /* parties, or mail addresses, of a route */
};

static const int64_t PACK_DAY_NS = INT64_C(86400) * 1000000000;

/* A transfer's newest batch is not further from its rows than that. */
static const int64_t PACK_FAR_NS = INT64_C(1) << 60;

/* Can a day be packed? Not the last ones that 64 bits can tell. */
static inline bool pack_can(int64_t day)
{
    return day > INT64_MIN / PACK_DAY_NS + 2 &&
           day < INT64_MAX / PACK_DAY_NS - 2;
}

uint32_t pack_sum(struct span bytes);

/*
 * A packed mask without the digits at its end, which stand as 0, and how
 * many these are: both ways the same.
 */
unsigned pack_mask_tail(uint64_t mask);

/*
 * The mask with those digits as 0, and these as a number; the bits that this
 * takes; and back. False when such a mask cannot be.
 */
uint64_t pack_mask_head(uint64_t mask, uint64_t *digits);
unsigned pack_tail_width(uint64_t head);
bool pack_mask_read(struct bits_in *in, uint64_t head, uint64_t *mask) MUST_USE;

/* Write the checksum of what begins there; look at it, and open. */
void pack_seal(struct buf *out, size_t begin);
bool pack_open(struct span blob, uint8_t version, struct bits_in *in) MUST_USE;

/* The unpacking half of a transfer's unread bytes. */
bool ledger_add_point(struct ledger *l, struct move *move,
                      const struct point *p) MUST_USE;

/* An entry, merged with those it belongs to. */
bool ledger_add_entry(struct ledger *l, const struct ledger_entry *e) MUST_USE;

#endif
