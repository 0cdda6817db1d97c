// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * unpack_lz4.c - lz4 for unpack.c: frames, and the older legacy form.
 *
 * Frames are liblz4's own. The legacy form is blocks of up to 8 MiB, each
 * behind its length, without an end: one is collected, undone, handed out.
 *
 * It must not know of several frames: unpack.c begins each anew.
 */
#include <lz4.h>
#include <lz4frame.h>

#include <string.h>

#include "outflow/reader.h"
#include "util/unpack_codec.h"

enum {
    MAGIC_LEN = 4,
    LEGACY_BLOCK = 8 << 20,  /* what a block becomes at most */
    FRAME_EXTRA = 128 << 10, /* of a frame whose blocks are linked */
};

struct lz4 {
    LZ4F_dctx *frame;    /* NULL: the magic is not known, or it is legacy */
    uint64_t charged;    /* bytes that liblz4 took */
    uint8_t *in, *out;   /* legacy: a block, and what it became */
    uint32_t need, have; /* bytes of the block */
    uint32_t made, put;  /* bytes of out, and those handed out */
    uint8_t head_len;
    bool legacy;
    uint8_t head[MAGIC_LEN]; /* magic, or a block's length */
};

static void lz4_release(struct unpack *u, struct lz4 *z)
{
    LZ4F_freeDecompressionContext(z->frame);
    unpack_uncharge(u, z->charged);
    unpack_drop(u, z->in);
    unpack_drop(u, z->out);
    *z = (struct lz4){0};
}

static bool lz4_begin(struct unpack *u)
{
    struct lz4 *z = *unpack_state(u);

    if (z == NULL)
        z = unpack_take(u, sizeof(*z));
    else
        lz4_release(u, z);
    if (z == NULL)
        return false;
    *z = (struct lz4){0};
    *unpack_state(u) = z;
    return true;
}

/* Collect four bytes; false: they are not all there. */
static bool lz4_head(struct lz4 *z, struct unpack_io *io)
{
    while (z->head_len < MAGIC_LEN && io->in.len > 0) {
        z->head[z->head_len++] = *io->in.ptr;
        io->in = span_skip(io->in, 1);
    }
    return z->head_len == MAGIC_LEN;
}

/* liblz4 takes its buffers when it has seen the head of the frame. */
static bool frame_charge(struct unpack *u, struct lz4 *z)
{
    LZ4F_frameInfo_t info;
    size_t none = 0;

    if (z->charged > 0 ||
        LZ4F_isError(LZ4F_getFrameInfo(z->frame, &info, z->head, &none)))
        return true;
    unsigned id = (unsigned)info.blockSizeID; /* 4 to 7: 64 KiB to 4 MiB */
    uint64_t block = UINT64_C(64 << 10) << (id > 4 ? 2 * (id - 4) : 0);
    uint64_t len = 2 * block + FRAME_EXTRA;
    if (!unpack_charge(u, len))
        return false;
    z->charged = len;
    return true;
}

static enum unpack_turn frame_turn(struct unpack *u, struct lz4 *z,
                                   struct unpack_io *io)
{
    size_t room = io->room, used = io->in.len;
    size_t hint =
        LZ4F_decompress(z->frame, io->out, &room, io->in.ptr, &used, NULL);

    if (LZ4F_isError(hint))
        return TURN_BAD;
    unpack_made(io, io->room - room);
    unpack_used(io, io->in.len - used);
    if (!frame_charge(u, z))
        return TURN_LIMIT;
    return hint == 0 ? TURN_END : TURN_MORE;
}

/* Room for a block and what it becomes. */
static bool legacy_begin(struct unpack *u, struct lz4 *z)
{
    z->legacy = true;
    z->head_len = 0;
    z->in = unpack_take(u, LZ4_COMPRESSBOUND(LEGACY_BLOCK));
    z->out = z->in != NULL ? unpack_take(u, LEGACY_BLOCK) : NULL;
    return z->out != NULL;
}

static bool legacy_block(struct lz4 *z)
{
    int made = LZ4_decompress_safe((const char *)z->in, (char *)z->out,
                                   (int)z->need, LEGACY_BLOCK);

    z->made = made > 0 ? (uint32_t)made : 0;
    z->put = z->have = z->need = 0;
    z->head_len = 0;
    return made >= 0;
}

static void legacy_put(struct lz4 *z, struct unpack_io *io)
{
    size_t len = z->made - z->put < io->room ? z->made - z->put : io->room;

    memcpy(io->out, z->out + z->put, len);
    z->put += (uint32_t)len;
    unpack_made(io, io->room - len);
}

static enum unpack_turn legacy_turn(struct lz4 *z, struct unpack_io *io)
{
    while (true) {
        if (z->put < z->made)
            legacy_put(z, io);
        if (z->put < z->made || !lz4_head(z, io))
            return TURN_MORE;
        if (z->need == 0) {
            struct reader r = reader_over((struct span){z->head, MAGIC_LEN});
            z->need = reader_u32le(&r);
            if (z->need == 0 || z->need > LZ4_COMPRESSBOUND(LEGACY_BLOCK))
                return TURN_BAD;
        }
        struct span bytes = span_head(io->in, z->need - z->have);
        if (bytes.len > 0)
            memcpy(z->in + z->have, bytes.ptr, bytes.len);
        z->have += (uint32_t)bytes.len;
        io->in = span_skip(io->in, bytes.len);
        if (z->have < z->need)
            return TURN_MORE;
        if (!legacy_block(z))
            return TURN_BAD;
    }
}

/* The magic tells which of the two it is. */
static enum unpack_turn lz4_open(struct unpack *u, struct lz4 *z)
{
    if (memcmp(z->head, "\x02\x21\x4c\x18", MAGIC_LEN) == 0)
        return legacy_begin(u, z) ? TURN_MORE : TURN_LIMIT;
    if (LZ4F_isError(LZ4F_createDecompressionContext(&z->frame, LZ4F_VERSION)))
        return TURN_LIMIT;
    struct unpack_io io = {{z->head, MAGIC_LEN}, z->head, 0};
    return frame_turn(u, z, &io);
}

static enum unpack_turn lz4_turn(struct unpack *u, struct unpack_io *io)
{
    struct lz4 *z = *unpack_state(u);

    if (!z->legacy && z->frame == NULL) {
        if (!lz4_head(z, io))
            return TURN_MORE;
        enum unpack_turn turn = lz4_open(u, z);
        if (turn != TURN_MORE)
            return turn;
    }
    return z->legacy ? legacy_turn(z, io) : frame_turn(u, z, io);
}

/* The legacy form may end behind any block. */
static bool lz4_whole(struct unpack *u)
{
    const struct lz4 *z = *unpack_state(u);

    return z->legacy && z->head_len == 0 && z->put == z->made;
}

static void lz4_end(struct unpack *u)
{
    struct lz4 *z = *unpack_state(u);

    lz4_release(u, z);
    unpack_drop(u, z);
}

const struct unpack_codec unpack_lz4 = {
    .begin = lz4_begin,
    .turn = lz4_turn,
    .whole = lz4_whole,
    .end = lz4_end,
};
