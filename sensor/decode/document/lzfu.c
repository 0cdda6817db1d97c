// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * lzfu.c - LZFu: runs that refer into a ring of 4 KiB, or bytes.
 *
 *     packed size, size, "LZFu" or "MELA" (not packed), checksum: 4 bytes each
 *     eight bits, the lowest first: 0 a byte, 1 place (12 bits), length - 2 (4)
 *
 * A run whose place is where the next byte goes is the end.
 */
#include "decode/document/lzfu.h"

#include <string.h>

#include "outflow/reader.h"

enum {
    HEAD = 16,
    RING = 4096,
    PACKED = 0x75465a4c, /* "LZFu" */
    PLAIN = 0x414c454d,  /* "MELA" */
};

/* What the ring holds at the start. */
static const char begin[] =
    "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman "
    "\\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New "
    "RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\"
    "fs20\\b\\i\\u\\tab\\tx";

struct lzfu {
    const struct cfb_stream *s;
    struct cells *cells;
    uint64_t at;
    uint32_t to; /* place of the next byte in the ring */
    uint8_t ring[RING];
};

/* The next byte; false at the end, or in a hole. */
static bool byte_take(struct lzfu *l, uint8_t *byte)
{
    if (cfb_read(l->s, l->at, byte, 1) < 1 || !cfb_whole(l->s, l->at, 1))
        return false;
    l->at++;
    return true;
}

static void byte_put(struct lzfu *l, uint8_t byte)
{
    l->ring[l->to] = byte;
    l->to = (l->to + 1) % RING;
    cells_text(l->cells, (struct span){&byte, 1});
}

/* A run; false: it was the end, or there is no more. */
static bool run_take(struct lzfu *l, bool *whole)
{
    uint8_t high, low;

    if (!byte_take(l, &high) || !byte_take(l, &low))
        return false;
    uint32_t from = (uint32_t)high << 4 | low >> 4;
    *whole = from == l->to;
    if (*whole)
        return false;
    for (uint32_t len = (low & 15U) + 2; len > 0; len--) {
        byte_put(l, l->ring[from]);
        from = (from + 1) % RING;
    }
    return true;
}

bool lzfu_put(const struct cfb_stream *s, struct cells *cells)
{
    struct lzfu l = {.s = s, .cells = cells, .at = HEAD};
    uint8_t head[HEAD], bits, byte;
    struct reader r = reader_over((struct span){head, HEAD});
    bool whole = false, going = true;

    if (cfb_read(s, 0, head, HEAD) < HEAD || !cfb_whole(s, 0, HEAD))
        return false;
    reader_skip(&r, 8);
    uint32_t kind = reader_u32le(&r);
    if (kind == PLAIN)
        cfb_put(s, HEAD, s->size - HEAD, cells);
    if (kind != PACKED)
        return kind == PLAIN;
    memcpy(l.ring, begin, sizeof(begin) - 1);
    l.to = sizeof(begin) - 1;
    while (going && !cells->refused && byte_take(&l, &bits)) {
        for (int i = 0; i < 8 && going; i++) {
            bool run = (bits >> i & 1) != 0;
            if (run)
                going = run_take(&l, &whole);
            else if (byte_take(&l, &byte))
                byte_put(&l, byte);
            else
                going = false;
        }
    }
    return whole;
}
