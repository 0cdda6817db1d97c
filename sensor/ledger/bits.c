// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * bits.c - numbers as bits.
 *
 * It must not trust what it reads: every count is held against the bits that
 * are left before memory is taken for it.
 */
#include "ledger/bits.h"

#include <stdlib.h>

enum {
    NIBBLE = 4,     /* bits of a group of bits_put_number */
    QUOTIENTS = 40, /* longer ones are written plain behind that many */
    SHIFT_BITS = 6, /* of the parameter of a set */
};

static void put_some(struct bits_out *out, uint64_t value, unsigned width)
{
    out->held |= value << out->count;
    out->count += width;
    for (; out->count >= 8; out->count -= 8, out->held >>= 8) {
        if (!buf_add_byte(out->to, (uint8_t)out->held))
            out->failed = true;
    }
}

void bits_put(struct bits_out *out, uint64_t value, unsigned width)
{
    if (width > 32) {
        put_some(out, value & UINT32_MAX, 32);
        value >>= 32;
        width -= 32;
    }
    if (width > 0 && width <= 32)
        put_some(out, value & ((UINT64_C(1) << width) - 1), width);
}

void bits_finish(struct bits_out *out)
{
    if (out->count > 0)
        put_some(out, 0, 8 - out->count);
}

void bits_put_number(struct bits_out *out, uint64_t value)
{
    for (; value >> NIBBLE != 0; value >>= NIBBLE)
        bits_put(out, (value & 15) | 16, NIBBLE + 1);
    bits_put(out, value, NIBBLE + 1);
}

void bits_put_signed(struct bits_out *out, int64_t value)
{
    uint64_t twice = (uint64_t)value << 1;

    bits_put_number(out, value < 0 ? ~twice : twice);
}

void bits_put_count(struct bits_out *out, uint32_t value)
{
    unsigned more = 31 - (unsigned)__builtin_clz(value | 1);

    bits_put(out, UINT64_C(1) << more, more + 1);
    bits_put(out, value, more);
}

void bits_put_bytes(struct bits_out *out, struct span bytes)
{
    bits_put_number(out, bytes.len);
    for (size_t i = 0; i < bytes.len; i++)
        bits_put(out, bytes.ptr[i], 8);
}

/* The number of low bits that makes evenly spread numbers shortest. */
static unsigned shift_for(uint64_t range, size_t count)
{
    uint64_t mean = range / count / 3 * 2; /* about ln 2 */

    return mean > 0 ? 63 - (unsigned)__builtin_clzll(mean) : 0;
}

static void put_rice(struct bits_out *out, uint64_t value, unsigned shift)
{
    uint64_t quotient = value >> shift;

    if (quotient >= QUOTIENTS) {
        bits_put(out, 0, QUOTIENTS);
        bits_put(out, value, 64);
        return;
    }
    bits_put(out, UINT64_C(1) << quotient, (unsigned)quotient + 1);
    bits_put(out, value, shift);
}

void bits_put_set(struct bits_out *out, const uint64_t *values, size_t count)
{
    unsigned shift;

    bits_put_number(out, count);
    if (count == 0)
        return;
    bits_put_number(out, values[0]);
    if (count == 1)
        return;
    shift = shift_for(values[count - 1] - values[0], count);
    bits_put(out, shift, SHIFT_BITS);
    for (size_t i = 1; i < count; i++)
        put_rice(out, values[i] - values[i - 1], shift);
}

struct bits_in bits_over(struct span bytes)
{
    return (struct bits_in){.rest = bytes};
}

uint64_t bits_get_wide(struct bits_in *in)
{
    uint64_t low = bits_get(in, 32);

    return low | bits_get(in, 32) << 32;
}

uint64_t bits_get_number(struct bits_in *in)
{
    uint64_t value = 0, group = 16;

    for (unsigned at = 0; (group & 16) != 0; at += NIBBLE) {
        group = bits_get(in, NIBBLE + 1);
        if (at >= 64) {
            in->failed = true;
            return 0;
        }
        value |= (group & 15) << at;
    }
    return value;
}

int64_t bits_get_signed(struct bits_in *in)
{
    uint64_t twice = bits_get_number(in);

    return (int64_t)(twice >> 1 ^ (0 - (twice & 1)));
}

uint32_t bits_get_count(struct bits_in *in)
{
    unsigned more = 0;

    while (bits_get(in, 1) == 0) {
        if (in->failed || ++more > 31) {
            in->failed = true;
            return 1;
        }
    }
    return UINT32_C(1) << more | (uint32_t)bits_get(in, more);
}

static uint64_t get_rice(struct bits_in *in, unsigned shift)
{
    uint64_t low;
    unsigned quotient;

    if (in->count < QUOTIENTS)
        bits_fill(in);
    quotient = in->held != 0 ? (unsigned)__builtin_ctzll(in->held) : QUOTIENTS;
    if (quotient >= QUOTIENTS) {
        (void)bits_get(in, QUOTIENTS);
        return bits_get_wide(in);
    }
    (void)bits_get(in, quotient + 1);
    if (shift <= 32)
        return (uint64_t)quotient << shift | bits_get(in, shift);
    low = bits_get(in, 32);
    return (uint64_t)quotient << shift | bits_get(in, shift - 32) << 32 | low;
}

uint64_t *bits_get_set(struct bits_in *in, size_t *count, bool *memory)
{
    uint64_t number = bits_get_number(in), before, *values;
    unsigned shift = 0;

    *count = 0;
    if (number == 0 || in->failed)
        return NULL;
    before = bits_get_number(in);
    if (number > 1)
        shift = (unsigned)bits_get(in, SHIFT_BITS);
    if (number - 1 > bits_left(in) / (shift + 1)) {
        in->failed = true; /* each takes a bit and the low ones, or more */
        return NULL;
    }
    values = calloc((size_t)number, sizeof(*values));
    if (!values) {
        *memory = false;
        return NULL;
    }
    values[0] = before;
    for (size_t i = 1; i < number; i++) {
        uint64_t more = get_rice(in, shift);
        if (more == 0 || more > UINT64_MAX - before)
            in->failed = true;
        before += more;
        values[i] = before;
    }
    *count = (size_t)number;
    return values;
}

size_t bits_get_bytes(struct bits_in *in, char *to, size_t room)
{
    uint64_t len = bits_get_number(in);

    if (len > room || len > bits_left(in) / 8)
        in->failed = true;
    if (in->failed)
        len = 0;
    for (size_t i = 0; i < len; i++)
        to[i] = (char)bits_get(in, 8);
    to[len] = '\0';
    return (size_t)len;
}
