// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * past.c - what was sent lately, and may not have arrived.
 */
#include "output/past.h"

#include <string.h>

void past_init(struct past *p, uint64_t floor, bool stream)
{
    memset(p, 0, sizeof(*p));
    p->floor = floor;
    p->stream = stream;
}

static void set_mark(struct past_ring *r, struct past_mark mark)
{
    r->mark[r->count++ % PAST_MARKS] = mark;
}

/* The i-th mark back from the newest (0); NULL: it is not held. */
static const struct past_mark *mark_at(const struct past_ring *r, size_t i)
{
    if (i >= r->count || i >= PAST_MARKS)
        return NULL;
    return &r->mark[(r->count - 1 - i) % PAST_MARKS];
}

void past_sent(struct past *p, uint64_t number, size_t size, int64_t now_ms)
{
    struct past_mark now = {now_ms - p->stalled_ms, p->bytes, number};
    const struct past_mark *time = mark_at(&p->times, 0);
    const struct past_mark *bytes = mark_at(&p->sizes, 0);

    if (!time || now.ms - time->ms >= PAST_MARK_MS)
        set_mark(&p->times, now);
    if (!bytes || now.bytes - bytes->bytes >= PAST_MARK_BYTES)
        set_mark(&p->sizes, now);
    p->bytes += size;
}

void past_stalled(struct past *p, int64_t ms)
{
    p->stalled_ms += ms;
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

uint64_t past_back(struct past *p, uint64_t next, int64_t now_ms)
{
    uint64_t back = next > PAST_FRAMES ? next - PAST_FRAMES : 1;
    int64_t from = now_ms - p->stalled_ms - PAST_MS;
    const struct past_mark *mark;
    bool whole = false;

    /* The first mark at or before that time, or the oldest. */
    for (size_t i = 0; !whole && (mark = mark_at(&p->times, i)) != NULL; i++) {
        back = least(back, mark->number);
        whole = mark->ms <= from;
    }
    whole = !p->stream;
    for (size_t i = 0; !whole && (mark = mark_at(&p->sizes, i)) != NULL; i++) {
        back = least(back, mark->number);
        whole = p->bytes - mark->bytes >= PAST_BYTES;
    }
    if (back > p->floor)
        p->floor = back;
    return least(p->floor, next);
}
