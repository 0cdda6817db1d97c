// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * known.h - the last sequence of each incident that a spool has.
 *
 * Bounded: when it is full, the older half of what it knows is forgotten.
 */
#ifndef OUTFLOW_OUTPUT_KNOWN_H
#define OUTFLOW_OUTPUT_KNOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct known_row {
    uint64_t id; /* the first 64 bits: ids are digests */
    uint64_t tag;
    uint32_t sequence; /* 0: free */
};

struct known {
    struct known_row *young, *old; /* owned */
    size_t count;                  /* of young */
};

/* False: no memory. */
bool known_init(struct known *k);
void known_clear(struct known *k);

/* The row of an id (hex digits), or NULL. */
const struct known_row *known_find(const struct known *k, const char *id);

/* It now has this sequence and tag; a lower sequence changes nothing. */
void known_add(struct known *k, const char *id, uint32_t sequence,
               uint64_t tag);

#endif
