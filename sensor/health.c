// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * health.c - what a run's counters say of the tap (interface.md 1).
 *
 * A tap that sees half of it finds half of it, and an operator who is not
 * told takes the other half for clean.
 */
#include "health.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "outflow/log.h"

/* What is worth a line of the operator's. */
enum {
    SILENCE_S = 600,   /* nobody's network rests for so long by day */
    ONE_WAY_IN = 10,   /* one flow in so many with one direction only */
    DROPPED_IN = 1000, /* live: one packet in so many dropped */
    AGAIN_S = 600,     /* live: the same thing is said again */
    AGAIN_DROPS_S = 60,
};

static unsigned long long number(uint64_t n)
{
    return n;
}

static bool one_way(uint64_t flows, uint64_t of)
{
    return flows > 0 && flows * ONE_WAY_IN >= of;
}

/* What the tap did not see, or not whole. */
static void tell_tap(const struct counters *c)
{
    if (c->packets_dropped > 0)
        log_note("health: %llu packets were dropped before they were recorded",
                 number(c->packets_dropped));
    if (c->packets_cut > 0)
        log_note("health: %llu of %llu packets were cut short; want a larger "
                 "snap length",
                 number(c->packets_cut), number(c->packets));
    if (one_way(c->flows_one_way, c->flows))
        log_note("health: of %llu of %llu flows one direction only was seen; "
                 "want both directions of the link",
                 number(c->flows_one_way), number(c->flows));
    if (c->silence_s >= SILENCE_S)
        log_note("health: no packet was seen for %llu s", number(c->silence_s));
}

/* What limits of the program kept from being read. */
static void tell_limits(const struct counters *c)
{
    uint64_t fragments = c->packets_skipped[SKIP_FRAGMENT_LIMIT];
    uint64_t deep = c->packets_skipped[SKIP_DEPTH];

    if (c->flows_evicted > 0)
        log_note("health: limits.memory reached: %llu flows were closed "
                 "early; what came later of them is read from there",
                 number(c->flows_evicted));
    if (fragments > 0)
        log_note("health: %llu fragments were given up: the memory for "
                 "incomplete datagrams was full",
                 number(fragments));
    if (deep > 0)
        log_note("health: %llu packets were not read: more tunnels, tags or "
                 "extension headers than any network has",
                 number(deep));
}

/* What the helper could not read. */
static void tell_helper(const struct counters *c)
{
    if (c->helper_died > 0)
        log_note("health: the helper died of %llu objects; they count as "
                 "damaged",
                 number(c->helper_died));
    if (c->helper_late > 0)
        log_note("health: %llu objects took the helper too long; what it did "
                 "not read of them counts as limit",
                 number(c->helper_late));
    if (c->helper_none > 0)
        log_note("health: outflow-helper is not there or cannot be started; "
                 "%llu archives and documents were not opened",
                 number(c->helper_none));
}

void health_tell(const struct counters *c)
{
    tell_tap(c);
    tell_limits(c);
    tell_helper(c);
}

enum said {
    SAID_CUT = 0,
    SAID_ONE_WAY,
    SAID_MEMORY,
    SAID_FRAGMENTS,
    SAID_DEPTH,
    SAID_HELPER,
    SAID_TIES,
    SAID_RECORDS,
    SAID_KINDS,
};

/* When something was said last, and how much of it there was by then. */
struct said_of {
    bool ever;
    int64_t at_s;
    uint64_t count, total;
};

struct tap_said {
    struct said_of drops, silence;
    uint64_t received; /* at the newest look */
    int64_t heard_s;   /* when a packet was there last */
};

struct health_watch {
    struct said_of said[SAID_KINDS];
    char names[EVENT_SUBJECT]; /* of all interfaces */
    size_t taps;
    struct tap_said tap[];
};

struct health_watch *health_new(size_t taps)
{
    struct health_watch *h =
        calloc(1, sizeof(*h) + taps * sizeof(struct tap_said));

    if (h)
        h->taps = taps;
    return h;
}

void health_free(struct health_watch *h)
{
    free(h);
}

static bool due(const struct said_of *s, int64_t now_s, int64_t again_s)
{
    return !s->ever || now_s - s->at_s >= again_s;
}

static void say(struct said_of *s, int64_t now_s, struct event *e,
                const struct health_sink *sink)
{
    s->ever = true;
    s->at_s = now_s;
    sink->event(sink->ctx, e);
}

static void look_at_drops(struct tap_said *s, const struct health_tap *tap,
                          int64_t now_s, const struct health_sink *sink)
{
    uint64_t dropped = tap->dropped - s->drops.count;
    uint64_t received = tap->received - s->drops.total;
    struct event e = event_now(EVENT_KERNEL_DROPS, tap->name, NULL);

    if (!due(&s->drops, now_s, AGAIN_DROPS_S) || dropped == 0 ||
        dropped * DROPPED_IN < received)
        return;
    e.count = dropped;
    e.total = tap->dropped;
    s->drops.count = tap->dropped;
    s->drops.total = tap->received;
    say(&s->drops, now_s, &e, sink);
}

static void look_at_silence(struct tap_said *s, const struct health_tap *tap,
                            const struct health_view *view,
                            const struct health_sink *sink)
{
    const int64_t now_s = view->now_s;
    const int64_t most_s = view->silence_s > 0 ? view->silence_s : SILENCE_S;

    if (tap->received != s->received || !tap->up || s->heard_s == 0) {
        s->received = tap->received;
        s->heard_s = now_s;
        return;
    }
    if (now_s - s->heard_s < most_s || !due(&s->silence, now_s, AGAIN_S))
        return;
    struct event e = event_now(EVENT_SILENCE, tap->name, NULL);
    e.count = (uint64_t)(now_s - s->heard_s);
    say(&s->silence, now_s, &e, sink);
}

/* Counts of the whole sensor that grew since they were said. */
struct grown {
    enum said kind;
    enum event_kind event;
    const char *subject;
    uint64_t count, total; /* the total: of what */
    bool (*worth)(uint64_t count, uint64_t total);
};

static bool any(uint64_t count, uint64_t total)
{
    (void)total;
    return count > 0;
}

static void look_at_sum(struct health_watch *h, const struct grown *g,
                        int64_t now_s, const struct health_sink *sink)
{
    struct said_of *s = &h->said[g->kind];
    struct event e = event_now(g->event, g->subject, NULL);

    e.count = g->count - s->count;
    e.total = g->total - s->total;
    if (!due(s, now_s, AGAIN_S) || !g->worth(e.count, e.total))
        return;
    s->count = g->count;
    s->total = g->total;
    say(s, now_s, &e, sink);
}

static const char *names_of(struct health_watch *h,
                            const struct health_tap *taps)
{
    size_t used = strlen(h->names);

    for (size_t i = 0; used == 0 && i < h->taps; i++) {
        size_t at = strlen(h->names);
        (void)snprintf(h->names + at, sizeof(h->names) - at, "%s%s",
                       i > 0 ? ", " : "", taps[i].name);
    }
    return h->names;
}

/* Flows tell only when they end whether both directions were seen. */
void health_look(struct health_watch *h, const struct health_view *view,
                 const struct health_sink *sink)
{
    const struct counters *c = view->counters;
    const char *all = names_of(h, view->taps);
    const struct grown grown[] = {
        {SAID_CUT, EVENT_FRAMES_CUT, all, c->packets_cut, c->packets, any},
        {SAID_ONE_WAY, EVENT_ONE_DIRECTION, all, c->flows_one_way,
         view->over ? c->flows : c->flows - c->flows_open, one_way},
        {SAID_MEMORY, EVENT_MEMORY_LIMIT, NULL, c->flows_evicted, 0, any},
        {SAID_FRAGMENTS, EVENT_LIMIT_REACHED, "incomplete datagrams",
         c->packets_skipped[SKIP_FRAGMENT_LIMIT], 0, any},
        {SAID_HELPER, EVENT_HELPER_DIED, NULL, c->helper_died + c->helper_late,
         0, any},
        {SAID_DEPTH, EVENT_LIMIT_REACHED, "tunnels",
         c->packets_skipped[SKIP_DEPTH], 0, any},
        {SAID_TIES, EVENT_LIMIT_REACHED, "memory for names of one customer",
         view->ties_lost, 0, any},
        {SAID_RECORDS, EVENT_LIMIT_REACHED, "memory for what was counted",
         view->records_lost, 0, any},
    };

    for (size_t i = 0; i < sizeof(grown) / sizeof(grown[0]); i++)
        look_at_sum(h, &grown[i], view->now_s, sink);
    for (size_t i = 0; i < h->taps; i++) {
        look_at_drops(&h->tap[i], &view->taps[i], view->now_s, sink);
        look_at_silence(&h->tap[i], &view->taps[i], view, sink);
    }
}
