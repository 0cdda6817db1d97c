// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * quic.c - recognise QUIC and count what it hides.
 *
 * In:   the datagrams of a UDP flow that begins with a long header.
 * Out:  unread bytes (encrypted, kind quic).
 * Not:  decrypts nothing, the server's name in the first packet neither.
 * Spec: RFC 9000 17.2 (long header), 14.1 (size of a first datagram),
 *       RFC 9369 (version 2), 17.2.1 (version negotiation).
 *
 *     0       1          5      6         n      n+1
 *     +-------+----------+------+---------+------+---------+------
 *     | flags | version  | len  | dest id | len  | src id  | ...
 *     +-------+----------+------+---------+------+---------+------
 */
#include "decode/proto/closed.h"
#include "outflow/reader.h"

enum {
    LONG_FORM = 0x80,
    LONG_HEADER = 0xc0, /* header form and fixed bit */
    LONG_TYPE = 0x30,
    ID_LONGEST = 20,
    INITIAL_LEAST = 1200, /* bytes of the datagram of an Initial packet */
};

#define VERSION_NONE UINT32_C(0x00000000) /* versions to choose from */
#define VERSION_1    UINT32_C(0x00000001)
#define VERSION_2    UINT32_C(0x6b3343cf)
/* RFC 9000 15: ?a?a?a?a is no version, to see who gives up. */
#define RESERVED_BITS     UINT32_C(0x0f0f0f0f)
#define RESERVED_BITS_SET UINT32_C(0x0a0a0a0a)
#define VERSION_DRAFT     UINT32_C(0xff000000) /* and the draft's number */

/* RFC 9000 16: two bits say how long the number is. */
static uint64_t take_varint(struct reader *r)
{
    uint8_t first = reader_peek(r, 0);
    size_t len = (size_t)1 << (first >> 6);
    uint64_t mask = (UINT64_C(1) << (8 * len - 2)) - 1;

    return reader_be(r, len) & mask;
}

static bool version_known(uint32_t version)
{
    return version == VERSION_1 || version == VERSION_2 ||
           (version & 0xffffff00) == VERSION_DRAFT;
}

/* RFC 9000 17.2.1: nothing but versions to the datagram's end. */
static bool versions_follow(struct reader *r)
{
    bool known = false;

    while (reader_left(r) >= 4)
        known = version_known(reader_u32be(r)) || known;
    return reader_ok(r) && reader_left(r) == 0 && known;
}

/* Type 0 in version 1 and the drafts, 1 in version 2. */
static bool is_initial(uint8_t flags, uint32_t version)
{
    return (flags & LONG_TYPE) == (version == VERSION_2 ? 0x10 : 0x00);
}

/* Type and length of a packet with the rest of a long header. */
static bool packet_fits(struct reader *r, uint8_t flags, uint32_t version,
                        const struct hint *hint)
{
    size_t cut = hint->cut;

    if (is_initial(flags, version)) {
        uint64_t token = take_varint(r);
        if (token > reader_left(r) + cut)
            return false;
        if (token > reader_left(r)) /* what follows was cut off */
            return true;
        reader_skip(r, (size_t)token);
    }
    uint64_t length = take_varint(r);
    if (!reader_ok(r))
        return cut > 0;
    return length > 0 && length <= reader_left(r) + cut;
}

static enum match quic_probe(struct span head, const struct hint *hint)
{
    struct reader r = reader_over(head);
    uint8_t flags = reader_u8(&r);
    uint32_t version = reader_u32be(&r);
    bool large = head.len + hint->cut >= INITIAL_LEAST;

    for (int id = 0; id < 2; id++) {
        uint8_t len = reader_u8(&r);
        if (len > ID_LONGEST)
            return MATCH_NO;
        reader_skip(&r, len);
    }
    if (version == VERSION_NONE && (flags & LONG_FORM) != 0)
        return versions_follow(&r) ? MATCH_YES : MATCH_NO;
    if ((flags & LONG_HEADER) != LONG_HEADER)
        return MATCH_NO;
    if ((version & RESERVED_BITS) == RESERVED_BITS_SET)
        return large && reader_ok(&r) ? MATCH_YES : MATCH_NO;
    if (!version_known(version) || (is_initial(flags, version) && !large))
        return MATCH_NO;
    return packet_fits(&r, flags, version, hint) ? MATCH_YES : MATCH_NO;
}

static struct progress quic_feed(void *state, enum dir dir, struct span bytes,
                                 struct sink *out)
{
    return closed_message(state, dir, bytes, "quic", out);
}

const struct decoder decoder_quic = {
    .name = "quic",
    .state_size = sizeof(struct closed),
    .protocol = true,
    .datagrams = true,
    .probe = quic_probe,
    .feed = quic_feed,
    .gap = closed_state_gap,
    .end = closed_state_end,
};
