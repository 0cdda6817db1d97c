// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * coding.c - undo a compression: gzip, zlib, deflate, brotli, zstd, xz, bzip2,
 * lz4, compress.
 *
 * In:   the bytes of a part that declares such a coding, or that begins as
 *       such a file does.
 * Out:  one part with the bytes as they were.
 * Not:  cannot go on right behind a hole or damage: deflate and its like
 *       need every byte. What came out before stands; coding_seek.c finds
 *       where the format can begin again.
 * Spec: RFC 1950-1952, RFC 7932, RFC 8878, .xz format 1.1, bzip2, lz4 frame
 *       format 1.6, compress(1).
 */
#include "decode/format/coding_seek.h"
#include "decode/magic.h"
#include "outflow/decoder.h"
#include "outflow/limits.h"

enum {
    CODING_ROOM = 32 << 10, /* bytes undone at a time, on the stack */
    SHIFT_ROOM = 4 << 10,   /* bytes shifted at a time, beside them */
    TRIES = 64,             /* places in vain: none of them is one */
    TRAILER = 8,            /* of gzip, behind its last block; zlib's has 4 */
    TEXT_SEEN = 256,        /* bytes without control bytes are no coding */
};

struct coding {
    struct unpack *unpack; /* owned, from the first byte on */
    uint64_t *memory;      /* what unpackers share */
    uint64_t coded;        /* bytes that were undone, */
    uint64_t made;         /* and what they became */
    uint64_t missing;      /* bytes of holes since it broke off, */
    uint64_t skipped;      /* and bytes that could not be undone */
    enum unpack_kind kind; /* of unpack, now */
    uint8_t shift;         /* bits that its bytes are off */
    uint8_t carry;         /* the last byte, not yet shifted out */
    uint8_t tries;         /* places tried since bytes were undone */
    uint8_t passed;        /* bytes of a trailer still to pass over */
    bool lost;             /* looking for a place to go on */
    bool broken;           /* it broke off before */
};

/* --- probes --- */

static enum match gzip_probe(struct span head, const struct hint *hint)
{
    enum match match = magic_match(head, SPAN("\x1f\x8b\x08"));

    (void)hint;
    if (match != MATCH_YES)
        return match;
    if (head.len < 4)
        return MATCH_MORE;
    return (head.ptr[3] & 0xe0) == 0 ? MATCH_YES : MATCH_NO;
}

static enum match zstd_probe(struct span head, const struct hint *hint)
{
    enum match match = magic_match(head, SPAN("\x28\xb5\x2f\xfd"));

    (void)hint;
    if (match != MATCH_NO)
        return match;
    if (head.len == 0 || (*head.ptr & 0xf0) != 0x50)
        return MATCH_NO;
    return magic_match(span_skip(head, 1), SPAN("\x2a\x4d\x18"));
}

/* .lzma: properties 0x5d, a dictionary size, an unknown or sane length. */
static enum match lzma_probe(struct span head)
{
    enum match match = magic_match(head, SPAN("\x5d\x00\x00"));

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
    enum match match = magic_match(head, SPAN("\xfd"
                                              "7zXZ\0"));

    (void)hint;
    return match != MATCH_NO ? match : lzma_probe(head);
}

static enum match bzip2_probe(struct span head, const struct hint *hint)
{
    enum match match = magic_match(head, SPAN("BZh"));

    (void)hint;
    if (match != MATCH_YES)
        return match;
    if (head.len < 4)
        return MATCH_MORE;
    if (head.ptr[3] < '1' || head.ptr[3] > '9')
        return MATCH_NO;
    match = magic_match(span_skip(head, 4), SPAN("1AY&SY"));
    return match != MATCH_NO
               ? match
               : magic_match(span_skip(head, 4),
                             SPAN("\x17\x72\x45\x38\x50\x90")); /* empty */
}

static enum match lz4_probe(struct span head, const struct hint *hint)
{
    enum match match = magic_match(head, SPAN("\x04\x22\x4d\x18"));

    (void)hint;
    return match != MATCH_NO
               ? match
               : magic_match(head, SPAN("\x02\x21\x4c\x18")); /* legacy */
}

/* compress: a magic, then the bits of its codes and no unknown flag. */
static enum match compress_probe(struct span head, const struct hint *hint)
{
    enum match match = magic_match(head, SPAN("\x1f\x9d"));

    (void)hint;
    if (match != MATCH_YES)
        return match;
    if (head.len < 3)
        return MATCH_MORE;
    unsigned bits = head.ptr[2] & 0x1f;
    return (head.ptr[2] & 0x60) == 0 && bits >= 9 && bits <= 16 ? MATCH_YES
                                                                : MATCH_NO;
}

/* Do the first bytes inflate to something? */
static bool inflates(struct span head)
{
    enum { ENOUGH = 64 };
    uint8_t room[ENOUGH];
    struct unpack *u = unpack_new(UNPACK_ZLIB, LIMIT_CODING);

    if (u == NULL)
        return false;
    struct unpack_step step = unpack_run(u, head, room, sizeof(room));
    unpack_free(u);
    return step.status <= UNPACK_DONE && step.made > 0;
}

/* zlib has two bytes to know it by, so it is tried: FTP's MODE Z. */
static enum match zlib_probe(struct span head, const struct hint *hint)
{
    if (head.len > 0 && *head.ptr != 0x78)
        return MATCH_NO;
    if (head.len >= 2 && (head.ptr[0] << 8 | head.ptr[1]) % 31 != 0)
        return MATCH_NO;
    if (head.len < LIMIT_PROBE && !hint->ended)
        return MATCH_MORE;
    return head.len >= 2 && inflates(head) ? MATCH_YES : MATCH_NO;
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

static bool is_control(uint8_t byte)
{
    return byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r';
}

/* Does raw deflate make text of head? */
static bool inflates_to_text(struct span head)
{
    enum { ENOUGH = 64, ROOM = 256 };
    uint8_t room[ROOM];
    struct unpack *u = unpack_new(UNPACK_DEFLATE, LIMIT_CODING);
    size_t at = 0;

    if (u == NULL)
        return false;
    struct unpack_step step = unpack_run(u, head, room, sizeof(room));
    unpack_free(u);
    while (at < step.made && !is_control(room[at]))
        at++;
    return step.status <= UNPACK_DONE && at == step.made && at >= ENOUGH;
}

/*
 * A file of raw deflate has no magic: it must be no text, begin with a block
 * of its own codes, and become text.
 */
static enum match deflate_probe(struct span head, const struct hint *hint)
{
    enum { SEEN = 32, DYNAMIC = 2, CODES = 29 };
    size_t at = 0;

    if (hint->part->coding.len > 0)
        return declared_probe(head, hint);
    if (head.len > 0 &&
        ((*head.ptr >> 1 & 3) != DYNAMIC || *head.ptr >> 3 > CODES))
        return MATCH_NO;
    while (at < SEEN && at < head.len && !is_control(head.ptr[at]))
        at++;
    if (at == SEEN || (head.len < LIMIT_PROBE && hint->ended && at == head.len))
        return MATCH_NO;
    if (head.len < LIMIT_PROBE && !hint->ended)
        return MATCH_MORE;
    return inflates_to_text(head) ? MATCH_YES : MATCH_NO;
}

/* --- undoing --- */

static bool coding_open(void *state, const struct hint *hint)
{
    struct coding *c = state;

    c->memory = hint->memory;
    return true;
}

static bool coding_begin(struct coding *c)
{
    if (c->unpack != NULL)
        return true;
    c->unpack = unpack_new(c->kind, LIMIT_CODING);
    if (c->unpack != NULL && c->memory != NULL)
        unpack_share(c->unpack, c->memory);
    return c->unpack != NULL;
}

/* It broke off: what follows is lost until a place to go on is found. */
static void coding_lose(struct coding *c)
{
    unpack_free(c->unpack);
    c->unpack = NULL;
    c->lost = c->broken = true;
}

/* Tell what was lost, and what it would have become. */
static bool coding_tell(struct coding *c, const struct coding_place *place,
                        struct sink *out)
{
    const struct note note = {.kind = NOTE_UNREAD,
                              .text = span_of(place->name),
                              .number = c->skipped,
                              .why = WHY_DAMAGED};
    double each = c->coded > 0 ? (double)c->made / (double)c->coded : 0;
    uint64_t missing =
        (uint64_t)(each * (double)(c->skipped + c->missing) + 0.5);

    c->missing = c->skipped = 0;
    return (note.number == 0 || out->ops->note(out->ctx, &note)) &&
           (missing == 0 || out->ops->gap(out->ctx, missing));
}

/* Bytes that cannot be undone. */
static void coding_skip(struct coding *c, size_t len)
{
    size_t passed = len < c->passed ? len : c->passed;

    c->passed -= (uint8_t)passed;
    c->skipped += len - passed;
}

/* Look for a place to go on; DECODE_DONE: found, *rest begins there. */
static enum decode_status coding_search(struct coding *c,
                                        const struct coding_place *place,
                                        struct span *rest, struct sink *out)
{
    struct coding_restart at;
    bool found = coding_seek(place->kind, *rest, &at);

    coding_skip(c, at.skip);
    *rest = span_skip(*rest, at.skip);
    if (!found)
        return DECODE_MORE;
    if (c->tries++ == TRIES)
        return DECODE_BAD;
    c->kind = at.kind;
    c->shift = at.shift;
    c->lost = false;
    c->passed = 0;
    if (!coding_begin(c) || !coding_tell(c, place, out))
        return DECODE_REFUSED;
    if (at.kind != UNPACK_BZIP2)
        return DECODE_DONE;
    uint8_t none; /* a block has no stream's head in front of it */
    (void)unpack_run(c->unpack, SPAN("BZh9"), &none, 0);
    c->carry = *rest->ptr;
    *rest = span_skip(*rest, 1);
    return DECODE_DONE;
}

/* Undo bytes; *used of them were taken. */
static enum unpack_status coding_undo(struct coding *c, struct span bytes,
                                      size_t *used, struct sink *out,
                                      bool *refused)
{
    uint8_t room[CODING_ROOM];
    struct unpack_step step;
    struct span rest = bytes;

    do {
        step = unpack_run(c->unpack, rest, room, sizeof(room));
        rest = span_skip(rest, step.used);
        c->made += step.made;
        if (step.made > 0)
            c->tries = 0;
        *refused = step.made > 0 &&
                   !out->ops->put(out->ctx, (struct span){room, step.made});
    } while (!*refused && step.status == UNPACK_MORE &&
             (step.made == sizeof(room) || rest.len > 0));
    *used = bytes.len - rest.len;
    c->coded += *used;
    return step.status;
}

/* The same with bytes whose bits are off by some. */
static enum unpack_status coding_shifted(struct coding *c, struct span *bytes,
                                         struct sink *out, bool *refused)
{
    uint8_t room[SHIFT_ROOM];
    struct span in = span_head(*bytes, sizeof(room));
    size_t used;

    for (size_t i = 0; i < in.len; i++) {
        room[i] = (uint8_t)(c->carry << c->shift | in.ptr[i] >> (8 - c->shift));
        c->carry = in.ptr[i];
    }
    enum unpack_status status =
        coding_undo(c, (struct span){room, in.len}, &used, out, refused);
    *bytes = span_skip(*bytes, status == UNPACK_MORE ? in.len : used);
    return status;
}

/* Undo what can be undone of the rest. */
static enum unpack_status coding_step(struct coding *c, struct span *rest,
                                      struct sink *out, bool *refused)
{
    size_t used;

    if (c->broken && c->kind == UNPACK_BZIP2)
        return coding_shifted(c, rest, out, refused);
    enum unpack_status status = coding_undo(c, *rest, &used, out, refused);
    *rest = span_skip(*rest, used);
    return status;
}

/* What an unpacker's end means: DECODE_MORE goes on with the rest. */
static enum decode_status coding_turn(struct coding *c,
                                      const struct coding_place *place,
                                      enum unpack_status status)
{
    switch (status) {
    case UNPACK_MORE:
        return DECODE_MORE;
    case UNPACK_DONE:
        if (!c->broken)
            return DECODE_DONE;
        if (c->kind != place->kind) /* a block of it: its check is left */
            c->passed = TRAILER;
        break;
    case UNPACK_BAD:
        break;
    case UNPACK_LIMIT:
        return DECODE_LIMIT;
    }
    coding_lose(c);
    return DECODE_MORE;
}

static struct progress coding_run(struct coding *c,
                                  const struct coding_place *place,
                                  struct span bytes, struct sink *out)
{
    struct span rest = bytes;
    enum decode_status status = DECODE_MORE;
    bool refused = false;

    if (!c->broken)
        c->kind = place->kind;
    if (!c->lost && !coding_begin(c))
        return (struct progress){DECODE_REFUSED, 0};
    while (rest.len > 0 && status == DECODE_MORE && !refused) {
        if (c->lost) {
            status = coding_search(c, place, &rest, out);
            if (status != DECODE_DONE)
                break;
        }
        size_t left = rest.len;
        status = coding_turn(c, place, coding_step(c, &rest, out, &refused));
        if (c->lost && rest.len == left && left > 0) { /* not here */
            coding_skip(c, 1);
            rest = span_skip(rest, 1);
        }
    }
    bool over = status == DECODE_LIMIT || status == DECODE_BAD;
    if (refused || (over && !coding_tell(c, place, out)))
        status = DECODE_REFUSED;
    return (struct progress){status, bytes.len - rest.len};
}

static struct progress coding_gap(void *state, enum dir dir, uint64_t len,
                                  struct sink *out)
{
    struct coding *c = state;

    (void)dir;
    (void)out;
    coding_lose(c);
    c->missing += len;
    c->passed = 0;
    return (struct progress){DECODE_MORE, 0};
}

static enum decode_status coding_stop(struct coding *c,
                                      const struct coding_place *place,
                                      struct span rest, struct sink *out)
{
    bool whole = !c->broken && (c->unpack == NULL || unpack_whole(c->unpack));

    if (c->lost)
        coding_skip(c, rest.len);
    if (!coding_tell(c, place, out))
        return DECODE_REFUSED;
    return whole ? DECODE_DONE : DECODE_BAD;
}

static void coding_close(void *state)
{
    struct coding *c = state;

    unpack_free(c->unpack);
    c->unpack = NULL;
}

#define CODING_KIND(name_, kind_)                                              \
    static const struct coding_place name_##_place = {#name_, kind_};          \
    static enum decode_status name_##_end(void *state, enum dir dir,           \
                                          struct span rest, struct sink *out)  \
    {                                                                          \
        (void)dir;                                                             \
        return coding_stop(state, &name_##_place, rest, out);                  \
    }

#define CODING_FEED(name_)                                                     \
    static struct progress name_##_feed(void *state, enum dir dir,             \
                                        struct span bytes, struct sink *out)   \
    {                                                                          \
        (void)dir;                                                             \
        return coding_run(state, &name_##_place, bytes, out);                  \
    }

CODING_KIND(gzip, UNPACK_GZIP)
CODING_KIND(zstd, UNPACK_ZSTD)
CODING_KIND(xz, UNPACK_XZ)
CODING_KIND(bzip2, UNPACK_BZIP2)
CODING_KIND(lz4, UNPACK_LZ4)
CODING_KIND(compress, UNPACK_LZW)
CODING_KIND(brotli, UNPACK_BROTLI)
CODING_KIND(deflate, UNPACK_DEFLATE)
CODING_KIND(zlib, UNPACK_ZLIB)
CODING_FEED(gzip)
CODING_FEED(zstd)
CODING_FEED(xz)
CODING_FEED(bzip2)
CODING_FEED(lz4)
CODING_FEED(compress)
CODING_FEED(brotli)
CODING_FEED(zlib)

/* "deflate" is zlib by its RFC and raw deflate by many senders. */
static struct progress deflate_feed(void *state, enum dir dir,
                                    struct span bytes, struct sink *out)
{
    static const struct coding_place wrapped = {"deflate", UNPACK_ZLIB};
    struct coding *c = state;
    bool begun = c->unpack != NULL || c->broken;

    (void)dir;
    if (!begun && bytes.len < 2)
        return (struct progress){DECODE_MORE, 0};
    bool zlib = bytes.len >= 2 && (bytes.ptr[0] & 0x8f) == 0x08 &&
                (bytes.ptr[0] << 8 | bytes.ptr[1]) % 31 == 0;
    bool is = begun ? c->kind == UNPACK_ZLIB : zlib;
    return coding_run(c, is ? &wrapped : &deflate_place, bytes, out);
}

#define CODING(name_, codings, probe_)                                         \
    const struct decoder decoder_##name_ = {                                   \
        .name = #name_,                                                        \
        .state_size = sizeof(struct coding),                                   \
        .coding = (codings),                                                   \
        .recodes = true,                                                       \
        .probe = (probe_),                                                     \
        .open = coding_open,                                                   \
        .feed = name_##_feed,                                                  \
        .gap = coding_gap,                                                     \
        .end = name_##_end,                                                    \
        .close = coding_close,                                                 \
    };

CODING(gzip, "gzip x-gzip", gzip_probe)
CODING(zstd, "zstd", zstd_probe)
CODING(xz, "xz x-xz lzma", xz_probe)
CODING(bzip2, "bzip2 x-bzip2", bzip2_probe)
CODING(lz4, "lz4 x-lz4", lz4_probe)
CODING(compress, "compress x-compress", compress_probe)
CODING(deflate, "deflate x-deflate", deflate_probe)
CODING(brotli, "br", declared_probe)
CODING(zlib, "zlib", zlib_probe)
