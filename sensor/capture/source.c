// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * source.c - the bytes of one capture file, in order, through a window.
 *
 * The window lies in one buffer. When it is too short its bytes move to the
 * front and one large read fills the rest, so a byte is copied by the kernel
 * once and, when a block cuts a record, once more. Packed files are read
 * into a second, small buffer and unpacked straight into the first.
 *
 * It must not know any capture format.
 */
#include "capture/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "outflow/limits.h"
#include "util/unpack.h"

struct packing {
    struct span magic; /* first bytes of a file packed so */
    enum unpack_kind kind;
    const char *name;
    uint64_t memory; /* bytes that unpacking usually takes */
};

static const struct packing packings[] = {
#define PACKING(magic, kind, name, memory)                                     \
    {{(const uint8_t *)(magic), sizeof(magic) - 1}, kind, name, memory},
#include "capture/packings.def"
#undef PACKING
};

enum {
    PACKED_ROOM = 32 << 10, /* bytes of packed input held */
    MAGIC_BYTES = 6,        /* the longest magic */
};

static void source_init(struct source *s, size_t block)
{
    *s = (struct source){.fd = -1, .block = block};
}

enum err source_open(struct source *s, const char *path, size_t block)
{
    struct stat st;

    source_init(s, block);
    s->path = path;
    s->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (s->fd < 0) {
        s->error = errno;
        return ERR_IO;
    }
    s->can_park = fstat(s->fd, &st) == 0 && S_ISREG(st.st_mode);
    return ERR_OK;
}

void source_open_fd(struct source *s, int fd, size_t block)
{
    source_init(s, block);
    s->fd = fd;
}

void source_open_memory(struct source *s, struct span bytes, size_t block)
{
    source_init(s, block);
    s->memory = bytes;
}

/* Read up to room bytes of the file as it is; 0 with s->end at its end. */
static size_t source_read(struct source *s, uint8_t *into, size_t room)
{
    ssize_t got = 0;

    if (s->fd < 0) {
        struct span piece = span_head(s->memory, room);
        piece = span_head(piece, s->block);
        if (piece.len > 0)
            memcpy(into, piece.ptr, piece.len);
        s->memory = span_skip(s->memory, piece.len);
        got = (ssize_t)piece.len;
    } else {
        do
            got = read(s->fd, into, room);
        while (got < 0 && errno == EINTR);
    }
    if (got < 0) {
        s->error = errno;
        s->end = SOURCE_FAILED;
        return 0;
    }
    if (got == 0)
        s->end = SOURCE_DONE;
    s->used += (uint64_t)got;
    return (size_t)got;
}

/* The unpacker has ended before its file. */
static void source_unpack_end(struct source *s, enum unpack_status status)
{
    s->trailing = status == UNPACK_DONE;
    s->end = status == UNPACK_DONE    ? SOURCE_DONE
             : status == UNPACK_LIMIT ? SOURCE_LIMIT
                                      : SOURCE_BAD;
}

/* Read more packed bytes; false at the end of the file, which is s->end. */
static bool source_read_packed(struct source *s)
{
    size_t rest = s->packed_end - s->packed_at;

    if (rest > 0 && s->packed_at > 0)
        memmove(s->packed, s->packed + s->packed_at, rest);
    s->packed_at = 0;
    s->packed_end = rest;
    size_t got = source_read(s, s->packed + rest, PACKED_ROOM - rest);
    s->packed_end += got;
    if (s->end == SOURCE_DONE && !unpack_whole(s->unpack))
        s->end = SOURCE_CUT;
    return got > 0;
}

/* Unpack up to room bytes; 0 with s->end at the end. */
static size_t source_unpack(struct source *s, uint8_t *into, size_t room)
{
    for (;;) {
        struct span in = {s->packed + s->packed_at,
                          s->packed_end - s->packed_at};
        struct unpack_step step = unpack_run(s->unpack, in, into, room);

        s->packed_at += step.used;
        if (step.status != UNPACK_MORE)
            source_unpack_end(s, step.status);
        if (step.status != UNPACK_MORE || step.made > 0)
            return step.made;
        if (!source_read_packed(s))
            return 0;
    }
}

/* Begin to unpack: the window so far becomes packed input. */
static bool source_begin_unpack(struct source *s, const struct packing *packing)
{
    s->packing = packing;
    s->packed = malloc(PACKED_ROOM);
    s->unpack = unpack_new(packing->kind, LIMIT_UNPACK);
    if (s->packed == NULL || s->unpack == NULL) {
        s->end = SOURCE_MEMORY;
        s->window.len = 0;
        return false;
    }
    memcpy(s->packed, s->window.ptr, s->window.len);
    s->packed_end = s->window.len;
    s->window = (struct span){s->buffer, 0};
    s->end = SOURCE_GOES_ON;
    return true;
}

/* Read the first bytes, and find out how the file is packed. */
static bool source_begin(struct source *s)
{
    size_t first = s->block < PACKED_ROOM ? s->block : PACKED_ROOM;

    s->room = s->block > MAGIC_BYTES ? s->block : MAGIC_BYTES;
    s->buffer = malloc(s->room);
    if (s->buffer == NULL) {
        s->end = SOURCE_MEMORY;
        return false;
    }
    s->window = (struct span){s->buffer, 0};
    while (s->window.len < MAGIC_BYTES && s->end == SOURCE_GOES_ON) {
        size_t room = first > s->window.len ? first - s->window.len
                                            : MAGIC_BYTES - s->window.len;
        s->window.len += source_read(s, s->buffer + s->window.len, room);
    }
    for (size_t i = 0; i < COUNT(packings); i++) {
        if (span_starts(s->window, packings[i].magic))
            return source_begin_unpack(s, &packings[i]);
    }
    return true;
}

/* Room for want bytes in the buffer, the window at its front. */
static bool source_make_room(struct source *s, size_t want)
{
    if (s->window.len > 0 && s->window.ptr != s->buffer)
        memmove(s->buffer, s->window.ptr, s->window.len);
    if (want > s->room) {
        uint8_t *grown = realloc(s->buffer, want);
        if (grown == NULL) {
            s->end = SOURCE_MEMORY;
            return false;
        }
        s->buffer = grown;
        s->room = want;
    }
    s->window.ptr = s->buffer;
    return true;
}

bool source_fill(struct source *s, size_t want)
{
    if (s->buffer == NULL && s->end == SOURCE_GOES_ON && !source_begin(s))
        return false;
    if (s->window.len >= want)
        return true;
    if (s->end != SOURCE_GOES_ON || !source_make_room(s, want))
        return false;
    while (s->window.len < want && s->end == SOURCE_GOES_ON) {
        uint8_t *into = s->buffer + s->window.len;
        size_t room = s->room - s->window.len;
        s->window.len += s->unpack != NULL ? source_unpack(s, into, room)
                                           : source_read(s, into, room);
    }
    return s->window.len >= want;
}

bool source_skip(struct source *s, uint64_t len)
{
    while (len > 0) {
        if (!source_has(s, 1))
            return false;
        size_t piece = len < s->window.len ? (size_t)len : s->window.len;
        source_take(s, piece);
        len -= piece;
    }
    return true;
}

/* Release the memory; what the source is stays. */
static void source_release(struct source *s)
{
    free(s->buffer);
    free(s->packed);
    unpack_free(s->unpack);
    s->buffer = s->packed = NULL;
    s->unpack = NULL;
    s->packed_at = s->packed_end = 0;
    s->window = (struct span){NULL, 0};
}

static void source_close_fd(struct source *s)
{
    if (s->fd >= 0)
        (void)close(s->fd);
    s->fd = -1;
}

void source_park(struct source *s, uint64_t at, bool keep_fd)
{
    source_release(s);
    s->taken = at;
    s->end = SOURCE_GOES_ON;
    if (!keep_fd)
        source_close_fd(s);
}

bool source_resume(struct source *s)
{
    uint64_t at = s->taken;
    uint64_t start = s->packing == NULL ? at : 0;

    if (s->fd < 0)
        s->fd = open(s->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (s->fd < 0 || lseek(s->fd, (off_t)start, SEEK_SET) < 0) {
        s->error = errno;
        s->end = SOURCE_FAILED;
        return false;
    }
    s->used = s->taken = start;
    if (s->packing != NULL)
        return source_skip(s, at);
    s->buffer = malloc(s->block);
    s->room = s->block;
    s->window = (struct span){s->buffer, 0};
    s->end = s->buffer == NULL ? SOURCE_MEMORY : SOURCE_GOES_ON;
    return s->buffer != NULL;
}

const char *source_packing(const struct source *s)
{
    return s->packing == NULL ? NULL : s->packing->name;
}

uint64_t source_weight(const struct source *s)
{
    uint64_t plain = s->room > s->block ? s->room : s->block;

    return s->packing == NULL ? plain
                              : plain + PACKED_ROOM + s->packing->memory;
}

void source_close(struct source *s)
{
    source_release(s);
    source_close_fd(s);
    s->end = SOURCE_DONE;
}
