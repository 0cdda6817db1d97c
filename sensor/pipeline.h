// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * pipeline.h - packets in, exposures out: the half that meets hostile bytes.
 *
 * Connects capture's peeling, session, decode and detect, and is the only
 * place that knows them all. The workers of read and of watch feed it.
 */
#ifndef OUTFLOW_PIPELINE_H
#define OUTFLOW_PIPELINE_H

#include "exchange.h"
#include "outflow/live.h"
#include "outflow/settings.h"
#include "watch/pulse.h"

struct pipeline_settings {
    const struct settings *settings;
    const struct keyed *key;
    unsigned index, count;   /* this worker of so many; they share memory */
    struct hash_key share;   /* read: deals address pairs to workers */
    const struct share *own; /* watch: what is this worker's; else NULL */
    const struct live *live; /* watch: tells whose to count the rest is */
    struct pulse *pulse;     /* watch: shows that long work goes on */
    const struct outlet *judge;
    struct helper_client *helper; /* or NULL: none */
};

struct pipeline;

/* All layers of one worker; NULL and problems, or without memory NULL. */
struct pipeline *pipeline_new(const struct pipeline_settings *settings,
                              struct problems *problems);
void pipeline_free(struct pipeline *k);

/* Bytes that a worker may hold of documents that must be held whole. */
uint64_t pipeline_held(const struct settings *settings, unsigned count);

/* A packet, in the order of time. */
void pipeline_take(struct pipeline *k, const struct packet *p);

/* Nothing follows: close every flow and tell what it gave. */
void pipeline_end(struct pipeline *k);

/* Keep the share of limits.memory; to be called every few thousand packets. */
void pipeline_keep_memory(struct pipeline *k);

/*
 * Live: packet time goes on though no packet comes (idle flows end, holes are
 * given up). wall_ns is a clock that never runs back.
 */
void pipeline_clock(struct pipeline *k, int64_t packet_ns, int64_t wall_ns);

/* Live: tell the judge what was gathered before then (as wall_ns). */
void pipeline_tell(struct pipeline *k, int64_t before_ns);

struct counters *pipeline_counters(struct pipeline *k);

/* The judge is gone: there is nobody to tell. */
bool pipeline_failed(const struct pipeline *k);

/* What limits kept from being read, for the operator. */
void pipeline_tell_losses(const struct pipeline *k, struct problems *problems);

#endif
