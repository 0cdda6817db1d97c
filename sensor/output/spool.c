// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * spool.c - alerts and events on disk until every output has them.
 *
 * Frames are gathered and written by spool_sync: one write and one sync for
 * a round of judging. Only then does the head file let the sender see them.
 * When the disk refuses, they stay in memory, with their numbers, and in the
 * memory that the sender shares; it sends them from there.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "output/entry.h"
#include "output/spool_state.h"
#include "output/words.h"

enum {
    FLUSH = 1 << 20,   /* bytes of frames that are not kept waiting */
    TELL_AGAIN_S = 60, /* between two events of a full spool */
};

int spool_memory(void)
{
    return memfd_create("outflow-spool", MFD_CLOEXEC);
}

static int64_t monotonic_s(void)
{
    struct timespec now = {0};

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec + 1;
}

/* Put a frame behind the others; its entry is s->entry. */
static enum err put(struct spool *s, struct frame *f)
{
    f->entry = buf_span(&s->entry);
    f->number = s->next;
    if (!room_make(s, SEGMENT_HEAD + f->entry.len, f->grade) ||
        !frame_put(&s->fresh, f)) {
        s->figures.dropped++;
        return ERR_LIMIT;
    }
    s->next++;
    s->figures.records++;
    known_add(&s->known, f->id, f->sequence, f->tag);
    if (s->fresh.len >= FLUSH && !s->failing)
        return spool_sync(s);
    return s->failing ? ERR_IO : ERR_OK;
}

/* The alert under another sequence, encoded. */
static bool encode(struct spool *s, const struct alert *a, unsigned sequence,
                   struct frame *f)
{
    struct alert as = *a;

    as.sequence = sequence;
    buf_reset(&s->entry);
    if (!entry_put_alert(&s->entry, &as, s->settings.run))
        return false;
    f->sequence = sequence;
    f->tag = frame_tag(buf_span(&s->entry));
    return true;
}

enum err spool_alert(struct spool *s, const struct alert *a, unsigned *used)
{
    const struct known_row *have = known_find(&s->known, a->id);
    struct frame f = {.grade = a->status == ALERT_UPDATE ? GRADE_UPDATE
                                                         : GRADE_FIRM};
    bool same;

    memcpy(f.id, a->id, sizeof(f.id));
    if (used)
        *used = a->sequence;
    if (!encode(s, a, a->sequence, &f)) {
        s->figures.dropped++;
        return ERR_LIMIT;
    }
    same = have && (have->sequence > a->sequence ||
                    (have->sequence == a->sequence && have->tag == f.tag));
    if (same) {
        s->figures.repeats++;
        return ERR_OK;
    }
    if (have && have->sequence == a->sequence) {
        if (!encode(s, a, have->sequence + 1, &f))
            return ERR_LIMIT;
        if (used)
            *used = f.sequence;
    }
    return put(s, &f);
}

enum err spool_event(struct spool *s, const struct event *e)
{
    struct frame f = {.sequence = 1, .grade = GRADE_FIRM};

    (void)words_event_id(e, f.id);
    buf_reset(&s->entry);
    if (!entry_put_event(&s->entry, e)) {
        s->figures.dropped++;
        return ERR_LIMIT;
    }
    f.tag = frame_tag(buf_span(&s->entry));
    return put(s, &f);
}

/* An event of the spool's own: into it, and to whoever logs. */
static void tell(struct spool *s, const struct event *e)
{
    (void)spool_event(s, e);
    if (s->settings.told)
        s->settings.told(s->settings.ctx, e);
}

static void tell_dropped(struct spool *s)
{
    int64_t now = monotonic_s();

    if (s->figures.dropped == s->dropped_told ||
        (s->told_s > 0 && now - s->told_s < TELL_AGAIN_S))
        return;
    struct event e = event_now(EVENT_SPOOL_FULL, s->folder_name, NULL);
    e.count = s->figures.dropped - s->dropped_told;
    e.total = s->figures.dropped;
    s->told_s = now;
    s->dropped_told = s->figures.dropped;
    tell(s, &e);
}

uint64_t spool_segment_size(const struct spool *s)
{
    enum { LEAST = 64 << 10, MOST = 8 << 20, PARTS = 32 };
    uint64_t size = s->limit / PARTS;

    return size < LEAST ? LEAST : size > MOST ? MOST : size;
}

static bool begin_segment(struct spool *s)
{
    uint64_t first = s->durable + 1;
    uint64_t *grown =
        reallocarray(s->segments, s->segment_count + 1, sizeof(*s->segments));
    char name[SEGMENT_NAME];

    if (!grown)
        return false;
    s->segments = grown;
    (void)segment_name(first, name);
    int fd = openat(s->folder, name,
                    O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return false;
    /* Room that nobody else can take, where the file system knows how. */
    (void)fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, (off_t)spool_segment_size(s));
    if (fsync(s->folder) != 0) {
        (void)close(fd);
        (void)unlinkat(s->folder, name, 0);
        return false;
    }
    s->segments[s->segment_count++] = first;
    s->file = fd;
    s->at = 0;
    return true;
}

/* Give the written segment's spare room back and leave it. */
static void end_segment(struct spool *s)
{
    if (s->file < 0)
        return;
    (void)ftruncate(s->file, (off_t)s->at);
    (void)close(s->file);
    s->file = -1;
    if (s->at == 0 && s->segment_count > 0) {
        char name[SEGMENT_NAME];
        s->segment_count--;
        (void)unlinkat(s->folder,
                       segment_name(s->segments[s->segment_count], name), 0);
    }
}

/* Let the sender see what is durable: twice, a call may be interrupted. */
static void show(struct spool *s)
{
    s->head_late = true;
    for (int i = 0; i < 2 && s->head_late; i++)
        s->head_late = !head_write(s->folder, s->durable);
}

/* Everything fresh onto the disk; false: errno says why. */
static bool store(struct spool *s)
{
    if (s->file >= 0 && s->at >= spool_segment_size(s))
        end_segment(s);
    if (s->file < 0 && !begin_segment(s))
        return false;
    if (!place_write(s->file, buf_span(&s->fresh), s->at) ||
        fdatasync(s->file) != 0) {
        int error = errno;
        /* After a failed sync nobody knows what the disk has. */
        end_segment(s);
        errno = error;
        return false;
    }
    s->at += s->fresh.len;
    s->total += s->fresh.len;
    s->durable = s->next - 1;
    show(s);
    buf_reset(&s->fresh);
    return true;
}

/* What is fresh is shown to the sender from memory. */
static void mirror(struct spool *s)
{
    struct span rest = span_skip(buf_span(&s->fresh), s->mirrored);

    if (rest.len > 0 && memory_append(s->settings.memory, rest))
        s->mirrored = s->fresh.len;
}

static enum err refused(struct spool *s, int error)
{
    bool first = !s->failing;

    s->failing = true;
    if (first) {
        struct event e =
            event_now(EVENT_SPOOL_FAILED, s->folder_name, strerror(error));
        e.count = s->next - 1 - s->durable;
        tell(s, &e);
    }
    mirror(s);
    return ERR_IO;
}

enum err spool_sync(struct spool *s)
{
    tell_dropped(s);
    if (s->head_late)
        show(s);
    if (s->fresh.len == 0)
        return s->head_late ? ERR_IO : ERR_OK;
    if (!store(s))
        return refused(s, errno);
    s->mirrored = 0;
    if (!s->failing)
        return s->head_late ? ERR_IO : ERR_OK;
    s->failing = false;
    (void)memory_empty(s->settings.memory);
    struct event e = event_now(EVENT_SPOOL_BACK, s->folder_name, NULL);
    tell(s, &e);
    return spool_sync(s);
}

unsigned spool_sequence(const struct spool *s, const char id[33])
{
    const struct known_row *row = known_find(&s->known, id);

    return row ? row->sequence : 0;
}

void spool_figures(struct spool *s, struct spool_figures *out)
{
    uint64_t delivered = room_delivered(s);

    *out = s->figures;
    out->waiting = s->failing ? s->next - 1 - s->durable : 0;
    out->bytes = s->total;
    out->undelivered = s->next > delivered ? s->next - delivered : 0;
}

void spool_close(struct spool *s)
{
    if (!s)
        return;
    s->told_s = 0; /* there is no later: what is not told yet is told now */
    if (s->folder >= 0)
        (void)spool_sync(s);
    end_segment(s);
    if (s->lock >= 0)
        (void)close(s->lock);
    if (s->folder >= 0)
        (void)close(s->folder);
    free(s->folder_name);
    free(s->segments);
    buf_clear(&s->fresh);
    buf_clear(&s->entry);
    known_clear(&s->known);
    free(s);
}
