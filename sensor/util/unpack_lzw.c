// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * unpack_lzw.c - the LZW of compress (.Z) for unpack.c.
 *
 * Of our own, because there is none to be pushed: libarchive pulls, zlib
 * and gzip's own code do not offer it.
 *
 * Codes grow from 9 bits to at most 16. They are written in groups of
 * eight, and a group that a new width or a clear cuts short is filled up
 * with bits that mean nothing. The stream has no end mark and no sum.
 */
#include <string.h>

#include "util/unpack_codec.h"

enum {
    HEAD_LEN = 3, /* two of magic, flags */
    FLAG_CLEARS = 0x80,
    FLAG_BITS = 0x1f,
    BITS_MIN = 9,
    BITS_MAX = 16,
    CODES = 1 << BITS_MAX,
    CLEAR = 256, /* a code that empties the table */
    LITERALS = 256,
    GROUP = 8, /* codes */
};

struct lzw {
    uint32_t held;  /* bytes of the stack to be put */
    uint32_t bits;  /* not used yet */
    uint32_t have;  /* so many of them */
    uint32_t skip;  /* bits that fill a group */
    uint32_t width; /* of a code now */
    uint32_t most;  /* bits of the widest */
    uint32_t group; /* codes of the group that were read */
    uint32_t next;  /* the next code to be made */
    uint32_t old;   /* the last code, CODES when there is none */
    uint8_t first;  /* first byte of what it stood for */
    uint8_t head;   /* bytes of the head that were read */
    bool clears;    /* CLEAR may come */
    uint16_t prefix[CODES];
    uint8_t suffix[CODES];
    uint8_t stack[CODES];
};

static bool lzw_begin(struct unpack *u)
{
    struct lzw *z = *unpack_state(u);

    if (z == NULL)
        z = unpack_take(u, sizeof(*z));
    if (z == NULL)
        return false;
    memset(z, 0, sizeof(*z));
    z->old = CODES;
    z->width = BITS_MIN;
    *unpack_state(u) = z;
    return true;
}

static bool lzw_head(struct lzw *z, uint8_t byte)
{
    static const uint8_t magic[] = {0x1f, 0x9d};

    if (z->head < sizeof(magic))
        return byte == magic[z->head++];
    z->head++;
    z->most = byte & FLAG_BITS;
    z->clears = (byte & FLAG_CLEARS) != 0;
    z->next = LITERALS + (z->clears ? 1 : 0);
    return z->most >= BITS_MIN && z->most <= BITS_MAX;
}

/* The group ends here: its other codes are nothing. */
static void group_end(struct lzw *z)
{
    z->skip = (GROUP - z->group % GROUP) % GROUP * z->width;
    z->group = 0;
}

/* Pass over bits that fill a group, as far as they are there. */
static bool group_skip(struct lzw *z, struct unpack_io *io)
{
    while (z->skip > 0) {
        if (z->have == 0) {
            if (io->in.len == 0)
                return false;
            z->bits = *io->in.ptr;
            z->have = 8;
            io->in = span_skip(io->in, 1);
        }
        uint32_t now = z->skip < z->have ? z->skip : z->have;
        z->bits >>= now;
        z->have -= now;
        z->skip -= now;
    }
    return true;
}

/* The next code; false: its bits are not all there. */
static bool code_read(struct lzw *z, struct unpack_io *io, uint32_t *code)
{
    if (!group_skip(z, io))
        return false;
    while (z->have < z->width) {
        if (io->in.len == 0)
            return false;
        z->bits |= (uint32_t)*io->in.ptr << z->have;
        z->have += 8;
        io->in = span_skip(io->in, 1);
    }
    *code = z->bits & ((UINT32_C(1) << z->width) - 1);
    z->bits >>= z->width;
    z->have -= z->width;
    z->group++;
    return true;
}

/* Put what the code stands for onto the stack, last byte first. */
static bool code_take(struct lzw *z, uint32_t code)
{
    uint32_t whole = code;

    if (z->old == CODES && code >= LITERALS)
        return false;
    if (code > z->next || (code == z->next && z->old == CODES))
        return false;
    if (code == z->next) { /* made by this very code */
        z->stack[z->held++] = z->first;
        code = z->old;
    }
    for (; code >= LITERALS; code = z->prefix[code]) {
        if (z->held >= CODES - 1)
            return false;
        z->stack[z->held++] = z->suffix[code];
    }
    z->first = (uint8_t)code;
    z->stack[z->held++] = z->first;
    if (z->old != CODES && z->next < UINT32_C(1) << z->most) {
        z->prefix[z->next] = (uint16_t)z->old;
        z->suffix[z->next++] = z->first;
    }
    z->old = whole;
    if (z->next > (UINT32_C(1) << z->width) - 1 && z->width < z->most) {
        group_end(z);
        z->width++;
    }
    return true;
}

static void table_clear(struct lzw *z)
{
    group_end(z);
    z->width = BITS_MIN;
    z->next = LITERALS + 1;
    z->old = CODES;
}

static enum unpack_turn lzw_turn(struct unpack *u, struct unpack_io *io)
{
    struct lzw *z = *unpack_state(u);
    uint32_t code;

    while (z->head < HEAD_LEN) {
        if (io->in.len == 0)
            return TURN_MORE;
        if (!lzw_head(z, *io->in.ptr))
            return TURN_BAD;
        io->in = span_skip(io->in, 1);
    }
    while (true) {
        for (; z->held > 0 && io->room > 0; io->room--)
            *io->out++ = z->stack[--z->held];
        if (z->held > 0 || io->room == 0 || !code_read(z, io, &code))
            return TURN_MORE;
        if (z->clears && code == CLEAR)
            table_clear(z);
        else if (!code_take(z, code))
            return TURN_BAD;
    }
}

/* It may end behind any code. */
static bool lzw_whole(struct unpack *u)
{
    const struct lzw *z = *unpack_state(u);

    return z->head == HEAD_LEN && z->held == 0;
}

static void lzw_end(struct unpack *u)
{
    unpack_drop(u, *unpack_state(u));
}

const struct unpack_codec unpack_lzw = {
    .begin = lzw_begin,
    .turn = lzw_turn,
    .whole = lzw_whole,
    .end = lzw_end,
};
