// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * overlap.c - tell of later copies of stream bytes that differ.
 *
 * No policy about whose copy a receiver takes is right for all of them, so
 * both are looked at: the first is the stream, and here the others are laid
 * over it. Differences close to one another are told as one, from the first
 * to the last, with delivered bytes in front and behind: whole rows of the
 * other version stand in it, even if every segment came twice.
 *
 * It must not change the stream, nor what is counted as missing.
 */
#include <stdlib.h>
#include <string.h>

#include "session/again.h"
#include "session/flows.h"
#include "session/odd.h"
#include "session/stream.h"

enum {
    SCRATCH = LIMIT_OVERLAP_BEFORE + LIMIT_OVERLAP_RUN + LIMIT_OVERLAP_AFTER,
};

static const int64_t ns_of_s = 1000000000;

/* Differences that are told as one: runs [0, count) of the queue. */
struct group {
    uint64_t from, to; /* places */
    uint32_t count;
};

/* Put one more copy among those not told; true when it found a place. */
static bool copies_put(struct queue *q, const struct piece *copy)
{
    uint32_t i = queue_find(q, copy->at);
    struct run *r = run_new(copy->at, copy->bytes, &copy->seen);

    if (r != NULL) {
        r->doubtful = copy->doubtful;
        if (queue_put(q, i, r))
            return true;
    }
    free(r);
    return false;
}

/* A run as a piece, from its byte skip on. */
static struct piece run_piece(const struct run *r, size_t skip)
{
    return (struct piece){.at = r->at + skip,
                          .bytes = {r->bytes + skip, r->len - skip},
                          .doubtful = r->doubtful,
                          .seen = r->seen};
}

/* Put a run in two, the second from place on; it stays whole otherwise. */
static void copies_split(struct queue *q, uint64_t place)
{
    struct run *r = queue_at(q, queue_find(q, place));

    if (r == NULL || r->at >= place)
        return;
    const struct piece rest = run_piece(r, (size_t)(place - r->at));
    r->len -= (uint32_t)rest.bytes.len;
    if (copies_put(q, &rest))
        q->bytes -= rest.bytes.len;
    else
        r->len += (uint32_t)rest.bytes.len;
}

/* Tell of a copy. */
static void tell(const struct side *on, const struct overlap *copy,
                 const struct moment *seen)
{
    struct session *s = on->s;

    flows_open(s, on->t);
    s->set.events->overlap(s->set.ctx, &on->t->flow, on->dir, copy, seen);
}

/* The first group; what begins at or behind limit is not in it. */
static struct group group_first(const struct queue *q, uint64_t limit)
{
    const struct run *r = queue_at(q, 0);
    struct group g = {r->at, r->at, 0};

    for (; r != NULL; r = queue_at(q, g.count)) {
        if (g.count > 0 &&
            (r->at > g.to + LIMIT_OVERLAP_JOIN || r->at >= limit))
            break;
        g.to = run_end(r);
        g.count++;
    }
    return g;
}

/* Lay the runs of g over [base, end) of the stream, which out holds. */
static void lay_over(const struct queue *q, const struct group *g,
                     uint64_t base, uint8_t *out)
{
    for (uint32_t i = 0; i < g->count; i++) {
        const struct run *r = queue_at(q, i);
        uint64_t end = run_end(r) < g->to ? run_end(r) : g->to;

        if (end > r->at)
            memcpy(out + (r->at - base), r->bytes, (size_t)(end - r->at));
    }
}

/* Can the stream be seen around [from, to)? Else copies are told alone. */
static bool around_held(const struct side *on, uint64_t from, uint64_t to)
{
    const struct history *past = on->st->past;

    if (past == NULL || past->len == 0 || on->s->scratch == NULL ||
        to - from > LIMIT_OVERLAP_RUN)
        return false;
    return history_begin(past) <= from && to <= past->end;
}

/* What was delivered around [from, to), in scratch. */
static struct overlap around(const struct side *on, uint64_t from, uint64_t to)
{
    const struct history *past = on->st->past;
    uint8_t *scratch = on->s->scratch;
    uint64_t base = history_begin(past);
    uint64_t end = to + LIMIT_OVERLAP_AFTER;

    if (base + LIMIT_OVERLAP_BEFORE < from)
        base = from - LIMIT_OVERLAP_BEFORE;
    if (end > past->end)
        end = past->end;
    history_copy(past, base, (uint32_t)(end - base), scratch);

    const struct span all = {scratch, (size_t)(end - base)};
    size_t at = (size_t)(from - base);
    size_t behind = (size_t)(to - base);
    return (struct overlap){.before = span_slice(all, 0, at),
                            .bytes = span_slice(all, at, behind),
                            .after = span_slice(all, behind, all.len)};
}

/* Tell of a group, which is delivered and still held by the history. */
static void tell_group(const struct side *on, const struct group *g)
{
    const struct queue *q = stream_copies(on->st);
    struct overlap copy = around(on, g->from, g->to);

    lay_over(q, g, g->from - copy.before.len, on->s->scratch);
    tell(on, &copy, &queue_at(q, 0)->seen);
}

/* Tell of one copy on its own, with what is around it if that is held. */
static void tell_one(const struct side *on, uint64_t at, struct span bytes,
                     const struct moment *seen)
{
    struct overlap copy = {.bytes = bytes};

    if (around_held(on, at, at + bytes.len)) {
        copy = around(on, at, at + bytes.len);
        memcpy(on->s->scratch + copy.before.len, bytes.ptr, bytes.len);
    }
    tell(on, &copy, seen);
}

/* Drop what lies below place. */
static void copies_drop(const struct side *on, uint64_t place)
{
    struct queue *q = stream_copies(on->st);
    uint64_t before = q->bytes;

    while (q->count > 0 && run_end(queue_at(q, 0)) <= place)
        free(queue_take(q, 0));
    if (q->count > 0 && queue_at(q, 0)->at < place)
        queue_trim(q, 0, (uint32_t)(place - queue_at(q, 0)->at));
    on->s->held -= before - q->bytes;
    if (q->count > 0)
        return;
    session_drop(on->s, q);
    on->st->odd->copies = NULL;
    on->st->odd->fair = false;
}

/*
 * Tell of the first group and forget it, but for the end of a long one, and
 * for what lies behind place.
 */
static void settle_group(const struct side *on, struct group g, uint64_t place)
{
    const struct queue *q = stream_copies(on->st);
    uint64_t done = g.to;

    if (g.to - g.from > LIMIT_OVERLAP_RUN) {
        /* its last rows are told again, as the first of the next */
        g.to = g.from + LIMIT_OVERLAP_RUN;
        done = g.to - LIMIT_OVERLAP_AFTER;
    }
    if (around_held(on, g.from, g.to)) {
        tell_group(on, &g);
        copies_drop(on, done < place ? done : place);
        return;
    }
    uint64_t told = g.to;
    for (uint32_t i = 0; i < g.count; i++) {
        const struct run *r = queue_at(q, i);
        if (r->at >= g.to)
            break;
        tell_one(on, r->at, (struct span){r->bytes, r->len}, &r->seen);
        told = run_end(r);
    }
    copies_drop(on, told < place ? told : place);
}

/* Must what begins at from be told of before the history loses it? */
static bool copy_ripe(const struct stream *st, uint64_t from)
{
    return st->next > from + LIMIT_OVERLAP_HISTORY - 3 * LIMIT_OVERLAP_BEFORE;
}

void overlap_settle(const struct side *on, uint64_t hurry)
{
    const struct stream *st = on->st;
    bool reads = again_settle(on, hurry > 0);
    uint64_t top = hurry > 0 && hurry <= st->next ? hurry : UINT64_MAX;

    if (reads && hurry != UINT64_MAX && again_next(st) < top)
        top = again_next(st);
    while (stream_copies(st) != NULL) {
        const struct queue *q = stream_copies(st);
        uint64_t from = queue_at(q, 0)->at;

        if (reads && from >= top)
            return;
        if (!copy_ripe(st, from) && from >= hurry)
            return;
        settle_group(on, group_first(q, top), reads ? top : UINT64_MAX);
    }
}

/* Tell of a piece on its own. */
static void tell_piece(const struct side *on, const struct piece *p)
{
    tell_one(on, p->at, p->bytes, &p->seen);
}

/*
 * p lies in r, and is another copy of it: the last one stays, but for one no
 * receiver takes. The other is told alone.
 */
static void copies_replace(const struct side *on, struct run *r,
                           const struct piece *p)
{
    size_t skip = (size_t)(p->at - r->at);
    struct piece old = run_piece(r, skip);
    size_t low, high;

    old.bytes = span_head(old.bytes, p->bytes.len);
    if (!bytes_differ(p->bytes.ptr, old.bytes.ptr, old.bytes.len, &low, &high))
        return;
    if (p->doubtful && !r->doubtful) {
        tell_piece(on, p);
        return;
    }
    tell_piece(on, &old);
    memcpy(r->bytes + skip, p->bytes.ptr, p->bytes.len);
    r->seen = p->seen;
    r->doubtful = p->doubtful;
}

/* Add a copy to those not told. */
static void copies_add(const struct side *on, struct piece copy)
{
    struct queue *q = stream_copies(on->st);

    while (copy.bytes.len > 0) {
        struct run *r = queue_at(q, queue_find(q, copy.at));
        struct piece part = copy;
        if (r != NULL && r->at <= copy.at && r->doubtful != copy.doubtful) {
            copies_split(q, copy.at);
            copies_split(q, copy.at + copy.bytes.len);
            r = queue_at(q, queue_find(q, copy.at));
        }
        uint64_t room = r == NULL         ? UINT64_MAX
                        : r->at > copy.at ? r->at - copy.at
                                          : run_end(r) - copy.at;
        part.bytes = span_head(copy.bytes, (size_t)room);
        if (r != NULL && r->at <= copy.at)
            copies_replace(on, r, &part);
        else if (!copies_put(q, &part))
            tell_piece(on, &part);
        copy.at += part.bytes.len;
        copy.bytes = span_skip(copy.bytes, part.bytes.len);
    }
}

void overlap_split(const struct side *on, uint64_t place)
{
    struct queue *q = stream_copies(on->st);

    if (q == NULL)
        return;
    uint64_t before = q->bytes;
    copies_split(q, place);
    on->s->held += q->bytes - before;
}

void overlap_drop(const struct side *on, uint64_t place)
{
    struct queue *q = stream_copies(on->st);
    const struct run *r;

    if (q == NULL)
        return;
    uint64_t before = q->bytes;
    for (uint32_t i = 0; (r = queue_at(q, i)) != NULL && run_end(r) <= place;) {
        if (r->read)
            free(queue_take(q, i));
        else
            i++;
    }
    on->s->held -= before - q->bytes;
    if (q->count == 0)
        copies_drop(on, 0);
}

void overlap_age(const struct side *on, int64_t time_ns)
{
    const struct queue *q = stream_copies(on->st);
    const struct run *newest = q->count == 0 ? NULL : queue_at(q, q->count - 1);

    if (newest != NULL &&
        time_since(time_ns, newest->seen.time_ns) > LIMIT_OVERLAP_S * ns_of_s)
        overlap_settle(on, on->st->next);
}

/* Are more copies kept than one stream may keep? */
static bool copies_full(const struct side *on)
{
    const struct queue *q = stream_copies(on->st);

    return q != NULL &&
           (q->bytes > on->s->set.queue || q->count > LIMIT_QUEUE_SEGMENTS);
}

/* What a second reading has passed is told alone; gives the rest. */
static struct piece pass_read(const struct side *on, const struct piece *copy)
{
    uint64_t read = again_told(on->st);
    struct piece rest = *copy;

    if (copy->at >= read)
        return rest;
    struct piece late = *copy;
    late.bytes = span_head(copy->bytes, (size_t)(read - copy->at));
    tell_piece(on, &late);
    rest.at += late.bytes.len;
    rest.bytes = span_skip(rest.bytes, late.bytes.len);
    return rest;
}

void overlap_note(const struct side *on, const struct piece *copy)
{
    struct stream *st = on->st;
    struct session *s = on->s;

    if (!copy->doubtful)
        again_doubt(on);
    if (s->scratch == NULL)
        s->scratch = malloc(SCRATCH);
    const struct piece rest = pass_read(on, copy);
    if (rest.bytes.len == 0)
        return;
    struct queue *q = stream_copies(st);
    if (q == NULL && session_odd(on)) {
        q = st->odd->copies = session_queue(on);
        if (q != NULL)
            q->copies = true;
    }
    if (q == NULL) {
        tell_piece(on, &rest);
        return;
    }
    uint64_t before = q->bytes;
    st->odd->fair |= !copy->doubtful;
    copies_add(on, rest);
    s->held += q->bytes - before;
    if (q->count == 0) {
        copies_drop(on, 0); /* there was no memory for it */
        return;
    }
    if (copies_full(on))
        overlap_settle(on, st->next);
    if (copies_full(on))
        settle_group(on, group_first(stream_copies(st), UINT64_MAX),
                     UINT64_MAX);
    if (stream_copies(st) != NULL)
        overlap_settle(on, 0);
}
