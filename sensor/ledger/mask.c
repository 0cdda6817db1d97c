// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * mask.c - four bits a character, the first in the lowest; 0 ends.
 *
 * It must not see a value: only what customer/ masked already.
 */
#include "ledger/mask.h"

#include <string.h>

static const char letters[] = "0123456789*- +X"; /* codes 1 to 15 */

/* 0 for a character that has no code. */
static unsigned code_of(char c)
{
    const char *at;

    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0') + 1;
    if (c == '*')
        return 11;
    at = strchr(letters, c);
    return at ? (unsigned)(at - letters) + 1 : 0;
}

bool mask_pack(const char *mask, uint64_t *packed)
{
    uint64_t sum = 0;

    for (unsigned i = 0; mask[i] != '\0'; i++) {
        unsigned code = code_of(mask[i]);
        if (code == 0 || i >= 16)
            return false;
        sum |= (uint64_t)code << 4 * i;
    }
    *packed = sum;
    return true;
}

void mask_unpack(uint64_t packed, char mask[RECORD_MASK])
{
    unsigned len = 0;

    for (; packed != 0; packed >>= 4)
        mask[len++] = letters[(packed & 15) - 1];
    mask[len] = '\0';
}
