// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * intern.h - equal runs of bytes kept once.
 *
 * Equal runs have one number and one address, aligned for any struct, valid
 * until the whole is cleared.
 */
#ifndef OUTFLOW_LEDGER_INTERN_H
#define OUTFLOW_LEDGER_INTERN_H

#include "ledger/index.h"
#include "util/hash.h"

struct intern {
    struct memory *memory;
    struct hash_key key;
    struct index index;
    struct pool runs;   /* struct run of intern.c */
    char *chunk;        /* newest chunk, linked to the one before */
    size_t used, bytes; /* of it */
};

void intern_init(struct intern *t, struct memory *memory);
void intern_clear(struct intern *t);

/* The number of these bytes, or POOL_NONE without memory. */
uint32_t intern_bytes(struct intern *t, struct span bytes);

/* The same for a text; at its address it ends in a NUL. */
uint32_t intern_text(struct intern *t, const char *text);

/* What has that number. */
const void *intern_at(const struct intern *t, uint32_t number);

/* The text kept at one address, or NULL without memory. */
const char *intern_name(struct intern *t, const char *text);

#endif
