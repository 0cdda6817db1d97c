// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * core.c - what both engines are made of, set up and put away.
 *
 * It must not know which engine it serves.
 */
#include "session/core.h"

#include <stdlib.h>

#include "session/flows.h"
#include "session/odd.h"
#include "session/tcp.h"

enum {
    PROTO_TCP = 6,
    PROTO_UDP = 17,
};

bool session_init(struct session *s, const struct session_settings *set)
{
    *s = (struct session){.set = *set, .key = hash_key_new()};
    return flows_init(s);
}

bool session_odd(const struct side *on)
{
    struct stream *st = on->st;

    if (st->odd != NULL)
        return true;
    st->odd = calloc(1, sizeof(*st->odd));
    if (st->odd == NULL)
        return false;
    on->s->held += sizeof(*st->odd);
    return true;
}

struct queue *session_queue(const struct side *on)
{
    struct queue *q = queue_new();
    struct session *s = on->s;

    if (q == NULL)
        return NULL;
    q->owner = on->t;
    q->side = on->dir;
    q->next = s->queues;
    if (q->next != NULL)
        q->next->prev = q;
    s->queues = q;
    s->held += q->bytes;
    return q;
}

void session_drop(struct session *s, struct queue *q)
{
    if (s->cursor == q)
        s->cursor = q->next;
    if (q->prev != NULL)
        q->prev->next = q->next;
    else
        s->queues = q->next;
    if (q->next != NULL)
        q->next->prev = q->prev;
    s->held -= q->bytes;
    queue_free(q);
}

void session_clear(struct session *s)
{
    session_flush(s);
    flows_clear(s);
    free(s->scratch);
    s->scratch = NULL;
}

enum skip session_take(struct session *s, const struct datagram *d)
{
    flows_tick(s, d->seen.time_ns);
    if (LIKELY(d->proto == PROTO_TCP))
        return tcp_take(s, d);
    return d->proto == PROTO_UDP ? udp_take(s, d) : SKIP_PROTOCOL;
}

void session_flush(struct session *s)
{
    flows_flush(s);
}

bool session_shed(struct session *s, size_t share)
{
    return flows_shed(s, s->flows / share + 1);
}

uint64_t session_held(const struct session *s)
{
    return s->held;
}
