// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * reading.h - a stream read once more, as its differing copies make it.
 *
 * The first copy of a byte is the stream. Where others differ, the stream
 * with the last of them in place of the first may be the one its receiver
 * took, so it is offered as a second reading, one direction by itself. Its
 * bytes are the stream's once more: they count nowhere.
 */
#ifndef OUTFLOW_READING_H
#define OUTFLOW_READING_H

#include "outflow/session.h"

struct second_reading {
    struct flow *flow;
    enum dir dir;
    bool late;    /* the stream began before it */
    bool differs; /* what is told is not what the stream has */
    void *user;   /* the consumer's, set in begin */
};

/* What an engine tells of readings; ctx is that of session_events. */
struct reading_events {
    /* A copy was met that differs; there may be no reading of it. */
    void (*doubt)(void *ctx, struct flow *flow, enum dir dir);
    /*
     * head is what a reading would begin with, all there will be or at least
     * LIMIT_READING_HEAD bytes. Gives the place in it from which it is
     * wanted, or head.len: its copies are then told one by one. The wanted
     * bytes of head follow as data.
     */
    size_t (*begin)(void *ctx, struct second_reading *r, struct span head);
    /*
     * More of it; r->differs tells whether these are copies. False: as
     * copies they are to be told one by one, too.
     */
    bool (*data)(void *ctx, struct second_reading *r, struct span bytes,
                 const struct moment *seen);
    void (*gap)(void *ctx, struct second_reading *r, uint64_t len,
                const struct moment *seen);
    /* The last call for it, before its flow closes. */
    void (*end)(void *ctx, struct second_reading *r);
};

#endif
