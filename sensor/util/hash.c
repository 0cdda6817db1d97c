// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * hash.c - keys of the table hash, and hashing of byte runs.
 *
 * It must not be used for pseudonyms: those are keyed.c's.
 */
#include "util/hash.h"

#include <string.h>
#include <sys/random.h>

struct hash_key hash_key_from(uint64_t seed)
{
    struct hash_key key;

    for (size_t i = 0; i < 4; i++) {
        seed += UINT64_C(0x9E3779B97F4A7C15);
        key.k[i] = hash_fold(seed ^ UINT64_C(0xD6E8FEB86659FD93),
                             seed | UINT64_C(0xA0761D6478BD642F));
    }
    return key;
}

struct hash_key hash_key_new(void)
{
    struct hash_key key;

    if (getrandom(&key, sizeof(key), 0) != (ssize_t)sizeof(key))
        key = hash_key_from((uint64_t)(uintptr_t)&key);
    return key;
}

uint64_t hash_bytes(const struct hash_key *key, struct span bytes)
{
    uint64_t state = bytes.len, word = 0;

    for (; bytes.len >= 8; bytes = span_skip(bytes, 8)) {
        memcpy(&word, bytes.ptr, 8);
        state = hash_mix(key, state, word);
    }
    word = 0;
    if (bytes.len > 0)
        memcpy(&word, bytes.ptr, bytes.len);
    return hash_mix(key, state, word);
}
