// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * history.c - the newest bytes a stream delivered, to compare copies with.
 *
 * A ring with a write index, so that its size needs no power of two and a
 * session of one small request holds little more than that request. It must
 * not outgrow the cap it is given.
 */
#include "session/history.h"

#include <stdlib.h>
#include <string.h>

enum {
    HISTORY_SMALL = 4096, /* bytes that a short session may reach */
};

uint64_t history_begin(const struct history *h)
{
    return h->end - h->len;
}

uint32_t history_size(const struct history *h)
{
    return h == NULL ? 0 : (uint32_t)sizeof(*h) + h->room;
}

void history_reset(struct history *h)
{
    if (h == NULL)
        return;
    h->len = 0;
    h->at = 0;
}

/* Index in bytes of a place that is held. */
static uint32_t history_index(const struct history *h, uint64_t place)
{
    uint32_t back = (uint32_t)(h->end - place);

    return h->at >= back ? h->at - back : h->at + h->room - back;
}

void history_copy(const struct history *h, uint64_t place, uint32_t len,
                  uint8_t *out)
{
    if (len == 0)
        return;
    uint32_t from = history_index(h, place);
    uint32_t straight = h->room - from < len ? h->room - from : len;

    memcpy(out, h->bytes + from, straight);
    memcpy(out + straight, h->bytes, len - straight);
}

/* Give the ring room for want bytes; what it held stays. */
static void history_grow(struct history **h, uint32_t want)
{
    struct history *old = *h;
    struct history *grown = malloc(sizeof(*grown) + want);

    if (grown == NULL)
        return;
    *grown = (struct history){.room = want};
    if (old != NULL && old->len > 0) {
        history_copy(old, history_begin(old), old->len, grown->bytes);
        grown->end = old->end;
        grown->len = old->len;
        grown->at = old->len == want ? 0 : old->len;
    }
    free(old);
    *h = grown;
}

/*
 * Grow, when bytes more would push out old ones and the cap allows: little
 * at first, as most sessions are short, then fast, to copy little.
 */
static void history_fit(struct history **h, uint64_t bytes, uint32_t cap)
{
    uint32_t room = *h == NULL ? 0 : (*h)->room;
    uint64_t need = (*h == NULL ? 0 : (*h)->len) + bytes;

    if (need <= room || room >= cap)
        return;
    uint64_t more = (uint64_t)room * (room < HISTORY_SMALL ? 2 : 4);
    uint64_t want = more > need ? more : need;
    history_grow(h, want > cap ? cap : (uint32_t)want);
}

void history_add(struct history **h, uint64_t place, struct span bytes,
                 uint32_t cap)
{
    history_fit(h, bytes.len, cap);
    struct history *to = *h;
    if (to == NULL || bytes.len == 0)
        return;
    if (to->len > 0 && to->end != place)
        history_reset(to);
    to->end = place + bytes.len;
    if (bytes.len >= to->room) {
        memcpy(to->bytes, bytes.ptr + bytes.len - to->room, to->room);
        to->len = to->room;
        to->at = 0;
        return;
    }
    uint32_t len = (uint32_t)bytes.len;
    uint32_t straight = to->room - to->at < len ? to->room - to->at : len;
    memcpy(to->bytes + to->at, bytes.ptr, straight);
    memcpy(to->bytes, bytes.ptr + straight, len - straight);
    to->at = to->at + len >= to->room ? to->at + len - to->room : to->at + len;
    to->len = to->room - to->len < len ? to->room : to->len + len;
}

bool bytes_differ(const uint8_t *a, const uint8_t *b, size_t len, size_t *low,
                  size_t *high)
{
    if (len == 0 || memcmp(a, b, len) == 0)
        return false;
    size_t first = 0;
    size_t last = len;
    while (a[first] == b[first])
        first++;
    while (a[last - 1] == b[last - 1])
        last--;
    *low = first;
    *high = last;
    return true;
}

bool history_differs(const struct history *h, uint64_t place, struct span bytes,
                     size_t *low, size_t *high)
{
    if (h == NULL || h->len == 0 || place >= h->end)
        return false;
    uint64_t begin = history_begin(h);
    size_t skip = place < begin ? (size_t)(begin - place) : 0;
    if (skip >= bytes.len)
        return false;
    uint64_t from = place + skip;
    size_t len = bytes.len - skip;
    if (len > h->end - from)
        len = (size_t)(h->end - from);

    uint32_t index = history_index(h, from);
    size_t straight = h->room - index < len ? h->room - index : len;
    const uint8_t *copy = bytes.ptr + skip;
    size_t a[2] = {0, 0};
    size_t b[2] = {0, 0};
    bool one = bytes_differ(copy, h->bytes + index, straight, &a[0], &a[1]);
    bool two =
        bytes_differ(copy + straight, h->bytes, len - straight, &b[0], &b[1]);
    if (!one && !two)
        return false;
    *low = skip + (one ? a[0] : straight + b[0]);
    *high = skip + (two ? straight + b[1] : a[1]);
    return true;
}
