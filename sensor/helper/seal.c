// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * seal.c - headers of rar, rar5 and cab.
 *
 * Spec: RAR 5.0 archive format (rarlab.com/technote.htm); the technote of
 *       RAR 4 (unrarsrc, archive header flags); [MS-CAB] 2.1.
 */
#include "helper/seal.h"

#include <string.h>

#include "outflow/reader.h"

enum {
    RAR5_SIGNATURE = 8,
    RAR5_MAIN = 1,
    RAR5_FILE = 2,
    RAR5_CRYPT = 4,
    RAR5_END = 5,
    RAR5_HAS_EXTRA = 1,
    RAR5_HAS_DATA = 2,
    RAR5_VOLUME = 1,       /* of the archive's flags */
    RAR5_EXTRA_CRYPT = 1,  /* a file's extra record */
    RAR5_BLOCKS = 1 << 17, /* looked at, at most */
    RAR4_SIGNATURE = 7,
    RAR4_VOLUME = 0x0001,
    RAR4_SEALED = 0x0080,
    CAB_FLAGS = 30,
    CAB_LINKED = 3, /* a cabinet before, a cabinet behind */
};

/* A number of seven bits a byte, the lowest first. */
static uint64_t take_number(struct reader *r)
{
    uint64_t value = 0;

    for (unsigned shift = 0; shift < 64; shift += 7) {
        uint8_t byte = reader_u8(r);
        value |= (uint64_t)(byte & 0x7f) << shift;
        if ((byte & 0x80) == 0)
            return value;
    }
    r->failed = true;
    return 0;
}

/* One block of a rar5. */
struct block {
    uint64_t type;
    struct reader fields; /* behind type, flags and sizes */
    struct span extra;
};

static bool next_block(struct reader *r, struct block *out)
{
    reader_skip(r, 4); /* CRC */
    uint64_t size = take_number(r);
    if (!reader_ok(r) || size > reader_left(r))
        return false;
    struct reader head = reader_over(reader_take(r, (size_t)size));
    out->type = take_number(&head);
    uint64_t flags = take_number(&head);
    uint64_t extra = flags & RAR5_HAS_EXTRA ? take_number(&head) : 0;
    uint64_t data = flags & RAR5_HAS_DATA ? take_number(&head) : 0;
    if (!reader_ok(&head) || extra > reader_left(&head))
        return false;
    out->extra = span_skip(head.rest, reader_left(&head) - (size_t)extra);
    out->fields =
        reader_over(span_head(head.rest, reader_left(&head) - (size_t)extra));
    if (data > reader_left(r))
        data = reader_left(r);
    reader_skip(r, (size_t)data);
    return reader_ok(r);
}

static bool extra_has(struct span extra, uint64_t wanted)
{
    struct reader r = reader_over(extra);

    while (reader_left(&r) > 0) {
        uint64_t size = take_number(&r);
        if (!reader_ok(&r) || size > reader_left(&r))
            return false;
        struct reader record = reader_over(reader_take(&r, (size_t)size));
        if (take_number(&record) == wanted)
            return true;
    }
    return false;
}

static struct span file_name(const struct block *b)
{
    struct reader r = b->fields;
    uint64_t flags = take_number(&r);

    (void)take_number(&r); /* size */
    (void)take_number(&r); /* attributes */
    reader_skip(&r, (flags & 2 ? 4 : 0) + (flags & 4 ? 4 : 0));
    (void)take_number(&r); /* compression */
    (void)take_number(&r); /* system */
    uint64_t len = take_number(&r);
    return len <= reader_left(&r) ? reader_take(&r, (size_t)len)
                                  : (struct span){0};
}

static bool is_rar5(const struct job *j)
{
    return strcmp(j->format, "rar5") == 0;
}

bool seal_entry(const struct job *j, struct span name)
{
    struct reader r = reader_over(span_skip(j->object, RAR5_SIGNATURE));
    struct block b;

    for (unsigned i = 0; is_rar5(j) && i < RAR5_BLOCKS; i++) {
        if (!next_block(&r, &b) || b.type == RAR5_END)
            return false;
        if (b.type == RAR5_FILE && span_eq(file_name(&b), name))
            return extra_has(b.extra, RAR5_EXTRA_CRYPT);
    }
    return false;
}

/* The flags of the archive header, the first of a rar4. */
static uint16_t rar4_flags(const struct job *j)
{
    struct reader r = reader_over(span_skip(j->object, RAR4_SIGNATURE));

    reader_skip(&r, 3); /* CRC, type */
    return reader_u16le(&r);
}

bool seal_all(const struct job *j)
{
    struct reader r = reader_over(span_skip(j->object, RAR5_SIGNATURE));
    struct block b;

    if (is_rar5(j))
        return next_block(&r, &b) && b.type == RAR5_CRYPT;
    return strcmp(j->format, "rar") == 0 && (rar4_flags(j) & RAR4_SEALED) != 0;
}

static bool rar5_volume(const struct job *j)
{
    struct reader r = reader_over(span_skip(j->object, RAR5_SIGNATURE));
    struct block b;

    return next_block(&r, &b) && b.type == RAR5_MAIN &&
           (take_number(&b.fields) & RAR5_VOLUME) != 0;
}

bool seal_volume(const struct job *j)
{
    struct reader cab = reader_over(span_skip(j->object, CAB_FLAGS));

    if (is_rar5(j))
        return rar5_volume(j);
    if (strcmp(j->format, "rar") == 0)
        return (rar4_flags(j) & RAR4_VOLUME) != 0;
    return strcmp(j->format, "cab") == 0 &&
           (reader_u16le(&cab) & CAB_LINKED) != 0;
}
