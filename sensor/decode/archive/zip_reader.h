// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * zip_reader.h - the entries of a zip, pushed as they come by.
 *
 * Fed by zip.c, which hands each entry to whoever wants it. Read are local
 * headers, for the central directory comes last; it is only compared. Bytes
 * between entries are an entry without a name, so that nothing hides there.
 * Behind a hole or damage the next header is searched.
 *
 * Memory is that of one unpacker, whatever the archive's size. It must not
 * know any format inside.
 */
#ifndef DECODE_ARCHIVE_ZIP_READER_H
#define DECODE_ARCHIVE_ZIP_READER_H

#include "decode/archive/zip_head.h"
#include "outflow/decoder.h"
#include "outflow/limits.h"
#include "util/unpack.h"

struct zip_entry {
    struct span name; /* as in the header, at most LIMIT_NAME bytes; valid
                         until the entry ends */
    bool utf8;        /* the name is UTF-8 for certain */
    bool loose;       /* bytes between entries, without a name */
    bool sized;       /* sizes are known before the data: */
    uint64_t packed;  /* bytes in the archive, */
    uint64_t size;    /* and what they become, as the header says */
    uint16_t method;  /* as in the header */
    bool closed;      /* it will not be opened: events.closed tells why */
    enum why why;     /* of a closed one */
};

/*
 * What the owner hears; all pointers set. False refuses: DECODE_REFUSED.
 * Entries come one behind the other; gap and bytes only inside of one.
 */
struct zip_events {
    bool (*begin)(void *ctx, const struct zip_entry *entry);
    bool (*bytes)(void *ctx, struct span bytes);
    bool (*gap)(void *ctx, uint64_t len); /* bytes of the entry are missing */
    bool (*closed)(void *ctx, enum why why, uint64_t packed); /* more bytes
                           of the archive stay closed; inside or between */
    bool (*end)(void *ctx, enum part_end how);
    bool (*odd)(void *ctx); /* the archive contradicts itself */
};

/* Filled by zip_reader_open; its fields are zip_reader.c's. */
struct zip_reader {
    const struct zip_events *events;
    void *ctx;
    uint64_t *memory;      /* what unpackers share, or NULL */
    struct unpack *unpack; /* of the entry, owned */
    struct zip_entry entry;
    struct zip_head head; /* the record being read */
    struct zip_extra extra;
    uint64_t left;      /* bytes of the stage to come */
    uint64_t coded;     /* bytes of the entry taken, */
    uint64_t made;      /* and what they became */
    uint64_t missing;   /* bytes of holes since it broke off, */
    uint64_t skipped;   /* and bytes that stay closed, not told yet */
    uint64_t name_hash; /* of the name being read */
    uint64_t names;     /* of local names, less those of the directory */
    uint32_t crc;       /* of what came out */
    uint32_t field;     /* bytes of an extra field to pass over */
    uint16_t name_len;  /* bytes kept of it */
    uint8_t stage;      /* enum stage */
    bool open;          /* an entry was begun */
    bool lost;          /* bytes are damaged until the next record */
    bool holed;         /* a hole is in the entry */
    bool gone;          /* one was somewhere: names do not add up */
    bool told;          /* odd was called */
    bool ended;         /* no more bytes will come */
    enum why why;       /* of skipped bytes */
    uint8_t name[LIMIT_NAME];
};

/* Begin an archive; memory as in unpack_share, may be NULL. */
void zip_reader_open(struct zip_reader *z, const struct zip_events *events,
                     void *ctx, uint64_t *memory);

/* As struct decoder's; DECODE_DONE is never given. */
struct progress zip_reader_feed(struct zip_reader *z, struct span bytes);
struct progress zip_reader_gap(struct zip_reader *z, uint64_t len);
enum decode_status zip_reader_end(struct zip_reader *z, struct span rest);

/* Release what it holds. */
void zip_reader_close(struct zip_reader *z);

#endif
