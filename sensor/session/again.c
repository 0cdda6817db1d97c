// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * again.c - the second reading of a stream that has differing copies.
 *
 * A table in a coding cannot be found in single copies, so the stream is
 * offered a second time with its copies laid over what was delivered. It
 * follows the first by LIMIT_READING_LAG bytes, for copies come later than
 * what they differ from, and is made of the history: nothing is kept for it
 * but when its bytes came.
 *
 * It must not change the stream, nor count a byte.
 */
#include "session/again.h"

#include <stdlib.h>
#include <string.h>

#include "outflow/reading.h"
#include "session/odd.h"

enum {
    MARKS = 128,       /* more than the lag has, of MARK bytes each */
    MARK_LEAST = 1024, /* a packet of fewer shares the mark of the last */
};

/* Bytes [from, to) came with one packet, or a few small ones. */
struct mark {
    uint64_t from, to;
    struct moment seen;
};

struct again {
    struct second_reading reading;
    uint64_t next;  /* place of the next byte to tell */
    bool wanted;    /* its consumer reads it */
    uint32_t first; /* oldest mark */
    uint32_t marks; /* in use, in a ring */
    struct mark mark[MARKS];
};

static struct again *again_of(const struct stream *st)
{
    return st->odd == NULL ? NULL : st->odd->again;
}

static const struct reading_events *events_of(const struct side *on)
{
    return on->s->set.events->reading;
}

void again_doubt(const struct side *on)
{
    if (events_of(on) != NULL && on->t->opened)
        events_of(on)->doubt(on->s->set.ctx, &on->t->flow, on->dir);
}

uint64_t again_next(const struct stream *st)
{
    const struct again *a = again_of(st);

    return a == NULL ? UINT64_MAX : a->next;
}

uint64_t again_told(const struct stream *st)
{
    const struct again *a = again_of(st);

    return a == NULL || !a->wanted ? 0 : a->next;
}

static struct mark *mark_at(struct again *a, uint32_t i)
{
    return &a->mark[(a->first + i) % MARKS];
}

void again_mark(const struct side *on, uint64_t place,
                const struct moment *seen)
{
    struct again *a = again_of(on->st);

    if (a == NULL)
        return;
    struct mark *last = a->marks == 0 ? NULL : mark_at(a, a->marks - 1);
    if (last == NULL ||
        (last->to - last->from >= MARK_LEAST && a->marks < MARKS)) {
        uint64_t from = last == NULL ? a->next : last->to;
        last = mark_at(a, a->marks++);
        last->from = from;
    }
    last->to = place;
    last->seen = *seen;
}

/* Begin to wait for copies, if what they differ from is held. */
static struct again *again_begin(const struct side *on)
{
    struct odd *odd = on->st->odd;
    const struct history *past = on->st->past;
    const struct run *r = odd->copies == NULL ? NULL : queue_at(odd->copies, 0);

    if (events_of(on) == NULL || on->s->scratch == NULL || r == NULL ||
        past == NULL || past->len == 0)
        return NULL;
    uint64_t from = history_begin(past);
    if (from < odd->read_from)
        from = odd->read_from;
    const struct run *last = queue_at(odd->copies, odd->copies->count - 1);
    if (!odd->fair || run_end(last) <= from || from >= past->end)
        return NULL;
    struct again *a = calloc(1, sizeof(*a));
    if (a == NULL)
        return NULL;
    a->reading = (struct second_reading){
        .flow = &on->t->flow, .dir = on->dir, .late = from > STREAM_START};
    a->next = from;
    on->s->held += sizeof(*a);
    odd->again = a;
    again_mark(on, past->end, &r->seen);
    return a;
}

static void again_free(const struct side *on)
{
    on->s->held -= sizeof(struct again);
    free(on->st->odd->again);
    on->st->odd->again = NULL;
}

/*
 * Put len bytes from place on, with their copies over them, into scratch;
 * *seen becomes the newest packet that brought one.
 */
static struct span lay_out(const struct side *on, uint64_t place, size_t len,
                           struct moment *seen)
{
    const struct queue *q = stream_copies(on->st);
    uint8_t *out = on->s->scratch;
    const struct run *r;

    history_copy(on->st->past, place, (uint32_t)len, out);
    uint32_t i = q == NULL ? 0 : queue_find(q, place);
    for (; q != NULL && (r = queue_at(q, i)) != NULL; i++) {
        if (r->at >= place + len)
            break;
        uint64_t low = r->at > place ? r->at : place;
        uint64_t high = run_end(r) < place + len ? run_end(r) : place + len;

        if (r->doubtful) /* no receiver takes it */
            continue;
        memcpy(out + (low - place), r->bytes + (low - r->at),
               (size_t)(high - low));
        if (time_since(r->seen.time_ns, seen->time_ns) >= 0)
            *seen = r->seen;
    }
    return (struct span){out, len};
}

/*
 * Let the consumer look at what is held. When nothing can be read from it,
 * a little further on something may: there the next reading begins.
 */
static bool again_decide(const struct side *on, bool hurry)
{
    struct again *a = again_of(on->st);
    const struct history *past = on->st->past;
    struct moment seen = mark_at(a, 0)->seen;
    size_t len = 0;

    if (past != NULL && history_begin(past) <= a->next && a->next < past->end)
        len = (size_t)(past->end - a->next);
    if (len > LIMIT_READING_HEAD)
        len = LIMIT_READING_HEAD;
    struct span head = {NULL, 0};
    if (len > 0)
        head = lay_out(on, a->next, len, &seen);
    size_t at = len;
    if (len > 0)
        at = events_of(on)->begin(on->s->set.ctx, &a->reading, head);
    uint64_t place = a->next + at;
    if (at < len) {
        a->wanted = true;
        a->next = place;
    } else {
        place = hurry ? on->st->next : a->next + LIMIT_READING_STEP;
        on->st->odd->read_from = place;
        again_free(on);
        return false;
    }
    overlap_split(on, place);
    return true;
}

/* Forget the marks of what was told; gives that of the next byte. */
static const struct mark *mark_next(struct again *a)
{
    while (a->marks > 1 && mark_at(a, 0)->to <= a->next) {
        a->first = (a->first + 1) % MARKS;
        a->marks--;
    }
    return mark_at(a, 0);
}

/* The copy that has the byte at place, or else the next one, or NULL. */
static struct run *copy_next(const struct stream *st, uint64_t place)
{
    const struct queue *q = stream_copies(st);
    struct run *r = NULL;

    for (uint32_t i = q == NULL ? 0 : queue_find(q, place); q != NULL; i++) {
        r = queue_at(q, i);
        if (r == NULL || !r->doubtful)
            break;
    }
    return r;
}

/* Tell bytes up to place that came with one packet, all copies or none. */
static void feed_piece(const struct side *on, struct again *a, uint64_t place)
{
    const struct mark *m = mark_next(a);
    struct run *copy = copy_next(on->st, a->next);
    struct moment seen = m->seen;

    if (m->to > a->next && m->to < place)
        place = m->to;
    bool differs = copy != NULL && copy->at <= a->next;
    a->reading.differs = differs;
    uint64_t edge = copy == NULL ? place : differs ? run_end(copy) : copy->at;
    if (edge < place)
        place = edge;
    if (place - a->next > LIMIT_READING_HEAD)
        place = a->next + LIMIT_READING_HEAD;
    struct span bytes = lay_out(on, a->next, (size_t)(place - a->next), &seen);
    bool read = events_of(on)->data(on->s->set.ctx, &a->reading, bytes, &seen);
    if (differs && read)
        copy->read = true;
    a->next = place;
}

/* Tell the bytes up to place. */
static void again_feed(const struct side *on, uint64_t place)
{
    struct again *a = again_of(on->st);

    while (a->next < place) {
        const struct history *past = on->st->past;
        uint64_t from = past == NULL ? place : history_begin(past);
        uint64_t to = past == NULL || past->end > place ? place : past->end;

        if (from <= a->next && a->next < to) {
            feed_piece(on, a, to);
            continue;
        }
        /* no memory held it */
        to = from > a->next && from < place ? from : place;
        events_of(on)->gap(on->s->set.ctx, &a->reading, to - a->next,
                           &mark_next(a)->seen);
        a->next = to;
    }
    overlap_drop(on, place);
}

bool again_settle(const struct side *on, bool hurry)
{
    const struct stream *st = on->st;
    struct again *a = again_of(st);

    if (a == NULL)
        a = again_begin(on);
    if (a == NULL)
        return false;
    if (!a->wanted) {
        if (!hurry && st->next < a->next + LIMIT_READING_LAG)
            return true;
        if (!again_decide(on, hurry))
            return false;
    }
    uint64_t to = hurry ? st->next : st->next - LIMIT_READING_LAG;
    if (to > a->next)
        again_feed(on, to);
    return true;
}

void again_gap(const struct side *on, uint64_t len, const struct moment *seen)
{
    struct again *a = again_of(on->st);

    if (a == NULL)
        return;
    if (a->wanted)
        events_of(on)->gap(on->s->set.ctx, &a->reading, len, seen);
    a->next += len;
}

void again_close(const struct side *on)
{
    struct again *a = again_of(on->st);

    if (a == NULL)
        return;
    if (a->wanted)
        events_of(on)->end(on->s->set.ctx, &a->reading);
    again_free(on);
}
