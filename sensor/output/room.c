// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * room.c - what goes first when a spool is full.
 *
 * 1. the oldest segments that every output has;
 * 2. updates that come: an incident's final alert has their figures;
 * 3. the oldest segments that some output has yet to take.
 * What was dropped is counted, and told by an event of its own.
 */
#include "output/spool_state.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RESERVE = 8 }; /* one part in so many is kept from updates */

uint64_t room_delivered(const struct spool *s)
{
    uint64_t least = s->next;

    for (size_t i = 0; i < s->settings.output_count; i++) {
        struct cursor c;
        (void)cursor_read(s->folder, &s->settings.outputs[i], &c);
        least = c.back < least ? c.back : least;
    }
    return least;
}

/* Remove the oldest segment, unless it is the one that is written. */
static bool remove_oldest(struct spool *s, uint64_t delivered, bool any)
{
    char name[SEGMENT_NAME];
    struct stat st = {0};

    if (s->segment_count < 2)
        return false;
    uint64_t first = s->segments[0], behind = s->segments[1];
    if (behind > delivered && !any)
        return false;
    (void)segment_name(first, name);
    if (fstatat(s->folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
        unlinkat(s->folder, name, 0) != 0)
        return false;
    uint64_t size = (uint64_t)st.st_size;
    s->total = s->total > size ? s->total - size : 0;
    if (behind > delivered)
        s->figures.dropped += behind - (first > delivered ? first : delivered);
    s->segment_count--;
    memmove(s->segments, s->segments + 1,
            s->segment_count * sizeof(*s->segments));
    return true;
}

static bool fits(const struct spool *s, uint64_t size, uint64_t limit)
{
    return s->total + s->fresh.len + size <= limit;
}

bool room_make(struct spool *s, uint64_t size, enum grade grade)
{
    uint64_t part = grade == GRADE_UPDATE ? RESERVE - 1 : RESERVE;
    uint64_t limit = s->limit / RESERVE * part;
    uint64_t memory = s->fresh.cap / RESERVE * part;

    if (s->fresh.len + size > memory)
        return false;
    if (fits(s, size, limit))
        return true;
    uint64_t delivered = room_delivered(s);
    while (!fits(s, size, limit) && remove_oldest(s, delivered, false))
        continue;
    while (grade != GRADE_UPDATE && !fits(s, size, limit) &&
           remove_oldest(s, delivered, true))
        continue;
    return fits(s, size, limit);
}
