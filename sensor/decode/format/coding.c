// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * coding.c - undo a compression: gzip, deflate, brotli, zstd, xz, bzip2.
 *
 * In:   the bytes of a part that declares such a coding, or that begins as
 *       such a file does.
 * Out:  one part with the bytes as they were.
 * Not:  cannot go on behind a hole or damage: deflate and its like need
 *       every byte. What came out before stands.
 * Spec: RFC 1950-1952, RFC 7932, RFC 8878, .xz format 1.1, bzip2.
 */
#include "outflow/decoder.h"
#include "outflow/limits.h"
#include "util/unpack.h"

enum {
    CODING_ROOM = 32 << 10, /* bytes undone at a time, on the stack */
    TEXT_SEEN = 256,        /* bytes without control bytes are no coding */
};

struct coding {
    struct unpack *unpack; /* owned, from the first byte on */
    uint64_t *memory;      /* what unpackers share */
};

/* --- probes --- */

/* The beginning of bytes against a magic of len bytes. */
static enum match match_magic(struct span head, struct span magic)
{
    size_t len = head.len < magic.len ? head.len : magic.len;

    if (!span_eq(span_head(head, len), span_head(magic, len)))
        return MATCH_NO;
    return len == magic.len ? MATCH_YES : MATCH_MORE;
}

static enum match gzip_probe(struct span head, const struct hint *hint)
{
    enum match match = match_magic(head, SPAN("\x1f\x8b\x08"));

    (void)hint;
    if (match != MATCH_YES)
        return match;
    if (head.len < 4)
        return MATCH_MORE;
    return (head.ptr[3] & 0xe0) == 0 ? MATCH_YES : MATCH_NO;
}

static enum match zstd_probe(struct span head, const struct hint *hint)
{
    enum match match = match_magic(head, SPAN("\x28\xb5\x2f\xfd"));

    (void)hint;
    if (match != MATCH_NO)
        return match;
    if (head.len == 0 || (*head.ptr & 0xf0) != 0x50)
        return MATCH_NO;
    return match_magic(span_skip(head, 1), SPAN("\x2a\x4d\x18"));
}

/* .lzma: properties 0x5d, a dictionary size, an unknown or sane length. */
static enum match lzma_probe(struct span head)
{
    enum match match = match_magic(head, SPAN("\x5d\x00\x00"));

    if (match != MATCH_YES)
        return match;
    if (head.len < 13)
        return MATCH_MORE;
    struct span size = span_slice(head, 5, 13);
    bool unknown = span_eq(size, SPAN("\xff\xff\xff\xff\xff\xff\xff\xff"));
    bool sane = span_eq(span_skip(size, 5), SPAN("\0\0\0"));
    return unknown || sane ? MATCH_YES : MATCH_NO;
}

static enum match xz_probe(struct span head, const struct hint *hint)
{
    enum match match = match_magic(head, SPAN("\xfd"
                                              "7zXZ\0"));

    (void)hint;
    return match != MATCH_NO ? match : lzma_probe(head);
}

static enum match bzip2_probe(struct span head, const struct hint *hint)
{
    enum match match = match_magic(head, SPAN("BZh"));

    (void)hint;
    if (match != MATCH_YES)
        return match;
    if (head.len < 4)
        return MATCH_MORE;
    if (head.ptr[3] < '1' || head.ptr[3] > '9')
        return MATCH_NO;
    match = match_magic(span_skip(head, 4), SPAN("1AY&SY"));
    return match != MATCH_NO
               ? match
               : match_magic(span_skip(head, 4),
                             SPAN("\x17\x72\x45\x38\x50\x90")); /* empty */
}

/*
 * Deflate and brotli have no magic: only a declared coding is theirs, and
 * only when the bytes are not plain text that claims to be coded.
 */
static enum match declared_probe(struct span head, const struct hint *hint)
{
    struct span seen = span_head(head, TEXT_SEEN);

    if (hint->part->coding.len == 0)
        return MATCH_NO;
    for (size_t i = 0; i < seen.len; i++) {
        uint8_t byte = seen.ptr[i];
        bool blank = byte == '\t' || byte == '\n' || byte == '\r';
        if ((byte < 0x20 && !blank) || byte == 0x7f)
            return MATCH_YES;
    }
    if (seen.len < TEXT_SEEN && !hint->ended)
        return MATCH_MORE;
    return MATCH_NO;
}

/* --- undoing --- */

static bool coding_open(void *state, const struct hint *hint)
{
    struct coding *c = state;

    c->memory = hint->memory;
    return true;
}

static enum decode_status status_of(enum unpack_status status)
{
    switch (status) {
    case UNPACK_MORE:
        return DECODE_MORE;
    case UNPACK_DONE:
        return DECODE_DONE;
    case UNPACK_LIMIT:
        return DECODE_LIMIT;
    default:
        return DECODE_BAD;
    }
}

static bool coding_begin(struct coding *c, enum unpack_kind kind)
{
    if (c->unpack != NULL)
        return true;
    c->unpack = unpack_new(kind, LIMIT_CODING);
    if (c->unpack != NULL && c->memory != NULL)
        unpack_share(c->unpack, c->memory);
    return c->unpack != NULL;
}

static struct progress coding_run(struct coding *c, enum unpack_kind kind,
                                  struct span bytes, struct sink *out)
{
    uint8_t room[CODING_ROOM];
    struct unpack_step step;
    struct span rest = bytes;

    if (!coding_begin(c, kind))
        return (struct progress){DECODE_REFUSED, 0};
    do {
        step = unpack_run(c->unpack, rest, room, sizeof(room));
        rest = span_skip(rest, step.used);
        if (step.made > 0 &&
            !out->ops->put(out->ctx, (struct span){room, step.made}))
            return (struct progress){DECODE_REFUSED, bytes.len - rest.len};
    } while (step.status == UNPACK_MORE &&
             (step.made == sizeof(room) || rest.len > 0));
    return (struct progress){status_of(step.status), bytes.len - rest.len};
}

static struct progress coding_gap(void *state, enum dir dir, uint64_t len,
                                  struct sink *out)
{
    (void)state;
    (void)dir;
    (void)len;
    (void)out;
    return (struct progress){DECODE_BAD, 0};
}

static enum decode_status coding_end(void *state, enum dir dir,
                                     struct span rest, struct sink *out)
{
    struct coding *c = state;
    bool whole = c->unpack == NULL || unpack_whole(c->unpack);

    (void)dir;
    (void)rest;
    (void)out;
    return whole ? DECODE_DONE : DECODE_BAD;
}

static void coding_close(void *state)
{
    struct coding *c = state;

    unpack_free(c->unpack);
    c->unpack = NULL;
}

/* "deflate" is zlib by its RFC and raw deflate by many senders. */
static struct progress deflate_feed(void *state, enum dir dir,
                                    struct span bytes, struct sink *out)
{
    struct coding *c = state;

    (void)dir;
    if (c->unpack == NULL && bytes.len < 2)
        return (struct progress){DECODE_MORE, 0};
    bool zlib = bytes.len >= 2 && (bytes.ptr[0] & 0x8f) == 0x08 &&
                (bytes.ptr[0] << 8 | bytes.ptr[1]) % 31 == 0;
    return coding_run(c, zlib ? UNPACK_ZLIB : UNPACK_DEFLATE, bytes, out);
}

#define CODING_FEED(function, kind)                                            \
    static struct progress function(void *state, enum dir dir,                 \
                                    struct span bytes, struct sink *out)       \
    {                                                                          \
        (void)dir;                                                             \
        return coding_run(state, kind, bytes, out);                            \
    }

CODING_FEED(gzip_feed, UNPACK_GZIP)
CODING_FEED(zstd_feed, UNPACK_ZSTD)
CODING_FEED(xz_feed, UNPACK_XZ)
CODING_FEED(bzip2_feed, UNPACK_BZIP2)
CODING_FEED(brotli_feed, UNPACK_BROTLI)

#define CODING(name_, codings, probe_, feed_)                                  \
    const struct decoder decoder_##name_ = {                                   \
        .name = #name_,                                                        \
        .state_size = sizeof(struct coding),                                   \
        .coding = (codings),                                                   \
        .recodes = true,                                                       \
        .probe = (probe_),                                                     \
        .open = coding_open,                                                   \
        .feed = (feed_),                                                       \
        .gap = coding_gap,                                                     \
        .end = coding_end,                                                     \
        .close = coding_close,                                                 \
    };

CODING(gzip, "gzip x-gzip", gzip_probe, gzip_feed)
CODING(zstd, "zstd", zstd_probe, zstd_feed)
CODING(xz, "xz x-xz lzma", xz_probe, xz_feed)
CODING(bzip2, "bzip2 x-bzip2", bzip2_probe, bzip2_feed)
CODING(deflate, "deflate x-deflate", declared_probe, deflate_feed)
CODING(brotli, "br", declared_probe, brotli_feed)
