// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * coding_seek.h - where a compression can begin again behind lost bytes.
 *
 * Used by coding.c. It must not undo anything.
 */
#ifndef DECODE_FORMAT_CODING_SEEK_H
#define DECODE_FORMAT_CODING_SEEK_H

#include "util/unpack.h"

/* A coding by its name and what undoes it. */
struct coding_place {
    const char *name;
    enum unpack_kind kind;
};

struct coding_restart {
    size_t skip;           /* bytes in front of it; or that hold none */
    enum unpack_kind kind; /* of what begins there */
    uint8_t shift;         /* bits of its first byte in front of it */
};

/*
 * The first place in bytes where a coding of that kind begins again: a
 * member of gzip, a flushed block of deflate, a frame of zstd, a stream of
 * xz, a block of bzip2. False: none; what is behind skip may be one's
 * beginning.
 */
bool coding_seek(enum unpack_kind kind, struct span bytes,
                 struct coding_restart *at);

#endif
