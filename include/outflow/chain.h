// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * chain.h - the stack of decoders of a flow, from stream bytes to text.
 *
 * pipeline feeds a flow's chain with what the session engine tells, and
 * hears back of transfers, of the text parts at the bottom, and of bytes
 * that stay closed. Every wire payload byte fed is counted exactly once, as
 * inspected or unread.
 *
 * Memory of an idle chain must stay below 500 bytes with nothing fed and
 * grow only with what its decoders hold.
 */
#ifndef OUTFLOW_CHAIN_H
#define OUTFLOW_CHAIN_H

#include "outflow/decoder.h"

/* A part at the bottom of the chain, as its reader sees it. */
struct part {
    const char *trail;   /* "POST /up > form:file > customers.csv" */
    struct span name;    /* file name */
    struct span media;   /* declared media type, may be empty */
    struct span charset; /* declared charset, may be empty */
    unsigned depth;      /* decoders above it */
    bool overlap;        /* a differing copy: a part of its own */
    bool aside;          /* inside the text opened last, which goes on */
};

/* Bytes that stay closed. */
struct unread {
    const char *kind; /* "tls", "zip", "gzip" */
    enum why why;
    uint64_t bytes;    /* wire payload bytes */
    bool object;       /* a file or part; else a channel (TLS, SSH) */
    const char *trail; /* of the closed part, or NULL: told already */
    struct span name;  /* its file name, as far as known */
};

/*
 * What the owner of a chain hears; all pointers set. A transfer and a text
 * are the owner's own pointers; NULL means it does not want to hear more of
 * it (its bytes are then counted unread under limit).
 */
struct chain_events {
    void *(*transfer_open)(void *ctx, struct flow *flow, enum dir sender,
                           const struct transfer_info *info);
    void (*transfer_note)(void *ctx, void *transfer, const struct note *note);
    /* number of bytes of it: to (read, missing) of the estimate */
    void (*transfer_unread)(void *ctx, void *transfer,
                            const struct unread *what);
    void (*transfer_close)(void *ctx, void *transfer);
    void *(*text_open)(void *ctx, void *transfer, const struct part *part);
    void (*text_put)(void *ctx, void *text, struct span bytes);
    void (*text_gap)(void *ctx, void *text, uint64_t len);
    void (*text_close)(void *ctx, void *text);
};

struct chain_settings {
    const struct chain_events *events;
    void *ctx;
    struct counters *counters;
    unsigned depth;    /* limits.depth of the settings */
    uint64_t document; /* limits.document; 0: LIMIT_HELD */
    uint64_t held;     /* what all parts held whole may take; 0: as much */
    const struct helper *helper; /* or NULL: none */
    struct moment *now; /* the owner's, of what is fed; set back while bytes
                           that waited are put. May be NULL */
};

struct chains; /* what all chains of a worker share: expected flows */
struct chain;  /* one flow's */

struct chains *chains_new(const struct chain_settings *settings);
void chains_free(struct chains *all);

/* A chain for a flow; NULL without memory. */
struct chain *chain_new(struct chains *all, struct flow *flow);

/*
 * May the first bytes of a flow wait for what follows before a chain is made
 * of them? Not when they may announce another flow.
 */
bool chain_can_wait(const struct flow *flow, enum dir dir, struct span first);

/* Bytes in order of one direction; a hole; the end of a direction. */
void chain_feed(struct chain *c, enum dir dir, struct span bytes);
void chain_gap(struct chain *c, enum dir dir, uint64_t len);
void chain_end(struct chain *c, enum dir dir);

/* A differing copy: scanned as a part of its own, from row start to end. */
void chain_overlap(struct chain *c, enum dir dir, const struct overlap *copy);

/* A copy was met that differs: the transfer it belongs to is to say so. */
void chain_doubt(struct chain *c, enum dir dir);

struct second_reading; /* reading.h */

/*
 * Can anything be read from head, the beginning of a second reading of a
 * direction of c, that single copies do not show? Gives the place where that
 * begins and in *again a chain for it, to be fed in this direction only and
 * freed before c; or head.len. Its trails end in "overlap"; it counts
 * nothing, and is silent about closed bytes when c reads the flow, too.
 */
size_t chain_again(struct chain *c, const struct second_reading *reading,
                   struct span head, struct chain **again);

/*
 * Feed a chain of chain_again that c gave. While c reads the flow and only
 * copies of plain text are met, it gives no records, for all rows but those
 * copies' are c's, too: false, these bytes are for chain_overlap instead.
 */
bool chain_read(struct chain *c, struct chain *again,
                const struct second_reading *reading, struct span bytes);

/* One datagram payload of a UDP flow, its cut bytes missing behind it. */
void chain_message(struct chain *c, enum dir dir, struct span bytes,
                   uint32_t cut);

/* End both directions, close what is open, release. */
void chain_free(struct chain *c);

#endif
