// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * cms.c - S/MIME and CMS: what is encrypted stays closed, the rest is opened.
 *
 * In:   a part that is a ContentInfo in DER or BER; PEM is base64 in text.
 * Out:  the content of signed, digested, compressed and plain data as a part;
 *       a mail in it is one again.
 * Not:  opens nothing that is encrypted, checks no signature; certificates
 *       behind the content hold no rows and are passed over.
 * Spec: RFC 5652, RFC 5083 (authenticated), RFC 3274 (compressed), X.690.
 *
 *     SEQUENCE { OID kind, [0] SEQUENCE { version, algorithms,
 *         SEQUENCE { OID, [0] OCTET STRING content } ... } }
 *
 * Lengths may be indefinite, and the content in pieces.
 */
#include "decode/sealed/sealed.h"

#include "outflow/compiler.h"
#include "outflow/reader.h"

enum {
    TAG_END = 0x00,
    TAG_INTEGER = 0x02,
    TAG_OCTETS = 0x04,
    TAG_OID = 0x06,
    TAG_PIECES = 0x24, /* octets in pieces */
    TAG_SEQUENCE = 0x30,
    TAG_SET = 0x31,
    TAG_FIRST = 0xa0, /* [0] */
};

enum content {
    CONTENT_NONE = 0,
    CONTENT_DATA,
    CONTENT_SIGNED,
    CONTENT_DIGESTED,
    CONTENT_COMPRESSED,
    CONTENT_CLOSED,
};

enum stage {
    STAGE_WAY = 0, /* down to the content */
    STAGE_PASS,    /* over an element on the way */
    STAGE_PIECES,  /* between pieces of the content */
    STAGE_CONTENT,
    STAGE_BEHIND, /* certificates and signatures */
    STAGE_CLOSED,
};

struct cms {
    uint64_t left;   /* bytes of the element */
    uint8_t stage;   /* enum stage */
    uint8_t content; /* enum content */
    uint8_t step;    /* of the way */
    uint8_t nest;    /* open indefinite elements being passed */
    bool part;
    bool pieces;  /* the content comes in pieces */
    bool endless; /* and they end with an element of their own */
    uint64_t all; /* else bytes of all pieces */
};

/* An element of BER: its tag and length. */
struct element {
    uint64_t len;
    uint8_t tag;
    bool endless;
};

/* MATCH_MORE: its header is not all there. */
static enum match element_read(struct reader *r, struct element *e)
{
    enum { LONG = 0x80, WIDEST = 8 };

    e->tag = reader_u8(r);
    uint8_t len = reader_u8(r);
    if (!reader_ok(r))
        return MATCH_MORE;
    e->endless = len == LONG;
    e->len = len < LONG ? len : 0;
    if ((e->tag & 0x1f) == 0x1f || len > LONG + WIDEST)
        return MATCH_NO;
    if (len > LONG)
        e->len = reader_be(r, len - LONG);
    if (reader_ok(r) && e->len > UINT64_MAX / 2)
        return MATCH_NO;
    return reader_ok(r) ? MATCH_YES : MATCH_MORE;
}

/* What the object identifier of a ContentInfo says. */
static enum content content_of(struct span oid)
{
    static const struct span pkcs7 =
        SPAN_INIT("\x2a\x86\x48\x86\xf7\x0d\x01\x07");
    static const struct span smime =
        SPAN_INIT("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01");
    static const uint8_t kinds[] = {
        CONTENT_NONE,   CONTENT_DATA,     CONTENT_SIGNED, CONTENT_CLOSED,
        CONTENT_CLOSED, CONTENT_DIGESTED, CONTENT_CLOSED};

    if (oid.len == pkcs7.len + 1 && span_starts(oid, pkcs7)) {
        uint8_t last = oid.ptr[pkcs7.len];
        return last < COUNT(kinds) ? (enum content)kinds[last] : CONTENT_NONE;
    }
    if (oid.len != smime.len + 1 || !span_starts(oid, smime))
        return CONTENT_NONE;
    uint8_t last = oid.ptr[smime.len];
    if (last == 9)
        return CONTENT_COMPRESSED;
    return last == 23 ? CONTENT_CLOSED : CONTENT_NONE; /* authenticated */
}

/* The headers in front: SEQUENCE, OID, [0], and what is in that. */
static enum match front(struct span head, enum content *content)
{
    struct reader r = reader_over(head);
    struct element e;
    enum match match = element_read(&r, &e);

    if (match != MATCH_YES || e.tag != TAG_SEQUENCE)
        return match == MATCH_MORE ? match : MATCH_NO;
    match = element_read(&r, &e);
    if (match != MATCH_YES || e.tag != TAG_OID || e.len > 16)
        return match == MATCH_MORE ? match : MATCH_NO;
    struct span oid = reader_take(&r, (size_t)e.len);
    if (!reader_ok(&r))
        return MATCH_MORE;
    *content = content_of(oid);
    if (*content == CONTENT_NONE)
        return MATCH_NO;
    match = element_read(&r, &e);
    if (match != MATCH_YES)
        return match;
    return e.tag == TAG_FIRST ? MATCH_YES : MATCH_NO;
}

static enum match cms_probe(struct span head, const struct hint *hint)
{
    enum content content;

    if (hint->part->coding.len > 0 ||
        (head.len > 0 && *head.ptr != TAG_SEQUENCE))
        return MATCH_NO;
    enum match match = front(head, &content);
    return match == MATCH_MORE && hint->ended ? MATCH_NO : match;
}

/* --- the way down --- */

/* Tags on the way: gone into, or passed over. */
static const uint8_t *way_of(enum content content)
{
    static const uint8_t data[] = {TAG_SEQUENCE, TAG_OID, TAG_FIRST,
                                   TAG_OCTETS};
    static const uint8_t digested[] = {
        TAG_SEQUENCE, TAG_OID,      TAG_FIRST, TAG_SEQUENCE, TAG_INTEGER,
        TAG_SEQUENCE, TAG_SEQUENCE, TAG_OID,   TAG_FIRST,    TAG_OCTETS};
    static const uint8_t with_sets[] = {
        TAG_SEQUENCE, TAG_OID,      TAG_FIRST, TAG_SEQUENCE, TAG_INTEGER,
        TAG_SET,      TAG_SEQUENCE, TAG_OID,   TAG_FIRST,    TAG_OCTETS};

    if (content == CONTENT_DATA)
        return data;
    return content == CONTENT_SIGNED ? with_sets : digested;
}

/* Is the element at this step of the way passed over? */
static bool is_passed(const struct cms *c, uint8_t tag)
{
    enum { ALGORITHM = 5 }; /* the step of the one in a SEQUENCE */

    return tag == TAG_OID || tag == TAG_INTEGER || tag == TAG_SET ||
           c->step == ALGORITHM;
}

static size_t stage_way(struct cms *c, struct span bytes,
                        enum decode_status *status)
{
    struct reader r = reader_over(bytes);
    struct element e;
    enum match match = element_read(&r, &e);
    uint8_t want = way_of((enum content)c->content)[c->step];

    if (match == MATCH_MORE)
        return 0;
    if (match == MATCH_YES && want == TAG_OCTETS && e.tag == TAG_PIECES) {
        c->pieces = true;
        c->endless = e.endless;
        c->all = e.len;
        c->stage = STAGE_PIECES;
    } else if (match == MATCH_NO || e.tag != want) {
        c->stage = STAGE_BEHIND; /* signed elsewhere: no content */
        *status = match == MATCH_NO ? DECODE_BAD : DECODE_MORE;
        return 0;
    } else if (want == TAG_OCTETS) {
        c->left = e.len;
        c->stage = STAGE_CONTENT;
    } else if (is_passed(c, want)) {
        c->left = e.len;
        c->nest = e.endless;
        c->stage = STAGE_PASS;
    }
    c->step++;
    return bytes.len - reader_left(&r);
}

/* Inside an element of indefinite length: the next one in it, or its end. */
static size_t pass_inside(struct cms *c, struct span bytes,
                          enum decode_status *status)
{
    struct reader r = reader_over(bytes);
    struct element e;
    enum match match = element_read(&r, &e);

    if (match == MATCH_MORE)
        return 0;
    if (match == MATCH_NO || c->nest == UINT8_MAX) {
        *status = DECODE_BAD;
        return 0;
    }
    if (e.tag == TAG_END)
        c->nest--;
    else if (e.endless)
        c->nest++;
    else
        c->left = e.len;
    return bytes.len - reader_left(&r);
}

static size_t stage_pass(struct cms *c, struct span bytes,
                         enum decode_status *status)
{
    size_t used = bytes.len;

    if (c->left == 0 && c->nest > 0)
        return pass_inside(c, bytes, status);
    if (c->left < bytes.len)
        used = (size_t)c->left;
    c->left -= used;
    if (c->left == 0 && c->nest == 0)
        c->stage = STAGE_WAY;
    return used;
}

/* --- the content --- */

static bool begins_mail(struct span bytes)
{
    return span_starts_nocase(bytes, SPAN("Content-")) ||
           span_starts_nocase(bytes, SPAN("MIME-Version:"));
}

static bool part_open(struct cms *c, struct span first, struct sink *out)
{
    struct part_info info = {.step = SPAN("smime")};

    if (c->content == CONTENT_COMPRESSED)
        info.coding = SPAN("zlib");
    else if (begins_mail(first))
        info.media = SPAN("message/rfc822");
    c->part = true;
    return out->ops->part_open(out->ctx, &info);
}

static bool content_end(struct cms *c, enum part_end how, struct sink *out)
{
    bool open = c->part;

    c->part = false;
    c->stage = STAGE_BEHIND;
    return !open || out->ops->part_close(out->ctx, how);
}

static size_t stage_pieces(struct cms *c, struct span bytes, struct sink *out,
                           enum decode_status *status)
{
    struct reader r = reader_over(bytes);
    struct element e;
    bool last = !c->endless && c->all == 0;
    enum match match = last ? MATCH_NO : element_read(&r, &e);

    if (match == MATCH_MORE)
        return 0;
    size_t used = bytes.len - reader_left(&r);
    if (match == MATCH_NO || e.tag != TAG_OCTETS || e.endless ||
        (!c->endless && used + e.len > c->all)) {
        *status =
            content_end(c, PART_WHOLE, out) ? DECODE_MORE : DECODE_REFUSED;
        return match == MATCH_NO ? 0 : used;
    }
    c->all -= c->endless ? 0 : used + e.len;
    c->left = e.len;
    c->stage = STAGE_CONTENT;
    return used;
}

static size_t stage_content(struct cms *c, struct span bytes, struct sink *out,
                            enum decode_status *status)
{
    enum { FIRST = 16 }; /* bytes that tell a mail */
    bool whole = c->left <= bytes.len;
    bool fine = true;

    bytes = span_head(bytes, whole ? (size_t)c->left : bytes.len);
    if (!c->part && !whole && bytes.len < FIRST)
        return 0;
    if (!c->part && bytes.len > 0)
        fine = part_open(c, bytes, out);
    fine = fine && (bytes.len == 0 || out->ops->put(out->ctx, bytes));
    c->left -= bytes.len;
    if (c->left == 0 && c->pieces)
        c->stage = STAGE_PIECES;
    else if (c->left == 0)
        fine = fine && content_end(c, PART_WHOLE, out);
    if (!fine)
        *status = DECODE_REFUSED;
    return bytes.len;
}

static size_t step(struct cms *c, struct span bytes, struct sink *out,
                   enum decode_status *status)
{
    switch (c->stage) {
    case STAGE_WAY:
        return stage_way(c, bytes, status);
    case STAGE_PASS:
        return stage_pass(c, bytes, status);
    case STAGE_PIECES:
        return stage_pieces(c, bytes, out, status);
    case STAGE_CONTENT:
        return stage_content(c, bytes, out, status);
    case STAGE_CLOSED:
        if (!sealed_tell(out, "smime", WHY_ENCRYPTED, bytes.len))
            *status = DECODE_REFUSED;
        return bytes.len;
    default:
        return bytes.len;
    }
}

/* What it is, once its front is there. */
static bool begin(struct cms *c, struct span bytes, enum decode_status *status)
{
    enum content content = CONTENT_NONE;
    enum match match = front(bytes, &content);

    if (match == MATCH_NO)
        *status = DECODE_BAD;
    if (match != MATCH_YES)
        return false;
    c->content = (uint8_t)content;
    if (content == CONTENT_CLOSED)
        c->stage = STAGE_CLOSED;
    return true;
}

static struct progress cms_feed(void *state, enum dir dir, struct span bytes,
                                struct sink *out)
{
    struct cms *c = state;
    enum decode_status status = DECODE_MORE;
    struct span rest = bytes;

    (void)dir;
    if (c->content == CONTENT_NONE && !begin(c, bytes, &status))
        return (struct progress){status, 0};
    while (status == DECODE_MORE && rest.len > 0) {
        uint8_t stage = c->stage;
        size_t used = step(c, rest, out, &status);
        if (used == 0 && c->stage == stage)
            break;
        rest = span_skip(rest, used);
    }
    return (struct progress){status, bytes.len - rest.len};
}

static struct progress cms_gap(void *state, enum dir dir, uint64_t len,
                               struct sink *out)
{
    struct cms *c = state;
    bool inside = c->stage == STAGE_CONTENT && len < c->left;

    (void)dir;
    if (c->content == CONTENT_NONE)
        return (struct progress){DECODE_BAD, 0};
    if (c->stage == STAGE_CLOSED || c->stage == STAGE_BEHIND)
        return (struct progress){DECODE_MORE, 0};
    if (c->part && !out->ops->gap(out->ctx, len))
        return (struct progress){DECODE_REFUSED, 0};
    if (!inside) /* where the next element begins is not known */
        return (struct progress){DECODE_DONE, 0};
    c->left -= len;
    return (struct progress){DECODE_MORE, 0};
}

static enum decode_status cms_end(void *state, enum dir dir, struct span rest,
                                  struct sink *out)
{
    struct cms *c = state;
    struct progress p = cms_feed(state, dir, rest, out);
    struct span left = span_skip(rest, p.used);

    if (p.status != DECODE_MORE)
        return p.status;
    if (c->stage == STAGE_CONTENT && left.len > 0 && !c->part &&
        (!part_open(c, left, out) || !out->ops->put(out->ctx, left)))
        return DECODE_REFUSED;
    return content_end(c, PART_CUT, out) ? DECODE_DONE : DECODE_REFUSED;
}

const struct decoder decoder_smime = {
    .name = "smime",
    .state_size = sizeof(struct cms),
    .probe = cms_probe,
    .feed = cms_feed,
    .gap = cms_gap,
    .end = cms_end,
};
