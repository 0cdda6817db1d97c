// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * hash.h - a fast keyed hash for tables the wire can fill.
 *
 * Keyed once per process, so that nobody can choose colliding flows. The key
 * is random and must never change a result: only places in a table.
 */
#ifndef OUTFLOW_UTIL_HASH_H
#define OUTFLOW_UTIL_HASH_H

#include "outflow/span.h"

struct hash_key {
    uint64_t k[4];
};

/* A key from the system's randomness. */
struct hash_key hash_key_new(void);

/* A key anyone can name, for what all workers must agree on. */
struct hash_key hash_key_from(uint64_t seed);

/* The high and low half of a 128-bit product, folded. */
static inline uint64_t hash_fold(uint64_t a, uint64_t b)
{
    __extension__ unsigned __int128 product = a;

    product *= b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Mix one more word into a hash; start with any state. */
static inline uint64_t hash_mix(const struct hash_key *key, uint64_t state,
                                uint64_t word)
{
    return hash_fold(word ^ key->k[0], state ^ key->k[1]) ^
           hash_fold(word ^ key->k[2], state ^ key->k[3]);
}

/* The hash of a run of bytes. */
uint64_t hash_bytes(const struct hash_key *key, struct span bytes);

#endif
