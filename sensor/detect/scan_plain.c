// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * scan_plain.c - the scan in portable C: what the others must equal.
 *
 * A named hot loop: indexes the bytes its caller has checked.
 */
#include "detect/scan.h"

extern const struct scan_isa scan_plain;

static bool plain_usable(void)
{
    return true;
}

static struct scan_block plain_block(const uint8_t *p)
{
    struct scan_block b = {0, 0, 0, 0};

    for (unsigned i = 0; i < SCAN_BLOCK; i++) {
        uint8_t c = p[i];
        b.newline |= (uint64_t)(c == '\n' || c == '\r') << i;
        b.digit |= (uint64_t)((uint8_t)(c - '0') <= 9) << i;
        b.at |= (uint64_t)(c == '@') << i;
        b.lead |= (uint64_t)(c == 0xEF || c == 0x82) << i;
    }
    return b;
}

static void plain_blocks(const uint8_t *bytes, size_t count,
                         struct scan_block *out)
{
    for (size_t i = 0; i < count; i++)
        out[i] = plain_block(bytes + i * SCAN_BLOCK);
}

const struct scan_isa scan_plain = {"plain", plain_usable, plain_blocks};
