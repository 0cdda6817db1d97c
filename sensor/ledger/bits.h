// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * bits.h - numbers of any width one after another, and back.
 *
 * The lowest bit of a number comes first, the first bit is the lowest of its
 * byte. A writer that runs out of room and a reader that runs past the end
 * remember it: check once, at the end. It must not know what is written.
 */
#ifndef OUTFLOW_LEDGER_BITS_H
#define OUTFLOW_LEDGER_BITS_H

#include <string.h>

#include "outflow/buf.h"

struct bits_out {
    struct buf *to;
    uint64_t held;  /* bits not in to yet */
    unsigned count; /* how many; less than 8 between calls */
    bool failed;    /* to is full */
};

struct bits_in {
    struct span rest; /* bytes not in held yet */
    uint64_t held;
    unsigned count; /* bits in held */
    bool failed;    /* a read ran past the end, or made no sense */
};

/* Widths are at most 64. */
void bits_put(struct bits_out *out, uint64_t value, unsigned width);

/* Small numbers take few bits: 4 and whether more follow. */
void bits_put_number(struct bits_out *out, uint64_t value);

/* The same for numbers about 0, either side. */
void bits_put_signed(struct bits_out *out, int64_t value);

/* From 1 on; 1 takes a single bit (Elias gamma). */
void bits_put_count(struct bits_out *out, uint32_t value);

/* A set: count rising numbers, each once, as differences (Rice). */
void bits_put_set(struct bits_out *out, const uint64_t *values, size_t count);

/* Length and bytes. */
void bits_put_bytes(struct bits_out *out, struct span bytes);

/* Fill the last byte with zeros. */
void bits_finish(struct bits_out *out);

struct bits_in bits_over(struct span bytes);

/* Bits that are left; more items than these cannot follow. */
static inline uint64_t bits_left(const struct bits_in *in)
{
    return (uint64_t)in->rest.len * 8 + in->count;
}

/* Make at least 56 bits ready where there are as many. */
static inline void bits_fill(struct bits_in *in)
{
    uint64_t word;
    unsigned bytes = (63 - in->count) >> 3;

    if (in->rest.len >= sizeof(word)) {
        memcpy(&word, in->rest.ptr, sizeof(word));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        word = __builtin_bswap64(word);
#endif
        in->held |= word << in->count;
        in->rest = span_skip(in->rest, bytes);
        in->count += bytes * 8;
        in->held &= in->count < 64 ? (UINT64_C(1) << in->count) - 1 : ~0ull;
        return;
    }
    for (; bytes > 0 && in->rest.len > 0; bytes--) {
        in->held |= (uint64_t)in->rest.ptr[0] << in->count;
        in->rest = span_skip(in->rest, 1);
        in->count += 8;
    }
}

/* At most 56 bits; 0 when they are not there. */
static inline uint64_t bits_get(struct bits_in *in, unsigned width)
{
    uint64_t value;

    if (in->count < width)
        bits_fill(in);
    if (in->count < width) {
        in->failed = true;
        in->count = 0;
        in->held = 0;
        in->rest.len = 0;
        return 0;
    }
    value = in->held & ((UINT64_C(1) << width) - 1);
    in->held >>= width;
    in->count -= width;
    return value;
}

uint64_t bits_get_wide(struct bits_in *in); /* 64 bits */
uint64_t bits_get_number(struct bits_in *in);
int64_t bits_get_signed(struct bits_in *in);
uint32_t bits_get_count(struct bits_in *in);

/*
 * A set: its numbers are the caller's to free, *count of them. NULL when it
 * is empty, when it cannot be (failed is set), or without memory (*memory is
 * set to false).
 */
uint64_t *bits_get_set(struct bits_in *in, size_t *count, bool *memory);

/* Bytes, into room bytes at to and a NUL; longer ones fail. */
size_t bits_get_bytes(struct bits_in *in, char *to, size_t room);

/* Bits that tell numbers below count apart. */
static inline unsigned bits_width(size_t count)
{
    return count > 1 ? 64 - (unsigned)__builtin_clzll(count - 1) : 0;
}

#endif
