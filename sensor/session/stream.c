// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * stream.c - put the bytes of one direction in order and hand them on.
 *
 * The first copy of a byte is the stream; a later one is compared with what
 * was delivered or waits, and noted when it differs. A byte whose checksum
 * is wrong, or that lies farther ahead than any window, is doubtful: it
 * waits, gives way to a better copy, and is used when none comes.
 *
 * Windows and timestamps are ignored: both are cheap to forge. It must not
 * know flags other than FIN, nor close a flow.
 */
#include "session/stream.h"

#include <stdlib.h>

#include "session/again.h"
#include "session/flows.h"
#include "session/late.h"
#include "session/odd.h"
#include "session/place.h"

enum {
    LONE_RUNS = 4,        /* fewer in a row behind a vast hole are stray */
    LONE_REACH = 1 << 16, /* bytes between runs in a row */
};

static const int64_t ns_of_ms = 1000000;

/* An ACK that was ahead of the bytes is believed once they are there. */
void stream_believe(struct stream *st)
{
    uint64_t place = stream_place(st, st->ahead);

    if (place > st->end + (st->fin_met ? 1 : 0))
        return;
    st->has_ahead = false;
    if (place > st->acked)
        st->acked = place;
}

/* The stream reaches to end; a FIN in front of that was none. */
void stream_reach(struct stream *st, uint64_t end)
{
    if (end <= st->end)
        return;
    st->end = end;
    st->fin_met = false;
    if (st->has_ahead)
        stream_believe(st);
}

/*
 * Bytes of history a stream needs: twice what is in flight, for what the
 * receiver has it will not take again. One that copies differ from needs all.
 */
static uint32_t history_cap(const struct side *on, size_t len)
{
    const struct session *s = on->s;
    const struct stream *st = on->st;
    uint64_t want = (st->next + len - st->acked) * 2;

    if (s->held >= s->set.memory / 2)
        return s->held < s->set.memory ? LIMIT_HISTORY_LEAST : 0;
    if (stream_doubted(st))
        return LIMIT_OVERLAP_HISTORY;
    if (want > LIMIT_HISTORY)
        return LIMIT_HISTORY;
    return want < LIMIT_HISTORY_LEAST ? LIMIT_HISTORY_LEAST : (uint32_t)want;
}

/* Keep delivered bytes for comparison, and go on behind them. */
static void remember(const struct side *on, struct span bytes)
{
    struct stream *st = on->st;
    uint32_t cap = history_cap(on, bytes.len);

    while (bytes.len > 0) {
        /* copies are told of while what is around them is at hand */
        size_t step = stream_doubted(st) ? LIMIT_OVERLAP_BEFORE : bytes.len;
        struct span part = span_slice(bytes, 0, step);
        uint32_t before = history_size(st->past);

        history_add(&st->past, st->next, part, cap);
        on->s->held += history_size(st->past) - before;
        st->next += part.len;
        bytes = span_slice(bytes, part.len, bytes.len);
        if (stream_doubted(st))
            overlap_settle(on, 0);
    }
    stream_reach(st, st->next);
}

/* Hand on bytes that are next. */
static void deliver(const struct side *on, struct span bytes,
                    const struct moment *seen)
{
    struct session *s = on->s;

    if (bytes.len == 0)
        return;
    flows_open(s, on->t);
    s->set.counters->payload_bytes += bytes.len;
    on->st->moved = true;
    s->set.events->data(s->set.ctx, &on->t->flow, on->dir, bytes, seen);
    again_mark(on, on->st->next + bytes.len, seen);
    remember(on, bytes);
}

/* len bytes are next and will not come. */
static void deliver_gap(const struct side *on, uint64_t len,
                        const struct moment *seen)
{
    struct session *s = on->s;

    if (len == 0)
        return;
    if (stream_doubted(on->st))
        overlap_settle(on, on->st->next);
    on->t->flow.missing[on->dir] += len;
    s->set.counters->missing_bytes += len;
    flows_open(s, on->t);
    on->st->moved = true;
    s->set.events->gap(s->set.ctx, &on->t->flow, on->dir, len, seen);
    again_gap(on, len, seen);
    history_reset(on->st->past);
    late_note(on, on->st->next, on->st->next + len, true);
    on->st->next += len;
    stream_reach(on->st, on->st->next);
}

void stream_stray(const struct side *on, struct span bytes,
                  const struct moment *seen)
{
    struct session *s = on->s;
    const struct overlap copy = {.bytes = bytes};

    if (bytes.len == 0)
        return;
    s->set.counters->duplicate_bytes += bytes.len;
    flows_open(s, on->t);
    s->set.events->overlap(s->set.ctx, &on->t->flow, on->dir, &copy, seen);
}

/* Memory for what waits: others give it, else the hole is over. */
static void make_room(const struct side *on, size_t len, int64_t time_ns)
{
    if (!flows_room(on->s, sizeof(struct run) + len, on->t))
        stream_settle(on, time_ns, true);
}

/* Take a piece that is not simply next. */
static void take_late(const struct side *on, struct piece p)
{
    struct stream *st = on->st;
    uint64_t end = p.at + p.bytes.len + p.cut;

    if (st->fin && end > st->next) {
        if (st->ended) {
            stream_stray(on, p.bytes, &p.seen);
            return;
        }
        st->fin = false;
    }
    make_room(on, p.bytes.len, p.seen.time_ns);
    if (st->started && p.at < st->next)
        place_old(on, &p);
    if (p.bytes.len > 0 || p.cut > 0) {
        place_rest(on, p);
        if (!p.doubtful && !place_far(st, end))
            stream_reach(st, end);
    }
    if (p.fin && !p.doubtful)
        place_fin(on, end, &p.seen);
    stream_settle(on, p.seen.time_ns, false);
}

void stream_take(const struct side *on, const struct piece *p)
{
    struct stream *st = on->st;

    if (LIKELY(st->started && st->waiting == NULL && p->at == st->next &&
               !p->doubtful && !st->fin)) {
        deliver(on, p->bytes, &p->seen);
        deliver_gap(on, p->cut, &p->seen);
        if (p->fin) {
            st->fin = st->fin_met = true;
            if (st->has_ahead)
                stream_believe(st);
        }
        return;
    }
    take_late(on, *p);
}

/* Is more kept than one stream may keep? */
static bool wait_full(const struct side *on)
{
    const struct queue *q = on->st->waiting;

    return q->bytes > on->s->set.queue || q->count > LIMIT_QUEUE_SEGMENTS;
}

/* ACKs that cover r: doubted bytes do not make an ACK believed. */
static uint64_t run_acked(const struct stream *st, const struct run *r)
{
    if ((r->doubtful || r->far) && st->has_ahead)
        return stream_place(st, st->ahead);
    return st->acked;
}

/* Nothing better will come for what is in front of r, or for r itself. */
static bool hole_over(const struct side *on, const struct run *r,
                      int64_t time_ns)
{
    const struct stream *st = on->st;
    const struct stream *other = &on->t->stream[dir_other(on->dir)];
    int64_t waited = time_since(time_ns, r->seen.time_ns);
    uint64_t behind = r->at > st->next ? r->at : run_extent(r);

    if (wait_full(on))
        return true;
    if (!other->seen)
        return waited >= LIMIT_ONE_WAY_S * 1000 * ns_of_ms;
    return run_acked(st, r) >= behind &&
           (st->waiting->count > LIMIT_HOLE_SEGMENTS ||
            waited >= LIMIT_HOLE_MS * ns_of_ms);
}

/*
 * A few bytes beyond a vast hole that nobody acknowledged are no stream: one
 * that lost so much goes on for longer.
 */
static bool run_stray(const struct stream *st, const struct run *r)
{
    if (!r->far || r->at - st->next <= LIMIT_QUEUE ||
        run_acked(st, r) >= run_extent(r))
        return false;
    for (uint32_t i = 1; i < LONE_RUNS; i++) {
        const struct run *behind = queue_at(st->waiting, i);

        if (behind == NULL || behind->at - run_extent(r) > LONE_REACH)
            return true;
        r = behind;
    }
    return false;
}

/*
 * Where the bytes of a stream that begins now end. ACKs that were taken for
 * its end before are ahead of them.
 */
static void stream_measure(struct stream *st)
{
    const struct queue *q = st->waiting;
    const struct run *last = NULL;
    for (uint32_t i = q == NULL ? 0 : q->count; i > 0 && last == NULL; i--)
        last = queue_at(q, i - 1)->far ? NULL : queue_at(q, i - 1);
    uint64_t end = last == NULL ? st->next : run_extent(last);

    uint64_t acked = st->acked;
    if (st->has_ahead && stream_place(st, st->ahead) > acked)
        acked = stream_place(st, st->ahead);
    st->end = end < st->next ? st->next : end;
    st->fin_met = last != NULL && last->fin;
    st->acked = acked < st->end ? acked : st->end;
    st->has_ahead = acked > st->end;
    st->ahead = stream_seq(st, acked);
    if (st->has_ahead)
        stream_believe(st);
}

/* A stream of unknown beginning begins with the lowest that waits. */
static bool stream_start(const struct side *on, const struct run *r,
                         int64_t time_ns, bool force)
{
    struct stream *st = on->st;
    int64_t waited = time_since(time_ns, r->seen.time_ns);

    if (!force && !wait_full(on) && waited < LIMIT_HOLE_MS * ns_of_ms &&
        st->waiting->count <= LIMIT_HOLE_SEGMENTS)
        return false;
    st->started = true;
    if (!st->sure || r->at < st->next)
        st->next = r->at;
    if (!st->sure)
        late_note(on, st->next - LIMIT_GAP, st->next, false);
    stream_measure(st);
    return true;
}

/* Hand on a run that is next and was taken out of the queue; frees it. */
static void deliver_run(const struct side *on, struct run *r)
{
    struct stream *st = on->st;
    const struct run *behind = queue_at(st->waiting, 0);

    if (r->fin && (behind == NULL || behind->far)) {
        stream_reach(st, r->at);
        st->fin = st->fin_met = true;
    }
    deliver(on, (struct span){r->bytes, r->len}, &r->seen);
    uint64_t cut = r->cut;
    if (behind != NULL && behind->at - st->next < cut)
        cut = behind->at - st->next;
    deliver_gap(on, cut, &r->seen);
    free(r);
}

/* Take the front of the queue one step further; false: it has to wait. */
static bool settle_step(const struct side *on, int64_t time_ns, bool force)
{
    struct stream *st = on->st;
    struct run *r = queue_at(st->waiting, 0);

    if (!st->started && !stream_start(on, r, time_ns, force))
        return false;
    bool doubt = r->far || (r->doubtful && !trust_anyway(&st->trust));
    if (r->at > st->next || doubt) {
        if (!force && !hole_over(on, r, time_ns))
            return false;
        if (r->at > st->next && run_stray(st, r)) {
            r = wait_take(on, 0);
            stream_stray(on, (struct span){r->bytes, r->len}, &r->seen);
            free(r);
            return true;
        }
        deliver_gap(on, r->at - st->next, &r->seen);
    }
    deliver_run(on, wait_take(on, 0));
    return true;
}

void stream_settle(const struct side *on, int64_t time_ns, bool force)
{
    const struct stream *st = on->st;

    while (st->waiting != NULL && st->waiting->count > 0) {
        if (!settle_step(on, time_ns, force))
            return;
    }
    wait_free(on);
}

/* Move all places of a stream that delivered nothing: seq is the first. */
static void stream_rebase(struct stream *st, uint32_t seq)
{
    uint64_t by = STREAM_START - stream_place(st, seq);
    const struct queue *queues[] = {st->waiting, stream_copies(st)};

    for (size_t k = 0; k < COUNT(queues); k++) {
        for (uint32_t i = 0; queues[k] != NULL && i < queues[k]->count; i++)
            queue_at(queues[k], i)->at += by;
    }
    st->end += by;
    if (st->acked > 0)
        st->acked += by;
    st->next = STREAM_START;
    st->base = seq;
}

void stream_begin(const struct side *on, uint32_t seq)
{
    struct stream *st = on->st;

    if (!st->known)
        stream_hint(st, seq, true);
    stream_rebase(st, seq);
    st->started = true;
    stream_measure(st);
    while (st->waiting != NULL) {
        struct run *r = queue_at(st->waiting, 0);
        if (r == NULL || r->at >= st->next)
            break;
        r = wait_take(on, 0);
        stream_stray(on, (struct span){r->bytes, r->len}, &r->seen);
        free(r);
    }
}

void stream_hint(struct stream *st, uint32_t seq, bool sure)
{
    if (!st->known) {
        st->known = true;
        st->sure = sure;
        st->base = seq;
        st->next = st->end = STREAM_START;
        return;
    }
    uint64_t place = stream_place(st, seq);
    if (st->started || !sure || (st->sure && place >= st->next))
        return;
    st->next = place;
    st->sure = true;
}

/* An ACK below one that was ahead: many of them, and that one was forged. */
static void doubt_ahead(struct stream *st)
{
    if (++st->doubts > LIMIT_ACK_DOUBTS) {
        st->has_ahead = false;
        st->doubts = 0;
    }
}

void stream_ack(const struct side *on, uint32_t ack, int64_t time_ns)
{
    struct stream *st = on->st;
    uint64_t place = stream_place(st, ack);
    uint64_t top = st->end + (st->fin_met ? 1 : 0);
    uint64_t ahead = st->has_ahead ? stream_place(st, st->ahead) : top;

    if (place <= top) {
        if (st->has_ahead)
            doubt_ahead(st);
        if (place <= st->acked)
            return;
        st->acked = place;
        if (st->odd != NULL && place == st->odd->fin_at + 1)
            place_ended(on, &on->t->flow.last);
        if (st->waiting != NULL)
            stream_settle(on, time_ns, false);
        return;
    }
    if (place > ahead + LIMIT_GAP)
        return;
    if (place < ahead)
        doubt_ahead(st);
    if (place > ahead || !st->has_ahead) {
        st->has_ahead = true;
        st->ahead = ack;
        st->doubts = 0;
    }
}

/*
 * What a receiver acknowledged beyond all bytes met. One byte of it is the
 * FIN's when that was not met and either nothing else is missing or the
 * other side ended too.
 */
static uint64_t missing_tail(const struct side *on)
{
    const struct stream *st = on->st;
    const struct stream *other = &on->t->stream[dir_other(on->dir)];
    uint64_t end = st->end;

    if (st->has_ahead && stream_place(st, st->ahead) > end)
        end = stream_place(st, st->ahead);
    uint64_t len = end > st->next ? end - st->next : 0;
    if (st->fin_met)
        return st->end > st->next ? st->end - st->next : 0;
    if (len > 0 && (len == 1 || other->fin_met))
        len--;
    return len;
}

void stream_close(const struct side *on)
{
    struct stream *st = on->st;
    struct session *s = on->s;

    uint64_t len = st->known ? missing_tail(on) : 0;
    if (on->t->opened) {
        deliver_gap(on, len, &on->t->flow.last);
    } else {
        on->t->flow.missing[on->dir] += len;
        s->set.counters->missing_bytes += len;
    }
    if (stream_doubted(st))
        overlap_settle(on, UINT64_MAX);
    again_close(on);
    s->held -= history_size(st->past);
    free(st->past);
    st->past = NULL;
    if (st->odd != NULL)
        s->held -= sizeof(*st->odd);
    free(st->odd);
    st->odd = NULL;
}
