// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * strings.c - texts in one piece of memory, and where each ends.
 */
#include "decode/document/strings.h"

#include <stdlib.h>
#include <string.h>

enum { TEXT_ROOM = 4 << 10, PLACES = 128 };

void strings_init(struct strings *s, struct held_share *share)
{
    *s = (struct strings){.share = share};
}

/* A list of more bytes; NULL at a limit, and the old one stays. */
static void *enlarge(struct strings *s, void *list, size_t from, size_t to)
{
    if (!held_take(s->share, to - from))
        return NULL;
    void *more = realloc(list, to);
    if (more == NULL)
        held_give(s->share, to - from);
    return more;
}

static bool reserve_text(struct strings *s, size_t len)
{
    size_t room = s->room > 0 ? s->room : TEXT_ROOM;

    if (len <= s->room - s->len)
        return true;
    while (room - s->len < len)
        room *= 2;
    uint8_t *text = enlarge(s, s->text, s->room, room);
    if (text == NULL)
        return false;
    s->text = text;
    s->room = room;
    return true;
}

static bool reserve_place(struct strings *s)
{
    uint32_t places = s->places > 0 ? s->places * 2 : PLACES;
    size_t each = sizeof(*s->end);

    if (s->count < s->places)
        return true;
    if (places > UINT32_MAX / 4)
        return false;
    uint64_t *end = enlarge(s, s->end, s->places * each, places * each);
    if (end == NULL)
        return false;
    s->end = end;
    s->places = places;
    return true;
}

bool strings_add(struct strings *s, struct span text)
{
    if (!reserve_text(s, text.len) || !reserve_place(s))
        return false;
    if (text.len > 0)
        memcpy(s->text + s->len, text.ptr, text.len);
    s->len += text.len;
    s->end[s->count++] = s->len;
    return true;
}

struct span strings_at(const struct strings *s, uint32_t i)
{
    if (i >= s->count)
        return (struct span){NULL, 0};
    size_t from = i > 0 ? (size_t)s->end[i - 1] : 0;
    return (struct span){s->text + from, (size_t)s->end[i] - from};
}

void strings_clear(struct strings *s)
{
    held_give(s->share, s->room + s->places * sizeof(*s->end));
    free(s->text);
    free(s->end);
    *s = (struct strings){.share = s->share};
}
