// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * record_chain.h - what a chain tells its owner, written down as text.
 *
 * One block a transfer, when it closes:
 *
 *     > http [POST /up] host=a.example proxied user=taro refused
 *       [POST /up > x.csv] name,phone|1,2{~100}|
 *       ! smuggling
 *       ? gzip damaged 12
 *       = same
 *
 * '>' is sent by the client. Text is escaped (\n as |), a gap is {~bytes}.
 * However the bytes were cut, the text must be the same.
 */
#ifndef TESTS_SUPPORT_RECORD_CHAIN_H
#define TESTS_SUPPORT_RECORD_CHAIN_H

#include "outflow/buf.h"
#include "outflow/chain.h"

struct record_chain {
    struct buf log; /* of closed transfers */
    struct counters counters;
    struct chains *chains;
    bool refuse_transfers; /* give NULL for transfers */
    bool refuse_texts;     /* give NULL for texts */
    bool names;            /* write name=... in front of texts */
    int open_transfers, open_texts;
};

/* What a test feeds a chain. */
enum feed_kind {
    FEED_END_OF_TABLE = 0,
    FEED_BYTES,
    FEED_GAP,
    FEED_END,
    FEED_MESSAGE
};

struct feed {
    enum feed_kind kind;
    enum dir dir;
    struct span bytes;
    uint64_t len; /* of a gap; bytes cut off a message */
};

#define CLIENT(text)                                                           \
    {                                                                          \
        FEED_BYTES, DIR_CLIENT, BYTES(text), 0                                 \
    }
#define SERVER(text)                                                           \
    {                                                                          \
        FEED_BYTES, DIR_SERVER, BYTES(text), 0                                 \
    }
#define HOLE(dir, len)                                                         \
    {                                                                          \
        FEED_GAP, dir, {NULL, 0}, len                                          \
    }
#define END(dir)                                                               \
    {                                                                          \
        FEED_END, dir, {NULL, 0}, 0                                            \
    }
#define MESSAGE(dir, text, cut)                                                \
    {                                                                          \
        FEED_MESSAGE, dir, BYTES(text), cut                                    \
    }

void record_chain_init(struct record_chain *r, unsigned depth);
void record_chain_clear(struct record_chain *r);

/* A flow between two addresses, for chain_new. */
struct flow record_flow(void);

/*
 * Feed all steps in pieces: the first of cut bytes, the rest of step bytes
 * (0: whole). Closes the chain. Gives the log, NUL-terminated.
 */
const char *record_chain_run(struct record_chain *r, struct flow *flow,
                             const struct feed *feeds, size_t cut, size_t step);

/* Bytes that the steps hold. */
uint64_t record_fed(const struct feed *feeds);

/* Do inspected and unread bytes add up to fed? */
bool record_adds_up(const struct record_chain *r, uint64_t fed);

#endif
