// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * stack.h - what the files of the chain share: chains, sides, parts.
 *
 * A chain has one protocol decoder and two sides. A side has at most one
 * open transfer and one open part; a part has a format decoder or is text at
 * the bottom, and holds at most one open part of its own.
 *
 *     chain --- side[dir] --- node (multipart) --- node (gzip) --- node (text)
 *
 * chain.c moves bytes of flows, side.c is the sink of protocols, stack.c
 * that of formats. Private to the chain: decoders must not include it.
 */
#ifndef DECODE_STACK_H
#define DECODE_STACK_H

#include "decode/held.h"
#include "decode/node.h"
#include "outflow/buf.h"
#include "outflow/chain.h"

struct expects; /* announced flows, expect.h */
struct ranges;  /* seams of files in ranges, ranges.h */
struct expect;

struct chains {
    struct chain_settings settings;
    uint64_t memory;         /* bytes unpackers may still take */
    struct held_share held;  /* what parts held whole may still take */
    struct expects *expects; /* announced flows */
    struct ranges *ranges;   /* seams of files in ranges */
    struct buf work;         /* text being converted, of any part */
    struct chains *again;    /* of second readings, or NULL */
    struct counters unasked; /* what those count */
};

enum side_mode {
    SIDE_PROBE = 0, /* no decoder yet: first bytes wait in the tail */
    SIDE_DECODE,    /* the chain's decoder is fed */
    SIDE_RAW,       /* nobody's: scanned as it is */
    SIDE_SHUT,      /* refused: counted under limit */
};

struct side {
    struct chain *chain;
    struct node *part; /* open part, owned, or NULL */
    void *transfer;    /* the owner's, or NULL */
    char *step;        /* first step of its trail, owned */
    struct tail tail;  /* bytes not used yet */
    uint64_t fed;      /* bytes counted as inspected so far */
    uint32_t raw;      /* bytes scanned raw, up to LIMIT_SYNC */
    uint32_t message;  /* size of the first datagram */
    uint8_t mode;      /* enum side_mode */
    uint8_t dir;       /* enum dir */
    bool open : 1;     /* a transfer is open */
    bool answered : 1; /* it stays for its answer when closed */
    bool lingers : 1;  /* closed by its decoder, waits for the answer */
    bool muted : 1;    /* its owner does not want to hear of it */
    bool seen : 1;     /* a transfer was opened before */
    bool late : 1;     /* bytes went by before its decoder came */
    bool poke : 1;     /* the tail has to be offered anew */
    bool joins : 1;    /* the last datagram ended inside a row */
    bool doubted : 1;  /* a copy differs: the next transfer's */
};

struct chain {
    struct chains *all;
    struct flow *flow;
    const struct decoder *decoder; /* NULL while probing or raw */
    void *state;                   /* owned, decoder's */
    void *raw;                     /* owned, state of the raw decoder */
    struct expect *expect;         /* this flow was announced */
    char *user;                    /* accepted log-in, owned */
    char *host;                    /* tunnel's far end, owned */
    uint64_t coded;                /* wire bytes put into codings */
    uint64_t expanded;             /* bytes that came out of them */
    uint8_t bombs;                 /* parts that expanded without bound */
    struct side side[2];           /* by enum dir */
    bool resync;                   /* bytes were lost: look for messages */
    bool malformed;                /* its decoder gave up */
    bool again;                    /* a second reading; expect is borrowed */
    bool quiet;                    /* it says nothing of closed bytes */
    bool same;                     /* its rows are the first reading's */
    bool damaged;                  /* a coding of it broke */
};

/* A note of a part's decoder or of the side's. */
void side_note(struct side *s, const struct note *note);

/* An anomaly by its name in anomalies.def, for the open transfer. */
void side_anomaly(struct side *s, struct span name);

/* Tell the open transfer whether it is the first reading's, too. */
void side_same(struct side *s, enum same same);

/*
 * What a note says stays closed, told to the owner of the transfer: of part
 * n, or of the channel (NULL).
 */
void side_tell_unread(struct side *s, const struct note *note, struct node *n);

/* len bytes that were counted as inspected stay closed after all. */
void side_unread(struct side *s, enum why why, uint64_t len);

/* The sink of protocol decoders for a side. */
extern const struct sink_ops side_ops;

/* Close what is open on a side, as its stream ended or changed hands. */
void side_close(struct side *s);

/* Transfers are opened by protocols, and by the chain for what has none. */
bool side_transfer_open(struct side *s, const struct transfer_info *info);
void side_transfer_close(struct side *s);

/* A NUL-terminated copy, at most LIMIT_NAME bytes; NULL without memory. */
char *chain_copy(struct span text);

/* Write the trail of a part of s (NULL: of the transfer) to out. */
void trail_write(const struct side *s, const struct node *n, char *out,
                 size_t room);

/* The same with one more step behind it: what is inside the part. */
void trail_write_inside(const struct side *s, const struct node *n,
                        struct span step, char *out, size_t room);

/* The same with one more step behind it. */
void trail_write_step(const struct side *s, const struct node *n,
                      const char *step, char *out, size_t room);

#endif
