// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * reader.h - take integers and byte runs off the front of a span, safely.
 *
 * The reader is the only code that indexes captured bytes. Its error is
 * sticky: once a read runs past the end, that read and every later one give
 * zero or an empty span, so a decoder reads a whole header and checks once.
 * A reader is a plain value: copy it to try ahead, assign it back to commit.
 *
 * It must not allocate, log, or know any protocol.
 */
#ifndef OUTFLOW_READER_H
#define OUTFLOW_READER_H

#include "outflow/span.h"

struct reader {
    struct span rest; /* bytes not read yet; borrowed from the caller */
    bool failed;      /* a read ran past the end; never cleared */
};

/* Start reading at the first byte of bytes. */
static inline struct reader reader_over(struct span bytes)
{
    return (struct reader){bytes, false};
}

/* True while no read has run past the end. */
static inline bool reader_ok(const struct reader *r)
{
    return !r->failed;
}

/* Number of bytes still unread. */
static inline size_t reader_left(const struct reader *r)
{
    return r->rest.len;
}

/* Exactly len bytes, or an empty span and a failed reader. */
static inline struct span reader_take(struct reader *r, size_t len)
{
    struct span taken = {r->rest.ptr, len};

    if (r->failed || r->rest.len < len) {
        *r = (struct reader){{r->rest.ptr, 0}, true};
        return (struct span){r->rest.ptr, 0};
    }
    if (len > 0)
        r->rest = (struct span){r->rest.ptr + len, r->rest.len - len};
    return taken;
}

/* At most max bytes; never fails. */
static inline struct span reader_upto(struct reader *r, size_t max)
{
    return reader_take(r, r->rest.len < max ? r->rest.len : max);
}

/* Pass over len bytes; fails when they are not there. */
static inline void reader_skip(struct reader *r, size_t len)
{
    (void)reader_take(r, len);
}

/* The byte at place at of what is unread, without taking it; 0 past the end. */
static inline uint8_t reader_peek(const struct reader *r, size_t at)
{
    return at < r->rest.len ? r->rest.ptr[at] : 0;
}

/* Fixed-width integers; 0 when the bytes are not all there. */
static inline uint8_t reader_u8(struct reader *r)
{
    struct span s = reader_take(r, 1);
    return s.len == 1 ? s.ptr[0] : 0;
}

/* len bytes as one number, the first the highest; 0 when not all there. */
static inline uint64_t reader_be(struct reader *r, size_t len)
{
    struct span s = reader_take(r, len);
    uint64_t value = 0;

    for (size_t i = 0; i < s.len; i++)
        value = value << 8 | s.ptr[i];
    return value;
}

/* len bytes as one number, the first the lowest; 0 when not all there. */
static inline uint64_t reader_le(struct reader *r, size_t len)
{
    struct span s = reader_take(r, len);
    uint64_t value = 0;

    for (size_t i = s.len; i > 0; i--)
        value = value << 8 | s.ptr[i - 1];
    return value;
}

static inline uint16_t reader_u16be(struct reader *r)
{
    return (uint16_t)reader_be(r, 2);
}

static inline uint32_t reader_u24be(struct reader *r)
{
    return (uint32_t)reader_be(r, 3);
}

static inline uint32_t reader_u32be(struct reader *r)
{
    return (uint32_t)reader_be(r, 4);
}

static inline uint64_t reader_u64be(struct reader *r)
{
    return reader_be(r, 8);
}

static inline uint16_t reader_u16le(struct reader *r)
{
    return (uint16_t)reader_le(r, 2);
}

static inline uint32_t reader_u32le(struct reader *r)
{
    return (uint32_t)reader_le(r, 4);
}

static inline uint64_t reader_u64le(struct reader *r)
{
    return reader_le(r, 8);
}

#endif
