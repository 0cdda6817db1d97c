// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * cfb.h - the files inside an OLE compound file that is held.
 *
 * A compound file is a file system: sectors chained by a table (FAT), small
 * streams in 64-byte sectors of a stream of their own, a directory of
 * storages and streams. A chain is resolved once, into a list of places; a
 * loop ends it, and all lists together are bounded by the file's size. Where
 * the table was not captured, sectors are taken to follow one another.
 *
 * It must not know what streams hold.
 * Spec: [MS-CFB].
 */
#ifndef DECODE_DOCUMENT_CFB_H
#define DECODE_DOCUMENT_CFB_H

#include "decode/document/cells.h"
#include "decode/held.h"

enum { CFB_NAME = 96 }; /* bytes of a name: 31 characters as UTF-8 */

enum cfb_kind { CFB_NONE = 0, CFB_STORAGE = 1, CFB_STREAM = 2, CFB_ROOT = 5 };

/* The bytes of a stream: pieces of the file, one behind the other. */
struct cfb_stream {
    const struct held *held; /* borrowed */
    uint64_t size;           /* bytes that are there */
    uint64_t missing;        /* bytes that should be, and are not */
    uint32_t *place;         /* owned, of each sector; NULL: they follow */
    unsigned shift;          /* a sector has 1 << shift bytes */
    uint64_t base;           /* of place 0 in the file */
};

struct cfb {
    const struct held *held; /* borrowed */
    unsigned shift;          /* of a sector */
    bool wide;               /* sizes have 64 bits */
    bool damaged;            /* a loop, or a chain that leaves the file */
    uint32_t mini_below;     /* smaller streams are in the mini stream */
    uint32_t *fat;           /* owned: next sector of each */
    uint32_t sectors;        /* that the file has room for */
    uint32_t *mini;          /* owned: next mini sector of each */
    uint32_t mini_sectors;
    uint64_t budget;           /* sectors that chains may still have */
    struct cfb_stream entries; /* the directory */
    struct cfb_stream small;   /* the mini stream */
    uint32_t count;            /* entries of the directory */
    uint32_t *parent;          /* owned: storage of each, or count */
    uint32_t *order;           /* owned: entries by their storage */
    uint32_t *first;           /* owned: of each storage in order */
};

struct cfb_entry {
    enum cfb_kind kind;
    uint32_t start; /* first sector */
    uint64_t size;
    uint32_t link[3]; /* left, right in its storage; child of a storage */
    struct span name; /* UTF-8, in room */
    uint8_t room[CFB_NAME];
    uint8_t class_id[16];
};

/* Do the bytes begin a compound file? They may be too few to tell. */
enum match cfb_begins(struct span head);

/* Read the tables; false when it is none, or without memory. */
bool cfb_open(struct cfb *c, const struct held *held) MUST_USE;
void cfb_close(struct cfb *c);

/* The i-th entry of the directory; false past the end, or none. */
bool cfb_entry(const struct cfb *c, uint32_t i, struct cfb_entry *e);

/* The entries of a storage: places [*from, *to) of order. */
void cfb_inside(const struct cfb *c, uint32_t storage, uint32_t *from,
                uint32_t *to);

/* The stream of that name (in any case) in a storage. */
bool cfb_find(const struct cfb *c, uint32_t storage, struct span name,
              struct cfb_entry *e);

/* The bytes of an entry, closed by the caller. False without memory. */
bool cfb_stream_open(struct cfb *c, const struct cfb_entry *e,
                     struct cfb_stream *s) MUST_USE;
void cfb_stream_close(struct cfb_stream *s);

/* The bytes of s from at on that lie in a row, at most len. */
struct span cfb_run(const struct cfb_stream *s, uint64_t at, size_t len);

/* Copy len bytes from place at; gives how many there were. */
size_t cfb_read(const struct cfb_stream *s, uint64_t at, void *out, size_t len);

/* Are all bytes of [at, at + len) there, and captured? */
bool cfb_whole(const struct cfb_stream *s, uint64_t at, uint64_t len);

/* Put bytes [at, at + len) into the open part; holes as gaps. */
void cfb_put(const struct cfb_stream *s, uint64_t at, uint64_t len,
             struct cells *rows);

#endif
