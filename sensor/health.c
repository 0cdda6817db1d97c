// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * health.c - what a run's counters say of the tap (interface.md 1).
 *
 * A tap that sees half of it finds half of it, and an operator who is not
 * told takes the other half for clean.
 */
#include "health.h"

#include "outflow/log.h"

/* What is worth a line of the operator's. */
enum {
    SILENCE_S = 600, /* nobody's network rests for so long by day */
    ONE_WAY_IN = 10, /* one flow in so many with one direction only */
};

static unsigned long long number(uint64_t n)
{
    return n;
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
    if (c->flows_one_way > 0 && c->flows_one_way * ONE_WAY_IN >= c->flows)
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

void health_tell(const struct counters *c)
{
    tell_tap(c);
    tell_limits(c);
}
