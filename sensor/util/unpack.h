// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * unpack.h - undo a compression, pushed piece by piece.
 *
 * One face for gzip, zlib, raw deflate, brotli, zstd, xz (and lzma), bzip2,
 * lz4 and compress: bytes go in as they come, bytes come out in room the caller
 * gives. Files of several gzip members, zstd frames or xz and bzip2 streams are
 * one stream here. Memory is capped; no thread, no file.
 *
 * It must not bound how much comes out: that is the caller's affair.
 */
#ifndef UTIL_UNPACK_H
#define UTIL_UNPACK_H

#include "outflow/compiler.h"
#include "outflow/span.h"

enum unpack_kind {
    UNPACK_GZIP = 0, /* RFC 1952 */
    UNPACK_ZLIB,     /* RFC 1950 */
    UNPACK_DEFLATE,  /* RFC 1951, without any wrapper */
    UNPACK_BROTLI,   /* RFC 7932 */
    UNPACK_ZSTD,     /* RFC 8878 */
    UNPACK_XZ,       /* .xz and .lzma */
    UNPACK_LZMA,     /* .lzma, of which sizes are not believed to be sane */
    UNPACK_BZIP2,
    UNPACK_LZ4, /* frames, and the older legacy form */
    UNPACK_LZW, /* compress, .Z */
};

enum unpack_status {
    UNPACK_MORE = 0, /* give more bytes, or more room when made == room */
    UNPACK_DONE,     /* the stream ended before the bytes did */
    UNPACK_BAD,      /* damaged; what was made so far is good */
    UNPACK_LIMIT,    /* it needs more memory than it may have */
};

struct unpack; /* one stream being undone */

struct unpack_step {
    enum unpack_status status;
    size_t used; /* bytes taken of in */
    size_t made; /* bytes written to out */
    size_t back; /* (raw deflate, UNPACK_DONE) so many bytes that earlier
                    calls took stand behind its end */
};

/*
 * A new unpacker that takes at most memory bytes, most of them when its
 * stream begins. NULL without memory; freed with unpack_free.
 */
struct unpack *unpack_new(enum unpack_kind kind, uint64_t memory) MUST_USE;

/*
 * From now on what u takes is also taken from *left, which several share
 * and which must outlive u; when nothing is left it is UNPACK_LIMIT.
 */
void unpack_share(struct unpack *u, uint64_t *left);

/*
 * Take bytes of in, write at most room bytes to out. While the status is
 * UNPACK_MORE, call again as long as made == room or in is not used up.
 * Any other status is final.
 */
struct unpack_step unpack_run(struct unpack *u, struct span in, uint8_t *out,
                              size_t room);

/* Did what went in end at an end of the stream (or a member of it)? */
bool unpack_whole(struct unpack *u);

void unpack_free(struct unpack *u);

/* CRC-32 (that of gzip and zip) of bytes behind those that made crc; 0. */
uint32_t unpack_crc(uint32_t crc, struct span bytes);

#endif
