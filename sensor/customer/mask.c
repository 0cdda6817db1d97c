// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * mask.c - stars for all but the digits that may be shown.
 */
#include "customer/mask.h"

#include <string.h>

enum {
    CARD_HEAD = 6,
    CARD_TAIL = 4,
    CARD_LEAST = 13, /* shorter ones would show too large a part */
    TAIL = 2,
    TAIL_LEAST = 4, /* shorter numbers show nothing */
};

/* Characters of UTF-8: bytes that do not continue one. */
static size_t characters(struct span s)
{
    size_t count = 0;

    for (size_t i = 0; i < s.len; i++)
        count += (s.ptr[i] & 0xC0) != 0x80 ? 1 : 0;
    return count;
}

static bool ends_in_ascii(struct span s, size_t count)
{
    for (size_t i = s.len - count; i < s.len; i++) {
        if (s.ptr[i] >= 0x80)
            return false;
    }
    return true;
}

void mask_make(enum name_kind kind, struct span normal, char out[RECORD_MASK])
{
    size_t count = characters(normal), head = 0, tail = 0;

    memset(out, 0, RECORD_MASK);
    if (kind == NAME_EMAIL || kind >= NAME_BIRTH) {
        memset(out, '*', 3);
        return;
    }
    if (kind == NAME_CARD && count >= CARD_LEAST) {
        head = CARD_HEAD;
        tail = CARD_TAIL;
    } else if (count >= TAIL_LEAST) {
        tail = TAIL;
    }
    if (!ends_in_ascii(normal, tail) ||
        !ends_in_ascii(span_head(normal, head), head))
        head = tail = 0;
    if (count > RECORD_MASK - 1)
        count = RECORD_MASK - 1;
    memset(out, '*', count);
    if (tail > 0) {
        memcpy(out, normal.ptr, head);
        memcpy(out + count - tail, normal.ptr + normal.len - tail, tail);
    }
}
