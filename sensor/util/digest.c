// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * digest.c - SHA-256 by nettle, as hex digits.
 *
 * It must not keep what it was given.
 */
#include "util/digest.h"

#include <nettle/sha2.h>

void digest_hex(const struct span *parts, size_t count, char *out,
                size_t digits)
{
    static const char hex[] = "0123456789abcdef";
    struct sha256_ctx sha;
    uint8_t sum[SHA256_DIGEST_SIZE];

    sha256_init(&sha);
    for (size_t i = 0; i < count; i++)
        sha256_update(&sha, parts[i].len, parts[i].ptr);
    sha256_digest(&sha, sizeof(sum), sum);
    if (digits > DIGEST_HEX)
        digits = DIGEST_HEX;
    for (size_t i = 0; i < digits; i++)
        out[i] = hex[sum[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15];
    out[digits] = '\0';
}
