// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * cpio.c - open a cpio: each file is a part.
 *
 * In:   a part that begins with a header of cpio: newc, crc, odc, or binary
 *       of either byte order.
 * Out:  a part for each file with data; bytes that no header tells of as a
 *       part "rest".
 * Not:  checks no sums.
 * Spec: cpio(5); POSIX.1-1997 pax (odc).
 *
 * Behind a hole the next header is the next bytes that make sense as one: a
 * magic, digits, and a name that ends where it should.
 */
#include <string.h>

#include "decode/archive/member.h"
#include "outflow/decoder.h"
#include "outflow/reader.h"

enum {
    NEWC_LEN = 110,
    ODC_LEN = 76,
    BINARY_LEN = 26,
    NAME_MAX_LEN = 4 << 10, /* a longer one is none */
    MAGIC_MIN = 2,
};

struct cpio {
    struct member member;
};

struct header {
    struct span name;
    uint64_t size;
    size_t len;   /* with the name and its padding */
    unsigned pad; /* data are padded to a multiple of it */
};

enum look { LOOK_NO = 0, LOOK_MORE, LOOK_YES };

/* A field of digits; false: they are none. */
static bool field(struct reader *r, size_t len, unsigned base, uint64_t *value)
{
    return member_number(reader_take(r, len), base, value);
}

/* The name behind len bytes of header; it ends in a NUL. */
static enum look name_read(struct span bytes, size_t len, uint64_t name,
                           struct header *h)
{
    if (name < 2 || name > NAME_MAX_LEN)
        return LOOK_NO;
    size_t end = len + (size_t)name;
    h->name = span_slice(bytes, len, end - 1);
    if (span_find(h->name, '\0') < h->name.len)
        return LOOK_NO;
    h->len = (end + h->pad - 1) / h->pad * h->pad;
    if (bytes.len < h->len)
        return LOOK_MORE;
    return bytes.ptr[end - 1] == '\0' ? LOOK_YES : LOOK_NO;
}

static enum look newc_read(struct span bytes, struct header *h)
{
    enum { DIGITS = 8, FIELDS = 13, SIZE = 6, NAME = 11 };
    struct reader r = reader_over(bytes);
    uint64_t value[FIELDS];

    reader_skip(&r, 6);
    for (size_t i = 0; i < FIELDS && reader_left(&r) >= DIGITS; i++)
        if (!field(&r, DIGITS, 16, &value[i]))
            return LOOK_NO;
    if (bytes.len < NEWC_LEN)
        return LOOK_MORE;
    h->size = value[SIZE];
    h->pad = 4;
    return name_read(bytes, NEWC_LEN, value[NAME], h);
}

static enum look odc_read(struct span bytes, struct header *h)
{
    struct reader r = reader_over(bytes);
    uint64_t any, name;

    if (bytes.len < ODC_LEN)
        return LOOK_MORE;
    reader_skip(&r, 6);
    for (size_t i = 0; i < 7; i++)
        if (!field(&r, 6, 8, &any))
            return LOOK_NO;
    if (!field(&r, 11, 8, &any) || !field(&r, 6, 8, &name) ||
        !field(&r, 11, 8, &h->size))
        return LOOK_NO;
    h->pad = 1;
    return name_read(bytes, ODC_LEN, name, h);
}

/* Thirteen numbers of two bytes, of a pair the high one first. */
static enum look binary_read(struct span bytes, bool big, struct header *h)
{
    enum { FIELDS = 13, MODE = 3, LINKS = 6, NAME = 10, SIZE = 11 };
    static const uint16_t type = 0xf000;
    struct reader r = reader_over(bytes);
    uint16_t value[FIELDS];

    if (bytes.len < BINARY_LEN)
        return LOOK_MORE;
    for (size_t i = 0; i < FIELDS; i++)
        value[i] = big ? reader_u16be(&r) : reader_u16le(&r);
    h->size = (uint64_t)value[SIZE] << 16 | value[SIZE + 1];
    h->pad = 2;
    if ((value[MODE] & type) == type || value[LINKS] > INT16_MAX)
        return LOOK_NO;
    return name_read(bytes, BINARY_LEN, value[NAME], h);
}

static enum look header_read(struct span bytes, struct header *h)
{
    struct span ascii = span_head(SPAN("07070"), bytes.len);

    *h = (struct header){0};
    if (bytes.len < MAGIC_MIN)
        return LOOK_MORE;
    if (span_starts(bytes, SPAN("\x71\xc7")))
        return binary_read(bytes, true, h);
    if (span_starts(bytes, SPAN("\xc7\x71")))
        return binary_read(bytes, false, h);
    if (!span_starts(bytes, ascii))
        return LOOK_NO;
    if (bytes.len < 6)
        return LOOK_MORE;
    if (bytes.ptr[5] == '7')
        return odc_read(bytes, h);
    return bytes.ptr[5] == '1' || bytes.ptr[5] == '2' ? newc_read(bytes, h)
                                                      : LOOK_NO;
}

static enum match cpio_probe(struct span head, const struct hint *hint)
{
    struct header h;

    switch (header_read(head, &h)) {
    case LOOK_YES:
        return MATCH_YES;
    case LOOK_MORE:
        if (head.len >= LIMIT_PROBE) /* a long name */
            return MATCH_YES;
        return hint->ended ? MATCH_NO : MATCH_MORE;
    default:
        return MATCH_NO;
    }
}

/* Place of the first header, or of what may be one's beginning. */
static size_t header_seek(struct span bytes)
{
    struct header h;

    for (size_t at = 0; at < bytes.len; at++) {
        uint8_t byte = bytes.ptr[at];
        if (byte != '0' && byte != 0x71 && byte != 0xc7)
            continue;
        if (header_read(span_skip(bytes, at), &h) != LOOK_NO)
            return at;
    }
    return bytes.len;
}

/* What is no header: padding, or bytes to search. */
static bool pass(struct cpio *c, struct span *rest, size_t len,
                 struct sink *out)
{
    struct span bytes = span_head(*rest, len);

    *rest = span_skip(*rest, bytes.len);
    return member_loose(&c->member, bytes, out);
}

/* A header at the front of *rest, sooner or later. */
static bool step(struct cpio *c, struct span *rest, struct sink *out)
{
    struct header h;
    size_t at = header_seek(*rest);

    if (at > 0)
        return pass(c, rest, at, out);
    if (header_read(*rest, &h) != LOOK_YES)
        return true;
    if (!member_begin(&c->member, h.name, out))
        return false;
    *rest = span_skip(*rest, h.len);
    c->member.left = h.size;
    c->member.pass = (h.pad - h.size % h.pad) % h.pad;
    return true;
}

static struct progress cpio_feed(void *state, enum dir dir, struct span bytes,
                                 struct sink *out)
{
    struct cpio *c = state;
    struct span rest = bytes;
    size_t left;
    bool fine;

    (void)dir;
    do {
        left = rest.len;
        fine = member_going(&c->member) ? member_feed(&c->member, &rest, out)
                                        : step(c, &rest, out);
    } while (fine && rest.len != left);
    return (struct progress){fine ? DECODE_MORE : DECODE_REFUSED,
                             bytes.len - rest.len};
}

static struct progress cpio_gap(void *state, enum dir dir, uint64_t len,
                                struct sink *out)
{
    struct cpio *c = state;
    bool fine = member_hole(&c->member, len, out);

    (void)dir;
    return (struct progress){fine ? DECODE_MORE : DECODE_REFUSED, 0};
}

static enum decode_status cpio_end(void *state, enum dir dir, struct span rest,
                                   struct sink *out)
{
    struct cpio *c = state;

    (void)dir;
    return member_last(&c->member, rest, out);
}

const struct decoder decoder_cpio = {
    .name = "cpio",
    .state_size = sizeof(struct cpio),
    .probe = cpio_probe,
    .feed = cpio_feed,
    .gap = cpio_gap,
    .end = cpio_end,
};
