// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * udp.c - UDP datagrams: flows of messages.
 *
 * In:   whole datagrams of protocol 17.
 * Out:  each payload as one message of its flow.
 * Not:  no checksum is verified: nothing hangs on the order of messages.
 * Spec: RFC 768; length 0 is a jumbogram's (RFC 2675).
 */
#include "outflow/reader.h"
#include "session/tcp.h"

enum {
    UDP_HEADER = 8,
};

/* The flow of a message, made when there is none. */
static struct tracked *udp_flow(struct session *s, const struct endpoints *e,
                                enum dir *dir)
{
    struct tracked *t = flows_find(s, e, dir);
    enum close_reason why;

    if (t != NULL && flows_quiet(s, t, e->d->seen.time_ns, &why)) {
        flows_forget(s, t, why);
        t = NULL;
    }
    if (t != NULL)
        return t;
    *dir = sender_opened(e) ? DIR_CLIENT : DIR_SERVER;
    t = flows_add(s, e, *dir);
    if (t == NULL)
        return NULL;
    flows_move(s, t, LIST_LIGHT);
    flows_count(s, t);
    return t;
}

enum skip udp_take(struct session *s, const struct datagram *d)
{
    struct reader r = reader_over(d->payload);
    struct endpoints e = {.d = d};

    e.src = reader_u16be(&r);
    e.dst = reader_u16be(&r);
    uint32_t len = reader_u16be(&r);
    reader_skip(&r, 2); /* checksum */
    if (!reader_ok(&r))
        return d->cut > 0 ? SKIP_TRUNCATED : SKIP_MALFORMED;
    uint64_t wire = reader_left(&r) + (uint64_t)d->cut;
    if (len != 0 && len < UDP_HEADER)
        return SKIP_MALFORMED;
    if (len != 0 && len - UDP_HEADER < wire)
        wire = len - UDP_HEADER;

    enum dir dir = DIR_CLIENT;
    struct tracked *t = udp_flow(s, &e, &dir);
    if (t == NULL)
        return SKIP_FLOW_LIMIT;
    struct message message = {.bytes = reader_upto(&r, (size_t)wire)};
    message.cut = (uint32_t)(wire - message.bytes.len);
    flows_touch(s, t, d, dir);
    s->set.counters->payload_bytes += message.bytes.len;
    s->set.counters->missing_bytes += message.cut;
    t->flow.missing[dir] += message.cut;
    flows_open(s, t);
    s->set.events->message(s->set.ctx, &t->flow, dir, &message, &d->seen);
    return SKIP_NONE;
}
