// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * late.c - bytes that come after their place was given up.
 *
 * The newest few holes of a stream are known, which is enough for what a
 * tap or a merge of two captures delivers late. It must not give a byte
 * twice: what came is taken off its hole.
 */
#include "session/late.h"

#include "session/odd.h"
#include "session/stream.h"

void late_note(const struct side *on, uint64_t from, uint64_t to, bool proven)
{
    struct odd *odd = session_odd(on) ? on->st->odd : NULL;

    if (odd == NULL)
        return; /* late bytes count as repeated then */
    odd->hole[odd->next_hole] = (struct hole){from, to, proven};
    odd->next_hole = (odd->next_hole + 1) % LIMIT_LATE_HOLES;
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
    struct odd *odd = on->st->odd;
    uint64_t end = at + bytes.len;
    size_t taken = 0;

    for (size_t i = 0; odd != NULL && i < LIMIT_LATE_HOLES; i++) {
        struct hole *h = &odd->hole[i];
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
