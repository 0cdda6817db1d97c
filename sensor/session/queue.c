// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * queue.c - runs of stream bytes in order of their place, none twice.
 *
 * A sorted array of pointers: appending is at once, taking the front moves
 * an index, anything else moves pointers only. It must not interpret bytes.
 */
#include "session/queue.h"

#include <stdlib.h>
#include <string.h>

enum { QUEUE_ROOM = 8 };

struct queue *queue_new(void)
{
    struct queue *q = calloc(1, sizeof(*q));

    if (q != NULL)
        q->bytes = sizeof(*q);
    return q;
}

void queue_free(struct queue *q)
{
    if (q == NULL)
        return;
    for (uint32_t i = 0; i < q->count; i++)
        free(q->run[q->first + i]);
    free(q->run);
    free(q);
}

struct run *queue_at(const struct queue *q, uint32_t i)
{
    return i < q->count ? q->run[q->first + i] : NULL;
}

uint32_t queue_find(const struct queue *q, uint64_t place)
{
    uint32_t low = 0;
    uint32_t high = q->count;

    /* most arrivals belong behind everything */
    if (high > 0 && run_extent(queue_at(q, high - 1)) <= place)
        return high;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;

        if (run_extent(queue_at(q, mid)) <= place)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

struct run *run_new(uint64_t at, struct span bytes, const struct moment *seen)
{
    struct run *r = malloc(sizeof(*r) + bytes.len);

    if (r == NULL)
        return NULL;
    *r = (struct run){.at = at, .len = (uint32_t)bytes.len, .seen = *seen};
    if (bytes.len > 0)
        memcpy(r->bytes, bytes.ptr, bytes.len);
    return r;
}

/* Make room for one more run; false without memory. */
static bool queue_grow(struct queue *q)
{
    if (q->first + q->count < q->room)
        return true;
    if (q->first > q->room / 2) {
        memmove(q->run, q->run + q->first, q->count * sizeof(*q->run));
        q->first = 0;
        return true;
    }
    uint32_t room = q->room == 0 ? QUEUE_ROOM : q->room * 2;
    struct run **grown = realloc(q->run, room * sizeof(*grown));
    if (grown == NULL)
        return false;
    q->bytes += (room - q->room) * sizeof(*grown);
    q->run = grown;
    q->room = room;
    return true;
}

bool queue_put(struct queue *q, uint32_t i, struct run *r)
{
    if (i == 0 && q->first > 0) {
        q->first--;
    } else {
        if (!queue_grow(q))
            return false;
        struct run **at = q->run + q->first + i;
        memmove(at + 1, at, (q->count - i) * sizeof(*at));
    }
    q->run[q->first + i] = r;
    q->count++;
    q->bytes += sizeof(*r) + r->len;
    return true;
}

struct run *queue_take(struct queue *q, uint32_t i)
{
    struct run *r = queue_at(q, i);

    q->count--;
    q->bytes -= sizeof(*r) + r->len;
    if (i == 0) {
        q->first = q->count == 0 ? 0 : q->first + 1;
    } else {
        struct run **at = q->run + q->first + i;
        memmove(at, at + 1, (q->count - i) * sizeof(*at));
    }
    return r;
}

void queue_trim(struct queue *q, uint32_t i, uint32_t len)
{
    struct run *r = queue_at(q, i);

    memmove(r->bytes, r->bytes + len, r->len - len);
    r->at += len;
    r->len -= len;
    q->bytes -= len;
}
