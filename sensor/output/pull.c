// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * pull.c - read a spool that another process is writing.
 *
 * Bytes behind the durable ones may still change: they are dropped and read
 * again. A file that was removed while it is read stays readable.
 */
#include "output/pull.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "outflow/limits.h"
#include "output/cursor.h"

enum { STEP = 64 << 10 }; /* bytes read at once */

bool pull_open(struct pull *p, const char *folder, int memory)
{
    *p = (struct pull){.memory = memory, .file = -1, .want = 1};
    p->news = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    buf_init(&p->page, LIMIT_ALERT + SEGMENT_HEAD + STEP);
    buf_init(&p->shared, LIMIT_SPOOL_MEMORY);
    p->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (p->news >= 0 && inotify_add_watch(p->news, folder, IN_MODIFY) < 0) {
        (void)close(p->news);
        p->news = -1;
    }
    return p->folder >= 0;
}

void pull_heard(struct pull *p)
{
    uint8_t events[1024];

    while (p->news >= 0 && read(p->news, events, sizeof(events)) > 0)
        continue;
}

/* Forget what was read of the file and not given. */
static void drop_page(struct pull *p)
{
    p->at -= p->page.len - p->used;
    buf_reset(&p->page);
    p->used = 0;
}

static void leave_file(struct pull *p)
{
    if (p->file >= 0)
        (void)close(p->file);
    p->file = -1;
    p->at = 0;
    p->used = 0;
    buf_reset(&p->page);
}

void pull_seek(struct pull *p, uint64_t number)
{
    if (number == p->want)
        return;
    leave_file(p);
    p->shared_used = 0;
    p->want = number;
}

/*
 * The segment to be read behind the one whose first number is behind: the
 * last that begins at or below want, else the first one above it.
 */
static bool enter_file(struct pull *p, uint64_t behind)
{
    uint64_t *numbers = NULL, chosen = 0;
    char name[SEGMENT_NAME];
    size_t count = 0;

    if (!segment_list(p->folder, &numbers, &count))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (numbers[i] > behind && (numbers[i] <= p->want || chosen == 0))
            chosen = numbers[i];
    }
    free(numbers);
    if (chosen == 0)
        return false;
    int fd = openat(p->folder, segment_name(chosen, name),
                    O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return false;
    leave_file(p);
    p->file = fd;
    p->first = chosen;
    return true;
}

/* More bytes of the file behind those not yet given. */
static bool read_more(struct pull *p)
{
    uint8_t step[STEP];

    buf_drop(&p->page, p->used);
    p->used = 0;
    size_t got = place_read(p->file, step, sizeof(step), p->at);
    if (got == 0 || !buf_add(&p->page, (struct span){step, got}))
        return false;
    p->at += got;
    return true;
}

/* The next whole frame of the files; false: there is none. */
static bool file_frame(struct pull *p, struct frame *f, size_t *size)
{
    if (p->file < 0 && !enter_file(p, 0))
        return false;
    for (;;) {
        struct span rest = span_skip(buf_span(&p->page), p->used);
        enum frame_got got = frame_take(rest, f, size);
        if (got == FRAME_ONE)
            return true;
        if (got == FRAME_PART && read_more(p))
            continue;
        /* The end of a file, or damage: what is behind is in the next. */
        if (!enter_file(p, p->first)) {
            drop_page(p);
            return false;
        }
    }
}

static bool from_files(struct pull *p, struct frame *f)
{
    uint64_t head = head_read(p->folder);
    size_t size = 0;

    while (head >= p->want && file_frame(p, f, &size)) {
        if (f->number > head) {
            drop_page(p);
            return false;
        }
        p->used += size;
        if (f->number >= p->want)
            return true;
    }
    return false;
}

/* Take over what the memory has gained; false: nothing is there. */
static bool refresh(struct pull *p)
{
    struct memory before, after;

    if (!memory_read(p->memory, &before))
        return false;
    if (before.age != p->age || before.size < p->shared.len) {
        buf_reset(&p->shared);
        p->shared_used = 0;
    }
    p->age = before.age;
    size_t len = before.size - p->shared.len;
    uint8_t *bytes = len > 0 && len <= p->shared.cap ? malloc(len) : NULL;
    if (bytes) {
        size_t got =
            place_read(p->memory, bytes, len, MEMORY_HEAD + p->shared.len);
        if (memory_read(p->memory, &after) && after.age == p->age)
            (void)!buf_add(&p->shared, (struct span){bytes, got});
    }
    free(bytes);
    return p->shared.len > 0;
}

static bool from_memory(struct pull *p, struct frame *f)
{
    size_t size = 0;

    if (!refresh(p))
        return false;
    while (frame_take(span_skip(buf_span(&p->shared), p->shared_used), f,
                      &size) == FRAME_ONE) {
        p->shared_used += size;
        if (f->number >= p->want)
            return true;
    }
    return false;
}

bool pull_next(struct pull *p, struct frame *f)
{
    if (!from_files(p, f) && !from_memory(p, f))
        return false;
    p->want = f->number + 1;
    return true;
}

void pull_close(struct pull *p)
{
    leave_file(p);
    if (p->folder >= 0)
        (void)close(p->folder);
    if (p->news >= 0)
        (void)close(p->news);
    buf_clear(&p->page);
    buf_clear(&p->shared);
    p->folder = p->news = -1;
}
