// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * pipeline.c - what becomes of a packet: peel, order, decode, detect.
 *
 * It must not contain logic of a layer, only connect them, nor know where
 * packets come from.
 */
#include "pipeline.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "first.h"
#include "helper/client.h"
#include "outflow/capture.h"
#include "outflow/limits.h"
#include "outflow/reading.h"
#include "transfers.h"
#include "util/unicode.h"

enum {
    MEMORY_FEW = 16,  /* flows that hold so small a share of it stay */
    MEMORY_SHARE = 8, /* of all flows that leave at a time */
    HELD_SHARE = 4,   /* of the memory is for parts held whole */
    PROTO_TCP = 6,
};

struct pipeline {
    struct pipeline_settings set;
    struct counters counters;
    struct fragments *fragments;
    const struct session_engine *engine;
    struct session *session;
    struct chains *chains;
    struct transfers transfers;
    uint64_t chains_lost; /* flows that found no memory for a chain */
};

/* Payload of a flow; without a chain it is said, not lost. */
static void flow_feed(struct pipeline *k, struct flow *flow, enum dir dir,
                      const struct message *message, const struct moment *seen)
{
    k->transfers.now = *seen;
    if (!flow->user)
        k->counters.unread[WHY_LIMIT] += message->bytes.len;
    else if (flow->proto == PROTO_TCP)
        chain_feed(flow->user, dir, message->bytes);
    else
        chain_message(flow->user, dir, message->bytes, message->cut);
}

/* Make the chain of a flow, and feed it what waited. */
static void flow_begin(struct pipeline *k, struct flow *flow)
{
    struct first *first = flow->user;

    if (!flow->early)
        return;
    flow->early = false;
    flow->user = chain_new(k->chains, flow);
    if (!flow->user)
        k->chains_lost++;
    if (!first)
        return;
    const struct message message = first_message(first);
    const struct moment seen = first_moment(first);
    flow_feed(k, flow, (enum dir)first->dir, &message, &seen);
    free(first);
}

/*
 * A flow in mid-stream is looked into at once, for what it announces may be
 * under way; others wait for their first bytes, see first.h.
 */
static void flow_open(void *ctx, struct flow *flow)
{
    ((struct pipeline *)ctx)->counters.flows_open++;
    flow->early = true;
    flow->user = NULL;
    if (flow->midstream)
        flow_begin(ctx, flow);
}

/* Bytes in order, or a datagram; a flow's first may wait. */
static void flow_take(struct pipeline *k, struct flow *flow, enum dir dir,
                      const struct message *message, const struct moment *seen)
{
    bool first = flow->early && !flow->user;

    if (first && chain_can_wait(flow, dir, message->bytes))
        flow->user = first_keep(dir, message, seen);
    if (first && flow->user)
        return;
    flow_begin(k, flow);
    flow_feed(k, flow, dir, message, seen);
}

static void flow_data(void *ctx, struct flow *flow, enum dir dir,
                      struct span bytes, const struct moment *seen)
{
    flow_take(ctx, flow, dir, &(struct message){.bytes = bytes}, seen);
}

static void flow_message(void *ctx, struct flow *flow, enum dir dir,
                         const struct message *message,
                         const struct moment *seen)
{
    flow_take(ctx, flow, dir, message, seen);
}

static void flow_gap(void *ctx, struct flow *flow, enum dir dir, uint64_t len,
                     const struct moment *seen)
{
    struct pipeline *k = ctx;

    flow_begin(k, flow);
    k->transfers.now = *seen;
    if (flow->user)
        chain_gap(flow->user, dir, len);
}

static void flow_overlap(void *ctx, struct flow *flow, enum dir dir,
                         const struct overlap *copy, const struct moment *seen)
{
    struct pipeline *k = ctx;

    flow_begin(k, flow);
    k->transfers.now = *seen;
    if (flow->user)
        chain_overlap(flow->user, dir, copy);
}

/* What closing finds belongs to the flow's newest packet, not to whatever
   packet of another flow came last. */
static void flow_end(void *ctx, struct flow *flow, enum dir dir)
{
    struct pipeline *k = ctx;

    flow_begin(k, flow);
    k->transfers.now = flow->last;
    if (flow->user)
        chain_end(flow->user, dir);
}

static void flow_close(void *ctx, struct flow *flow, enum close_reason why)
{
    struct pipeline *k = ctx;

    (void)why;
    flow_begin(k, flow);
    k->transfers.now = flow->last;
    if (flow->user)
        chain_free(flow->user);
    flow->user = NULL;
    k->counters.flows_open--;
    if (k->set.pulse)
        pulse_beat(k->set.pulse);
}

static void reading_doubt(void *ctx, struct flow *flow, enum dir dir)
{
    struct pipeline *k = ctx;

    flow_begin(k, flow);
    if (flow->user)
        chain_doubt(flow->user, dir);
}

/* A second reading; there is a flow and it was not looked into for nothing. */
static size_t reading_begin(void *ctx, struct second_reading *r,
                            struct span head)
{
    struct pipeline *k = ctx;
    struct chain *again = NULL;

    flow_begin(k, r->flow);
    if (!r->flow->user)
        return head.len;
    size_t at = chain_again(r->flow->user, r, head, &again);
    r->user = again;
    return at;
}

static bool reading_data(void *ctx, struct second_reading *r, struct span bytes,
                         const struct moment *seen)
{
    struct pipeline *k = ctx;

    k->transfers.now = *seen;
    return chain_read(r->flow->user, r->user, r, bytes);
}

static void reading_gap(void *ctx, struct second_reading *r, uint64_t len,
                        const struct moment *seen)
{
    struct pipeline *k = ctx;

    k->transfers.now = *seen;
    chain_gap(r->user, r->dir, len);
}

static void reading_end(void *ctx, struct second_reading *r)
{
    struct pipeline *k = ctx;

    k->transfers.now = r->flow->last;
    chain_free(r->user);
}

static const struct reading_events reading_events = {
    .doubt = reading_doubt,
    .begin = reading_begin,
    .data = reading_data,
    .gap = reading_gap,
    .end = reading_end,
};

static const struct session_events flow_events = {
    .reading = &reading_events,
    .open = flow_open,
    .data = flow_data,
    .gap = flow_gap,
    .overlap = flow_overlap,
    .message = flow_message,
    .end = flow_end,
    .close = flow_close,
};

/* Do packets between these two addresses belong to this worker? */
static bool is_mine(const struct pipeline *k, const struct datagram *d)
{
    uint64_t half[2], sum = 0;

    if (k->set.own)
        return share_has(k->set.own, &d->src, &d->dst);
    if (k->set.count <= 1)
        return true;
    const struct addr *ends[2] = {&d->src, &d->dst};
    for (size_t i = 0; i < 2; i++) {
        memcpy(half, ends[i]->b, sizeof(half));
        sum += hash_mix(&k->set.share, half[0], half[1]);
    }
    return hash_mix(&k->set.share, 0, sum) % k->set.count == k->set.index;
}

static void count_packet(struct pipeline *k, const struct packet *p)
{
    struct counters *c = &k->counters;

    c->packets++;
    c->bytes += p->wire_len;
    c->packets_cut += p->wire_len > p->frame.len;
    if (c->packets == 1 || p->time_ns < c->first_ns)
        c->first_ns = p->time_ns;
    if (c->packets == 1 || p->time_ns > c->last_ns)
        c->last_ns = p->time_ns;
}

static void count_fate(struct pipeline *k, enum skip skip)
{
    if (skip == SKIP_NONE)
        k->counters.packets_used++;
    else
        k->counters.packets_skipped[skip]++;
}

static void take_fragment(struct pipeline *k, const struct datagram *part,
                          bool counted);

/* A datagram that fragments made; its packets are counted. */
static void take_whole(struct pipeline *k, const struct datagram *whole)
{
    struct datagram inner;

    if (links_resume(whole, &inner) != SKIP_NONE)
        return;
    if (inner.fragment)
        take_fragment(k, &inner, false);
    else if (is_mine(k, &inner))
        (void)k->engine->take(k->session, &inner);
}

/* A fragment: every worker puts them together, one counts its packet. */
static void take_fragment(struct pipeline *k, const struct datagram *part,
                          bool counted)
{
    struct datagram whole;

    if (!fragments_take(k->fragments, part, counted, &whole))
        return;
    take_whole(k, &whole);
    if (fragments_other(k->fragments, &whole))
        take_whole(k, &whole);
}

/* Is a packet without a datagram this worker's to count? */
static bool counts(const struct pipeline *k, const struct packet *p)
{
    return k->set.live ? live_counts(k->set.live, p) : k->set.index == 0;
}

void pipeline_take(struct pipeline *k, const struct packet *p)
{
    struct datagram d;
    enum skip skip = links_peel(p, &d);
    bool mine = skip == SKIP_NONE ? is_mine(k, &d) : counts(k, p);

    if (mine)
        count_packet(k, p);
    if (skip != SKIP_NONE) {
        if (mine)
            count_fate(k, skip);
    } else if (d.fragment) {
        take_fragment(k, &d, mine);
    } else if (mine) {
        count_fate(k, k->engine->take(k->session, &d));
    }
}

/* Bytes of the heap in use; 0 under a sanitizer, whose heap is another. */
static uint64_t heap_held(void)
{
    struct mallinfo2 info = mallinfo2();

    return (uint64_t)info.uordblks + info.hblkhd;
}

/*
 * What decoders hold of a flow is not the session's, and may be ten times as
 * much. So when all of it is more than this worker's share, the flows used
 * least leave with what is held for them; not the last few, for then it is
 * one that needs so much, as undoing a coding may.
 */
void pipeline_keep_memory(struct pipeline *k)
{
    uint64_t most = k->set.settings->memory / k->set.count / 4 * 3;

    while (k->engine->held(k->session) > most / MEMORY_FEW &&
           heap_held() > most) {
        if (!k->engine->shed(k->session, MEMORY_SHARE))
            return;
    }
}

void pipeline_end(struct pipeline *k)
{
    fragments_flush(k->fragments);
    k->engine->flush(k->session);
}

uint64_t pipeline_held(const struct settings *settings, unsigned count)
{
    uint64_t share = settings->memory / HELD_SHARE / count;

    return share < settings->document ? share : settings->document;
}

/* Make each layer of the half that meets hostile bytes. */
static bool build(struct pipeline *k, struct problems *problems)
{
    const struct settings *s = k->set.settings;
    const struct detect_settings detect = {
        .key = k->set.key,
        .numbers = s->numbers,
        .numbers_count = s->numbers_count,
        .counters = &k->counters,
    };
    const struct chain_settings chain = {
        .events = &transfers_events,
        .now = &k->transfers.now,
        .ctx = &k->transfers,
        .counters = &k->counters,
        .depth = s->depth,
        .document = s->document,
        .held = pipeline_held(s, k->set.count),
        .helper = helper_use(k->set.helper, &k->counters),
    };
    const struct session_settings session = {
        .memory = s->memory / 2 / k->set.count,
        .queue = LIMIT_QUEUE,
        .idle_ns = (int64_t)LIMIT_IDLE_S * 1000000000,
        .events = &flow_events,
        .ctx = k,
        .counters = &k->counters,
    };

    k->transfers.counters = &k->counters;
    k->transfers.judge = k->set.judge;
    k->transfers.detect = detect_new(&detect, problems);
    k->chains = chains_new(&chain);
    k->fragments = fragments_new(LIMIT_FRAGMENTS, &k->counters);
    k->engine = session_engine_find(span_of(s->session));
    if (k->engine)
        k->session = k->engine->new_(&session);
    return k->transfers.detect && k->chains && k->fragments && k->session;
}

struct pipeline *pipeline_new(const struct pipeline_settings *settings,
                              struct problems *problems)
{
    struct pipeline *k = calloc(1, sizeof(*k));

    if (!k)
        return NULL;
    k->set = *settings;
    if (build(k, problems))
        return k;
    pipeline_free(k);
    return NULL;
}

void pipeline_free(struct pipeline *k)
{
    if (!k)
        return;
    if (k->session)
        k->engine->free(k->session);
    fragments_free(k->fragments);
    chains_free(k->chains);
    detect_free(k->transfers.detect);
    free(k);
}

struct counters *pipeline_counters(struct pipeline *k)
{
    return &k->counters;
}

bool pipeline_failed(const struct pipeline *k)
{
    return k->transfers.failed;
}

void pipeline_tell_losses(const struct pipeline *k, struct problems *problems)
{
    if (k->chains_lost + k->transfers.lost > 0)
        problems_add(problems,
                     "limits.memory reached: %llu flows and %llu transfers "
                     "were not looked into",
                     (unsigned long long)k->chains_lost,
                     (unsigned long long)k->transfers.lost);
    if (k->counters.packets_skipped[SKIP_FLOW_LIMIT] > 0)
        problems_add(
            problems, "limits.memory reached: %llu packets found no flow",
            (unsigned long long)k->counters.packets_skipped[SKIP_FLOW_LIMIT]);
    if (k->transfers.failed)
        problems_add(problems, "not all that was found could be told");
}

void pipeline_clock(struct pipeline *k, int64_t packet_ns, int64_t wall_ns)
{
    k->transfers.clock_ns = wall_ns;
    k->transfers.now.time_ns = packet_ns;
    k->engine->tick(k->session, packet_ns);
}

void pipeline_tell(struct pipeline *k, int64_t before_ns)
{
    transfers_tell(&k->transfers, before_ns);
}
