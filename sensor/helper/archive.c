// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * archive.c - archives that libarchive reads: 7z rar cab iso lha xar.
 *
 * One format is switched on for an object, the one its first bytes told,
 * and no filter: a filter may start programs, and some formats claim plain
 * text. What libarchive cannot tell (encrypted rar5, volumes) is looked up
 * in the object itself.
 */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "helper/job.h"
#include "helper/seal.h"
#include "outflow/limits.h"

enum { NAMED = 4096 /* closed entries whose names are told */ };

/* The object as libarchive reads it. */
struct reading {
    struct job *job;
    uint64_t at;   /* place */
    bool in_hole;  /* it wanted bytes that were not captured */
    uint64_t seen; /* the place behind the newest bytes given */
};

static ssize_t on_read(struct archive *a, void *ctx, const void **out)
{
    enum { STEP = 64 << 10 };
    struct reading *r = ctx;
    const struct span all = r->job->object;
    size_t len = job_known(r->job, r->at);

    if (len == 0 && r->at < all.len) {
        r->in_hole = true;
        archive_set_error(a, EIO, "hole");
        return ARCHIVE_FATAL;
    }
    if (len > STEP)
        len = STEP;
    *out = r->at < all.len ? all.ptr + r->at : all.ptr;
    r->at += len;
    if (r->at > r->seen)
        r->seen = r->at;
    return (ssize_t)len;
}

static la_int64_t on_skip(struct archive *a, void *ctx, la_int64_t len)
{
    struct reading *r = ctx;
    uint64_t left = r->job->object.len - r->at;

    (void)a;
    if (len < 0)
        return 0;
    uint64_t some = (uint64_t)len < left ? (uint64_t)len : left;
    r->at += some;
    return (la_int64_t)some;
}

static la_int64_t on_seek(struct archive *a, void *ctx, la_int64_t to,
                          int whence)
{
    struct reading *r = ctx;
    la_int64_t all = (la_int64_t)r->job->object.len;
    la_int64_t base = whence == SEEK_CUR   ? (la_int64_t)r->at
                      : whence == SEEK_END ? all
                                           : 0;

    (void)a;
    if (to > all - base || to < -base)
        return ARCHIVE_FATAL;
    r->at = (uint64_t)(base + to);
    return base + to;
}

/* --- entries --- */

/* What became of the entries. */
struct tally_of {
    uint64_t sizes;  /* unpacked, of all */
    uint64_t sealed; /* of those encrypted */
    size_t entries, sealed_entries;
    bool broken; /* one of them is damaged */
    enum why stopped;
};

static struct span name_of(struct archive_entry *e)
{
    const char *name = archive_entry_pathname_utf8(e);

    if (!name)
        name = archive_entry_pathname(e);
    return span_of(name);
}

static bool no_memory(struct archive *a)
{
    return archive_errno(a) == ENOMEM;
}

/* Bytes of one entry; true: to its end. */
static bool put_data(struct archive *a, struct job *j, struct tally_of *t)
{
    uint64_t at = 0;

    for (;;) {
        const void *block = NULL;
        size_t len = 0;
        la_int64_t place = 0;
        int got = archive_read_data_block(a, &block, &len, &place);
        if (got == ARCHIVE_EOF)
            return true;
        if (got < ARCHIVE_WARN) {
            t->stopped = got == ARCHIVE_FATAL ? WHY_DAMAGED : t->stopped;
            t->broken = true;
            return false;
        }
        if (place > 0 && (uint64_t)place > at) /* sparse: zeros */
            job_gap(j, (uint64_t)place - at);
        job_bytes(j, (struct span){block, len});
        at = (uint64_t)place + len;
    }
}

static void take_entry(struct archive *a, struct archive_entry *e,
                       struct reading *r, struct tally_of *t)
{
    la_int64_t size = archive_entry_size_is_set(e) ? archive_entry_size(e) : 0;
    bool sealed = archive_entry_is_data_encrypted(e) == 1 ||
                  seal_entry(r->job, name_of(e));

    t->entries++;
    t->sizes += size > 0 ? (uint64_t)size : 0;
    /* of another type, or none: packed from a pipe, by another system */
    if (archive_entry_filetype(e) == AE_IFDIR ||
        archive_entry_filetype(e) == AE_IFLNK || archive_entry_hardlink(e))
        return;
    if (sealed) {
        t->sealed += size > 0 ? (uint64_t)size : 0;
        if (t->sealed_entries++ >= NAMED)
            return;
        job_open(r->job, name_of(e)); /* so that its name is told */
        job_close(r->job, false, 0);
        return;
    }
    job_open(r->job, name_of(e));
    bool whole = put_data(a, r->job, t);
    job_close(r->job, whole, r->seen);
}

/* --- what stays closed --- */

/* The bytes of the object that the encrypted entries take, about. */
static uint64_t sealed_bytes(const struct job *j, const struct tally_of *t)
{
    if (t->sizes == 0 || t->sealed >= t->sizes)
        return j->object.len;
    return (uint64_t)((double)j->object.len * (double)t->sealed /
                      (double)t->sizes);
}

static uint64_t known_behind(const struct job *j, uint64_t from)
{
    uint64_t bytes = from < j->object.len ? j->object.len - from : 0;

    for (size_t i = 0; i < j->hole_count; i++) {
        const struct hole *h = &j->holes[i];
        if (h->from >= from && h->len <= bytes)
            bytes -= h->len;
    }
    return bytes;
}

static void tell_closed(struct archive *a, struct reading *r,
                        const struct tally_of *t)
{
    struct job *j = r->job;
    /* to ask before a format was found would be to crash */
    bool locked = (archive_format(a) != 0 &&
                   archive_read_has_encrypted_entries(a) == 1) ||
                  seal_all(j);

    if (t->sealed_entries > 0) {
        job_unread(j, WHY_ENCRYPTED, sealed_bytes(j, t));
        return;
    }
    if (t->stopped == WHY_NONE && !t->broken)
        return;
    uint64_t closed = t->entries > 0 ? known_behind(j, r->seen) : 0;
    if (closed == 0 || t->entries == 0)
        closed = known_behind(j, 0);
    job_unread(j,
               locked           ? WHY_ENCRYPTED
               : no_memory(a)   ? WHY_LIMIT
               : seal_volume(j) ? WHY_UNSUPPORTED
                                : WHY_DAMAGED,
               closed);
}

static bool support(struct archive *a, const char *format)
{
    static const struct {
        const char *name;
        int (*on)(struct archive *a);
    } formats[] = {
        {"7z", archive_read_support_format_7zip},
        {"rar", archive_read_support_format_rar},
        {"rar5", archive_read_support_format_rar5},
        {"cab", archive_read_support_format_cab},
        {"iso", archive_read_support_format_iso9660},
        {"lha", archive_read_support_format_lha},
        {"xar", archive_read_support_format_xar},
    };

    for (size_t i = 0; i < COUNT(formats); i++) {
        if (strcmp(formats[i].name, format) == 0)
            return formats[i].on(a) >= ARCHIVE_WARN;
    }
    return false;
}

static void read_entries(struct archive *a, struct reading *r,
                         struct tally_of *t)
{
    struct archive_entry *e = NULL;
    int got;

    while (t->stopped == WHY_NONE && t->entries <= LIMIT_HELPER_PARTS &&
           (got = archive_read_next_header(a, &e)) != ARCHIVE_EOF) {
        if (got == ARCHIVE_FATAL)
            t->stopped = WHY_DAMAGED;
        else if (got >= ARCHIVE_WARN)
            take_entry(a, e, r, t);
    }
}

void archive_read_job(struct job *j)
{
    struct archive *a = archive_read_new();
    struct reading r = {.job = j};
    struct tally_of t = {0};

    if (!a || !support(a, j->format)) {
        job_unread(j, a ? WHY_UNSUPPORTED : WHY_LIMIT, known_behind(j, 0));
        return;
    }
    (void)archive_read_set_read_callback(a, on_read);
    (void)archive_read_set_skip_callback(a, on_skip);
    (void)archive_read_set_seek_callback(a, on_seek);
    (void)archive_read_set_callback_data(a, &r);
    if (archive_read_open1(a) == ARCHIVE_OK)
        read_entries(a, &r, &t);
    else
        t.stopped = WHY_DAMAGED;
    tell_closed(a, &r, &t);
}

void archive_prepare(void)
{
    struct archive *a = archive_read_new(); /* its library is looked up */

    archive_read_free(a);
}
