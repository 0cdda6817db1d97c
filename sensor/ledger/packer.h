// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * packer.h - packing at work: what its steps share.
 *
 *     pack        chooses what is of the day; the whole
 *     pack_moves  routes and transfers
 *     pack_rows   customers and their rows
 */
#ifndef OUTFLOW_LEDGER_PACKER_H
#define OUTFLOW_LEDGER_PACKER_H

#include "ledger/format.h"

/* Numbers that rows point into: sorted, each once. */
struct set {
    uint64_t *list; /* owned */
    size_t count;
    unsigned width; /* bits of a place in it */
};

struct row {
    uint64_t pseudonym;
    uint32_t customer, entry;
};

struct packer {
    struct ledger *l;
    const struct ledger_codec *codec;
    int64_t from_ns, unit;
    struct bits_out out;
    struct row *rows; /* owned, as all that follows */
    size_t row_count;
    uint32_t *moves; /* those of the day, in the order they are written */
    size_t move_count;
    uint8_t *of_day; /* by move */
    uint32_t *piece; /* by piece: its number in the blob */
    uint32_t *name;  /* by name: its number in the blob + 1 */
    size_t pieces, names;
    struct set kinds, masks, fields, times, texts;
    bool spans, counts; /* some rows have more than one moment, row */
};

static inline bool packer_of_day(const struct packer *p, int64_t time_ns)
{
    return time_ns >= p->from_ns && time_ns - p->from_ns < PACK_DAY_NS;
}

/* -1, 0, 1. */
static inline int packer_order(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static inline void packer_bool(struct packer *p, bool value)
{
    bits_put(&p->out, value, 1);
}

/* Transfers of the day, in order; numbers their parts. (pack_moves.c) */
void packer_moves(struct packer *p);

/* Gather the sets rows point into, and the unit of times. (pack_rows.c) */
bool packer_sets(struct packer *p) MUST_USE;

/* Sets and rows; *pairs is how many customers. False without memory. */
bool packer_rows(struct packer *p, size_t *pairs) MUST_USE;

#endif
