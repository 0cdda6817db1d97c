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

#include "decode/tail.h"
#include "outflow/chain.h"

struct expects; /* announced flows, expect.h */
struct expect;

struct chains {
    struct chain_settings settings;
    uint64_t memory;         /* bytes unpackers may still take */
    struct expects *expects; /* announced flows */
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
    bool open;         /* a transfer is open */
    bool answered;     /* it stays for its answer when closed */
    bool lingers;      /* closed by its decoder, waits for the answer */
    bool muted;        /* its owner does not want to hear of it */
    bool seen;         /* a transfer was opened before */
    bool late;         /* bytes went by before its decoder came */
    bool poke;         /* the tail has to be offered anew */
    bool joins;        /* the last datagram ended inside a row */
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
    struct side side[2];           /* by enum dir */
    bool resync;                   /* bytes were lost: look for messages */
    bool malformed;                /* its decoder gave up */
};

enum node_mode {
    NODE_PROBE = 0, /* first bytes wait in the tail */
    NODE_DECODE,
    NODE_TEXT,   /* the bottom */
    NODE_CLOSED, /* stays closed: why */
};

struct node {
    struct node *parent; /* NULL: opened by the protocol */
    struct node *child;  /* open part inside, owned, or NULL */
    struct side *side;
    const struct decoder *decoder;
    void *state; /* owned, decoder's */
    void *text;  /* the owner's, or NULL */
    struct tail tail;
    struct span step, name, media, charset; /* in store */
    struct span coding; /* in store: codings still to undo */
    uint64_t in;        /* bytes put into it while it was open */
    uint64_t out;       /* bytes that came out of its decoder */
    uint64_t lost;      /* coded bytes that were not undone */
    uint64_t closed;    /* bytes to report as unread */
    const char *kind;   /* of what stays closed; static */
    enum why why;
    uint16_t depth;  /* decoders above it */
    uint8_t mode;    /* enum node_mode */
    bool recoded;    /* its bytes are not wire bytes */
    bool declared;   /* its decoder undoes a declared coding */
    bool rest;       /* bytes behind the end of its decoder */
    bool over;       /* it expanded beyond LIMIT_EXPAND */
    uint8_t store[]; /* copies of step, name, media, charset, coding */
};

/* The part of a side or of another part; false without memory. */
bool node_open(struct side *side, struct node *parent,
               const struct part_info *info) MUST_USE;
void node_put(struct node *n, struct span bytes);
void node_gap(struct node *n, uint64_t len);

/* Close it and what is inside, release; takes NULL. */
void node_close(struct node *n, enum part_end how);

/* A note of a part's decoder or of the side's. */
void side_note(struct side *s, const struct note *note);

/* An anomaly by its name in anomalies.def, for the open transfer. */
void side_anomaly(struct side *s, struct span name);

/* What a note says stays closed, told to the owner of the transfer. */
void side_tell_unread(struct side *s, const struct note *note, bool object);

/* len bytes that were counted as inspected stay closed after all. */
void side_unread(struct side *s, enum why why, uint64_t len);

/* The sink of protocol decoders for a side. */
extern const struct sink_ops side_ops;

/* Close what is open on a side, as its stream ended or changed hands. */
void side_close(struct side *s);

/* Transfers are opened by protocols, and by the chain for what has none. */
bool side_transfer_open(struct side *s, const struct transfer_info *info);
void side_transfer_close(struct side *s);

/* A NUL-terminated copy of at most LIMIT_NAME bytes; NULL without memory. */
char *chain_copy(struct span text);

/* Write the trail of a part of s (NULL: of the transfer) to out. */
void trail_write(const struct side *s, const struct node *n, char *out,
                 size_t room);

/* The same with one more step behind it. */
void trail_write_step(const struct side *s, const struct node *n,
                      const char *step, char *out, size_t room);

#endif
