// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * session.h - flows, their two streams, and how an engine tells of them.
 *
 * An engine (native or nids) is given datagrams in packet order and calls
 * back: flow opened, bytes in order in a direction, a hole, a later copy
 * that differs, closed. Spans are borrowed until the callback returns.
 */
#ifndef OUTFLOW_SESSION_H
#define OUTFLOW_SESSION_H

#include "outflow/compiler.h"
#include "outflow/counters.h"
#include "outflow/packet.h"

enum dir {
    DIR_CLIENT = 0, /* sent by who opened the flow */
    DIR_SERVER = 1, /* sent by the other side */
};

struct flow {
    uint64_t id;         /* capture << 40 | number of its first packet */
    struct addr addr[2]; /* by enum dir: client's, server's */
    uint16_t port[2];    /* by enum dir */
    uint8_t proto;       /* 6 TCP, 17 UDP */
    bool midstream;      /* its beginning was not seen */
    uint8_t mac[2][6];   /* by enum dir; zero when unknown */
    bool early;          /* the consumer's: user is no chain yet */
    uint32_t transfers;  /* the consumer's: transfers begun so far */
    uint64_t tenant;     /* see struct datagram */
    int64_t opened_ns;   /* time of its first packet */
    struct moment last;  /* newest packet */
    uint64_t missing[2]; /* bytes proven and not seen, by dir */
    void *user;          /* the consumer's, set in open */
};

enum close_reason {
    CLOSE_END = 0, /* FIN both ways, or RST that holds */
    CLOSE_IDLE,    /* quiet for longer than the idle time */
    CLOSE_EVICTED, /* memory was needed; the rest is mid-stream */
    CLOSE_REUSED,  /* its address pair began a new connection */
    CLOSE_FLUSH,   /* the capture ended */
};

/* A later copy of stream bytes that differs from what was delivered. */
struct overlap {
    struct span before; /* delivered bytes in front of it, for context */
    struct span bytes;  /* the differing copy, from its first difference */
    struct span after;  /* delivered bytes behind it, for context */
};

/* One datagram's payload. */
struct message {
    struct span bytes; /* as captured */
    uint32_t cut;      /* bytes behind them that were not */
};

struct reading_events; /* reading.h */

/* What an engine tells; ctx is the consumer's. No call may be NULL. */
struct session_events {
    const struct reading_events *reading; /* NULL: none is wanted */
    void (*open)(void *ctx, struct flow *flow);
    void (*data)(void *ctx, struct flow *flow, enum dir dir, struct span bytes,
                 const struct moment *seen);
    void (*gap)(void *ctx, struct flow *flow, enum dir dir, uint64_t len,
                const struct moment *seen);
    void (*overlap)(void *ctx, struct flow *flow, enum dir dir,
                    const struct overlap *copy, const struct moment *seen);
    /* One UDP payload. */
    void (*message)(void *ctx, struct flow *flow, enum dir dir,
                    const struct message *message, const struct moment *seen);
    /* One direction is complete (FIN passed in order). */
    void (*end)(void *ctx, struct flow *flow, enum dir dir);
    /* The last call for the flow; user is to be released. */
    void (*close)(void *ctx, struct flow *flow, enum close_reason why);
};

struct session_settings {
    uint64_t memory; /* bytes all flows and queues may hold */
    uint64_t queue;  /* bytes one stream may queue behind a hole */
    int64_t idle_ns; /* quiet time that ends an established flow */
    const struct session_events *events;
    void *ctx;                 /* handed to events */
    struct counters *counters; /* what was skipped, repeated, missing */
};

struct session; /* an engine at work */

struct session_engine {
    const char *name; /* as in the setting session */
    /* NULL without memory. The settings are copied. */
    struct session *(*new_)(const struct session_settings *settings);
    /*
     * Take one datagram, whole and not a fragment (session_whole makes one
     * of fragments); gives SKIP_NONE or why it was passed over.
     */
    enum skip (*take)(struct session *s, const struct datagram *d);
    /* Packet time without a packet: waiting holes and quiet flows end. */
    void (*tick)(struct session *s, int64_t time_ns);
    /* Close every flow with CLOSE_FLUSH: the capture ended. */
    void (*flush)(struct session *s);
    /* Bytes held now. */
    uint64_t (*held)(const struct session *s);
    /*
     * Close the share of all flows (1 / share) that were used least, because
     * their consumer needs memory: CLOSE_EVICTED. False: there is none left.
     */
    bool (*shed)(struct session *s, size_t share);
    void (*free)(struct session *s);
};

/* The engine of that name, or NULL. */
const struct session_engine *session_engine_find(struct span name);

struct fragments; /* datagrams that are not whole yet, v4 and v6 */

/* Fragments of at most memory bytes in all; NULL without memory. */
struct fragments *fragments_new(uint64_t memory, struct counters *counters);

/*
 * Take a fragment. True when it completes its datagram: *whole is that,
 * valid until the next call. Counts its own packets as used or skipped:
 * counted says whether this worker counts this fragment's packet.
 */
bool fragments_take(struct fragments *f, const struct datagram *part,
                    bool counted, struct datagram *whole) MUST_USE;

/*
 * Where copies of fragments differed, the first made the datagram that
 * fragments_take gave; this gives, once, the one the last copies make, for
 * both have to be looked at. Ask right after fragments_take said true; valid
 * until the next call.
 */
bool fragments_other(struct fragments *f, struct datagram *whole) MUST_USE;

/* Count everything incomplete as skipped and forget it. */
void fragments_flush(struct fragments *f);
void fragments_free(struct fragments *f);

/*
 * Community ID v1 (github.com/corelight/community-id-spec), seed 0, of a
 * flow; out holds COMMUNITY_ID bytes with the NUL. Lives in util.
 */
enum { COMMUNITY_ID = 32 };
void community_id(const struct addr addr[2], const uint16_t port[2],
                  uint8_t proto, char out[COMMUNITY_ID]);

#endif
