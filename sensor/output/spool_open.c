// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * spool_open.c - begin with what an earlier run left in the spool.
 *
 * Frames are whole up to the place where a crash cut one in two; what is
 * behind that is cut off the last file and told. Numbers go on behind the
 * highest that the disk, the shared memory or an output knows.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "output/spool_state.h"
#include "util/lock.h"

enum {
    SPOOL_LEAST = 1 << 20, /* a smaller one could hold no alert */
    WAIT_MS = 1000,        /* for a writer that was just killed */
};

static bool open_folder(struct spool *s, struct problems *problems)
{
    const char *name = s->settings.folder;
    struct stat st;

    if (mkdir(name, 0700) != 0 && errno != EEXIST) {
        problems_add(problems, "%s: cannot make it: %s", name, strerror(errno));
        return false;
    }
    s->folder = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (s->folder < 0 || fstat(s->folder, &st) != 0) {
        problems_add(problems, "%s: cannot open it: %s", name, strerror(errno));
        return false;
    }
    if (st.st_uid != geteuid() || (st.st_mode & 077) != 0) {
        problems_add(problems,
                     "%s: want a folder of this user, closed to others (mode "
                     "700), have owner %u, mode %03o",
                     name, (unsigned)st.st_uid, (unsigned)st.st_mode & 0777);
        return false;
    }
    s->lock = openat(s->folder, "lock",
                     O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (s->lock < 0 || !lock_wait(s->lock, WAIT_MS)) {
        problems_add(problems, "%s: cannot lock it: %s", name,
                     errno == EWOULDBLOCK ? "another outflow writes it"
                                          : strerror(errno));
        return false;
    }
    return true;
}

static void tell_torn(struct spool *s, const char *name, uint64_t bytes)
{
    struct event e = event_now(EVENT_SPOOL_TORN, name, NULL);

    e.count = bytes;
    (void)spool_event(s, &e);
    if (s->settings.told)
        s->settings.told(s->settings.ctx, &e);
}

/* Take the frames in front; gives their bytes. */
static size_t take_frames(struct spool *s, struct span bytes)
{
    size_t used = 0, size = 0;
    struct frame f;

    while (frame_take(span_skip(bytes, used), &f, &size) == FRAME_ONE) {
        used += size;
        if (f.number >= s->next)
            s->next = f.number + 1;
        known_add(&s->known, f.id, f.sequence, f.tag);
    }
    return used;
}

static bool read_whole(int fd, struct buf *out)
{
    enum { STEP = 256 << 10 };
    uint8_t *step = malloc(STEP);
    size_t got = step ? STEP : 0;
    bool good = step != NULL;

    buf_reset(out);
    while (good && got == STEP) {
        got = place_read(fd, step, STEP, out->len);
        good = buf_add(out, (struct span){step, got});
    }
    free(step);
    return good;
}

/* Go on with the last segment behind its whole frames. */
static void resume(struct spool *s, int fd, size_t whole)
{
    s->file = fd;
    s->at = whole;
    if (ftruncate(fd, (off_t)whole) == 0 && fdatasync(fd) == 0)
        return;
    (void)close(fd); /* a new segment then */
    s->file = -1;
}

/* Read a segment; gives the bytes of it that are no whole frames. */
static uint64_t read_segment(struct spool *s, size_t i, struct buf *bytes)
{
    char name[SEGMENT_NAME];
    struct stat st = {0};
    size_t whole = 0;

    int fd = openat(s->folder, segment_name(s->segments[i], name),
                    O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return 1;
    if (fstat(fd, &st) == 0 && read_whole(fd, bytes))
        whole = take_frames(s, buf_span(bytes));
    s->total += whole;
    if (i + 1 == s->segment_count)
        resume(s, fd, whole);
    else
        (void)close(fd);
    return (uint64_t)st.st_size > whole ? (uint64_t)st.st_size - whole : 0;
}

static void read_segments(struct spool *s, uint64_t *torn, uint64_t *where)
{
    struct buf bytes;

    buf_init(&bytes, SEGMENT_MOST);
    for (size_t i = 0; i < s->segment_count; i++) {
        uint64_t bad = read_segment(s, i, &bytes);
        if (bad > 0)
            *where = s->segments[i];
        *torn += bad;
    }
    buf_clear(&bytes);
    s->durable = s->next - 1;
}

/* What a judge that died left in the shared memory. */
static void take_memory(struct spool *s)
{
    struct memory m;
    struct frame f;
    size_t size;

    if (!memory_read(s->settings.memory, &m) || m.size == 0)
        return;
    uint8_t *bytes = m.size <= LIMIT_SPOOL_MEMORY ? malloc(m.size) : NULL;
    size_t got =
        bytes ? place_read(s->settings.memory, bytes, m.size, MEMORY_HEAD) : 0;
    struct span all = {bytes, got};
    if (frame_take(all, &f, &size) == FRAME_ONE && f.number > s->durable) {
        all = span_head(all, take_frames(s, all));
        s->failing = buf_add(&s->fresh, all);
        s->mirrored = s->fresh.len;
    } else {
        (void)memory_empty(s->settings.memory);
    }
    free(bytes);
}

/* An output may have sent, from memory, what the disk never had. */
static void pass_cursors(struct spool *s)
{
    for (size_t i = 0; i < s->settings.output_count; i++) {
        struct cursor c;
        if (cursor_read(s->folder, &s->settings.outputs[i], &c) &&
            c.next > s->next)
            s->next = c.next;
    }
}

static struct spool *make(const struct spool_settings *settings)
{
    struct spool *s = calloc(1, sizeof(*s));

    if (!s)
        return NULL;
    s->settings = *settings;
    s->folder = s->lock = s->file = -1;
    s->next = 1;
    s->limit = settings->size > 0 ? settings->size : LIMIT_SPOOL;
    if (s->limit < SPOOL_LEAST)
        s->limit = SPOOL_LEAST;
    buf_init(&s->fresh, LIMIT_SPOOL_MEMORY);
    buf_init(&s->entry, LIMIT_ALERT);
    s->folder_name = strdup(settings->folder);
    if (s->folder_name && known_init(&s->known))
        return s;
    spool_close(s);
    return NULL;
}

struct spool *spool_open(const struct spool_settings *settings,
                         struct problems *problems)
{
    struct spool *s = make(settings);
    uint64_t torn = 0, where = 0;
    char name[SEGMENT_NAME];

    if (!s) {
        problems_add(problems, "%s: out of memory", settings->folder);
        return NULL;
    }
    if (!open_folder(s, problems))
        goto failed;
    if (!segment_list(s->folder, &s->segments, &s->segment_count)) {
        problems_add(problems, "%s: cannot read it: %s", settings->folder,
                     strerror(errno));
        goto failed;
    }
    read_segments(s, &torn, &where);
    take_memory(s);
    pass_cursors(s);
    if (torn > 0)
        tell_torn(s, segment_name(where, name), torn);
    s->head_late = !head_write(s->folder, s->durable);
    (void)spool_sync(s);
    return s;
failed:
    buf_reset(&s->fresh);
    spool_close(s);
    return NULL;
}
