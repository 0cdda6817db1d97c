// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * flows.c - the table of flows: find, make, age, close.
 *
 * A keyed hash of both endpoints and the tenant, the same for both ways,
 * leads to chains of flows; flows live in slabs and are used again. Packet
 * time runs on a clock that no single packet can push far, so a capture
 * whose times jump does not empty the table.
 *
 * It must not look at payload, nor read the system's clock.
 */
#include "session/flows.h"

#include <stdlib.h>
#include <string.h>

#include "session/odd.h"
#include "session/rival.h"
#include "session/stream.h"

enum {
    SLAB_FLOWS = 64,    /* flows allocated at a time */
    TABLE_START = 1024, /* buckets of an empty table */
    PROTO_UDP = 17,
    PROTO_TCP = 6,
    CLOCK_STEP_S = 1, /* most a packet moves the clock */
    SWEEP_KEPT = 32,  /* flows not due that a sweep looks at */
};

static const int64_t ns_of_s = 1000000000;
static const int64_t sweep_ns = 500000000;

struct slab {
    struct slab *next;
    struct tracked flow[SLAB_FLOWS];
};

static uint64_t word_at(const uint8_t *p)
{
    uint64_t w;

    memcpy(&w, p, sizeof(w));
    return w;
}

/* The same for both directions: the halves are folded in order of size. */
static size_t flows_hash(const struct session *s, const struct endpoints *e)
{
    const struct hash_key *k = &s->key;
    uint64_t a = hash_mix(k, e->src, word_at(e->d->src.b));
    uint64_t b = hash_mix(k, e->dst, word_at(e->d->dst.b));

    a = hash_mix(k, a, word_at(e->d->src.b + 8));
    b = hash_mix(k, b, word_at(e->d->dst.b + 8));
    uint64_t low = a < b ? a : b;
    uint64_t high = a < b ? b : a;
    uint64_t h = hash_mix(k, e->d->tenant ^ e->d->proto, low);
    return (size_t)hash_mix(k, h, high);
}

/* Does e's sender stand on side dir of t? */
static bool flow_is(const struct tracked *t, const struct endpoints *e,
                    enum dir dir)
{
    const struct flow *f = &t->flow;
    enum dir to = dir_other(dir);

    return f->port[dir] == e->src && f->port[to] == e->dst &&
           f->proto == e->d->proto && f->tenant == e->d->tenant &&
           memcmp(&f->addr[dir], &e->d->src, sizeof(f->addr[dir])) == 0 &&
           memcmp(&f->addr[to], &e->d->dst, sizeof(f->addr[to])) == 0;
}

/* On which side of t, if any, does e's sender stand? */
static bool flow_either(const struct tracked *t, const struct endpoints *e,
                        enum dir *dir)
{
    if (flow_is(t, e, DIR_CLIENT))
        *dir = DIR_CLIENT;
    else if (flow_is(t, e, DIR_SERVER))
        *dir = DIR_SERVER;
    else
        return false;
    return true;
}

struct tracked *flows_find(struct session *s, const struct endpoints *e,
                           enum dir *dir)
{
    struct tracked *t = s->recent;

    if (t != NULL && flow_either(t, e, dir))
        return t; /* packets of a transfer come in a row */
    t = s->bucket[flows_hash(s, e) & (s->buckets - 1)];
    while (t != NULL && !flow_either(t, e, dir))
        t = t->chain;
    if (t != NULL)
        s->recent = t;
    return t;
}

static size_t flows_bucket(const struct session *s, const struct tracked *t)
{
    const struct datagram d = {.src = t->flow.addr[DIR_CLIENT],
                               .dst = t->flow.addr[DIR_SERVER],
                               .tenant = t->flow.tenant,
                               .proto = t->flow.proto};
    const struct endpoints e = {&d, t->flow.port[DIR_CLIENT],
                                t->flow.port[DIR_SERVER]};

    return flows_hash(s, &e) & (s->buckets - 1);
}

/* Twice the buckets, when memory allows; chains only get longer otherwise. */
static void flows_grow(struct session *s)
{
    size_t old = s->buckets;
    size_t want = old == 0 ? TABLE_START : old * 2;
    struct tracked **fresh = calloc(want, sizeof(struct tracked *));

    if (fresh == NULL)
        return;
    struct tracked **bucket = s->bucket;
    s->bucket = fresh;
    s->buckets = want;
    s->held += (want - old) * sizeof(*fresh);
    for (size_t i = 0; i < old; i++) {
        struct tracked *t = bucket[i];
        while (t != NULL) {
            struct tracked *behind = t->chain;
            size_t at = flows_bucket(s, t);
            t->chain = fresh[at];
            fresh[at] = t;
            t = behind;
        }
    }
    free(bucket);
}

static void list_remove(struct session *s, struct tracked *t)
{
    if (t->prev != NULL)
        t->prev->next = t->next;
    else
        s->newest[t->list] = t->next;
    if (t->next != NULL)
        t->next->prev = t->prev;
    else
        s->oldest[t->list] = t->prev;
}

static void list_push(struct session *s, struct tracked *t)
{
    t->prev = NULL;
    t->next = s->newest[t->list];
    if (t->next != NULL)
        t->next->prev = t;
    else
        s->oldest[t->list] = t;
    s->newest[t->list] = t;
}

void flows_move(struct session *s, struct tracked *t, enum flow_list list)
{
    if (t->list == (uint8_t)list)
        return;
    list_remove(s, t);
    t->list = (uint8_t)list;
    list_push(s, t);
}

/* A flow's memory: a freed one, else a new slab; NULL at the limit. */
static struct tracked *flows_alloc(struct session *s)
{
    if (!flows_room(s, sizeof(struct tracked), NULL))
        return NULL;
    if (s->spare == NULL) {
        struct slab *slab = malloc(sizeof(*slab));
        if (slab == NULL)
            return NULL;
        slab->next = s->slabs;
        s->slabs = slab;
        for (size_t i = SLAB_FLOWS; i-- > 0;) {
            slab->flow[i].chain = s->spare;
            s->spare = &slab->flow[i];
        }
    }
    struct tracked *t = s->spare;
    s->spare = t->chain;
    s->held += sizeof(*t);
    return t;
}

struct tracked *flows_add(struct session *s, const struct endpoints *e,
                          enum dir dir_of_sender)
{
    const struct datagram *d = e->d;
    struct tracked *t = flows_alloc(s);
    enum dir to = dir_other(dir_of_sender);

    if (t == NULL)
        return NULL;
    memset(t, 0, sizeof(*t));
    t->flow.id = (uint64_t)d->seen.capture << 40 | d->seen.number;
    t->flow.addr[dir_of_sender] = d->src;
    t->flow.addr[to] = d->dst;
    t->flow.port[dir_of_sender] = e->src;
    t->flow.port[to] = e->dst;
    t->flow.proto = d->proto;
    t->flow.tenant = d->tenant;
    t->flow.opened_ns = d->seen.time_ns;
    t->flow.last = d->seen;
    t->list = LIST_HALF;
    t->used_s = (int32_t)(s->clock_ns / ns_of_s);

    if (s->flows >= s->buckets)
        flows_grow(s);
    size_t at = flows_bucket(s, t);
    t->chain = s->bucket[at];
    s->bucket[at] = t;
    s->flows++;
    list_push(s, t);
    return t;
}

void flows_touch(struct session *s, struct tracked *t, const struct datagram *d,
                 enum dir dir)
{
    struct stream *st = &t->stream[dir];
    int32_t now_s = (int32_t)(s->clock_ns / ns_of_s);

    t->flow.last = d->seen;
    if (UNLIKELY(!st->seen)) {
        st->seen = true;
        memcpy(t->flow.mac[dir], d->src_mac, sizeof(d->src_mac));
        if (t->stream[dir_other(dir)].seen && t->list == LIST_HALF)
            flows_move(s, t, LIST_LIGHT);
    }
    if (t->used_s == now_s)
        return;
    t->used_s = now_s;
    if (t->prev == NULL)
        return;
    list_remove(s, t);
    list_push(s, t);
}

static void swap_bytes(void *a, void *b, size_t len)
{
    uint8_t *x = a;
    uint8_t *y = b;

    for (size_t i = 0; i < len; i++) {
        uint8_t held = x[i];
        x[i] = y[i];
        y[i] = held;
    }
}

void flows_turn(struct tracked *t)
{
    struct flow *f = &t->flow;

    swap_bytes(&f->addr[0], &f->addr[1], sizeof(f->addr[0]));
    swap_bytes(&f->port[0], &f->port[1], sizeof(f->port[0]));
    swap_bytes(&f->mac[0], &f->mac[1], sizeof(f->mac[0]));
    swap_bytes(&f->missing[0], &f->missing[1], sizeof(f->missing[0]));
    swap_bytes(&t->stream[0], &t->stream[1], sizeof(t->stream[0]));
    for (enum dir dir = DIR_CLIENT; dir <= DIR_SERVER; dir++) {
        if (t->stream[dir].waiting != NULL)
            t->stream[dir].waiting->side = dir;
        if (stream_copies(&t->stream[dir]) != NULL)
            stream_copies(&t->stream[dir])->side = dir;
    }
}

/* Tell the ends of streams that have one, then the end of the flow. */
static void flows_tell_end(struct session *s, struct tracked *t,
                           enum close_reason why)
{
    for (enum dir dir = DIR_CLIENT; dir <= DIR_SERVER; dir++) {
        if (!t->stream[dir].fin || t->stream[dir].ended)
            continue;
        t->stream[dir].ended = true;
        s->set.events->end(s->set.ctx, &t->flow, dir);
    }
    s->set.events->close(s->set.ctx, &t->flow, why);
}

/* Deliver what waits in both directions, then say what their ends lack. */
static void flows_drain(struct session *s, struct tracked *t)
{
    const struct side client = side_of(s, t, DIR_CLIENT);
    const struct side server = side_of(s, t, DIR_SERVER);

    stream_settle(&client, t->flow.last.time_ns, true);
    stream_settle(&server, t->flow.last.time_ns, true);
    stream_close(&client);
    stream_close(&server);
}

void flows_close(struct session *s, struct tracked *t, enum close_reason why)
{
    if (t->closed)
        return;
    rival_drop(s, t);
    if (t->flow.proto == PROTO_TCP)
        flows_drain(s, t);
    t->closed = true;
    if (why == CLOSE_EVICTED)
        s->set.counters->flows_evicted += t->counted;
    if (t->opened) {
        if (t->flow.proto == PROTO_TCP &&
            t->stream[DIR_CLIENT].seen != t->stream[DIR_SERVER].seen)
            s->set.counters->flows_one_way++;
        flows_tell_end(s, t, why);
    }
    flows_move(s, t, LIST_DONE);
}

void flows_forget(struct session *s, struct tracked *t, enum close_reason why)
{
    flows_close(s, t, why);
    struct tracked **link = &s->bucket[flows_bucket(s, t)];
    while (*link != t)
        link = &(*link)->chain;
    *link = t->chain;
    list_remove(s, t);
    if (s->recent == t)
        s->recent = NULL;
    s->flows--;
    s->held -= sizeof(*t);
    t->chain = s->spare;
    s->spare = t;
}

/* Quiet time that ends a flow like t. */
static int64_t quiet_limit(const struct session *s, const struct tracked *t)
{
    if (t->closed)
        return LIMIT_DONE_S * ns_of_s;
    if (t->reset)
        return LIMIT_RESET_S * ns_of_s;
    if (t->flow.proto == PROTO_UDP)
        return LIMIT_UDP_IDLE_S * ns_of_s;
    if (t->list == LIST_HALF)
        return LIMIT_HALF_OPEN_S * ns_of_s;
    return s->set.idle_ns * LIMIT_IDLE_FACTOR;
}

static enum close_reason quiet_reason(const struct tracked *t)
{
    return t->reset ? CLOSE_END : CLOSE_IDLE;
}

bool flows_quiet(const struct session *s, const struct tracked *t,
                 int64_t time_ns, enum close_reason *why)
{
    int64_t quiet = time_since(time_ns, t->flow.last.time_ns);

    *why = quiet_reason(t);
    return quiet > quiet_limit(s, t) && quiet < LIMIT_JUMP_S * ns_of_s;
}

/* The flow that has to go first, other than keep. */
static struct tracked *flows_oldest(const struct session *s,
                                    const struct tracked *keep)
{
    for (int list = LIST_DONE; list < LISTS; list++) {
        struct tracked *t = s->oldest[list];

        if (t != NULL && t == keep)
            t = t->prev;
        if (t != NULL)
            return t;
    }
    return NULL;
}

/* Forget the flow that has to go first, other than keep; false: none has. */
static bool flows_evict(struct session *s, const struct tracked *keep)
{
    struct tracked *t = flows_oldest(s, keep);

    if (t == NULL)
        return false;
    flows_forget(s, t, t->reset ? CLOSE_END : CLOSE_EVICTED);
    return true;
}

bool flows_room(struct session *s, uint64_t bytes, const struct tracked *keep)
{
    while (s->held + bytes > s->set.memory) {
        if (!flows_evict(s, keep))
            return false;
    }
    return true;
}

bool flows_shed(struct session *s, size_t count)
{
    bool shed = false;

    while (count > 0 && flows_evict(s, NULL)) {
        shed = true;
        count--;
    }
    return shed;
}

/* Look at queues that no packet of their own has looked at. */
static void sweep_queues(struct session *s)
{
    struct queue *q = s->queues;

    while (q != NULL) {
        const struct side on =
            side_of(s, q->owner, q->side == 0 ? DIR_CLIENT : DIR_SERVER);

        s->cursor = q->next; /* moves on when that is dropped meanwhile */
        if (q->copies)
            overlap_age(&on, s->packet_ns);
        else
            stream_settle(&on, s->packet_ns, false);
        q = s->cursor;
    }
    s->cursor = NULL;
}

/*
 * Close the flows of a list that were not used for long. Those in it may
 * have different limits, so a few that are not due are passed over.
 */
static void sweep_list(struct session *s, enum flow_list list)
{
    struct tracked *t = s->oldest[list];
    int64_t now_s = s->clock_ns / ns_of_s;
    unsigned kept = 0;

    while (t != NULL && kept < SWEEP_KEPT) {
        struct tracked *younger = t->prev;
        /* a second late, so that own packets of the flow judge first */
        int64_t limit_s = quiet_limit(s, t) / ns_of_s + 1;

        if (now_s - t->used_s > limit_s)
            flows_forget(s, t, quiet_reason(t));
        else
            kept++;
        t = younger;
    }
}

void flows_tick(struct session *s, int64_t time_ns)
{
    int64_t step = time_since(time_ns, s->packet_ns);

    if (step > CLOCK_STEP_S * ns_of_s)
        step = CLOCK_STEP_S * ns_of_s;
    s->packet_ns = time_ns;
    if (step > 0)
        s->clock_ns += step;
    if (LIKELY(s->clock_ns - s->swept_ns < sweep_ns))
        return;
    s->swept_ns = s->clock_ns;
    sweep_queues(s);
    for (int list = LIST_DONE; list < LISTS; list++)
        sweep_list(s, (enum flow_list)list);
}

bool flows_init(struct session *s)
{
    flows_grow(s);
    return s->bucket != NULL;
}

void flows_flush(struct session *s)
{
    for (int list = LIST_DONE; list < LISTS; list++) {
        while (s->oldest[list] != NULL) {
            struct tracked *t = s->oldest[list];
            flows_forget(s, t, t->reset ? CLOSE_END : CLOSE_FLUSH);
        }
    }
}

void flows_clear(struct session *s)
{
    while (s->slabs != NULL) {
        struct slab *slab = s->slabs;
        s->slabs = slab->next;
        free(slab);
    }
    free(s->bucket);
    s->bucket = NULL;
    s->spare = NULL;
}
