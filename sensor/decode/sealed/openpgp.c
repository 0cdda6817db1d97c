// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * openpgp.c - messages of OpenPGP, binary; armor is base64 in text.
 *
 * In:   a part that begins with a packet of a message: encrypted session
 *       keys, a signature in one pass, compressed or literal data.
 * Out:  the data of literal packets as a part with their name; compressed
 *       packets as a part in that coding, to be looked at anew.
 * Not:  opens nothing that is encrypted: from the first such packet on all
 *       stays closed. Keys and signatures alone are none of its affair.
 * Spec: RFC 9580 4 and 5, RFC 4880.
 *
 *     1 1 tag:6   length: 1, 2, 5 bytes or a power of two and more to come
 *     1 0 tag:4 type:2   length: 1, 2, 4 bytes or to the end
 */
#include "decode/sealed/sealed.h"
#include "outflow/compiler.h"
#include "outflow/reader.h"

enum {
    TAG_KEY = 1, /* a session key for a public key */
    TAG_SIGNATURE = 2,
    TAG_PASSWORD = 3, /* a session key for a password */
    TAG_ONE_PASS = 4,
    TAG_COMPRESSED = 8,
    TAG_ENCRYPTED = 9,
    TAG_MARKER = 10,
    TAG_LITERAL = 11,
    TAG_PROTECTED = 18,
    TAG_OCB = 20, /* GnuPG's own */
    TAG_PADDING = 21,
};

enum stage {
    STAGE_HEAD = 0,
    STAGE_BODY,   /* of a packet that is opened: its own header */
    STAGE_DATA,   /* put */
    STAGE_PASS,   /* passed over */
    STAGE_LENGTH, /* of another piece of the packet */
    STAGE_CLOSED,
};

struct openpgp {
    uint64_t left; /* bytes of the packet, or of its piece */
    uint8_t stage; /* enum stage */
    uint8_t tag;
    bool pieces;  /* another piece follows */
    bool endless; /* the packet goes to the end of the part */
    bool any;     /* a packet was read */
};

struct header {
    uint64_t len;
    uint8_t tag;
    bool pieces, endless;
};

/* A length in the new format. */
static void new_length(struct reader *r, struct header *p)
{
    uint8_t first = reader_u8(r);

    p->pieces = first >= 224 && first < 255;
    if (first < 192)
        p->len = first;
    else if (first < 224)
        p->len = (uint64_t)(first - 192) * 256 + reader_u8(r) + 192;
    else if (p->pieces)
        p->len = UINT64_C(1) << (first & 0x1f);
    else
        p->len = reader_u32be(r);
}

/* MATCH_MORE: its bytes are not all there. */
static enum match header_read(struct reader *r, struct header *p)
{
    static const uint8_t widths[] = {1, 2, 4};
    uint8_t first = reader_u8(r);

    *p = (struct header){0};
    if (!reader_ok(r))
        return MATCH_MORE;
    if ((first & 0x80) == 0)
        return MATCH_NO;
    if ((first & 0x40) != 0) {
        p->tag = first & 0x3f;
        new_length(r, p);
    } else {
        p->tag = first >> 2 & 0x0f;
        p->endless = (first & 3) == 3;
        p->len = p->endless ? 0 : reader_be(r, widths[first & 3]);
    }
    return reader_ok(r) ? MATCH_YES : MATCH_MORE;
}

/* --- is it a message? --- */

static bool is_public_algorithm(uint8_t a)
{
    return (a >= 1 && a <= 3) || (a >= 16 && a <= 28);
}

static bool is_key(struct reader *r, const struct header *p)
{
    uint8_t version = reader_u8(r);

    if (version == 6)
        return p->len > 30 && p->len < 4096 && reader_u8(r) <= 33;
    reader_skip(r, 8);
    uint8_t algorithm = reader_u8(r);
    return (version == 2 || version == 3) && p->len >= 30 && p->len < 8192 &&
           is_public_algorithm(algorithm);
}

static bool is_password(struct reader *r, const struct header *p)
{
    uint8_t version = reader_u8(r);

    if (version == 6)
        (void)reader_u8(r); /* bytes of what follows */
    uint8_t cipher = reader_u8(r);
    if (version == 5 || version == 6)
        (void)reader_u8(r); /* the mode */
    if (version == 6)
        (void)reader_u8(r);
    uint8_t way = reader_u8(r), hash = reader_u8(r);
    bool good = way == 0 || way == 1 || way == 3 || way == 4;
    return version >= 4 && version <= 6 && cipher >= 1 && cipher <= 13 &&
           good && (way == 4 || (hash >= 1 && hash <= 14)) && p->len >= 4 &&
           p->len < 256;
}

static bool is_compressed(struct reader *r)
{
    uint8_t algorithm = reader_u8(r);
    uint8_t first = reader_u8(r);
    uint8_t second = reader_u8(r);

    if (algorithm == 1)
        return (first & 6) != 6;
    if (algorithm == 2)
        return (first & 0x0f) == 8 && (first << 8 | second) % 31 == 0;
    return algorithm == 3 && first == 'B' && second == 'Z';
}

static bool is_literal(struct reader *r, const struct header *p)
{
    uint8_t format = reader_u8(r), len = reader_u8(r);
    struct span name = reader_upto(r, len);
    bool known =
        format == 'b' || format == 't' || format == 'u' || format == 'm';

    for (size_t i = 0; i < name.len; i++)
        known = known && name.ptr[i] >= ' ';
    if (name.len == len && reader_left(r) >= 4) {
        uint32_t date = reader_u32be(r); /* none, or 1994 to 2038 */
        known = known && (date == 0 || (date >> 28 >= 3 && date >> 28 < 8));
    }
    return known && (p->endless || p->len >= 6U + len);
}

static bool is_one_pass(struct reader *r, const struct header *p)
{
    uint8_t version = reader_u8(r), type = reader_u8(r);
    uint8_t hash = reader_u8(r), algorithm = reader_u8(r);

    return ((version == 3 && p->len == 13) || version == 6) && type <= 1 &&
           hash >= 1 && hash <= 14 && is_public_algorithm(algorithm);
}

static enum match openpgp_probe(struct span head, const struct hint *hint)
{
    enum { ENOUGH = 24 }; /* bytes that tell any of them */
    struct reader r = reader_over(head);
    struct header p;
    bool is = false;

    if (head.len == 0)
        return MATCH_MORE;
    if (hint->part->coding.len > 0 || (*head.ptr & 0x80) == 0)
        return MATCH_NO;
    enum match match = header_read(&r, &p);
    if (match != MATCH_YES)
        return hint->ended ? MATCH_NO : match;
    bool wanted = p.tag == TAG_KEY || p.tag == TAG_PASSWORD ||
                  p.tag == TAG_ONE_PASS || p.tag == TAG_COMPRESSED ||
                  p.tag == TAG_LITERAL;
    if (!wanted || (p.len == 0 && !p.endless))
        return MATCH_NO;
    if (head.len < ENOUGH && !hint->ended)
        return MATCH_MORE;
    if (p.tag == TAG_KEY)
        is = is_key(&r, &p);
    else if (p.tag == TAG_PASSWORD)
        is = is_password(&r, &p);
    else if (p.tag == TAG_ONE_PASS)
        is = is_one_pass(&r, &p);
    else if (p.tag == TAG_COMPRESSED)
        is = is_compressed(&r);
    else
        is = is_literal(&r, &p);
    return is && reader_ok(&r) ? MATCH_YES : MATCH_NO;
}

/* --- packets --- */

static bool is_closed(uint8_t tag)
{
    return tag == TAG_KEY || tag == TAG_PASSWORD || tag == TAG_ENCRYPTED ||
           tag == TAG_PROTECTED || tag == TAG_OCB;
}

/* The header of a packet; gives bytes used, 0: not there yet. */
static size_t stage_head(struct openpgp *o, struct span bytes,
                         enum decode_status *status)
{
    struct reader r = reader_over(bytes);
    struct header p;
    enum match match = header_read(&r, &p);

    if (match == MATCH_MORE)
        return 0;
    if (match == MATCH_NO || p.tag == 0) {
        *status = o->any ? DECODE_DONE : DECODE_BAD;
        return 0;
    }
    o->any = true;
    o->tag = p.tag;
    if (is_closed(p.tag)) {
        o->stage = STAGE_CLOSED;
        return 0;
    }
    o->left = p.len;
    o->pieces = p.pieces;
    o->endless = p.endless;
    bool opens = p.tag == TAG_COMPRESSED || p.tag == TAG_LITERAL;
    o->stage = opens ? STAGE_BODY : STAGE_PASS;
    return bytes.len - reader_left(&r);
}

static struct span coding_of(uint8_t algorithm)
{
    static const struct span codings[] = {
        {NULL, 0}, SPAN_INIT("deflate"), SPAN_INIT("zlib"), SPAN_INIT("bzip2")};

    return algorithm < COUNT(codings) ? codings[algorithm] : codings[0];
}

/* What stands in front of the data of a packet. */
static size_t stage_body(struct openpgp *o, struct span bytes, struct sink *out,
                         enum decode_status *status)
{
    struct reader r = reader_over(bytes);
    struct part_info info = {.step = SPAN("openpgp")};

    uint8_t first = reader_u8(&r);
    if (o->tag == TAG_COMPRESSED) {
        info.coding = coding_of(first);
    } else {
        info.name = reader_take(&r, reader_u8(&r));
        reader_skip(&r, 4); /* its date */
    }
    size_t used = bytes.len - reader_left(&r);
    if (!o->endless &&
        (used > o->left || (!reader_ok(&r) && o->left <= bytes.len))) {
        *status = DECODE_BAD;
        return 0;
    }
    if (!reader_ok(&r))
        return 0;
    if (!out->ops->part_open(out->ctx, &info))
        *status = DECODE_REFUSED;
    o->left -= o->endless ? 0 : used;
    o->stage = STAGE_DATA;
    return used;
}

/* The packet, or its piece, is at its end. */
static void piece_end(struct openpgp *o, struct sink *out,
                      enum decode_status *status)
{
    bool opened = o->stage == STAGE_DATA;

    if (o->pieces) {
        o->stage = STAGE_LENGTH;
        return;
    }
    o->stage = STAGE_HEAD;
    if (opened && !out->ops->part_close(out->ctx, PART_WHOLE))
        *status = DECODE_REFUSED;
}

static size_t stage_data(struct openpgp *o, struct span bytes, struct sink *out,
                         enum decode_status *status)
{
    if (!o->endless && o->left < bytes.len)
        bytes = span_head(bytes, (size_t)o->left);
    if (o->stage == STAGE_DATA && bytes.len > 0 &&
        !out->ops->put(out->ctx, bytes)) {
        *status = DECODE_REFUSED;
        return 0;
    }
    o->left -= o->endless ? 0 : bytes.len;
    if (o->left == 0 && !o->endless)
        piece_end(o, out, status);
    return bytes.len;
}

static size_t stage_length(struct openpgp *o, struct span bytes)
{
    struct reader r = reader_over(bytes);
    struct header p = {0};

    new_length(&r, &p);
    if (!reader_ok(&r))
        return 0;
    o->left = p.len;
    o->pieces = p.pieces;
    bool opens = o->tag == TAG_COMPRESSED || o->tag == TAG_LITERAL;
    o->stage = opens ? STAGE_DATA : STAGE_PASS;
    return bytes.len - reader_left(&r);
}

static size_t step(struct openpgp *o, struct span bytes, struct sink *out,
                   enum decode_status *status)
{
    switch (o->stage) {
    case STAGE_HEAD:
        return stage_head(o, bytes, status);
    case STAGE_BODY:
        return stage_body(o, bytes, out, status);
    case STAGE_LENGTH:
        return stage_length(o, bytes);
    case STAGE_DATA:
    case STAGE_PASS:
        return stage_data(o, bytes, out, status);
    default:
        if (!sealed_tell(out, "openpgp", WHY_ENCRYPTED, bytes.len))
            *status = DECODE_REFUSED;
        return bytes.len;
    }
}

static struct progress openpgp_feed(void *state, enum dir dir,
                                    struct span bytes, struct sink *out)
{
    struct openpgp *o = state;
    enum decode_status status = DECODE_MORE;
    struct span rest = bytes;

    (void)dir;
    while (status == DECODE_MORE && rest.len > 0) {
        uint8_t stage = o->stage;
        size_t used = step(o, rest, out, &status);
        if (used == 0 && o->stage == stage)
            break;
        rest = span_skip(rest, used);
    }
    return (struct progress){status, bytes.len - rest.len};
}

/* Packets are found again when the hole is inside one of them. */
static struct progress openpgp_gap(void *state, enum dir dir, uint64_t len,
                                   struct sink *out)
{
    struct openpgp *o = state;
    bool inside = o->stage == STAGE_DATA || o->stage == STAGE_PASS;

    (void)dir;
    if (o->stage == STAGE_CLOSED)
        return (struct progress){DECODE_MORE, 0};
    if (o->stage == STAGE_DATA && !out->ops->gap(out->ctx, len))
        return (struct progress){DECODE_REFUSED, 0};
    if (!inside || (!o->endless && len >= o->left))
        return (struct progress){o->any ? DECODE_DONE : DECODE_BAD, 0};
    o->left -= o->endless ? 0 : len;
    return (struct progress){DECODE_MORE, 0};
}

static enum decode_status openpgp_end(void *state, enum dir dir,
                                      struct span rest, struct sink *out)
{
    struct openpgp *o = state;
    struct progress p = openpgp_feed(state, dir, rest, out);
    bool open = o->stage == STAGE_DATA ||
                (o->stage == STAGE_LENGTH && o->tag != TAG_SIGNATURE);
    enum part_end how = o->endless ? PART_WHOLE : PART_CUT;

    if (p.status != DECODE_MORE)
        return p.status;
    if (open && !out->ops->part_close(out->ctx, how))
        return DECODE_REFUSED;
    return DECODE_DONE;
}

const struct decoder decoder_openpgp = {
    .name = "openpgp",
    .state_size = sizeof(struct openpgp),
    .probe = openpgp_probe,
    .feed = openpgp_feed,
    .gap = openpgp_gap,
    .end = openpgp_end,
};
