// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * zip_head.c - read the records of a zip, and find them again.
 *
 * A signature alone is four bytes that data may hold by chance, so a record
 * must also make sense: a method and a version that there are, a name.
 *
 * Spec: PKWARE APPNOTE 6.3.10, 4.3 and 4.5; Info-ZIP's extra fields.
 */
#include "decode/archive/zip_head.h"

#include "outflow/compiler.h"
#include "outflow/reader.h"

enum {
    LOCAL_LEN = 30,
    CENTRAL_LEN = 46,
    END_LEN = 22,
    FIELD_ZIP64 = 0x0001,
    FIELD_NAME = 0x7075, /* Info-ZIP: the name as UTF-8 */
    FIELD_AES = 0x9901,
    VERSION_MOST = 100, /* 6.3 is 63 */
    METHOD_OLD = 21,    /* methods below it, */
    METHOD_NEW = 92,    /* and from here */
    METHOD_MOST = 99,   /* to here there are */
    FLAGS_UNUSED = 0xc000,
    BEHIND_MOST = 1 << 20, /* bytes that a record makes us pass over */
};

/* Records that hold nothing for us: signature, and where their length is. */
static const struct other {
    struct span mark;
    uint8_t at;    /* place of the number of bytes behind it */
    uint8_t width; /* bytes of that number; 0: there are none behind */
    uint8_t len;   /* of the record without them */
} others[] = {
    {SPAN_INIT("PK\6\6"), 4, 8, 12}, /* zip64 end of central directory */
    {SPAN_INIT("PK\6\7"), 0, 0, 20}, /* zip64 locator */
    {SPAN_INIT("PK\5\5"), 4, 2, 6},  /* digital signature */
    {SPAN_INIT("PK\6\10"), 4, 4, 8}, /* archive extra data */
    {SPAN_INIT("PK00"), 0, 0, 4},    /* was to be split */
};

static bool method_is(uint16_t method)
{
    return method < METHOD_OLD ||
           (method >= METHOD_NEW && method <= METHOD_MOST);
}

static enum zip_record read_local(struct span bytes, struct zip_head *head)
{
    struct reader r = reader_over(bytes);

    reader_skip(&r, 4);
    uint16_t version = reader_u16le(&r);
    head->flags = reader_u16le(&r);
    head->method = reader_u16le(&r);
    reader_skip(&r, 4); /* time and date */
    head->crc = reader_u32le(&r);
    head->packed = reader_u32le(&r);
    head->size = reader_u32le(&r);
    head->name = reader_u16le(&r);
    head->extra = reader_u16le(&r);
    head->len = LOCAL_LEN;
    if (!reader_ok(&r))
        return ZIP_PART;
    bool sane = (version & 0xff) <= VERSION_MOST && head->name > 0 &&
                method_is(head->method) && (head->flags & FLAGS_UNUSED) == 0;
    return sane ? ZIP_LOCAL : ZIP_NONE;
}

static enum zip_record read_central(struct span bytes, struct zip_head *head)
{
    struct reader r = reader_over(bytes);

    reader_skip(&r, 6);
    uint16_t version = reader_u16le(&r);
    head->flags = reader_u16le(&r);
    head->method = reader_u16le(&r);
    reader_skip(&r, 16); /* time, date, sum, sizes: the local header's */
    head->name = reader_u16le(&r);
    head->behind = reader_u16le(&r);
    head->behind += reader_u16le(&r);
    reader_skip(&r, 12);
    head->len = CENTRAL_LEN;
    if (!reader_ok(&r))
        return ZIP_PART;
    bool sane = (version & 0xff) <= VERSION_MOST && head->name > 0 &&
                method_is(head->method) && (head->flags & FLAGS_UNUSED) == 0;
    return sane ? ZIP_CENTRAL : ZIP_NONE;
}

static enum zip_record read_end(struct span bytes, struct zip_head *head)
{
    struct reader r = reader_over(bytes);

    reader_skip(&r, END_LEN - 2);
    head->behind = reader_u16le(&r);
    head->len = END_LEN;
    return reader_ok(&r) ? ZIP_END : ZIP_PART;
}

static enum zip_record read_other(struct span bytes, struct zip_head *head)
{
    for (size_t i = 0; i < COUNT(others); i++) {
        const struct other *o = &others[i];
        if (!span_starts(bytes, o->mark))
            continue;
        struct reader r = reader_over(span_head(bytes, o->len));
        reader_skip(&r, o->at);
        head->behind = reader_le(&r, o->width);
        head->len = o->len;
        if (bytes.len < o->len)
            return ZIP_PART;
        return head->behind <= BEHIND_MOST ? ZIP_OTHER : ZIP_NONE;
    }
    return ZIP_NONE;
}

/* The mark of a split archive, or a descriptor whose data were not seen. */
static enum zip_record read_mark(struct span bytes, struct zip_head *head)
{
    if (bytes.len < ZIP_TAIL_MAX + 2)
        return ZIP_PART;
    head->len = 4;
    if (span_starts(span_skip(bytes, 4), SPAN("PK\3\4")))
        return ZIP_OTHER;
    head->len = zip_tail_guess(bytes).len;
    return head->len > 0 ? ZIP_OTHER : ZIP_NONE;
}

static enum zip_record read_any(struct span bytes, struct zip_head *head)
{
    struct span pk = SPAN("PK");

    if (!span_starts(bytes, span_head(pk, bytes.len)))
        return ZIP_NONE;
    if (bytes.len < 4)
        return ZIP_PART;
    if (span_starts(bytes, SPAN("PK\3\4")))
        return read_local(bytes, head);
    if (span_starts(bytes, SPAN("PK\1\2")))
        return read_central(bytes, head);
    if (span_starts(bytes, SPAN("PK\5\6")))
        return read_end(bytes, head);
    if (span_starts(bytes, SPAN("PK\7\10")))
        return read_mark(bytes, head);
    return read_other(bytes, head);
}

enum zip_record zip_head_read(struct span bytes, struct zip_head *head)
{
    *head = (struct zip_head){0};
    head->kind = read_any(bytes, head);
    return head->kind;
}

size_t zip_head_seek(struct span bytes)
{
    struct zip_head head;
    size_t at = 0;

    while (at < bytes.len) {
        struct span rest = span_skip(bytes, at);
        size_t next = span_find_run(rest, SPAN("PK"));
        if (next == rest.len) {
            bool half = bytes.ptr[bytes.len - 1] == 'P';
            return bytes.len - (half ? 1 : 0);
        }
        at += next;
        if (zip_head_read(span_skip(bytes, at), &head) != ZIP_NONE)
            return at;
        at += 2;
    }
    return bytes.len;
}

/* --- extra fields --- */

bool zip_field_known(uint16_t id, size_t len)
{
    bool known = id == FIELD_ZIP64 || id == FIELD_NAME || id == FIELD_AES;

    return known && len <= ZIP_FIELD_MAX;
}

void zip_field_read(uint16_t id, struct span field, const struct zip_head *head,
                    struct zip_extra *extra)
{
    enum { NAME_AT = 5 }; /* behind a version and a sum of the other name */
    struct reader r = reader_over(field);
    struct zip_extra told = *extra;

    if (id == FIELD_AES)
        extra->aes = true;
    if (id == FIELD_NAME && field.len > NAME_AT)
        extra->name = span_skip(field, NAME_AT);
    if (id != FIELD_ZIP64)
        return;
    told.zip64 = true;
    if (head->size == UINT32_MAX)
        told.size = reader_u64le(&r);
    if (head->packed == UINT32_MAX)
        told.packed = reader_u64le(&r);
    if (reader_ok(&r))
        *extra = told;
}

/* --- descriptors --- */

/* A descriptor with sizes of so many bytes, signed or not. */
static struct zip_tail tail_as(struct span bytes, size_t width, bool sign)
{
    struct reader r = reader_over(bytes);
    struct zip_tail tail = {.len = (sign ? 8U : 4U) + 2 * width};

    if (sign && !span_starts(bytes, SPAN("PK\7\10")))
        return (struct zip_tail){0};
    reader_skip(&r, sign ? 4 : 0);
    tail.crc = reader_u32le(&r);
    tail.packed = reader_le(&r, width);
    tail.size = reader_le(&r, width);
    return reader_ok(&r) ? tail : (struct zip_tail){0};
}

static bool tail_fits(const struct zip_tail *tail, size_t width,
                      uint64_t packed, uint64_t size)
{
    uint64_t mask = width == 4 ? UINT32_MAX : UINT64_MAX;

    return tail->len > 0 && tail->packed == (packed & mask) &&
           (size == UINT64_MAX || tail->size == (size & mask));
}

struct zip_tail zip_tail_read(struct span bytes, uint64_t packed, uint64_t size)
{
    for (unsigned form = 0; form < 4; form++) {
        size_t width = (form & 1) != 0 ? 8 : 4;
        struct zip_tail tail = tail_as(bytes, width, form < 2);
        if (tail_fits(&tail, width, packed, size))
            return tail;
    }
    return (struct zip_tail){0};
}

struct zip_tail zip_tail_guess(struct span bytes)
{
    for (unsigned form = 0; form < 4; form++) {
        size_t width = (form & 1) != 0 ? 8 : 4;
        struct zip_tail tail = tail_as(bytes, width, form < 2);
        if (tail.len > 0 && span_starts(span_skip(bytes, tail.len), SPAN("PK")))
            return tail;
    }
    return (struct zip_tail){0};
}
