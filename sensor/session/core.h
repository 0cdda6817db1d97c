// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * core.h - what the files of the session layer share: flows and streams.
 *
 * Both engines are this core; they differ in the events it is given. A place
 * in a stream is a 64-bit offset: STREAM_START is the byte behind the SYN,
 * or where a stream without one was first met.
 */
#ifndef OUTFLOW_SESSION_CORE_H
#define OUTFLOW_SESSION_CORE_H

#include "outflow/limits.h"
#include "outflow/session.h"
#include "session/checksum.h"
#include "session/history.h"
#include "session/queue.h"
#include "session/since.h"
#include "util/hash.h"

#define STREAM_START (1ull << 32)

/* One direction of a TCP flow. */
struct stream {
    uint64_t next;         /* place of the next byte to deliver */
    uint64_t end;          /* behind the highest byte or FIN met */
    uint64_t acked;        /* highest ACK of bytes met; 0: none */
    struct history *past;  /* bytes delivered last */
    struct queue *waiting; /* what waits behind a hole; NULL: nothing */
    struct odd *odd;       /* what most streams never need; or NULL */
    uint32_t base;         /* sequence number of place 0 */
    uint32_t ahead;        /* sequence number of an ACK beyond end */
    struct trust trust;    /* in checksums */
    uint8_t doubts;        /* ACKs in a row that are below ahead */
    bool seen : 1;         /* a packet of this direction was met */
    bool known : 1;        /* base holds */
    bool started : 1;      /* next is where the stream goes on */
    bool syn : 1;          /* base is from a SYN */
    bool sure : 1;         /* not started: it began at next or before */
    bool fin_met : 1;      /* a FIN was met; it is at end */
    bool fin : 1;          /* it was passed in order */
    bool ended : 1;        /* and that was told */
    bool has_ahead : 1;    /* ahead holds */
    bool moved : 1;        /* something of it was delivered */
};

enum flow_list {
    LIST_DONE = 0, /* closed, kept to know stragglers by; or reset */
    LIST_HALF,     /* one side has not answered yet */
    LIST_LIGHT,    /* answered and without payload; datagrams */
    LIST_LIVE,     /* with stream payload */
    LISTS,
};

/* A flow as the table keeps it. */
struct tracked {
    struct flow flow;        /* what the consumer sees; first member */
    struct stream stream[2]; /* by enum dir */
    struct tracked *chain;   /* next in its bucket, or spare */
    struct tracked *prev;    /* used later than this one, in its list */
    struct tracked *next;    /* used earlier */
    struct tentative *rival; /* perhaps a new connection; or NULL */
    void *engine;            /* the engine's own */
    int32_t used_s;          /* session clock of its last packet */
    uint8_t list;            /* enum flow_list */
    bool opened : 1;         /* the consumer knows it */
    bool closed : 1;         /* and heard its end */
    bool counted : 1;        /* it is in counters.flows */
    bool reset : 1;          /* a RST was met and nothing after it */
    bool shaken : 1;         /* a SYN was met in either direction */
};

struct session {
    struct session_settings set;
    struct hash_key key;
    struct tracked **bucket; /* buckets heads of chains */
    size_t buckets;          /* a power of two */
    size_t flows;            /* flows in the table */
    struct tracked *newest[LISTS];
    struct tracked *oldest[LISTS];
    struct tracked *recent; /* of the newest packet, if it has one */
    struct tracked *spare;  /* freed flows, linked by chain */
    struct slab *slabs;     /* where flows live */
    struct queue *cursor;   /* of the sweep over queues */
    struct queue *queues;   /* all of all streams */
    uint64_t held;          /* bytes of all that is allocated */
    int64_t clock_ns;       /* packet time without its jumps */
    int64_t packet_ns;      /* time of the newest packet */
    int64_t swept_ns;       /* clock of the last sweep */
    uint8_t *scratch;       /* where a copy is laid over a stream */
};

/* A stream and where it belongs; lives for one packet. */
struct side {
    struct session *s;
    struct tracked *t;
    struct stream *st;
    enum dir dir;
};

static inline struct side side_of(struct session *s, struct tracked *t,
                                  enum dir dir)
{
    return (struct side){s, t, &t->stream[dir], dir};
}

static inline enum dir dir_other(enum dir dir)
{
    return dir == DIR_CLIENT ? DIR_SERVER : DIR_CLIENT;
}

/* Sequence number of a place, and the place nearest to next of a number. */
static inline uint32_t stream_seq(const struct stream *st, uint64_t place)
{
    return st->base + (uint32_t)place;
}

static inline uint64_t stream_place(const struct stream *st, uint32_t seq)
{
    int32_t off = (int32_t)(seq - stream_seq(st, st->next));

    return st->next + (uint64_t)(int64_t)off;
}

/* core.c: a queue of a stream, that flows_tick looks after; or NULL. */
struct queue *session_queue(const struct side *on);

/* Release a queue with all it holds. */
void session_drop(struct session *s, struct queue *q);

/* core.c: set up and release what both engines share. */
bool session_init(struct session *s, const struct session_settings *set);
void session_clear(struct session *s);
enum skip session_take(struct session *s, const struct datagram *d);
void session_flush(struct session *s);
uint64_t session_held(const struct session *s);
bool session_shed(struct session *s, size_t share);

#endif
