// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * fuzz_session.c - any run of datagrams through both engines.
 *
 * The input is a list of packets: ten bytes that place one in a few
 * conversations, and its payload. What is checked of each engine: calls come
 * in order, what was told adds up with the counters, memory stays below its
 * limit. And of both: they tell the same.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "outflow/limits.h"
#include "outflow/reader.h"
#include "outflow/reading.h"

enum {
    MEMORY = 300000,
    FRAGMENTS = 20000,
    PACKET_TOP = 3000,
    TCP_HEADER = 20,
    UDP_HEADER = 8,
    NIDS_RARITY = 16, /* one input in so many goes through libnids */
};

/* What an engine told, as a digest. */
struct told {
    uint64_t digest;
    uint64_t data, messages, gaps;
    uint64_t open;     /* flows open now */
    uint64_t readings; /* second readings under way */
    struct counters counters;
};

/* What was told of one flow. */
struct flow_told {
    uint64_t gaps[2];
    bool ended[2];
};

static void mix(struct told *t, uint64_t word)
{
    t->digest = (t->digest ^ word) * 0x100000001b3u;
}

static void mix_span(struct told *t, struct span bytes)
{
    mix(t, bytes.len);
    for (size_t i = 0; i < bytes.len; i++)
        mix(t, bytes.ptr[i]);
}

static void on_open(void *ctx, struct flow *flow)
{
    struct told *t = ctx;

    assert(flow->user == NULL);
    flow->user = calloc(1, sizeof(struct flow_told));
    assert(flow->user != NULL);
    t->open++;
    mix(t, flow->id);
}

static void on_data(void *ctx, struct flow *flow, enum dir dir,
                    struct span bytes, const struct moment *seen)
{
    struct told *t = ctx;
    const struct flow_told *f = flow->user;

    assert(f != NULL && bytes.len > 0 && !f->ended[dir]);
    t->data += bytes.len;
    mix(t, flow->id ^ dir ^ seen->number);
    mix_span(t, bytes);
}

static void on_gap(void *ctx, struct flow *flow, enum dir dir, uint64_t len,
                   const struct moment *seen)
{
    struct told *t = ctx;
    struct flow_told *f = flow->user;

    assert(f != NULL && len > 0);
    f->gaps[dir] += len;
    t->gaps += len;
    mix(t, flow->id ^ dir ^ seen->number ^ len << 8);
}

static void on_overlap(void *ctx, struct flow *flow, enum dir dir,
                       const struct overlap *copy, const struct moment *seen)
{
    struct told *t = ctx;

    assert(flow->user != NULL && copy->bytes.len > 0);
    mix(t, flow->id ^ dir ^ seen->number);
    mix_span(t, copy->before);
    mix_span(t, copy->bytes);
    mix_span(t, copy->after);
}

static void on_message(void *ctx, struct flow *flow, enum dir dir,
                       const struct message *message, const struct moment *seen)
{
    struct told *t = ctx;
    struct flow_told *f = flow->user;

    assert(f != NULL);
    f->gaps[dir] += message->cut;
    t->gaps += message->cut;
    t->messages += message->bytes.len;
    mix(t, flow->id ^ dir ^ seen->number);
    mix_span(t, message->bytes);
}

static void on_end(void *ctx, struct flow *flow, enum dir dir)
{
    struct flow_told *f = flow->user;

    assert(f != NULL && !f->ended[dir]);
    f->ended[dir] = true;
    mix(ctx, flow->id ^ dir);
}

static void on_close(void *ctx, struct flow *flow, enum close_reason why)
{
    struct told *t = ctx;
    struct flow_told *f = flow->user;

    assert(f != NULL);
    /* bytes that come late are no longer missing */
    assert(f->gaps[0] >= flow->missing[0] && f->gaps[1] >= flow->missing[1]);
    free(f);
    flow->user = NULL;
    t->open--;
    mix(t, flow->id ^ (uint64_t)why << 32);
}

static void on_doubt(void *ctx, struct flow *flow, enum dir dir)
{
    assert(flow->user != NULL);
    mix(ctx, flow->id ^ dir);
}

/* The bytes decide whether and from where it is wanted. */
static size_t on_reading(void *ctx, struct second_reading *r, struct span head)
{
    struct told *t = ctx;

    assert(r->flow->user != NULL && head.len > 0 &&
           head.len <= LIMIT_READING_HEAD);
    mix(t, r->flow->id ^ r->dir ^ (uint64_t)r->late << 32);
    mix_span(t, head);
    if (head.ptr[0] % 4 == 0)
        return head.len;
    t->readings++;
    r->user = t;
    return head.ptr[0] % 4 == 1 ? head.ptr[head.len - 1] % head.len : 0;
}

static bool on_read(void *ctx, struct second_reading *r, struct span bytes,
                    const struct moment *seen)
{
    struct told *t = ctx;

    assert(r->user == t && r->flow->user != NULL && bytes.len > 0);
    mix(t, r->flow->id ^ r->dir ^ seen->number);
    mix_span(t, bytes);
    return bytes.ptr[0] % 2 == 0;
}

static void on_read_gap(void *ctx, struct second_reading *r, uint64_t len,
                        const struct moment *seen)
{
    assert(r->user == ctx && r->flow->user != NULL && len > 0);
    mix(ctx, r->flow->id ^ r->dir ^ seen->number ^ len << 8);
}

static void on_read_end(void *ctx, struct second_reading *r)
{
    struct told *t = ctx;

    assert(r->user == t && r->flow->user != NULL);
    t->readings--;
}

static const struct reading_events readings = {
    .doubt = on_doubt,
    .begin = on_reading,
    .data = on_read,
    .gap = on_read_gap,
    .end = on_read_end,
};

static const struct session_events events = {
    .reading = &readings,
    .open = on_open,
    .data = on_data,
    .gap = on_gap,
    .overlap = on_overlap,
    .message = on_message,
    .end = on_end,
    .close = on_close,
};

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

/* Put the right TCP checksum into the payload of d (RFC 9293 3.1). */
static void put_sum(const struct datagram *d, uint8_t *p)
{
    size_t skip = d->v6 ? 0 : 12;
    uint32_t sum = 6 + (uint32_t)d->payload.len;

    for (size_t i = skip; i < 16; i++)
        sum += (uint32_t)(d->src.b[i] + d->dst.b[i]) << (i % 2 ? 0 : 8);
    for (size_t i = 0; i < d->payload.len; i++)
        sum += (uint32_t)p[i] << (i % 2 ? 0 : 8);
    while (sum >> 16 != 0)
        sum = (sum & 0xffff) + (sum >> 16);
    put16(p + 16, ~sum & 0xffff);
}

/* The next packet of the input, in room; false at its end. */
static bool next_packet(struct reader *r, struct moment *now, uint8_t *room,
                        struct datagram *d)
{
    if (reader_left(r) < 10)
        return false;
    uint8_t what = reader_u8(r);
    uint8_t flags = reader_u8(r);
    uint32_t seq = (uint32_t)(int16_t)reader_u16be(r);
    uint32_t ack = (uint32_t)(int16_t)reader_u16be(r);
    uint8_t scale = reader_u8(r);
    uint8_t more = reader_u8(r);
    uint32_t len = reader_u16be(r) % PACKET_TOP;
    struct span bytes = reader_upto(r, len);
    size_t header = what & 8 ? UDP_HEADER : TCP_HEADER;

    now->number++;
    now->time_ns += (int64_t)1 << (more % 58) >> (more & 64 ? 20 : 0);
    if (now->time_ns > (int64_t)1 << 60)
        now->time_ns = 0;
    *d = (struct datagram){.seen = *now, .v6 = (what & 4) != 0};
    d->proto = what & 8 ? 17 : 6;
    d->src.b[15] = d->dst.b[14] = 1;
    memset(room, 0, TCP_HEADER);
    memcpy(room + header, bytes.ptr, bytes.len);
    d->payload = (struct span){room, header + bytes.len};
    put16(room, what & 2 ? 80 : 40000);
    put16(room + 2, what & 1 ? 80 : 40000);
    if (what & 1) { /* the other way */
        struct addr src = d->src;
        d->src = d->dst;
        d->dst = src;
        put16(room, what & 1 ? 80 : 40000);
        put16(room + 2, what & 2 ? 80 : 40000);
    }
    if (d->proto == 17) {
        put16(room + 4, (uint32_t)d->payload.len);
    } else {
        put32(room + 4, 1000 + (seq << scale % 20));
        put32(room + 8, 1000 + (ack << (scale >> 4)));
        room[12] = (uint8_t)(more & 128 ? more : 0x50);
        room[13] = flags;
        put_sum(d, room);
        room[16] ^= (what & 64) != 0;
    }
    if (what & 128) {
        d->cut = (uint32_t)d->payload.len / 3;
        d->payload.len -= d->cut;
    }
    d->fragment = (what & 16) != 0;
    d->frag_more = (flags & 1) != 0;
    d->frag_at = (uint32_t)(flags >> 1) * 8;
    return true;
}

/* Hand d over, in memory of its own size. */
static void take(const struct session_engine *e, struct session *s,
                 struct fragments *f, const struct datagram *d)
{
    struct datagram exact = *d;
    struct datagram whole;
    uint8_t *copy = malloc(d->payload.len);

    assert(copy != NULL);
    memcpy(copy, d->payload.ptr, d->payload.len);
    exact.payload.ptr = copy;
    if (!d->fragment) {
        (void)e->take(s, &exact);
    } else if (fragments_take(f, &exact, true, &whole)) {
        (void)e->take(s, &whole);
        if (fragments_other(f, &whole))
            (void)e->take(s, &whole);
    }
    free(copy);
}

static void run(const char *name, struct span input, struct told *t)
{
    const struct session_engine *e = session_engine_find(span_of(name));
    const struct session_settings set = {.memory = MEMORY,
                                         .queue = 20000,
                                         .idle_ns = 3600ll * 1000000000,
                                         .events = &events,
                                         .ctx = t,
                                         .counters = &t->counters};
    static uint8_t room[PACKET_TOP + TCP_HEADER];
    struct reader r = reader_over(input);
    struct moment now = {0};
    struct datagram d;

    memset(t, 0, sizeof(*t));
    struct session *s = e->new_(&set);
    struct fragments *f = fragments_new(FRAGMENTS, &t->counters);
    assert(s != NULL && f != NULL);
    while (next_packet(&r, &now, room, &d))
        take(e, s, f, &d);
    fragments_flush(f);
    e->flush(s);
    assert(t->open == 0 && t->readings == 0);
    const struct counters *c = &t->counters;
    assert(c->payload_bytes == t->data + t->messages + c->unread[WHY_LIMIT]);
    fragments_free(f);
    e->free(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct span input = {data, size};
    static struct told native, nids;

    run("native", input, &native);
    /* starting libnids takes longer than most inputs */
    if (size % NIDS_RARITY != 0)
        return 0;
    run("nids", input, &nids);
    assert(native.digest == nids.digest);
    assert(memcmp(&native.counters, &nids.counters, sizeof(native.counters)) ==
           0);
    return 0;
}
