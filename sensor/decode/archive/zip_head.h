// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * zip_head.h - the records of a zip as they stand in a stream.
 *
 * Used by zip_reader.c. It must not keep anything.
 */
#ifndef DECODE_ARCHIVE_ZIP_HEAD_H
#define DECODE_ARCHIVE_ZIP_HEAD_H

#include "outflow/span.h"

enum zip_record {
    ZIP_NONE = 0, /* no record begins here */
    ZIP_PART,     /* one may: more bytes will tell */
    ZIP_LOCAL,    /* local file header: an entry */
    ZIP_CENTRAL,  /* of the central directory */
    ZIP_END,      /* end of central directory */
    ZIP_OTHER,    /* what is passed over: zip64's end, its locator,
                     signatures, the mark of a split archive */
};

enum {
    ZIP_FLAG_ENCRYPTED = 1 << 0,
    ZIP_FLAG_MARKED = 1 << 1,   /* (lzma) its end is marked */
    ZIP_FLAG_DEFERRED = 1 << 3, /* sizes stand behind the data */
    ZIP_FLAG_STRONG = 1 << 6,
    ZIP_FLAG_UTF8 = 1 << 11,
    ZIP_FLAG_MASKED = 1 << 13, /* the local header is no true one */
};

struct zip_head {
    enum zip_record kind;
    uint16_t flags;
    uint16_t method;
    uint32_t crc;
    uint32_t packed, size; /* UINT32_MAX: in an extra field */
    uint16_t name;         /* bytes of the name behind the fixed part, */
    uint16_t extra;        /* of extra fields behind it, */
    uint64_t behind;       /* and of what is passed over then */
    size_t len;            /* of the fixed part */
};

/* The record at the front of bytes; head is whole unless ZIP_NONE, _PART. */
enum zip_record zip_head_read(struct span bytes, struct zip_head *head);

/* Place of the first record or of what may be the beginning of one. */
size_t zip_head_seek(struct span bytes);

/* What extra fields tell of an entry. */
struct zip_extra {
    bool zip64;            /* sizes as 64 bits were there */
    bool aes;              /* WinZip's encryption */
    uint64_t packed, size; /* as in the head, or better */
    struct span name;      /* its name in UTF-8, or empty */
};

/* A field longer than this tells nothing we want. */
enum { ZIP_FIELD_MAX = 512 };

/* Does a field of that id tell anything? */
bool zip_field_known(uint16_t id, size_t len);

/* Take what a field of that id tells. */
void zip_field_read(uint16_t id, struct span field, const struct zip_head *head,
                    struct zip_extra *extra);

/* What is told behind the data of an entry. */
struct zip_tail {
    size_t len; /* 0: nothing is */
    uint32_t crc;
    uint64_t packed, size;
};

enum { ZIP_TAIL_MAX = 24 };

/*
 * The data descriptor at the front of bytes, when its packed size is packed,
 * and its size is size (UINT64_MAX: any), with or without its signature.
 */
struct zip_tail zip_tail_read(struct span bytes, uint64_t packed,
                              uint64_t size);

/* A descriptor that tells other sizes, known by the record behind it. */
struct zip_tail zip_tail_guess(struct span bytes);

#endif
