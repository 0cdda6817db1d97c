// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * unpack_codec.h - what unpack.c asks of each compression library.
 *
 * Private to util/unpack*.c. A codec undoes one member (frame, stream);
 * unpack.c strings members together and counts memory.
 */
#ifndef UTIL_UNPACK_CODEC_H
#define UTIL_UNPACK_CODEC_H

#include "util/unpack.h"

/* Bytes to take and room to fill; the codec moves both on. */
struct unpack_io {
    struct span in;
    uint8_t *out;
    size_t room;
};

enum unpack_turn {
    TURN_MORE = 0, /* wants input or room */
    TURN_END,      /* the member is complete */
    TURN_BAD,
    TURN_LIMIT,
};

struct unpack_codec {
    /* Begin a member; called again for each further one. */
    bool (*begin)(struct unpack *u);
    enum unpack_turn (*turn)(struct unpack *u, struct unpack_io *io);
    /* May the member end here, though nothing marks it? May be NULL. */
    bool (*whole)(struct unpack *u);
    void (*end)(struct unpack *u);
};

extern const struct unpack_codec unpack_inflate;
extern const struct unpack_codec unpack_lz4;
extern const struct unpack_codec unpack_lzw;

/* The codec's own state, NULL before its first begin. */
void **unpack_state(struct unpack *u);
/* Bytes taken by earlier turns that stand behind the member's end. */
void unpack_back(struct unpack *u, size_t len);
enum unpack_kind unpack_kind(const struct unpack *u);

/* Capped memory; unpack_drop takes NULL. */
void *unpack_take(struct unpack *u, size_t len) MUST_USE;
void unpack_drop(struct unpack *u, void *memory);

/* The same for memory that a library takes by itself. */
bool unpack_charge(struct unpack *u, uint64_t len) MUST_USE;
void unpack_uncharge(struct unpack *u, uint64_t len);

/* Note that len bytes of the input were used, or made. */
static inline void unpack_used(struct unpack_io *io, size_t left)
{
    io->in = span_skip(io->in, io->in.len - left);
}

static inline void unpack_made(struct unpack_io *io, size_t left)
{
    io->out += io->room - left;
    io->room = left;
}

#endif
