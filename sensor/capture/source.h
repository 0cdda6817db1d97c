// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * source.h - the bytes of one capture file, in order, through a window.
 *
 * A source reads a file, a pipe or memory in large blocks and unpacks gzip,
 * bzip2, zstd and xz on the way. Readers of formats look at the
 * window and take from its front; nothing is copied but the few bytes of a
 * record that a block cut. A source of a regular file can be parked: it
 * gives up its memory (and its descriptor) and goes on later where it was.
 *
 * It must not know any capture format.
 */
#ifndef CAPTURE_SOURCE_H
#define CAPTURE_SOURCE_H

#include "outflow/compiler.h"
#include "outflow/err.h"
#include "outflow/span.h"

/* Why a source gives no more bytes than its window holds. */
enum source_end {
    SOURCE_GOES_ON = 0, /* it has not ended */
    SOURCE_DONE,        /* the end of the file */
    SOURCE_CUT,         /* the file ends inside its compression */
    SOURCE_BAD,         /* the compression is damaged */
    SOURCE_LIMIT,       /* unpacking takes more memory than LIMIT_UNPACK */
    SOURCE_FAILED,      /* the system refused: see error */
    SOURCE_MEMORY,      /* no memory for the window */
};

struct packing; /* a way of compression that is known */
struct unpack;

struct source {
    struct span window;  /* bytes not taken; valid until the next fill */
    uint64_t taken;      /* bytes taken: the window's place in the capture */
    uint64_t used;       /* bytes of the file read, packed as they are */
    enum source_end end; /* why the window cannot grow */
    int error;           /* errno behind SOURCE_FAILED */
    const char *path;    /* borrowed; NULL: memory or standard input */
    struct span memory;  /* the bytes of a source in memory, not read yet */
    int fd;              /* -1: memory, or closed while parked */
    bool can_park;       /* a regular file: it can be read again */
    bool trailing;       /* bytes follow the end of the compression */
    size_t block;        /* bytes read at a time */
    uint8_t *buffer;     /* owned; the window is inside */
    size_t room;         /* bytes of buffer */
    const struct packing *packing; /* NULL: plain */
    struct unpack *unpack;         /* owned; NULL: plain */
    uint8_t *packed;               /* owned; bytes not unpacked yet: */
    size_t packed_at, packed_end;  /* [packed_at, packed_end) */
};

/*
 * Open a file (regular or a pipe) for reading in blocks of block bytes. The
 * path is borrowed until source_close. ERR_IO with s->error when the system
 * refuses. What it holds is plain or packed is found out at the first fill.
 */
enum err source_open(struct source *s, const char *path, size_t block) MUST_USE;

/* Read from a descriptor, which the source then owns. */
void source_open_fd(struct source *s, int fd, size_t block);

/* Read from memory, borrowed until source_close. For tests and fuzzing. */
void source_open_memory(struct source *s, struct span bytes, size_t block);

/*
 * Make the window at least want bytes long; false when the source ends
 * before, with s->end saying why. Spans into the window move. The caller
 * bounds want: this is what is allocated.
 */
bool source_fill(struct source *s, size_t want);

/* Are want bytes there, or can they be read? */
static inline bool source_has(struct source *s, size_t want)
{
    return LIKELY(s->window.len >= want) || source_fill(s, want);
}

/* Take len bytes, no more than the window holds, off its front. */
static inline void source_take(struct source *s, size_t len)
{
    s->window.ptr += len;
    s->window.len -= len;
    s->taken += len;
}

/* Pass over len bytes that need not be in the window; false at the end. */
bool source_skip(struct source *s, uint64_t len) MUST_USE;

/*
 * Give up the memory of a source that can be parked, and its descriptor
 * unless keep_fd; at is the place to go on from, at most what was taken.
 */
void source_park(struct source *s, uint64_t at, bool keep_fd);

/* Take a parked source up again; false and s->end when that fails. */
bool source_resume(struct source *s) MUST_USE;

/* The name of its compression, or NULL. */
const char *source_packing(const struct source *s);

/* About how many bytes of memory it holds while it is not parked. */
uint64_t source_weight(const struct source *s);

void source_close(struct source *s);

#endif
