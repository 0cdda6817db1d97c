// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * tail.c - keeping the bytes a decoder did not use, with few copies.
 *
 * It must not keep memory while nothing waits: idle flows are many.
 */
#include "decode/tail.h"

#include <stdlib.h>
#include <string.h>

#include "outflow/limits.h"

enum {
    TAIL_STEP = 512, /* bytes added to a short tail at a time */
    TAIL_GRAIN = 16, /* allocations are multiples of this */
};

struct span tail_span(const struct tail *t)
{
    return (struct span){t->ptr, t->len};
}

void tail_clear(struct tail *t)
{
    free(t->ptr);
    *t = (struct tail){NULL, 0, 0};
}

static bool tail_add(struct tail *t, struct span bytes)
{
    size_t need = t->len + bytes.len;

    if (bytes.len == 0)
        return true;
    if (need > t->room) {
        size_t room = t->room > 0 ? need + need / 2 : need;
        room = (room + TAIL_GRAIN - 1) / TAIL_GRAIN * TAIL_GRAIN;
        uint8_t *ptr = realloc(t->ptr, room);
        if (ptr == NULL)
            return false;
        t->ptr = ptr;
        t->room = (uint32_t)room;
    }
    memcpy(t->ptr + t->len, bytes.ptr, bytes.len);
    t->len += (uint32_t)bytes.len;
    return true;
}

static void tail_drop(struct tail *t, size_t len)
{
    if (len >= t->len) {
        tail_clear(t);
        return;
    }
    memmove(t->ptr, t->ptr + len, t->len - len);
    t->len -= (uint32_t)len;
}

/* Offer the tail with the first piece of *bytes behind it. */
static enum decode_status feed_joined(struct tail *t, struct span *bytes,
                                      const struct tail_taker *taker)
{
    size_t old = t->len;
    struct span piece = span_head(*bytes, old > TAIL_STEP ? old : TAIL_STEP);

    if (!tail_add(t, piece))
        return DECODE_REFUSED;
    struct progress p = taker->take(taker->ctx, tail_span(t));
    if (p.used >= old && (p.used > old || piece.len > 0)) {
        tail_clear(t);
        *bytes = span_skip(*bytes, p.used - old);
        return p.status;
    }
    tail_drop(t, p.used);
    *bytes = span_skip(*bytes, piece.len);
    if (p.status == DECODE_MORE && t->len > LIMIT_TAIL)
        return DECODE_LIMIT;
    return p.status;
}

enum decode_status tail_feed(struct tail *t, struct span *bytes,
                             const struct tail_taker *taker)
{
    enum decode_status status = DECODE_MORE;

    if (t->len > 0)
        do
            status = feed_joined(t, bytes, taker);
        while (status == DECODE_MORE && t->len > 0 && bytes->len > 0);
    if (status != DECODE_MORE || bytes->len == 0)
        return status;

    struct progress p = taker->take(taker->ctx, *bytes);
    *bytes = span_skip(*bytes, p.used);
    if (p.status != DECODE_MORE)
        return p.status;
    if (bytes->len > LIMIT_TAIL)
        return DECODE_LIMIT;
    if (!tail_add(t, *bytes))
        return DECODE_REFUSED;
    *bytes = span_skip(*bytes, bytes->len);
    return DECODE_MORE;
}
