// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * held.c - bytes in one piece of memory that grows, and its holes.
 *
 * Memory grows by doubling, and by a quarter where doubling would waste
 * much; the allocator moves large pieces by remapping their pages. It must
 * not take more than its account has.
 */
#include "decode/held.h"

#include <stdlib.h>
#include <string.h>

#include "outflow/limits.h"

enum {
    FIRST_ROOM = 4 << 10, /* a small file */
    DOUBLED = 4 << 20,    /* up to here; then by a quarter */
};

bool held_take(struct held_share *share, uint64_t bytes)
{
    if (share == NULL)
        return true;
    if (bytes > share->left)
        return false;
    share->left -= bytes;
    return true;
}

void held_give(struct held_share *share, uint64_t bytes)
{
    if (share != NULL)
        share->left += bytes;
}

void held_open(struct held *h, const struct hint *hint)
{
    *h = (struct held){.share = hint->held};
}

static uint64_t most_of(const struct held *h)
{
    return h->share != NULL ? h->share->most : LIMIT_HELD;
}

/* Take memory for exactly room bytes. */
static bool resize(struct held *h, size_t room)
{
    if (!held_take(h->share, room - h->room))
        return false;
    uint8_t *ptr = realloc(h->ptr, room);
    if (ptr == NULL) {
        held_give(h->share, room - h->room);
        return false;
    }
    h->ptr = ptr;
    h->room = room;
    return true;
}

/* Room for more bytes; where the account is short, for no more than those. */
static bool reserve(struct held *h, uint64_t more)
{
    uint64_t most = most_of(h);

    if (h->len > most || more > most - h->len)
        return false;
    size_t need = h->len + (size_t)more;
    if (need <= h->room)
        return true;
    size_t room = h->room < DOUBLED ? h->room * 2 : h->room + h->room / 4;
    if (room < FIRST_ROOM)
        room = FIRST_ROOM;
    if (room < need)
        room = need;
    return resize(h, room) || (room > need && resize(h, need));
}

bool held_add(struct held *h, struct span bytes)
{
    if (bytes.len == 0)
        return true;
    if (!reserve(h, bytes.len))
        return false;
    memcpy(h->ptr + h->len, bytes.ptr, bytes.len);
    h->len += bytes.len;
    return true;
}

/* A place on the list; the last one when there is no more room. */
static struct hole *hole_add(struct held *h, uint64_t from)
{
    struct hole *last = h->hole_count > 0 ? h->holes + h->hole_count - 1 : NULL;

    if (last != NULL && last->from + last->len == from)
        return last;
    if (h->hole_count == LIMIT_HELD_HOLES) {
        last->len = from - last->from;
        return last;
    }
    if ((h->hole_count & (h->hole_count - 1)) == 0) { /* full: double it */
        size_t room = h->hole_count > 0 ? h->hole_count * 2 : 1;
        struct hole *holes = realloc(h->holes, room * sizeof(*holes));
        if (holes == NULL)
            return NULL;
        h->holes = holes;
    }
    h->holes[h->hole_count] = (struct hole){from, 0};
    return h->holes + h->hole_count++;
}

bool held_gap(struct held *h, uint64_t len)
{
    if (len == 0)
        return true;
    if (!reserve(h, len))
        return false;
    struct hole *hole = hole_add(h, h->len);
    if (hole == NULL)
        return false;
    hole->len += len;
    memset(h->ptr + h->len, 0, (size_t)len);
    h->len += (size_t)len;
    return true;
}

struct span held_span(const struct held *h)
{
    return (struct span){h->ptr, h->len};
}

uint64_t held_known(const struct held *h)
{
    uint64_t known = h->len;

    for (size_t i = 0; i < h->hole_count; i++)
        known -= h->holes[i].len;
    return known;
}

bool held_whole(const struct held *h, uint64_t from, uint64_t len)
{
    size_t low = 0, high = h->hole_count;

    if (from > h->len || len > h->len - from)
        return false;
    while (low < high) { /* the first hole that ends behind from */
        size_t mid = low + (high - low) / 2;
        if (h->holes[mid].from + h->holes[mid].len <= from)
            low = mid + 1;
        else
            high = mid;
    }
    return len == 0 || low == h->hole_count || h->holes[low].from >= from + len;
}

void held_clear(struct held *h)
{
    held_give(h->share, h->room);
    free(h->ptr);
    free(h->holes);
    *h = (struct held){.share = h->share};
}
