// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * place.c - find the place of bytes that are not simply next.
 *
 * The first copy of a byte stays; a later one is compared with it. A doubtful
 * copy gives way to one that is not. It must not deliver, nor decide when a
 * hole is over.
 */
#include "session/place.h"

#include <stdlib.h>

#include "session/late.h"
#include "session/odd.h"

void wait_free(const struct side *on)
{
    struct queue *q = on->st->waiting;

    if (q == NULL)
        return;
    session_drop(on->s, q);
    on->st->waiting = NULL;
}

/* The queue of a stream, made when there is none; NULL without memory. */
static struct queue *wait_queue(const struct side *on)
{
    if (on->st->waiting != NULL)
        return on->st->waiting;
    on->st->waiting = session_queue(on);
    return on->st->waiting;
}

/* Put a run at index i of the queue; false, and r is freed, without memory. */
static bool wait_put(const struct side *on, uint32_t i, struct run *r)
{
    struct queue *q = on->st->waiting;
    uint64_t before = q->bytes;

    if (!queue_put(q, i, r)) {
        free(r);
        return false;
    }
    on->s->held += q->bytes - before;
    return true;
}

struct run *wait_take(const struct side *on, uint32_t i)
{
    struct queue *q = on->st->waiting;
    uint64_t before = q->bytes;
    struct run *r = queue_take(q, i);

    on->s->held -= before - q->bytes;
    return r;
}

bool place_far(const struct stream *st, uint64_t at)
{
    return at > st->next + LIMIT_QUEUE;
}

/* Bytes no memory was found for: counted, and the hole stays. */
static void give_up(const struct side *on, size_t len)
{
    on->s->set.counters->payload_bytes += len;
    on->s->set.counters->unread[WHY_LIMIT] += len;
}

/*
 * Of the first len bytes of p, [low, high) are not what came first. Where
 * there are other copies, this one replaces them from end to end.
 */
static void note_copy(const struct side *on, const struct piece *p, size_t len,
                      size_t low, size_t high)
{
    struct piece copy = *p;

    if (stream_doubted(on->st)) {
        low = 0;
        high = len;
    }
    copy.at += low;
    copy.bytes = span_slice(p->bytes, low, high);
    overlap_note(on, &copy);
}

void place_old(const struct side *on, struct piece *p)
{
    struct stream *st = on->st;
    uint64_t old = st->next - p->at;
    struct span copy = span_head(p->bytes, old);
    size_t low, high;

    on->s->set.counters->duplicate_bytes +=
        copy.len - late_take(on, p->at, copy, &p->seen);
    /* RFC 9293 3.8.4: a keep-alive probe may carry one garbage byte */
    bool probe = old == 1 && span_eq(p->bytes, SPAN("\0"));
    if (!probe && history_differs(st->past, p->at, copy, &low, &high))
        note_copy(on, p, copy.len, low, high);

    p->at += copy.len;
    p->bytes = span_skip(p->bytes, copy.len);
    old -= copy.len;
    if (old > 0) { /* below next, and cut */
        uint32_t cut = old < p->cut ? (uint32_t)old : p->cut;
        p->at += cut;
        p->cut -= cut;
    }
}

/* The first bytes of p lie in a run that waits. Gives how many. */
static size_t pass_waiting(const struct side *on, const struct run *r,
                           const struct piece *p)
{
    size_t at = (size_t)(p->at - r->at);
    size_t len = r->len - at < p->bytes.len ? r->len - at : p->bytes.len;
    size_t low, high;

    on->s->set.counters->duplicate_bytes += len;
    if (bytes_differ(p->bytes.ptr, r->bytes + at, len, &low, &high))
        note_copy(on, p, len, low, high);
    return len;
}

/* Fill the hole in front of r (none: at the end) from p. Gives bytes used. */
static size_t fill_hole(const struct side *on, uint32_t i, struct piece *p)
{
    const struct run *r = queue_at(on->st->waiting, i);
    uint64_t room = r == NULL ? UINT64_MAX : r->at - p->at;
    struct span bytes = span_head(p->bytes, room);
    struct run *fresh = run_new(p->at, bytes, &p->seen);

    if (fresh != NULL) {
        fresh->doubtful = p->doubtful;
        fresh->far = place_far(on->st, p->at);
        if (bytes.len == p->bytes.len)
            fresh->cut = p->cut < room - bytes.len
                             ? p->cut
                             : (uint32_t)(room - bytes.len);
    }
    if (fresh == NULL || !wait_put(on, i, fresh))
        give_up(on, bytes.len);
    if (bytes.len == p->bytes.len)
        p->cut = 0;
    return bytes.len;
}

/* Does r give way to a copy like p? */
static bool gives_way(const struct run *r, const struct piece *p)
{
    return (r->doubtful || r->far) && !p->doubtful;
}

/*
 * One step of placing p among what waits. A run that gives way is taken out
 * and put before *yielded.
 */
static void place_step(const struct side *on, struct piece *p,
                       struct run **yielded)
{
    uint32_t i = queue_find(on->st->waiting, p->at);
    struct run *r = queue_at(on->st->waiting, i);
    size_t used;

    if (r != NULL && r->len == 0 && r->cut == 0) {
        free(wait_take(on, i)); /* bytes behind a FIN: it was none */
        return;
    }
    if (r == NULL || r->at > p->at) {
        used = fill_hole(on, i, p);
    } else if (p->bytes.len == 0) {
        used = 0; /* what p lacks is here, or lacks here too */
        uint64_t known = run_extent(r) - p->at;
        uint32_t skip = known < p->cut ? (uint32_t)known : p->cut;
        p->at += skip;
        p->cut -= skip;
    } else if (p->at >= run_end(r)) {
        r->cut = (uint32_t)(p->at - run_end(r)); /* what it lacked is here */
        if (r->len == 0 && r->cut == 0)
            free(wait_take(on, i));
        used = 0;
    } else if (gives_way(r, p)) {
        r = wait_take(on, i);
        r->next = *yielded;
        *yielded = r;
        used = 0;
    } else {
        used = pass_waiting(on, r, p);
    }
    p->at += used;
    p->bytes = span_skip(p->bytes, used);
}

void place_rest(const struct side *on, struct piece p)
{
    struct run *yielded = NULL;

    if (wait_queue(on) == NULL) {
        give_up(on, p.bytes.len);
        return;
    }
    while (p.bytes.len > 0 || p.cut > 0)
        place_step(on, &p, &yielded);
    while (yielded != NULL) {
        struct run *r = yielded;
        struct piece old = {.at = r->at,
                            .bytes = {r->bytes, r->len},
                            .doubtful = true,
                            .seen = r->seen};

        yielded = r->next;
        while (old.bytes.len > 0)
            place_step(on, &old, &yielded);
        free(r);
    }
}

void place_fin(const struct side *on, uint64_t at, const struct moment *seen)
{
    struct stream *st = on->st;

    if (st->waiting != NULL && at >= st->next && at < st->end &&
        session_odd(on))
        st->odd->fin_at = at;
    if (st->started && (at < st->end || (st->fin_met && at == st->end)))
        return;
    if (wait_queue(on) == NULL)
        return;
    uint32_t i = queue_find(st->waiting, at);
    const struct run *behind = queue_at(st->waiting, i);
    const struct run *before = i == 0 ? NULL : queue_at(st->waiting, i - 1);
    if ((behind != NULL && !behind->far) ||
        (before != NULL && before->fin && before->at == at))
        return;
    struct run *r = run_new(at, (struct span){NULL, 0}, seen);
    if (r == NULL)
        return;
    r->fin = true;
    r->far = place_far(st, at);
    if (!wait_put(on, i, r) || r->far)
        return;
    stream_reach(st, at);
    st->fin_met = true;
    if (st->has_ahead)
        stream_believe(st);
}

void place_ended(const struct side *on, const struct moment *seen)
{
    struct stream *st = on->st;
    uint64_t at = st->odd->fin_at;
    st->odd->fin_at = 0;
    if (st->waiting == NULL)
        return;
    uint32_t i = queue_find(st->waiting, at);
    const struct run *behind = queue_at(st->waiting, i);
    if (behind == NULL || behind->at < at)
        return;
    while (queue_at(st->waiting, i) != NULL) {
        struct run *r = wait_take(on, i);
        stream_stray(on, (struct span){r->bytes, r->len}, &r->seen);
        free(r);
    }
    st->end = at;
    st->fin_met = false;
    place_fin(on, at, seen);
}
