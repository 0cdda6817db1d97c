// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * transfers_in.h - what the parts of transfers share.
 *
 *     transfers.c       transfers, their batches
 *     transfer_texts.c  parts at the bottom and their rows
 *
 * Only these two know it.
 */
#ifndef OUTFLOW_TRANSFERS_IN_H
#define OUTFLOW_TRANSFERS_IN_H

#include "transfers.h"

/* What a transfer has to tell, in the list of all that wait, by age. */
struct waiting {
    struct waiting *older, *younger;
    struct transfer *transfer; /* NULL: not in the list */
    int64_t since_ns;          /* as clock_ns of struct transfers */
};

/* The envelope of a mail; other transfers have none. */
struct envelope {
    char *from;      /* owned, masked */
    char **to;       /* owned, masked */
    size_t to_count; /* of them */
    size_t to_more;  /* recipients past the limit */
};

/* What could not be looked into; most transfers have nothing of it. */
struct closed {
    struct waiting waiting;
    struct exposed_unread kind[LIMIT_BATCH_UNREAD];
    size_t kinds;
    size_t names;  /* trails of closed parts that were told */
    uint64_t sum;  /* bytes in all */
    uint64_t told; /* of them at the last batch */
};

/* Records on their way; a transfer has one from its first record on. */
struct batch {
    struct waiting waiting;
    struct buf records; /* encoded */
    size_t count;       /* of them */
    int64_t begun_ns;   /* packet time of the first */
    uint64_t read;      /* bytes of closed parts that held rows */
    uint64_t missing;   /* of them, not seen */
};

/* Small on purpose: every half-open session may have one. */
struct transfer {
    struct transfers *all;
    struct flow *flow;
    struct envelope *mail;  /* owned, or NULL */
    struct closed *closed;  /* owned; NULL: nothing stayed closed */
    struct batch *gathered; /* owned, or NULL */
    struct text *open;      /* the part being read, or NULL */
    const char *channel;
    char *user, *host, *trail, *file; /* owned, masked; NULL: empty */
    int64_t begun_ns;                 /* packet time it began */
    int64_t touched_ns;               /* of what it gave last: record, unread */
    uint64_t first_packet;            /* in the capture of this batch */
    uint64_t last_packet;
    uint32_t number;     /* in its flow */
    uint32_t sent : 27;  /* batches sent */
    uint32_t sender : 1; /* enum dir */
    uint32_t proxied : 1;
    uint32_t refused : 1;
    uint32_t same : 2; /* enum same: are its records another's, too? */
    uint32_t capture;
    uint32_t anomalies; /* bits of enum anomaly */
};

struct first; /* of a part, kept back */

/* The part around one that was opened inside it, while that is read. */
struct outer {
    struct text *text;
    char *trail, *file; /* owned, masked; NULL: empty */
};

enum text_state {
    TEXT_NEW = 0, /* nothing came yet */
    TEXT_FIRST,   /* its first bytes are kept back */
    TEXT_ROWS,
    TEXT_PASSED, /* no memory: its bytes are passed over */
};

/*
 * A part at the bottom: its rows, and how much of it was there. Rows begin
 * with the second bytes: many a session stays half open after the first.
 */
struct text {
    struct transfer *transfer;
    struct outer *outer; /* owned, or NULL */
    union {
        struct rows *rows;   /* TEXT_ROWS */
        struct first *first; /* TEXT_FIRST; owned */
    };
    uint64_t read, missing; /* bytes of this part */
    bool held_rows;         /* gave a record */
    bool gone;              /* its transfer was closed before it */
    uint8_t state;          /* enum text_state */
};

/*
 * Another part from here on: what is gathered belongs to the one before.
 * trail and file become t's; NULL: empty.
 */
void transfer_name(struct transfer *t, char *trail, char *file);

/* A record of a part, the sink of its rows; ctx is the text. */
bool transfer_record(void *ctx, const struct record *record);

/* A masked copy of what the wire chose; NULL: empty, or no memory. */
char *transfer_masked(const struct transfers *all, struct span name);

/* The members of chain_events that are about texts. */
void *transfer_text_open(void *ctx, void *transfer, const struct part *part);
void transfer_text_put(void *ctx, void *text, struct span bytes);
void transfer_text_gap(void *ctx, void *text, uint64_t len);
void transfer_text_close(void *ctx, void *text);

#endif
