// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * unpack_inflate.c - gzip, zlib and raw deflate for unpack.c.
 *
 * Inflating is the largest single stage of the program, so ISA-L's igzip
 * does it where it was found at build time (three times zlib's speed); zlib
 * otherwise. Both check headers and checksums themselves.
 *
 * It must not know of several members: unpack.c begins each anew.
 */
#include "util/unpack_codec.h"

#include <limits.h>

#ifdef OUTFLOW_ISAL

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>

static uint32_t inflate_wrapper(enum unpack_kind kind)
{
    if (kind == UNPACK_GZIP)
        return ISAL_GZIP;
    return kind == UNPACK_ZLIB ? ISAL_ZLIB : ISAL_DEFLATE;
}

static bool inflate_begin(struct unpack *u)
{
    struct inflate_state *z = *unpack_state(u);

    if (z == NULL)
        z = unpack_take(u, sizeof(*z));
    if (z == NULL)
        return false;

    *unpack_state(u) = z;
    isal_inflate_init(z);
    z->crc_flag = inflate_wrapper(unpack_kind(u));
    return true;
}

static enum unpack_turn inflate_turn(struct unpack *u, struct unpack_io *io)
{
    struct inflate_state *z = *unpack_state(u);
    size_t given = io->in.len < INT_MAX ? io->in.len : INT_MAX;
    size_t room = io->room < INT_MAX ? io->room : INT_MAX;

    z->next_in = (uint8_t *)(uintptr_t)io->in.ptr;
    z->avail_in = (uint32_t)given;
    z->next_out = io->out;
    z->avail_out = (uint32_t)room;
    int result = isal_inflate(z);

    size_t left = z->avail_in;
    if (z->block_state == ISAL_BLOCK_FINISH) { /* it reads ahead */
        left += (size_t)z->read_in_length / 8;
        z->read_in_length = 0;
    }
    unpack_back(u, left > given ? left - given : 0);
    left = left < given ? left : given;
    unpack_used(io, io->in.len - given + left);
    unpack_made(io, io->room - room + z->avail_out);
    z->next_in = NULL;
    z->next_out = NULL;

    if (result != ISAL_DECOMP_OK && result != ISAL_END_INPUT &&
        result != ISAL_OUT_OVERFLOW)
        return TURN_BAD;
    return z->block_state == ISAL_BLOCK_FINISH ? TURN_END : TURN_MORE;
}

static void inflate_close(struct unpack *u)
{
    unpack_drop(u, *unpack_state(u));
}

uint32_t unpack_crc(uint32_t crc, struct span bytes)
{
    return crc32_gzip_refl(crc, bytes.ptr, bytes.len);
}

#else

#include <zlib.h>

static void *inflate_alloc(void *opaque, uInt items, uInt size)
{
    return unpack_take(opaque, (size_t)items * size);
}

static void inflate_release(void *opaque, void *memory)
{
    unpack_drop(opaque, memory);
}

/* zlib's windowBits: the sign and the 16 tell the wrapper. */
static int inflate_bits(enum unpack_kind kind)
{
    if (kind == UNPACK_GZIP)
        return 16 + MAX_WBITS;
    return kind == UNPACK_ZLIB ? MAX_WBITS : -MAX_WBITS;
}

static bool inflate_begin(struct unpack *u)
{
    z_stream *z = *unpack_state(u);

    if (z != NULL)
        return inflateReset(z) == Z_OK;
    z = unpack_take(u, sizeof(*z));
    if (z == NULL)
        return false;
    *z = (z_stream){
        .zalloc = inflate_alloc, .zfree = inflate_release, .opaque = u};
    if (inflateInit2(z, inflate_bits(unpack_kind(u))) != Z_OK) {
        unpack_drop(u, z);
        return false;
    }
    *unpack_state(u) = z;
    return true;
}

static enum unpack_turn inflate_turn(struct unpack *u, struct unpack_io *io)
{
    z_stream *z = *unpack_state(u);
    size_t given = io->in.len < INT_MAX ? io->in.len : INT_MAX;
    size_t room = io->room < INT_MAX ? io->room : INT_MAX;

    z->next_in = (uint8_t *)(uintptr_t)io->in.ptr;
    z->avail_in = (uInt)given;
    z->next_out = io->out;
    z->avail_out = (uInt)room;
    int result = inflate(z, Z_SYNC_FLUSH);

    unpack_used(io, io->in.len - given + z->avail_in);
    unpack_made(io, io->room - room + z->avail_out);
    if (result == Z_STREAM_END)
        return TURN_END;
    if (result == Z_MEM_ERROR)
        return TURN_LIMIT;
    return result == Z_OK || result == Z_BUF_ERROR ? TURN_MORE : TURN_BAD;
}

static void inflate_close(struct unpack *u)
{
    z_stream *z = *unpack_state(u);

    inflateEnd(z);
    unpack_drop(u, z);
}

uint32_t unpack_crc(uint32_t crc, struct span bytes)
{
    return (uint32_t)crc32_z(crc, bytes.ptr, bytes.len);
}

#endif

const struct unpack_codec unpack_inflate = {
    .begin = inflate_begin,
    .turn = inflate_turn,
    .end = inflate_close,
};
