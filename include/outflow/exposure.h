// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * exposure.h - the records of a transfer on their way to the judge.
 *
 * The one message between the two halves (design.md 2). It travels in
 * batches; header fields are cumulative for the transfer, so a later batch
 * of the same transfer replaces the header of an earlier one. It carries
 * pseudonyms and masks, never values. Names the wire chose are already
 * masked, escaping is the outputs'.
 */
#ifndef OUTFLOW_EXPOSURE_H
#define OUTFLOW_EXPOSURE_H

#include "outflow/limits.h"
#include "outflow/record.h"
#include "outflow/session.h"

enum anomaly {
#define ANOMALY(id, name) ANOMALY_##id,
#include "outflow/anomalies.def"
#undef ANOMALY
    ANOMALIES,
};

const char *anomaly_name(enum anomaly a);

/* The anomaly of that name, or ANOMALIES. */
enum anomaly anomaly_find(struct span name);

struct exposed_unread {
    char kind[16];
    enum why why;
    bool object;    /* a file or part; else a channel */
    uint64_t bytes; /* wire payload bytes so far */
};

struct exposure {
    uint64_t flow;     /* id of the flow in this run */
    int64_t flow_ns;   /* packet time of its first packet */
    uint32_t transfer; /* number in the flow, from 0 */
    uint32_t batch;    /* number in the transfer, from 0 */
    bool last;         /* no batch of this transfer follows */
    int64_t begun_ns;  /* packet time the transfer began */
    int64_t time_ns;   /* packet time of this batch */

    struct addr addr[2]; /* of the flow, by enum dir */
    uint16_t port[2];
    uint8_t proto;
    uint8_t mac[2][6];
    enum dir sender; /* who sends the data */

    const char *channel; /* "http" */
    const char *user;    /* accepted log-in, "" when none */
    const char *host;    /* see struct transfer_info; "" none */
    bool proxied;
    bool refused;
    const char *mail_from; /* "" when none */
    const char *const *mail_to;
    size_t mail_to_count;
    size_t mail_to_more;
    const char *trail; /* of the part these records stood in */
    const char *file;  /* its file name, "" when none */
    bool separate;     /* a response of its own (walk counts it) */

    uint32_t capture;      /* packets of this transfer so far in the */
    uint64_t first_packet; /* capture of this batch */
    uint64_t last_packet;
    uint64_t stream_missing; /* of the sender's stream so far */
    uint64_t part_read;      /* bytes of parts that held rows, so far */
    uint64_t part_missing;   /* holes, limit and damage in them */
    uint64_t bytes;          /* of the transfer so far: it grows with it */
    uint32_t anomalies;      /* bits of enum anomaly */
    const struct exposed_unread *unread; /* kinds so far, borrowed */
    size_t unread_count;                 /* at most LIMIT_BATCH_UNREAD */

    const struct record *records; /* of this batch only */
    size_t record_count;
};

#endif
