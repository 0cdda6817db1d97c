// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * wire.c - make TCP and UDP datagrams for tests, as struct datagram.
 *
 * The checksum is the plain 16-bit loop of RFC 1071 and shares nothing with
 * the one under test.
 */
#include "support/wire.h"

#include <assert.h>
#include <string.h>

static void put16(uint8_t *p, uint32_t v)
{
    p[0] = (uint8_t)(v >> 8);
    p[1] = (uint8_t)v;
}

static void put32(uint8_t *p, uint32_t v)
{
    put16(p, v >> 16);
    put16(p + 2, v & 0xffff);
}

static uint32_t sum16(const uint8_t *p, size_t len, uint32_t sum)
{
    for (size_t i = 0; i < len; i++) {
        sum += i % 2 == 0 ? (uint32_t)p[i] << 8 : p[i];
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return sum;
}

void wire_sum(struct datagram *d, uint8_t *payload)
{
    size_t skip = d->v6 ? 0 : 12;
    size_t at = d->proto == 6 ? 16 : 6;
    uint32_t len = (uint32_t)d->payload.len + d->cut;
    uint8_t words[6] = {0, d->proto};

    put32(words + 2, len);
    put16(payload + at, 0);
    uint32_t sum = sum16(d->src.b + skip, 16 - skip, 0);
    sum = sum16(d->dst.b + skip, 16 - skip, sum);
    sum = sum16(words, sizeof(words), sum);
    sum = sum16(payload, len, sum);
    put16(payload + at, ~sum & 0xffff);
}

/* Addresses and the rest that any datagram has. */
static void wire_head(const struct wire_plan *plan, uint8_t proto,
                      struct datagram *d)
{
    *d = (struct datagram){
        .seen = plan->seen, .proto = proto, .tenant = plan->tenant};
    bool ok = addr_parse(span_of(plan->from.addr), &d->src) &&
              addr_parse(span_of(plan->to.addr), &d->dst);
    assert(ok);
    (void)ok;
    d->v6 = !addr_is_v4(&d->src);
}

/* Payload behind header bytes; the checksum; what is not captured. */
static void wire_body(const struct wire_plan *plan, size_t header,
                      uint8_t *room, struct datagram *d)
{
    assert(header + plan->bytes.len <= WIRE_ROOM);
    if (plan->bytes.len > 0)
        memcpy(room + header, plan->bytes.ptr, plan->bytes.len);
    d->payload = (struct span){room, header + plan->bytes.len};
    wire_sum(d, room);
    if (plan->wrong_sum)
        room[d->proto == 6 ? 16 : 6] ^= 0x5a;
    d->payload.len -= plan->cut;
    d->cut = plan->cut;
}

void wire_tcp(const struct wire_plan *plan, uint8_t room[WIRE_ROOM],
              struct datagram *d)
{
    size_t header = 20 + plan->options * 4u;

    wire_head(plan, 6, d);
    memset(room, 1, header); /* options: NOP */
    put16(room, plan->from.port);
    put16(room + 2, plan->to.port);
    put32(room + 4, plan->seq);
    put32(room + 8, plan->ack);
    room[12] = (uint8_t)((5 + plan->options) << 4);
    room[13] = plan->flags;
    put16(room + 14, 65535);
    put16(room + 18, (plan->flags & WIRE_URG) != 0);
    wire_body(plan, header, room, d);
}

void wire_udp(const struct wire_plan *plan, uint8_t room[WIRE_ROOM],
              struct datagram *d)
{
    wire_head(plan, 17, d);
    put16(room, plan->from.port);
    put16(room + 2, plan->to.port);
    put16(room + 4, (uint32_t)plan->bytes.len + 8);
    wire_body(plan, 8, room, d);
}

struct datagram wire_fragment(const struct datagram *whole, uint32_t from,
                              uint32_t to, uint32_t id)
{
    struct datagram part = *whole;

    part.fragment = true;
    part.frag_id = id;
    part.frag_at = from;
    part.frag_more = to < whole->payload.len;
    part.payload = span_slice(whole->payload, from, to);
    return part;
}

uint32_t wire_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33);
}

void wire_text(uint8_t *out, size_t len, uint64_t seed)
{
    for (size_t i = 0; i < len; i++) {
        uint32_t r = wire_random(&seed);
        out[i] = r % 40 == 0 ? '\n' : (uint8_t)('a' + r % 26);
    }
}
