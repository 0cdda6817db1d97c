// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * coding_seek.c - find members, frames, blocks of a damaged compression.
 *
 * In:   bytes behind a hole or damage.
 * Out:  the place where an unpacker may try again.
 * Not:  proves nothing: what is found wrong breaks off at once, and the
 *       search goes on.
 * Spec: RFC 1952 2.3, RFC 1951 3.2.4 (an empty stored block is a flush, and
 *       ends at a byte), RFC 8878 3.1.1, .xz 2.1.1.1, bzip2 (its blocks
 *       begin at any bit).
 */
#include "decode/format/coding_seek.h"

#include <string.h>

#include "outflow/compiler.h"

/* BCD of pi: 48 bits in front of each block of bzip2. */
#define BLOCK_MAGIC UINT64_C(0x314159265359)
#define BLOCK_BITS  UINT64_C(0xffffffffffff)

/* What a coding begins with, byte by byte. */
struct magic {
    enum unpack_kind in;   /* the coding that is searched */
    struct span bytes;     /* its mark, */
    uint8_t before;        /* of which so many stand in front of the place */
    enum unpack_kind kind; /* and what begins there */
};

static const struct magic magics[] = {
    {UNPACK_GZIP, SPAN_INIT("\x1f\x8b\x08"), 0, UNPACK_GZIP},
    {UNPACK_GZIP, SPAN_INIT("\0\0\xff\xff"), 4, UNPACK_DEFLATE},
    {UNPACK_ZLIB, SPAN_INIT("\0\0\xff\xff"), 4, UNPACK_DEFLATE},
    {UNPACK_DEFLATE, SPAN_INIT("\0\0\xff\xff"), 4, UNPACK_DEFLATE},
    {UNPACK_ZSTD, SPAN_INIT("\x28\xb5\x2f\xfd"), 0, UNPACK_ZSTD},
    {UNPACK_XZ, SPAN_INIT("\xfd\x37zXZ\0"), 0, UNPACK_XZ},
    {UNPACK_LZ4, SPAN_INIT("\x04\x22\x4d\x18"), 0, UNPACK_LZ4},
};

/* The mark's place in bytes, or that of its beginning at their end. */
static size_t find(struct span bytes, struct span mark, bool *whole)
{
    size_t at = span_find_run(bytes, mark);

    *whole = at < bytes.len;
    if (*whole)
        return at;
    at = bytes.len < mark.len ? 0 : bytes.len - mark.len + 1;
    while (at < bytes.len && !span_starts(mark, span_skip(bytes, at)))
        at++;
    return at;
}

static bool seek_mark(enum unpack_kind kind, struct span bytes,
                      struct coding_restart *at)
{
    bool found = false;

    at->skip = bytes.len;
    for (size_t i = 0; i < COUNT(magics); i++) {
        const struct magic *m = &magics[i];
        bool whole;
        if (m->in != kind)
            continue;
        size_t place = find(bytes, m->bytes, &whole);
        if (place >= at->skip)
            continue;
        found = whole;
        at->skip = place + (whole ? m->before : 0);
        at->kind = m->kind;
    }
    return found;
}

/* The block's mark, at any bit. */
static bool seek_bits(struct span bytes, struct coding_restart *at)
{
    enum { BYTES = 6 };
    uint64_t window = 0;

    for (size_t i = 0; i < bytes.len; i++) {
        window = window << 8 | bytes.ptr[i];
        for (unsigned off = 8; off > 0; off--) {
            unsigned behind = off - 1; /* bits of this byte behind it */
            bool all = i + 1 >= BYTES + (behind > 0 ? 1U : 0U);
            if (!all || (window >> behind & BLOCK_BITS) != BLOCK_MAGIC)
                continue;
            at->shift = (uint8_t)((8 - behind) % 8);
            at->skip = i + 1 - BYTES - (behind > 0 ? 1U : 0U);
            at->kind = UNPACK_BZIP2;
            return true;
        }
    }
    at->skip = bytes.len > BYTES ? bytes.len - BYTES : 0;
    return false;
}

bool coding_seek(enum unpack_kind kind, struct span bytes,
                 struct coding_restart *at)
{
    *at = (struct coding_restart){.kind = kind};
    if (kind == UNPACK_BZIP2)
        return seek_bits(bytes, at);
    return seek_mark(kind, bytes, at);
}
