// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * nids.c - the engine that hands bytes on as libnids 1.26 assembled them.
 *
 * The core orders what was captured; in order it is said again to libnids,
 * as an IPv4 conversation between two made-up hosts that loses nothing, and
 * what libnids gives back goes to the consumer. So libnids needs no real
 * handshake, and its window, timestamp, RST and queue rules have nothing to
 * act on (reassembly.md 4). A hole is told by moving its public counters.
 * A stream libnids knows is only a means: the one used least is forgotten
 * when there are many, and introduced again when it goes on.
 *
 * libnids keeps its state in statics, so there is one such session in a
 * process. Only this file may include nids.h, and it must not touch what is
 * not public there. The port scan detector stays off: it indexes its table
 * with a negative number (sources 0.0.x.128 and up).
 */
#include <nids.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "outflow/reading.h"
#include "session/core.h"
#include "session/engines.h"
#include "session/flows.h"

enum {
    IP_HEADER = 20,
    TCP_HEADER = 20,
    SAID_TOP = 65535 - IP_HEADER - TCP_HEADER, /* payload of one datagram */
    NIDS_COST = 8704,   /* measured bytes of one stream */
    NIDS_SHARE = 4,     /* one part in so many of the memory is libnids' */
    NIDS_LEAST = 64,    /* streams, however little memory there is */
    HOST_CLIENT = 0xf0, /* first byte of made-up hosts */
    HOST_SERVER = 0xf8,
    HOST_BITS = 27, /* low bits that number a stream */
    FIRST_SEQ = 1,  /* of both sides' bytes */
};

/* A conversation libnids knows. */
struct told {
    struct tcp_stream *a;     /* libnids' own; NULL until established */
    struct tracked *t;        /* whose it is */
    struct told *prev, *next; /* used later, earlier */
    uint32_t id;              /* in its made-up addresses */
    uint32_t said[2];         /* bytes said so far, modulo 2^32, by dir */
};

struct library {
    struct session core;           /* first member: engines share it */
    struct session_settings outer; /* the consumer's */
    struct session_events events;  /* told to the core instead */
    pcap_t *dead;                  /* what libnids takes for its source */
    struct told *newest, *oldest;
    uint32_t count; /* conversations told */
    uint32_t most;  /* and how many may be */
    uint32_t next_id;
    struct told *now;          /* the one being told */
    const struct moment *seen; /* of the bytes being told */
    uint32_t heard;            /* bytes libnids gave back of them */
    jmp_buf no_memory;         /* out of libnids, which would exit */
    uint8_t room[IP_HEADER + TCP_HEADER + SAID_TOP];
};

static struct library *current; /* libnids has no context to give */

static void put16(uint8_t *p, uint32_t v)
{
    p[0] = (uint8_t)(v >> 8);
    p[1] = (uint8_t)v;
}

static void put32(uint8_t *p, uint32_t v)
{
    put16(p, v >> 16);
    put16(p + 2, v & 0xffff);
}

/* Headers of len bytes of dir in front of what room holds. */
static void say_headers(struct library *n, const struct told *w, enum dir dir,
                        uint8_t flags, uint32_t len)
{
    uint8_t *ip = n->room;
    uint8_t *tcp = ip + IP_HEADER;
    enum dir to = dir_other(dir);
    uint32_t host[2] = {(uint32_t)HOST_CLIENT << 24 | w->id,
                        (uint32_t)HOST_SERVER << 24 | w->id};

    memset(ip, 0, IP_HEADER + TCP_HEADER);
    ip[0] = 0x45;
    put16(ip + 2, IP_HEADER + TCP_HEADER + len);
    ip[8] = 64;
    ip[9] = IPPROTO_TCP;
    put32(ip + 12, host[dir]);
    put32(ip + 16, host[to]);
    put16(tcp, dir == DIR_CLIENT ? 1024 : 80);
    put16(tcp + 2, dir == DIR_CLIENT ? 80 : 1024);
    put32(tcp + 4, FIRST_SEQ + w->said[dir] - ((flags & TH_SYN) != 0));
    put32(tcp + 8, (flags & TH_ACK) != 0 ? FIRST_SEQ + w->said[to] : 0);
    tcp[12] = TCP_HEADER / 4 << 4;
    tcp[13] = flags;
    put16(tcp + 14, 65535);
}

/* Say one datagram to libnids; its payload stands in room. */
static void say(struct library *n, const struct told *w, enum dir dir,
                uint8_t flags, uint32_t len)
{
    struct pcap_pkthdr header = {
        .caplen = IP_HEADER + TCP_HEADER + len,
        .len = IP_HEADER + TCP_HEADER + len,
        .ts = {.tv_sec = (time_t)(n->seen->time_ns / 1000000000)},
    };

    say_headers(n, w, dir, flags, len);
    nids_pcap_handler(NULL, &header, n->room);
}

static void told_unlink(struct library *n, struct told *w)
{
    if (w->prev != NULL)
        w->prev->next = w->next;
    else
        n->newest = w->next;
    if (w->next != NULL)
        w->next->prev = w->prev;
    else
        n->oldest = w->prev;
}

static void told_push(struct library *n, struct told *w)
{
    w->prev = NULL;
    w->next = n->newest;
    if (w->next != NULL)
        w->next->prev = w;
    else
        n->oldest = w;
    n->newest = w;
}

/* Make libnids forget the conversation of a flow. */
static void told_free(struct library *n, struct tracked *t)
{
    struct told *w = t->engine;

    t->engine = NULL;
    told_unlink(n, w);
    n->count--;
    if (w->a != NULL)
        nids_free_tcp_stream(w->a);
    free(w);
}

/* Introduce a flow to libnids; NULL when that fails. */
static struct told *told_new(struct library *n, struct tracked *t)
{
    if (n->count >= n->most)
        told_free(n, n->oldest->t);
    struct told *w = calloc(1, sizeof(*w));
    if (w == NULL)
        return NULL;
    w->t = t;
    w->id = n->next_id++ & ((1u << HOST_BITS) - 1);
    t->engine = w;
    told_push(n, w);
    n->count++;
    n->now = w;
    say(n, w, DIR_CLIENT, TH_SYN, 0);
    say(n, w, DIR_SERVER, TH_SYN | TH_ACK, 0);
    say(n, w, DIR_CLIENT, TH_ACK, 0);
    if (w->a != NULL)
        return w;
    told_free(n, t);
    return NULL;
}

/* What libnids keeps of the bytes that dir sends. */
static struct half_stream *half_of(const struct told *w, enum dir dir)
{
    return dir == DIR_CLIENT ? &w->a->server : &w->a->client;
}

/* New bytes of dir came out of libnids. */
static void hear_data(struct library *n, enum dir dir)
{
    const struct half_stream *half = half_of(n->now, dir);
    uint32_t fresh = (uint32_t)half->count_new;
    const char *end = half->data + (half->count - half->offset);
    struct span bytes = {(const uint8_t *)end - fresh, fresh};

    n->heard += fresh;
    n->outer.events->data(n->outer.ctx, &n->now->t->flow, dir, bytes, n->seen);
}

/* libnids' callback. */
static void hear(struct tcp_stream *a, void **unused)
{
    struct library *n = current;

    (void)unused;
    switch (a->nids_state) {
    case NIDS_JUST_EST:
        n->now->a = a;
        a->client.collect = 1;
        a->server.collect = 1;
        break;
    case NIDS_DATA:
        hear_data(n, a->server.count_new > 0 ? DIR_CLIENT : DIR_SERVER);
        break;
    default: /* it leaves before its time: nids_exit */
        break;
    }
}

/* Say some bytes; libnids gives them back before this returns, if it can. */
static void say_bytes(struct library *n, struct tracked *t, enum dir dir,
                      struct span bytes)
{
    struct told *w = t->engine == NULL ? told_new(n, t) : t->engine;

    if (w == NULL)
        return;
    n->now = w;
    /* its window is where we are */
    half_of(w, dir)->ack_seq = FIRST_SEQ + w->said[dir];
    memcpy(n->room + IP_HEADER + TCP_HEADER, bytes.ptr, bytes.len);
    say(n, w, dir, TH_ACK, (uint32_t)bytes.len);
    w->said[dir] += (uint32_t)bytes.len;
}

/* False when libnids ran out of memory on the way. */
static bool say_safely(struct library *n, struct tracked *t, enum dir dir,
                       struct span bytes)
{
    n->heard = 0;
    if (setjmp(n->no_memory) != 0)
        return false;
    say_bytes(n, t, dir, bytes);
    return true;
}

/* Hand bytes on through libnids; directly what it had no memory for. */
static void pass_bytes(struct library *n, struct tracked *t, enum dir dir,
                       struct span bytes)
{
    bool said = say_safely(n, t, dir, bytes);
    struct span rest = span_skip(bytes, n->heard);

    if (said && rest.len == 0)
        return;
    if (t->engine != NULL)
        told_free(n, t);
    if (rest.len > 0)
        n->outer.events->data(n->outer.ctx, &t->flow, dir, rest, n->seen);
}

static struct tracked *tracked_of(struct flow *flow)
{
    return (struct tracked *)(void *)flow; /* its first member */
}

static void tell_open(void *ctx, struct flow *flow)
{
    struct library *n = ctx;

    n->outer.events->open(n->outer.ctx, flow);
}

static void tell_data(void *ctx, struct flow *flow, enum dir dir,
                      struct span bytes, const struct moment *seen)
{
    struct library *n = ctx;
    struct tracked *t = tracked_of(flow);
    struct told *w = t->engine;

    n->seen = seen;
    if (w != NULL && w != n->newest) {
        told_unlink(n, w);
        told_push(n, w);
    }
    while (bytes.len > 0) {
        pass_bytes(n, t, dir, span_head(bytes, SAID_TOP));
        bytes = span_skip(bytes, SAID_TOP);
    }
}

/* A hole of any size: libnids counts it as bytes that came and went. */
static void tell_gap(void *ctx, struct flow *flow, enum dir dir, uint64_t len,
                     const struct moment *seen)
{
    struct library *n = ctx;
    struct told *w = tracked_of(flow)->engine;

    if (w != NULL) {
        struct half_stream *half = half_of(w, dir);
        half->count = (int)((uint32_t)half->count + (uint32_t)len);
        half->offset = half->count;
        w->said[dir] += (uint32_t)len;
    }
    n->outer.events->gap(n->outer.ctx, flow, dir, len, seen);
}

static void tell_overlap(void *ctx, struct flow *flow, enum dir dir,
                         const struct overlap *copy, const struct moment *seen)
{
    struct library *n = ctx;

    n->outer.events->overlap(n->outer.ctx, flow, dir, copy, seen);
}

static void tell_message(void *ctx, struct flow *flow, enum dir dir,
                         const struct message *message,
                         const struct moment *seen)
{
    struct library *n = ctx;

    n->outer.events->message(n->outer.ctx, flow, dir, message, seen);
}

static void tell_end(void *ctx, struct flow *flow, enum dir dir)
{
    struct library *n = ctx;

    n->outer.events->end(n->outer.ctx, flow, dir);
}

static void tell_close(void *ctx, struct flow *flow, enum close_reason why)
{
    struct library *n = ctx;
    struct tracked *t = tracked_of(flow);

    if (t->engine != NULL)
        told_free(n, t);
    n->outer.events->close(n->outer.ctx, flow, why);
}

static void tell_doubt(void *ctx, struct flow *flow, enum dir dir)
{
    struct library *n = ctx;

    n->outer.events->reading->doubt(n->outer.ctx, flow, dir);
}

/* A second reading is not for libnids, which knows one stream. */
static size_t tell_reading(void *ctx, struct second_reading *r,
                           struct span head)
{
    struct library *n = ctx;

    return n->outer.events->reading->begin(n->outer.ctx, r, head);
}

static bool tell_read(void *ctx, struct second_reading *r, struct span bytes,
                      const struct moment *seen)
{
    struct library *n = ctx;

    return n->outer.events->reading->data(n->outer.ctx, r, bytes, seen);
}

static void tell_read_gap(void *ctx, struct second_reading *r, uint64_t len,
                          const struct moment *seen)
{
    struct library *n = ctx;

    n->outer.events->reading->gap(n->outer.ctx, r, len, seen);
}

static void tell_read_end(void *ctx, struct second_reading *r)
{
    struct library *n = ctx;

    n->outer.events->reading->end(n->outer.ctx, r);
}

static const struct reading_events tell_readings = {
    .doubt = tell_doubt,
    .begin = tell_reading,
    .data = tell_read,
    .gap = tell_read_gap,
    .end = tell_read_end,
};

static const struct session_events tell_events = {
    .open = tell_open,
    .data = tell_data,
    .gap = tell_gap,
    .overlap = tell_overlap,
    .message = tell_message,
    .end = tell_end,
    .close = tell_close,
};

/* libnids logs per packet to syslog by default. */
static void keep_quiet(int type, int code, struct ip *ip, void *data)
{
    (void)type;
    (void)code;
    (void)ip;
    (void)data;
}

/* libnids would exit here; what it was told is handed on without it. */
static void out_of_memory(char *where)
{
    (void)where;
    longjmp(current->no_memory, 1);
}

/* nids.h declares callbacks as void pointers. */
static void *callback_pointer(void)
{
    const union {
        void (*call)(struct tcp_stream *, void **);
        void *pointer;
    } heard = {.call = hear};

    return heard.pointer;
}

/* How many conversations that memory allows. */
static uint32_t library_most(uint64_t memory)
{
    uint64_t most = memory / NIDS_SHARE / NIDS_COST;

    if (most < NIDS_LEAST)
        return NIDS_LEAST;
    return most < LIMIT_NIDS_STREAMS ? (uint32_t)most : LIMIT_NIDS_STREAMS;
}

static bool library_start(struct library *n)
{
    static struct nids_chksum_ctl no_checks = {
        .netaddr = 0, .mask = 0, .action = NIDS_DONT_CHKSUM};

    n->dead = pcap_open_dead(DLT_RAW, LIMIT_FRAME);
    if (n->dead == NULL)
        return false;
    nids_params.pcap_desc = n->dead;
    nids_params.n_tcp_streams = (int)n->most * 2;
    nids_params.n_hosts = 1;
    nids_params.scan_num_hosts = 0;
    nids_params.pcap_filter = NULL;
    nids_params.multiproc = 0;
    nids_params.syslog = keep_quiet;
    nids_params.no_mem = out_of_memory;
    if (nids_init() == 0) {
        pcap_close(n->dead);
        return false;
    }
    nids_register_chksum_ctl(&no_checks, 1);
    nids_register_tcp(callback_pointer());
    return true;
}

static struct session *library_new(const struct session_settings *settings)
{
    struct session_settings inner = *settings;

    if (current != NULL)
        return NULL;
    struct library *n = calloc(1, sizeof(*n));
    if (n == NULL)
        return NULL;
    n->outer = *settings;
    n->most = library_most(settings->memory);
    n->events = tell_events;
    if (settings->events->reading != NULL)
        n->events.reading = &tell_readings;
    inner.events = &n->events;
    inner.ctx = n;
    if (!session_init(&n->core, &inner))
        goto out;
    current = n;
    if (library_start(n))
        return &n->core;
    current = NULL;
    session_clear(&n->core);
out:
    free(n);
    return NULL;
}

static struct library *library_of(const struct session *s)
{
    union {
        const struct session *core;
        struct library *whole;
    } cast = {.core = s};

    return cast.whole;
}

static uint64_t library_held(const struct session *s)
{
    return session_held(s) + (uint64_t)library_of(s)->count * NIDS_COST;
}

static void library_free(struct session *s)
{
    if (s == NULL)
        return;
    struct library *n = library_of(s);
    session_clear(&n->core);
    nids_unregister_tcp(callback_pointer());
    nids_exit();
    nids_params.pcap_desc = NULL;
    pcap_close(n->dead);
    current = NULL;
    free(n);
}

const struct session_engine engine_nids = {
    .name = "nids",
    .new_ = library_new,
    .take = session_take,
    .tick = flows_tick,
    .flush = session_flush,
    .held = library_held,
    .shed = session_shed,
    .free = library_free,
};
