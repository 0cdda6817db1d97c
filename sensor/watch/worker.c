// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * worker.c - a worker of watch: from the interfaces to the pipe.
 *
 * Opens its packet sockets, gives everything up, then meets the first
 * packet. Packet time drives flows; while no packet comes, the wall clock
 * does, a little late, for packets may wait in the ring.
 */
#include "watch/worker.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "helper/client.h"
#include "outflow/limits.h"
#include "pipeline.h"
#include "privs.h"

enum {
    WAIT_MS = 100,   /* for packets, at most */
    TELL_MS = 100,   /* between two words of what goes on */
    BATCH_MS = 250,  /* a batch waits, at most; in all see COMMIT_MS */
    COUNT_MS = 1000, /* between two words of the counters */
    LATE_MS = 300,   /* a packet is in the ring, before it is given */
    HOLD_MS = 5,     /* until the moment of the first packet is known */
    DRAIN_MS = 1500, /* what is in the ring at the end is still read */
    MEMORY_PACKETS = 1 << 12,
};

static const int64_t ns_of_ms = 1000000;

struct worker {
    const struct watch_worker *w;
    struct live *live;
    struct pipeline *pipeline;
    struct helper_client *helper;
    struct counters *counters; /* the pipeline's */
    int64_t now_ns;            /* of a clock that never runs back */
    int64_t told_ns, counted_ns;
    int64_t newest_ns; /* packet time */
    bool idle;         /* the ring was empty a moment ago */
    uint64_t taken;    /* packets */
    bool over;         /* packets of the next generation come */
    bool failed;       /* the judge cannot be told */
};

static int64_t clock_of(clockid_t which)
{
    struct timespec now = {0};

    (void)clock_gettime(which, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static bool failed(const struct worker *k)
{
    return k->failed || pipeline_failed(k->pipeline);
}

/* The pipe is full: the judge is busy, or is being replaced. */
static void wait_for_judge(void *ctx)
{
    struct worker *k = ctx;

    if (k->counters)
        k->counters->judge_waits++;
    pulse_beat(k->w->pulse);
}

static void take_packet(void *ctx, const struct packet *p)
{
    struct worker *k = ctx;
    const int64_t from = atomic_load(&k->w->pulse->from_ns);
    const int64_t until = atomic_load(&k->w->pulse->until_ns);

    if (p->time_ns < from)
        return;
    if (until > 0 && p->time_ns >= until) {
        k->over = true;
        return;
    }
    if (p->time_ns > k->newest_ns)
        k->newest_ns = p->time_ns;
    pulse_beat(k->w->pulse);
    pipeline_take(k->pipeline, p);
    pulse_set(&k->w->pulse->packets, k->counters->packets);
    pulse_set(&k->w->pulse->payload, k->counters->payload_bytes);
    if (++k->taken % MEMORY_PACKETS == 0)
        pipeline_keep_memory(k->pipeline);
}

/* How an interface stands; the judge knows how it stood before. */
static void tell_tap(struct worker *k, size_t interface)
{
    struct tap tap = {
        .interface = (uint32_t)interface,
        .state = (uint32_t)live_state(k->live, interface),
    };

    live_stats(k->live, interface, &tap.stats);
    if (!exchange_send_tap(&k->w->judge, &tap))
        k->failed = true;
}

static void tell_state(void *ctx, size_t interface, enum live_state state)
{
    struct worker *k = ctx;
    uint64_t lost = 0;

    (void)state;
    for (size_t i = 0; i < live_interfaces(k->live); i++)
        lost += live_state(k->live, i) == LIVE_LOST;
    pulse_set(&k->w->pulse->lost, lost);
    tell_tap(k, interface);
}

static void count_drops(struct worker *k)
{
    uint64_t dropped = 0;

    for (size_t i = 0; i < live_interfaces(k->live); i++) {
        struct live_stats stats;
        live_stats(k->live, i, &stats);
        dropped += stats.dropped + stats.dropped_interface;
    }
    k->counters->packets_dropped = dropped;
}

static void show_use(struct worker *k)
{
    struct rusage used = {0};

    (void)getrusage(RUSAGE_SELF, &used);
    pulse_show_use(k->w->pulse, &used);
}

static void tell_counters(struct worker *k)
{
    const struct outlet *to = &k->w->judge;
    const struct span bytes = {(const uint8_t *)k->counters,
                               sizeof(*k->counters)};

    count_drops(k);
    k->counted_ns = k->now_ns;
    if (!exchange_send(to, FRAME_COUNTERS, bytes))
        k->failed = true;
    /* One that waits for its turn reads nothing: none is back by it. */
    if (atomic_load(&k->w->pulse->from_ns) != INT64_MAX) {
        for (size_t i = 0; i < live_interfaces(k->live); i++)
            tell_tap(k, i);
    }
    show_use(k);
}

/* Time goes on: holes and quiet flows end, batches go out. */
static void tell(struct worker *k)
{
    if (k->now_ns - k->told_ns < TELL_MS * ns_of_ms)
        return;
    const int64_t idle_ns =
        clock_of(CLOCK_REALTIME) - (int64_t)LATE_MS * ns_of_ms;

    k->told_ns = k->now_ns;
    if (k->idle && idle_ns > k->newest_ns)
        k->newest_ns = idle_ns;
    pipeline_clock(k->pipeline, k->newest_ns, k->now_ns);
    pipeline_tell(k->pipeline, k->now_ns - BATCH_MS * ns_of_ms);
    if (!exchange_send_number(&k->w->judge, FRAME_CLOCK,
                              (uint64_t)(k->newest_ns - BATCH_MS * ns_of_ms)))
        k->failed = true;
    if (k->now_ns - k->counted_ns >= COUNT_MS * ns_of_ms)
        tell_counters(k);
    pulse_set(&k->w->pulse->flows, k->counters->flows_open);
}

static void turn(struct worker *k, const struct live_events *events)
{
    bool hold = atomic_load(&k->w->pulse->from_ns) == INT64_MAX;

    k->idle = hold || live_read(k->live, events) == 0;
    k->now_ns = clock_of(CLOCK_MONOTONIC);
    tell(k);
    pulse_beat(k->w->pulse);
    if (hold)
        (void)poll(NULL, 0, HOLD_MS);
    else
        (void)live_wait(k->live, -1, k->idle && !k->over ? WAIT_MS : 0);
}

/* It is to end: at a moment of packet time, or when the ring is empty. */
static bool finished(struct worker *k, int64_t *since_ns)
{
    const struct pulse *p = k->w->pulse;

    if (pulse_get(&p->finish) == 0)
        return false;
    if (*since_ns == 0)
        *since_ns = k->now_ns;
    return k->over || k->now_ns - *since_ns > DRAIN_MS * ns_of_ms ||
           (k->idle && clock_of(CLOCK_REALTIME) - LATE_MS * ns_of_ms >
                           atomic_load(&p->until_ns));
}

static void watch(struct worker *k)
{
    const struct live_events events = {take_packet, tell_state, k};
    int64_t since_ns = 0;

    k->now_ns = clock_of(CLOCK_MONOTONIC);
    while (!failed(k) && !finished(k, &since_ns))
        turn(k, &events);
    pipeline_end(k->pipeline);
    tell_counters(k);
}

static bool build(struct worker *k, struct problems *problems)
{
    const struct pipeline_settings set = {
        .settings = k->w->settings,
        .key = k->w->key,
        .count = k->w->live.share.count,
        .own = &k->w->live.share,
        .live = k->live,
        .pulse = k->w->pulse,
        .judge = &k->w->judge,
        .helper = k->helper,
    };

    k->pipeline = pipeline_new(&set, problems);
    if (k->pipeline)
        k->counters = pipeline_counters(k->pipeline);
    return k->pipeline != NULL;
}

static bool confine(struct worker *k, struct problems *problems)
{
    const struct settings *s = k->w->settings;
    const struct confinement how = {
        .memory = s->memory + LIMIT_SPACE + live_space(k->live) +
                  helper_space(k->helper),
        .pipe = k->w->judge.fd,
        .helper_fd = helper_pipe(k->helper),
        .live = true,
    };

    return privs_confine(&how, problems);
}

static void tell_problems(const struct watch_worker *w,
                          const struct problems *problems)
{
    for (size_t i = 0; i < problems->count; i++)
        exchange_send(&w->judge, FRAME_PROBLEM, span_of(problems->lines[i]));
}

static void helper_works(void *ctx)
{
    pulse_beat(ctx);
}

/* Before the interfaces are open: the keeper is not to have their rings. */
static struct helper_client *start_helper(const struct watch_worker *w)
{
    const struct helper_start how = {
        .user = w->settings->user,
        .document = pipeline_held(w->settings, w->live.share.count),
        .cpu_ms = LIMIT_HELPER_WATCH_MS,
        .beat = helper_works,
        .ctx = w->pulse,
    };

    return helper_open(&how);
}

int watch_worker_run(const struct watch_worker *w)
{
    struct worker k = {.w = w};
    struct watch_worker own = *w;
    struct problems problems = {0};

    own.judge.wait = wait_for_judge;
    own.judge.ctx = &k;
    k.w = &own;
    k.helper = start_helper(w);
    k.live = live_open(w->interfaces, w->interface_count, &w->live, &problems);
    bool ready = k.live && privs_drop(w->settings->user, &problems) &&
                 build(&k, &problems) && confine(&k, &problems);
    exchange_send_number(&w->judge, FRAME_HELLO, w->number);
    if (ready) {
        pulse_set(&w->pulse->ready, 1);
        watch(&k);
        pipeline_tell_losses(k.pipeline, &problems);
    } else if (problems.count == 0) {
        problems_add(&problems, "cannot start a worker: out of memory");
    }
    tell_problems(w, &problems);
    if (ready && !failed(&k))
        exchange_send(&w->judge, FRAME_DONE, (struct span){0});
    pipeline_free(k.pipeline);
    live_close(k.live);
    helper_close(k.helper);
    problems_clear(&problems);
    return ready ? 0 : 2;
}
