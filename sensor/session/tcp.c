// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * tcp.c - TCP segments: what their flags and numbers mean for a flow.
 *
 * In:   whole datagrams of protocol 6.
 * Out:  flows; pieces and ACKs to their streams.
 * Not:  no window, no timestamp, no urgent pointer: they are cheap to forge
 *       and not needed to put bytes in order. An RST closes nothing at once.
 * Spec: RFC 9293, 7413 (data in SYN), 5961 (blind resets).
 *
 *     0        4        8        12     13      14       16      18     20
 *     +--------+--------+--------+------+-------+--------+-------+------+
 *     | ports  | seq    | ack    | off. | flags | window | sum   | urg. |
 *     +--------+--------+--------+------+-------+--------+-------+------+
 */
#include "session/tcp.h"

#include <stdlib.h>

#include "outflow/reader.h"
#include "session/rival.h"
#include "session/stream.h"

enum {
    TCP_HEADER = 20,
    PORT_WELL_KNOWN = 1024, /* servers below (RFC 6335) */
    PORT_EPHEMERAL = 32768, /* clients from here on, as Linux does */
};

enum skip tcp_parse(const struct datagram *d, struct segment *seg)
{
    struct reader r = reader_over(d->payload);

    *seg = (struct segment){.e = {.d = d}};
    seg->e.src = reader_u16be(&r);
    seg->e.dst = reader_u16be(&r);
    seg->seq = reader_u32be(&r);
    seg->ack = reader_u32be(&r);
    uint32_t header = (uint32_t)(reader_u8(&r) >> 4) * 4;
    seg->flags = reader_u8(&r);
    reader_skip(&r, 6); /* window, checksum, urgent pointer */
    if (!reader_ok(&r))
        return d->cut > 0 ? SKIP_TRUNCATED : SKIP_MALFORMED;
    if (header < TCP_HEADER || header > d->payload.len + (uint64_t)d->cut)
        return SKIP_MALFORMED;

    struct span options = reader_upto(&r, header - TCP_HEADER);
    seg->cut = d->cut - (header - TCP_HEADER - (uint32_t)options.len);
    seg->bytes = r.rest;
    if ((seg->flags & TCP_SYN) != 0)
        seg->seq++;
    return SKIP_NONE;
}

bool sender_opened(const struct endpoints *e)
{
    bool low_src = e->src < PORT_WELL_KNOWN;
    bool low_dst = e->dst < PORT_WELL_KNOWN;

    if (low_src != low_dst)
        return low_dst;
    bool high_src = e->src >= PORT_EPHEMERAL;
    bool high_dst = e->dst >= PORT_EPHEMERAL;
    return high_src != high_dst ? high_src : true;
}

/* Learn whether checksums of a direction mean something. */
static void tcp_trust(struct session *s, struct trust *trust,
                      struct segment *seg)
{
    if (seg->e.d->cut > 0)
        return;
    bool ok = checksum_ok(seg->e.d);
    trust_learn(trust, ok);
    seg->doubtful = !ok && !trust_anyway(trust);
    s->set.counters->bad_checksums += seg->doubtful;
}

/* Can the stream of a SYN begin where it says? */
static bool syn_fits(const struct stream *st, uint32_t seq)
{
    if (!st->known)
        return true;
    if (st->syn)
        return seq == st->base;
    uint64_t place = stream_place(st, seq);
    if (st->moved) /* it may come behind the data */
        return place <= st->next && place + LIMIT_QUEUE >= st->next;
    const struct run *first =
        st->waiting == NULL ? NULL : queue_at(st->waiting, 0);
    if (first != NULL && first->at < place)
        return false;
    return place + LIMIT_GAP > st->next && place < st->next + LIMIT_GAP;
}

/* Does a SYN's ACK answer what the other side sent? */
static bool syn_answers(const struct stream *other, uint32_t ack)
{
    if (!other->known)
        return true;
    if (!other->syn && !other->moved)
        return true;
    return ack - other->base <= UINT16_MAX; /* data in the SYN is taken too */
}

/* Take a SYN, unless it is for the rival to judge. */
static enum rival_says tcp_syn(struct session *s, struct tracked *t,
                               enum dir dir, const struct segment *seg)
{
    const struct side on = side_of(s, t, dir);
    const struct side back = side_of(s, t, dir_other(dir));
    bool answer = (seg->flags & TCP_ACK) != 0;

    if (!syn_fits(on.st, seg->seq) ||
        (answer && !syn_answers(back.st, seg->ack)))
        return rival_syn(s, t, dir, seg);
    flows_count(s, t);
    t->shaken = true;
    if (!t->opened)
        t->flow.midstream = false;
    if (!on.st->syn && !on.st->moved) {
        stream_begin(&on, seg->seq);
        stream_settle(&on, seg->e.d->seen.time_ns, false);
    }
    on.st->syn = seg->seq == on.st->base;
    if (answer && !back.st->started) {
        stream_begin(&back, seg->ack);
        stream_settle(&back, seg->e.d->seen.time_ns, false);
    }
    return RIVAL_NO;
}

/* The opener is who sent the SYN; turn a flow that was judged by ports. */
static enum dir tcp_roles(struct tracked *t, enum dir dir,
                          const struct segment *seg)
{
    bool answer = (seg->flags & TCP_ACK) != 0;
    enum dir want = answer ? DIR_SERVER : DIR_CLIENT;

    if ((seg->flags & TCP_SYN) == 0 || t->opened || t->shaken || dir == want)
        return dir;
    flows_turn(t);
    rival_turn(t);
    return want;
}

/* Bytes and FIN of a segment go to their stream. */
static void tcp_payload(const struct side *on, const struct segment *seg)
{
    struct piece p = {
        .bytes = seg->bytes,
        .cut = seg->cut,
        .doubtful = seg->doubtful,
        .fin = (seg->flags & TCP_FIN) != 0,
        .seen = seg->e.d->seen,
    };

    if (p.bytes.len == 0 && p.cut == 0 && !p.fin) {
        if (!on->st->started)
            stream_hint(on->st, seg->seq, true);
        return;
    }
    if (!on->st->known)
        stream_hint(on->st, seg->seq, false);
    if (p.bytes.len > 0 || p.cut > 0) {
        flows_count(on->s, on->t);
        if (on->t->list != LIST_LIVE && !on->t->closed) {
            on->t->reset = false;
            flows_move(on->s, on->t, LIST_LIVE);
        }
    }
    p.at = stream_place(on->st, seg->seq);
    stream_take(on, &p);
}

/* Tell of ends that were acknowledged; close what ended on both sides. */
static void tcp_finish(struct session *s, struct tracked *t)
{
    for (enum dir dir = DIR_CLIENT; dir <= DIR_SERVER; dir++) {
        struct stream *st = &t->stream[dir];

        if (!st->fin || st->ended || st->acked <= st->next || !t->opened)
            continue;
        st->ended = true;
        s->set.events->end(s->set.ctx, &t->flow, dir);
    }
    if (t->stream[DIR_CLIENT].fin && t->stream[DIR_SERVER].fin)
        flows_close(s, t, CLOSE_END);
}

/* A segment that belongs to the flow t, in order of its parts. */
static void tcp_flow(struct session *s, struct tracked *t, enum dir dir,
                     const struct segment *seg)
{
    const struct side on = side_of(s, t, dir);
    const struct side back = side_of(s, t, dir_other(dir));

    if (seg->doubtful) {
        if (segment_wild(t, dir, seg))
            stream_stray(&on, seg->bytes, &seg->e.d->seen);
        else if (seg->bytes.len > 0)
            tcp_payload(&on, seg);
        return;
    }
    if ((seg->flags & TCP_RST) != 0) {
        t->reset = true;
        flows_move(s, t, LIST_DONE);
        stream_stray(&on, seg->bytes, &seg->e.d->seen);
        return;
    }
    if ((seg->flags & TCP_ACK) != 0) {
        if (!back.st->known)
            stream_hint(back.st, seg->ack, t->shaken);
        stream_ack(&back, seg->ack, seg->e.d->seen.time_ns);
    }
    tcp_payload(&on, seg);
    if (UNLIKELY(t->stream[DIR_CLIENT].fin || t->stream[DIR_SERVER].fin))
        tcp_finish(s, t);
}

/* The first segment of a flow. */
static enum skip tcp_first(struct session *s, struct segment *seg)
{
    bool syn = (seg->flags & TCP_SYN) != 0;
    bool opens = syn ? (seg->flags & TCP_ACK) == 0 : sender_opened(&seg->e);

    if ((seg->flags & TCP_RST) != 0)
        return SKIP_NONE; /* of a flow that was closed, or of none */
    enum dir dir = opens ? DIR_CLIENT : DIR_SERVER;
    struct tracked *t = flows_add(s, &seg->e, dir);
    if (t == NULL)
        return SKIP_FLOW_LIMIT;
    t->flow.midstream = !syn;
    tcp_trust(s, &t->stream[dir].trust, seg);
    flows_touch(s, t, seg->e.d, dir);
    if (syn)
        (void)tcp_syn(s, t, dir, seg);
    tcp_flow(s, t, dir, seg);
    return SKIP_NONE;
}

static enum skip tcp_segment(struct session *s, struct segment *seg);

/* The rival is the flow from now on; the old one is over. */
static enum skip tcp_switch(struct session *s, struct tracked *t)
{
    struct held *h = rival_take(s, t);
    enum skip skip = SKIP_NONE;

    flows_forget(s, t, CLOSE_REUSED);
    while (h != NULL) {
        struct held *behind = h->next;
        struct segment seg;

        if (tcp_parse(&h->d, &seg) == SKIP_NONE)
            skip = tcp_segment(s, &seg);
        free(h);
        h = behind;
    }
    return skip;
}

/* A segment for a closed flow: a repetition, or a new connection. */
static enum skip tcp_straggler(struct session *s, struct tracked *t,
                               enum dir dir, struct segment *seg)
{
    const struct stream *st = &t->stream[dir];
    size_t len = seg->bytes.len + seg->cut;
    int64_t off =
        st->known ? (int32_t)(seg->seq - stream_seq(st, st->next)) : INT32_MAX;

    if ((seg->flags & TCP_SYN) == 0) {
        if (len == 0)
            return SKIP_NONE;
        if (off <= 0 && off + (int64_t)len <= 1 && off > -LIMIT_GAP) {
            s->set.counters->duplicate_bytes += seg->bytes.len;
            return SKIP_NONE;
        }
    } else if (st->syn && st->base == seg->seq) {
        return SKIP_NONE;
    }
    flows_forget(s, t, CLOSE_END);
    return tcp_first(s, seg);
}

/* Find the segment's flow and decide whether it belongs to it. */
static enum skip tcp_segment(struct session *s, struct segment *seg)
{
    enum dir dir = DIR_CLIENT;
    enum close_reason why;
    struct tracked *t = flows_find(s, &seg->e, &dir);

    if (t != NULL &&
        UNLIKELY(flows_quiet(s, t, seg->e.d->seen.time_ns, &why))) {
        flows_forget(s, t, why);
        t = NULL;
    }
    if (t == NULL)
        return tcp_first(s, seg);
    if (UNLIKELY(t->closed))
        return tcp_straggler(s, t, dir, seg);

    tcp_trust(s, &t->stream[dir].trust, seg);
    enum rival_says says = RIVAL_NO;
    if (!seg->doubtful) {
        dir = tcp_roles(t, dir, seg);
        says = rival_judge(s, t, dir, seg);
        if (says == RIVAL_NO && (seg->flags & TCP_SYN) != 0)
            says = tcp_syn(s, t, dir, seg);
    }
    if (UNLIKELY(says == RIVAL_WINS))
        return tcp_switch(s, t);
    flows_touch(s, t, seg->e.d, dir);
    if (says == RIVAL_NO)
        tcp_flow(s, t, dir, seg);
    return SKIP_NONE;
}

enum skip tcp_take(struct session *s, const struct datagram *d)
{
    struct segment seg;
    enum skip skip = tcp_parse(d, &seg);

    return skip == SKIP_NONE ? tcp_segment(s, &seg) : skip;
}
