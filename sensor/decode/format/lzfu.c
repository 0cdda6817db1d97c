// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * lzfu.c - undo the compression of RTF in mails of Outlook.
 *
 * In:   a property PR_RTF_COMPRESSED, as TNEF and .msg hold it.
 * Out:  one part with the RTF.
 * Not:  checks no sum.
 * Spec: [MS-OXRTFCP] 2.1.
 *
 *     packed:32 size:32 "LZFu" or "MELA" sum:32
 *     flags:8, for each of its bits a byte (0) or offset:12 len:4 (1)
 */
#include <string.h>

#include "outflow/decoder.h"
#include "outflow/reader.h"

enum {
    HEAD_LEN = 16,
    WINDOW = 4096,
    ROOM = 2048, /* bytes put at a time */
};

struct lzfu {
    uint8_t window[WINDOW];
    uint16_t at;   /* of the next byte in it */
    uint8_t flags; /* of what follows */
    uint8_t count; /* of them, left */
    bool begun;    /* the head was read */
    bool plain;    /* "MELA": nothing is packed */
    bool over;
};

/* What every window begins with. */
static const char preset[] =
    "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman "
    "\\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New "
    "RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain"
    "\\f0\\fs20\\b\\i\\u\\tab\\tx";

static enum match lzfu_probe(struct span head, const struct hint *hint)
{
    enum { MAGIC = 8 };
    struct span kind = span_slice(head, MAGIC, MAGIC + 4);

    if (!span_starts(SPAN("LZFu"), kind) && !span_starts(SPAN("MELA"), kind))
        return MATCH_NO;
    if (hint->part->coding.len == 0) /* nothing else holds it */
        return MATCH_NO;
    return kind.len == 4 ? MATCH_YES : MATCH_MORE;
}

_Static_assert(sizeof(preset) == 207 + 1, "[MS-OXRTFCP] 2.1.2.1");

/* Keep a byte and give it. */
static void make(struct lzfu *l, uint8_t byte, uint8_t *out, size_t *made)
{
    l->window[l->at] = byte;
    l->at = (uint16_t)((l->at + 1) % WINDOW);
    out[(*made)++] = byte;
}

static size_t head_read(struct lzfu *l, struct span bytes)
{
    if (bytes.len < HEAD_LEN)
        return 0;
    l->plain = span_eq(span_slice(bytes, 8, 12), SPAN("MELA"));
    l->at = sizeof(preset) - 1;
    memcpy(l->window, preset, sizeof(preset) - 1);
    l->begun = true;
    return HEAD_LEN;
}

/* Undo bytes while there is room for a whole copy; gives bytes used. */
static size_t undo(struct lzfu *l, struct span bytes, uint8_t *out,
                   size_t *made)
{
    enum { LONGEST = 17 };
    size_t at = 0;

    while (at < bytes.len && *made + LONGEST <= ROOM && !l->over) {
        if (l->count == 0) {
            l->flags = bytes.ptr[at++];
            l->count = 8;
            continue;
        }
        if ((l->flags & 1) == 0) {
            make(l, bytes.ptr[at++], out, made);
        } else {
            if (bytes.len - at < 2)
                break;
            uint16_t from =
                (uint16_t)(bytes.ptr[at] << 4 | bytes.ptr[at + 1] >> 4);
            size_t len = (bytes.ptr[at + 1] & 0x0f) + 2U;
            at += 2;
            l->over = from == l->at;
            for (size_t i = 0; i < len && !l->over; i++)
                make(l, l->window[(from + i) % WINDOW], out, made);
        }
        l->flags >>= 1;
        l->count--;
    }
    return at;
}

static struct progress lzfu_feed(void *state, enum dir dir, struct span bytes,
                                 struct sink *out)
{
    struct lzfu *l = state;
    struct span rest = bytes;
    uint8_t room[ROOM];

    (void)dir;
    if (!l->begun)
        rest = span_skip(rest, head_read(l, rest));
    if (!l->begun)
        return (struct progress){DECODE_MORE, 0};
    while (rest.len > 0 && !l->over) {
        size_t made = 0, used;
        struct span done = {room, 0};
        if (l->plain) {
            done = rest;
            used = rest.len;
        } else {
            used = undo(l, rest, room, &made);
            done.len = made;
        }
        if (done.len > 0 && !out->ops->put(out->ctx, done))
            return (struct progress){DECODE_REFUSED, bytes.len - rest.len};
        rest = span_skip(rest, used);
        if (used == 0)
            break;
    }
    return (struct progress){DECODE_MORE,
                             l->over ? bytes.len : bytes.len - rest.len};
}

static struct progress lzfu_gap(void *state, enum dir dir, uint64_t len,
                                struct sink *out)
{
    struct lzfu *l = state;

    (void)dir;
    if (!l->plain || !l->begun) /* copies come from what is missing */
        return (struct progress){DECODE_BAD, 0};
    if (!out->ops->gap(out->ctx, len))
        return (struct progress){DECODE_REFUSED, 0};
    return (struct progress){DECODE_MORE, 0};
}

static enum decode_status lzfu_end(void *state, enum dir dir, struct span rest,
                                   struct sink *out)
{
    struct progress p = lzfu_feed(state, dir, rest, out);

    return p.status == DECODE_MORE ? DECODE_DONE : p.status;
}

const struct decoder decoder_lzfu = {
    .name = "lzfu",
    .state_size = sizeof(struct lzfu),
    .coding = "lzfu",
    .recodes = true,
    .probe = lzfu_probe,
    .feed = lzfu_feed,
    .gap = lzfu_gap,
    .end = lzfu_end,
};
