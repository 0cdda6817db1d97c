// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * node.h - a part of a transfer or of another part, on the chain's stack.
 *
 * A node undoes a coding, opens a format, or is text at the bottom. Private
 * to the chain: decoders must not include it.
 */
#ifndef DECODE_NODE_H
#define DECODE_NODE_H

#include "decode/tail.h"
#include "outflow/chain.h"

struct side;   /* stack.h */
struct recode; /* recode.h */

enum node_mode {
    NODE_PROBE = 0, /* first bytes wait in the tail */
    NODE_DECODE,
    NODE_TEXT,   /* the bottom */
    NODE_CLOSED, /* stays closed: why */
};

/* What a part's opener told of it; NODE_CODING: what is still to undo. */
enum node_word {
    NODE_STEP = 0,
    NODE_NAME,
    NODE_MEDIA,
    NODE_CHARSET,
    NODE_CODING,
    NODE_WORDS,
};

struct node {
    struct node *parent; /* NULL: opened by the protocol */
    struct node *child;  /* open part inside, owned, or NULL */
    struct node *beside; /* a part that was opened aside of it, or NULL */
    struct side *side;
    const struct decoder *decoder;
    void *state;           /* owned, decoder's */
    void *text;            /* the owner's, or NULL */
    struct recode *recode; /* its charset, owned; NULL: ASCII so far */
    struct tail tail;
    uint64_t in;      /* bytes put into it while it was open */
    uint64_t out;     /* bytes that came out of its decoder */
    uint64_t lost;    /* coded bytes that were not undone */
    uint64_t closed;  /* bytes to report as unread */
    const char *kind; /* of what stays closed; static */
    enum why why;
    uint16_t word[NODE_WORDS]; /* lengths, one behind the other in store */
    uint16_t depth;            /* decoders above it */
    uint8_t mode;              /* enum node_mode */
    bool recoded;              /* its bytes are not wire bytes */
    bool declared;             /* its decoder undoes a declared coding */
    bool rest;                 /* bytes behind the end of its decoder */
    bool plain;                /* text that began as ASCII */
    bool amid;                 /* its beginning was not seen */
    bool over;                 /* it expanded beyond LIMIT_EXPAND, */
    bool bomb;                 /* or the one thing inside it did */
    bool aside;                /* it, or one around it, was opened aside */
    bool passed;               /* what a part was looked through for */
    bool named;                /* the owner was told its trail */
    uint8_t store[];           /* its words */
};

/* A word of the part, valid as long as it. */
struct span node_word(const struct node *n, enum node_word which);

/* What is known of the part, with this coding still to be undone. */
struct part_info node_info(const struct node *n, struct span coding);

/* The part of a side or of another part; false without memory. */
bool node_open(struct side *side, struct node *parent,
               const struct part_info *info) MUST_USE;
void node_put(struct node *n, struct span bytes);
void node_gap(struct node *n, uint64_t len);

/* Close it and what is inside, release; takes NULL. */
void node_close(struct node *n, enum part_end how);

#endif
