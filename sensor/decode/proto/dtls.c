// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * dtls.c - recognise DTLS and count what it hides.
 *
 * In:   the datagrams of a UDP flow, from its start or in the middle.
 * Out:  unread bytes (encrypted, kind dtls).
 * Not:  decrypts nothing and joins no handshake.
 * Spec: RFC 6347 4.1 (records), RFC 9147 4 (version 1.3).
 *
 *     0      1         3       5          11       13
 *     +------+---------+-------+----------+--------+----------+
 *     | type | version | epoch | sequence | length | fragment |
 *     +------+---------+-------+----------+--------+----------+
 */
#include "decode/proto/closed.h"
#include "outflow/reader.h"

enum {
    TYPE_FIRST = 20, /* change_cipher_spec */
    TYPE_LAST = 26,  /* ack */
    VERSION_10 = 0xfeff,
    VERSION_12 = 0xfefd,
    RECORD_LARGEST = (1 << 14) + 2048,
};

/* One record, passed over; false when it is none. */
static bool take_record(struct reader *r, uint32_t cut)
{
    uint8_t type = reader_u8(r);
    uint16_t version = reader_u16be(r);

    reader_skip(r, 2 + 6); /* epoch and sequence number */
    uint16_t len = reader_u16be(r);
    bool fits = reader_ok(r) && len <= reader_left(r) + cut;
    reader_upto(r, len);
    return fits && type >= TYPE_FIRST && type <= TYPE_LAST &&
           (version == VERSION_10 || version == VERSION_12) && len > 0 &&
           len <= RECORD_LARGEST;
}

/* The first record tells: behind it 1.3 may use its short header. */
static enum match dtls_probe(struct span head, const struct hint *hint)
{
    struct reader r = reader_over(head);

    return take_record(&r, hint->cut) ? MATCH_YES : MATCH_NO;
}

static struct progress dtls_feed(void *state, enum dir dir, struct span bytes,
                                 struct sink *out)
{
    return closed_message(state, dir, bytes, "dtls", out);
}

const struct decoder decoder_dtls = {
    .name = "dtls",
    .state_size = sizeof(struct closed),
    .protocol = true,
    .datagrams = true,
    .probe = dtls_probe,
    .feed = dtls_feed,
    .gap = closed_state_gap,
    .end = closed_state_end,
};
