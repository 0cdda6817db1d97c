// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * tail.h - the bytes a decoder did not use yet.
 *
 * A decoder takes what it can; the rest waits here until more bytes follow.
 * Nothing is allocated while nothing is left over, and as few bytes as
 * possible are copied: once the old rest is used, bytes pass by pointer.
 *
 * It must not know decoders.
 */
#ifndef DECODE_TAIL_H
#define DECODE_TAIL_H

#include "outflow/decoder.h"

struct tail {
    uint8_t *ptr;  /* owned */
    uint32_t len;  /* bytes waiting, at most LIMIT_TAIL + what was added */
    uint32_t room; /* bytes allocated */
};

/* Take what can be taken of bytes. */
struct tail_taker {
    struct progress (*take)(void *ctx, struct span bytes);
    void *ctx;
};

/*
 * Offer what waits and then *bytes to taker; with no bytes, what waits
 * alone. *bytes is moved on past what was taken or now waits. Any status
 * but DECODE_MORE ends it at once: the tail and then *bytes are what was not
 * used. Gives DECODE_LIMIT when more than LIMIT_TAIL bytes would wait, and
 * DECODE_REFUSED without memory.
 */
enum decode_status tail_feed(struct tail *t, struct span *bytes,
                             const struct tail_taker *taker);

struct span tail_span(const struct tail *t);
void tail_clear(struct tail *t);

#endif
