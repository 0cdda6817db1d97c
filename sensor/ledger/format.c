// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * format.c - what packing and unpacking share: checksums, masks.
 *
 * It must not know what is packed.
 */
#include "ledger/format.h"

uint32_t pack_sum(struct span bytes)
{
    uint64_t sum = UINT64_C(0x6F7574666C6F77) ^ bytes.len;

    while (bytes.len > 0) {
        uint64_t word = 0;
        size_t len = bytes.len < 8 ? bytes.len : 8;
        for (size_t i = len; i > 0; i--)
            word = word << 8 | bytes.ptr[i - 1];
        sum = (sum ^ word) * UINT64_C(0x9E3779B97F4A7C15);
        sum ^= sum >> 29;
        bytes = span_skip(bytes, len);
    }
    return (uint32_t)(sum ^ sum >> 32);
}

unsigned pack_mask_tail(uint64_t mask)
{
    unsigned len = 0, tail = 0;

    while (len < 16 && (mask >> 4 * len & 15) != 0)
        len++;
    while (tail < len && tail < PACK_TAIL &&
           (mask >> 4 * (len - tail - 1) & 15) <= 10)
        tail++;
    return tail;
}

static unsigned mask_length(uint64_t mask)
{
    unsigned len = 0;

    while (len < 16 && (mask >> 4 * len & 15) != 0)
        len++;
    return len;
}

uint64_t pack_mask_head(uint64_t mask, uint64_t *digits)
{
    unsigned tail = pack_mask_tail(mask), len = mask_length(mask);

    *digits = 0;
    for (unsigned i = len - tail; i < len; i++) {
        *digits = *digits * 10 + (mask >> 4 * i & 15) - 1;
        mask &= ~(UINT64_C(15) << 4 * i);
        mask |= UINT64_C(1) << 4 * i;
    }
    return mask;
}

unsigned pack_tail_width(uint64_t head)
{
    static const uint8_t widths[PACK_TAIL + 1] = {0,  4,  7,  10, 14,
                                                  17, 20, 24, 27, 30};

    return widths[pack_mask_tail(head)];
}

bool pack_mask_read(struct bits_in *in, uint64_t head, uint64_t *mask)
{
    unsigned tail = pack_mask_tail(head), len = mask_length(head);
    uint64_t digits = bits_get(in, pack_tail_width(head));

    if (len < 16 && head >> 4 * len != 0)
        return false; /* a hole */
    for (unsigned i = 0; i < tail && i < len; i++, digits /= 10) {
        unsigned at = 4 * (len - 1 - i);
        head &= ~(UINT64_C(15) << at);
        head |= (digits % 10 + 1) << at;
    }
    *mask = head;
    return true;
}

void pack_seal(struct buf *out, size_t begin)
{
    uint32_t sum = pack_sum(span_skip(buf_span(out), begin + PACK_HEAD));

    for (unsigned i = 0; i < 4; i++)
        out->ptr[begin + 1 + i] = (uint8_t)(sum >> 8 * i);
}

bool pack_open(struct span blob, uint8_t version, struct bits_in *in)
{
    uint32_t sum = 0;

    if (blob.len < PACK_HEAD || blob.ptr[0] != version)
        return false;
    for (unsigned i = 0; i < 4; i++)
        sum |= (uint32_t)blob.ptr[1 + i] << 8 * i;
    blob = span_skip(blob, PACK_HEAD);
    *in = bits_over(blob);
    return sum == pack_sum(blob);
}
