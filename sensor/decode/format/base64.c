// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * base64.c - undo base64 as mail and forms carry it.
 *
 * In:   a part with the coding base64, in lines or in one.
 * Out:  one part with its bytes.
 * Not:  checks nothing: junk is passed over, padding ends a group only.
 *       Behind a hole it goes on at the next line, whose groups are whole.
 * Spec: RFC 4648 4, RFC 2045 6.8.
 */
#include "decode/format/base64.h"

#include "outflow/decoder.h"

enum {
    JUNK = 0xff,
    PAD = 0xfe,
    BASE64_ROOM = 8 << 10, /* bytes undone at a time */
};

struct base64 {
    uint32_t bits;  /* of the group not yet complete */
    uint8_t digits; /* of that group, 0 to 3 */
    bool lines;     /* a line end was seen */
    bool lost;      /* behind a hole: wait for a line end */
    uint64_t total; /* digits taken, for holes in a single line */
};

/* Value of each byte: 0 to 63, PAD or JUNK. */
static const uint8_t values[256] = {
#define J8 JUNK, JUNK, JUNK, JUNK, JUNK, JUNK, JUNK, JUNK
    J8,
    J8,
    J8,
    J8,
    J8,
    JUNK,
    JUNK,
    JUNK,
    62,
    JUNK,
    62,
    JUNK,
    63,
    /* '0' */ 52,
    53,
    54,
    55,
    56,
    57,
    58,
    59,
    60,
    61,
    JUNK,
    JUNK,
    JUNK,
    PAD,
    JUNK,
    JUNK,
    JUNK,
    /* 'A' */ 0,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    9,
    10,
    11,
    12,
    13,
    14,
    15,
    16,
    17,
    18,
    19,
    20,
    21,
    22,
    23,
    24,
    25,
    JUNK,
    JUNK,
    JUNK,
    JUNK,
    63,
    JUNK,
    /* 'a' */ 26,
    27,
    28,
    29,
    30,
    31,
    32,
    33,
    34,
    35,
    36,
    37,
    38,
    39,
    40,
    41,
    42,
    43,
    44,
    45,
    46,
    47,
    48,
    49,
    50,
    51,
    JUNK,
    JUNK,
    JUNK,
    JUNK,
    JUNK,
    /* 0x80 */ J8,
    J8,
    J8,
    J8,
    J8,
    J8,
    J8,
    J8,
    J8,
    J8,
    J8,
    J8,
    J8,
    J8,
    J8,
    J8,
#undef J8
};

/* Four digits at once while there is nothing else; gives groups done. */
static size_t fast_groups(struct span in, uint8_t *out, size_t room)
{
    size_t groups = in.len / 4 < room / 3 ? in.len / 4 : room / 3;
    const uint8_t *from = in.ptr;

    for (size_t i = 0; i < groups; i++, from += 4, out += 3) {
        uint32_t a = values[from[0]], b = values[from[1]];
        uint32_t c = values[from[2]], d = values[from[3]];
        if (((a | b | c | d) & 0xc0) != 0)
            return i;
        uint32_t bits = a << 18 | b << 12 | c << 6 | d;
        out[0] = (uint8_t)(bits >> 16);
        out[1] = (uint8_t)(bits >> 8);
        out[2] = (uint8_t)bits;
    }
    return groups;
}

/* What is left of a group that padding or the end cut short. */
static size_t group_flush(struct base64 *b, uint8_t *out)
{
    size_t made = 0;

    if (b->digits >= 2)
        out[made++] = (uint8_t)(b->bits >> (b->digits == 2 ? 4 : 10));
    if (b->digits == 3)
        out[made++] = (uint8_t)(b->bits >> 2);
    b->digits = 0;
    b->bits = 0;
    return made;
}

/* Take one byte; gives bytes made, at most 3. */
static size_t one_byte(struct base64 *b, uint8_t byte, uint8_t *out)
{
    uint8_t value = values[byte];

    b->lines = b->lines || byte == '\n';
    if (value == PAD)
        return group_flush(b, out);
    if (value == JUNK)
        return 0;
    b->bits = (b->bits << 6 | value) & 0xffffff;
    b->total++;
    if (++b->digits < 4)
        return 0;
    out[0] = (uint8_t)(b->bits >> 16);
    out[1] = (uint8_t)(b->bits >> 8);
    out[2] = (uint8_t)b->bits;
    b->digits = 0;
    return 3;
}

/* Fill out from *in, which is moved on; gives bytes made. */
static size_t fill(struct base64 *b, struct span *in, uint8_t *out, size_t room)
{
    size_t made = 0;

    while (in->len > 0 && room - made >= 3) {
        if (b->digits == 0) {
            size_t groups = fast_groups(*in, out + made, room - made);
            *in = span_skip(*in, groups * 4);
            b->total += groups * 4;
            made += groups * 3;
        }
        if (in->len == 0 || room - made < 3)
            break;
        made += one_byte(b, *in->ptr, out + made);
        *in = span_skip(*in, 1);
    }
    return made;
}

size_t base64_decode(struct span in, uint8_t *out, size_t room)
{
    struct base64 b = {.digits = 0};
    size_t made = fill(&b, &in, out, room);

    if (in.len == 0 && room - made >= 2)
        made += group_flush(&b, out + made);
    return made;
}

static enum match base64_probe(struct span head, const struct hint *hint)
{
    (void)head;
    return hint->part->coding.len > 0 ? MATCH_YES : MATCH_NO;
}

static struct progress base64_feed(void *state, enum dir dir, struct span bytes,
                                   struct sink *out)
{
    struct base64 *b = state;
    uint8_t room[BASE64_ROOM];
    struct span rest = bytes;

    (void)dir;
    if (b->lost) {
        size_t end = span_find(rest, '\n');
        b->lost = end == rest.len;
        rest = span_skip(rest, end);
    }
    while (rest.len > 0) {
        size_t made = fill(b, &rest, room, sizeof(room));
        if (made > 0 && !out->ops->put(out->ctx, (struct span){room, made}))
            return (struct progress){DECODE_REFUSED, bytes.len - rest.len};
    }
    return (struct progress){DECODE_MORE, bytes.len};
}

static struct progress base64_gap(void *state, enum dir dir, uint64_t len,
                                  struct sink *out)
{
    struct base64 *b = state;

    (void)dir;
    b->bits = 0;
    b->lost = b->lines;
    if (!b->lines) { /* one long line: the place in its group is known */
        b->total += len;
        b->digits = (uint8_t)(b->total % 4);
    } else {
        b->digits = 0;
    }
    if (!out->ops->gap(out->ctx, len / 4 * 3 + len % 4))
        return (struct progress){DECODE_REFUSED, 0};
    return (struct progress){DECODE_MORE, 0};
}

static enum decode_status base64_end(void *state, enum dir dir,
                                     struct span rest, struct sink *out)
{
    struct base64 *b = state;
    uint8_t last[2];
    size_t made = group_flush(b, last);

    (void)dir;
    (void)rest;
    if (made > 0 && !out->ops->put(out->ctx, (struct span){last, made}))
        return DECODE_REFUSED;
    return DECODE_DONE;
}

const struct decoder decoder_base64 = {
    .name = "base64",
    .state_size = sizeof(struct base64),
    .coding = "base64",
    .recodes = true,
    .probe = base64_probe,
    .feed = base64_feed,
    .gap = base64_gap,
    .end = base64_end,
};
