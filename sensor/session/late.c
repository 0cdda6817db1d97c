// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * late.c - bytes that come after their place was given up.
 *
 * The newest few holes of a stream are known, which is enough for what a
 * tap or a merge of two captures delivers late. It must not give a byte
 * twice: what came is taken off its hole.
 */
#include "session/late.h"

#include <stdlib.h>

#include "session/stream.h"

struct hole {
    uint64_t from, to; /* places; empty when equal */
    bool proven;       /* counted as missing */
};

struct holes {
    uint32_t next; /* which one is replaced by a new one */
    struct hole hole[LIMIT_LATE_HOLES];
};

void late_note(const struct side *on, uint64_t from, uint64_t to, bool proven)
{
    struct stream *st = on->st;

    if (st->holes == NULL) {
        st->holes = calloc(1, sizeof(*st->holes));
        if (st->holes == NULL)
            return; /* late bytes count as repeated then */
        on->s->held += sizeof(*st->holes);
    }
    struct holes *h = st->holes;
    h->hole[h->next] = (struct hole){from, to, proven};
    h->next = (h->next + 1) % LIMIT_LATE_HOLES;
}

/* Take [from, to) out of a hole; it may fall in two. */
static void hole_fill(const struct side *on, struct hole *h, uint64_t from,
                      uint64_t to)
{
    if (h->proven) {
        on->t->flow.missing[on->dir] -= to - from;
        on->s->set.counters->missing_bytes -= to - from;
    }
    uint64_t behind = h->to;
    if (from > h->from)
        h->to = from;
    else
        h->from = to;
    if (h->to == from && to < behind)
        late_note(on, to, behind, h->proven);
}

size_t late_take(const struct side *on, uint64_t at, struct span bytes,
                 const struct moment *seen)
{
    struct holes *holes = on->st->holes;
    uint64_t end = at + bytes.len;
    size_t taken = 0;

    for (size_t i = 0; holes != NULL && i < LIMIT_LATE_HOLES; i++) {
        struct hole *h = &holes->hole[i];
        uint64_t from = at > h->from ? at : h->from;
        uint64_t to = end < h->to ? end : h->to;

        if (from >= to)
            continue;
        hole_fill(on, h, from, to);
        taken += (size_t)(to - from);
        stream_stray(on,
                     span_slice(bytes, (size_t)(from - at), (size_t)(to - at)),
                     seen);
    }
    return taken;
}

void late_free(const struct side *on)
{
    if (on->st->holes == NULL)
        return;
    on->s->held -= sizeof(*on->st->holes);
    free(on->st->holes);
    on->st->holes = NULL;
}
