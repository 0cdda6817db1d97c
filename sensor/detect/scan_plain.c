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

static bool is_inner(uint8_t c)
{
    return (uint8_t)(c - '0') <= 9 ||
           (uint8_t)((c | 0x20) - 'a') <= 'z' - 'a' || c == '_' || c == '-';
}

static bool is_mark(uint8_t c)
{
    return c == ' ' || (uint8_t)(c - '-') <= '/' - '-';
}

static struct scan_block plain_block(const uint8_t *p,
                                     struct scan_before *before)
{
    struct scan_block b = {0, 0, 0};
    struct scan_masks m = {0, 0, 0, 0, 0, 0, 0, 0};

    for (unsigned i = 0; i < SCAN_BLOCK; i++) {
        uint8_t c = p[i];
        b.newline |= (uint64_t)(c == '\n' || c == '\r') << i;
        b.cr |= (uint64_t)(c == '\r') << i;
        m.digit |= (uint64_t)((uint8_t)(c - '0') <= 9) << i;
        m.at |= (uint64_t)(c == '@') << i;
        m.mark |= (uint64_t)is_mark(c) << i;
        m.inner |= (uint64_t)is_inner(c) << i;
        m.ef |= (uint64_t)(c == 0xEF) << i;
        m.bc |= (uint64_t)(c == 0xBC) << i;
        m.s82 |= (uint64_t)(c == 0x82) << i;
        m.wide |= (uint64_t)((uint8_t)(c - 0x4F) <= 9) << i;
    }
    b.signs = scan_signs(&m, before);
    return b;
}

static void plain_blocks(const uint8_t *bytes, size_t count,
                         struct scan_before *before, struct scan_block *out)
{
    for (size_t i = 0; i < count; i++)
        out[i] = plain_block(bytes + i * SCAN_BLOCK, before);
}

const struct scan_isa scan_plain = {"plain", plain_usable, plain_blocks};
