// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * http2.c - the bodies of HTTP/2 in the clear.
 *
 * In:   both directions of a flow that begins with HTTP/2's preface: prior
 *       knowledge, or behind an upgrade to h2c.
 * Out:  a transfer and a part for each run of data of one stream.
 * Not:  reads no header block (HPACK): those are unread, so neither hosts,
 *       paths nor codings are known. Bodies that take turns frame by frame
 *       are parts in turn.
 * Spec: RFC 9113 3.4, 4.1, 6.1.
 *
 *     0        3      4       5           9
 *     +--------+------+-------+-----------+---------
 *     | length | type | flags | stream id | payload    big endian
 *     +--------+------+-------+-----------+---------
 */
#include "outflow/decoder.h"
#include "outflow/reader.h"

enum {
    TYPE_DATA = 0,
    TYPE_HEADERS = 1,
    TYPE_SETTINGS = 4,
    TYPE_PROMISE = 5,
    TYPE_CONTINUATION = 9,
    TYPE_LAST = 0x10, /* RFC 9218: PRIORITY_UPDATE */
    FLAG_END = 0x1,
    FLAG_PADDED = 0x8,
    FRAME_LARGEST = 1 << 20, /* servers ask for 16 KiB, some for more */
    SETTING = 6,             /* bytes of one */
};

static const struct span preface =
    SPAN_INIT("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

struct http2_side {
    uint32_t left;   /* of the frame's payload */
    uint32_t pad;    /* of those, padding at the end */
    uint32_t stream; /* whose part is open */
    uint8_t type;
    uint8_t flags;
    bool begun;  /* the preface is passed */
    bool padded; /* its length is to come */
    bool open;   /* a transfer is open */
    bool part;   /* and its part */
    bool adrift; /* where frames begin is not known: all is data */
};

struct http2 {
    struct http2_side side[2]; /* by enum dir */
};

/* A server's first frame: its settings. */
static enum match probe_settings(struct span head)
{
    struct reader r = reader_over(head);
    uint32_t len = reader_u24be(&r);
    uint8_t type = reader_u8(&r);
    uint8_t flags = reader_u8(&r);
    uint32_t stream = reader_u32be(&r);

    if (head.len > 0 && *head.ptr != 0)
        return MATCH_NO;
    if (!reader_ok(&r))
        return MATCH_MORE;
    return type == TYPE_SETTINGS && flags == 0 && stream == 0 &&
                   len % SETTING == 0 && len < 64 * SETTING
               ? MATCH_YES
               : MATCH_NO;
}

static enum match http2_probe(struct span head, const struct hint *hint)
{
    size_t len = head.len < preface.len ? head.len : preface.len;
    enum match match = MATCH_NO;

    if (span_eq(span_head(head, len), span_head(preface, len)))
        match = len == preface.len ? MATCH_YES : MATCH_MORE;
    else if (hint->dir == DIR_SERVER)
        match = probe_settings(head);
    return match == MATCH_MORE && hint->ended ? MATCH_NO : match;
}

static bool http2_open(void *state, const struct hint *hint)
{
    struct http2 *h = state;

    h->side[DIR_SERVER].begun = true;
    for (int dir = DIR_CLIENT; dir <= DIR_SERVER; dir++)
        if (hint->late[dir])
            h->side[dir].adrift = h->side[dir].begun = true;
    return true;
}

static bool stream_close(struct http2_side *s, enum part_end how,
                         struct sink *out)
{
    bool open = s->open, part = s->part;

    s->open = s->part = false;
    return (!part || out->ops->part_close(out->ctx, how)) &&
           (!open || out->ops->transfer_close(out->ctx));
}

static bool stream_open(struct http2_side *s, struct sink *out)
{
    const struct transfer_info transfer = {.channel = "http",
                                           .step = SPAN("HTTP/2")};

    if (s->open)
        return true;
    s->open = true;
    return out->ops->transfer_open(out->ctx, &transfer);
}

static bool data_put(struct http2_side *s, struct span bytes, struct sink *out)
{
    const struct part_info part = {.step = {NULL, 0}};

    if (bytes.len == 0)
        return true;
    if (!stream_open(s, out) ||
        (!s->part && !out->ops->part_open(out->ctx, &part)))
        return false;
    s->part = true;
    return out->ops->put(out->ctx, bytes);
}

/* A frame of a message, not of the connection? */
static bool of_message(const struct http2_side *s)
{
    return s->type == TYPE_DATA || s->type == TYPE_HEADERS ||
           s->type == TYPE_PROMISE || s->type == TYPE_CONTINUATION;
}

/* A frame's header; DECODE_BAD when it is none. */
static enum decode_status take_header(struct http2_side *s, struct reader *r,
                                      struct sink *out)
{
    s->left = reader_u24be(r);
    s->type = reader_u8(r);
    s->flags = reader_u8(r);
    uint32_t stream = reader_u32be(r) & 0x7fffffff;

    if (s->type > TYPE_LAST || s->left > FRAME_LARGEST)
        return DECODE_BAD;
    s->pad = 0;
    s->padded =
        s->type == TYPE_DATA && (s->flags & FLAG_PADDED) != 0 && s->left > 0;
    if (!of_message(s))
        return DECODE_MORE;
    bool turns = s->open && stream != s->stream;
    s->stream = stream;
    return !turns || stream_close(s, PART_CUT, out) ? DECODE_MORE
                                                    : DECODE_REFUSED;
}

/* A header block stays closed; what the connection says is no data. */
static bool pass_payload(struct http2_side *s, enum dir dir, size_t len,
                         struct sink *out)
{
    const struct note note = {.kind = NOTE_UNREAD,
                              .dir = dir,
                              .text = SPAN("http2-header"),
                              .number = len,
                              .why = WHY_UNSUPPORTED};

    return !of_message(s) || len == 0 ||
           (stream_open(s, out) && out->ops->note(out->ctx, &note));
}

/* What is there of the payload; false when the sink refuses. */
static bool take_payload(struct http2_side *s, enum dir dir, struct reader *r,
                         struct sink *out)
{
    if (s->padded) {
        s->pad = reader_u8(r);
        s->left--;
        s->padded = false;
        s->pad = s->pad < s->left ? s->pad : s->left;
    }
    struct span piece = reader_upto(r, s->left);
    struct span body = span_head(piece, s->left - s->pad);
    bool ends = s->type <= TYPE_HEADERS && (s->flags & FLAG_END) != 0;

    s->left -= (uint32_t)piece.len;
    if (s->type == TYPE_DATA)
        s->pad -= (uint32_t)(piece.len - body.len);
    bool fine = s->type == TYPE_DATA ? data_put(s, body, out)
                                     : pass_payload(s, dir, piece.len, out);
    if (s->left > 0 || !ends)
        return fine;
    return fine && stream_close(s, PART_WHOLE, out);
}

/* One frame's header, or what is there of its payload. */
static enum decode_status take_frame(struct http2_side *s, enum dir dir,
                                     struct reader *r, struct sink *out)
{
    enum { HEADER = 9 };
    struct reader ahead = *r;

    if (s->left > 0)
        return take_payload(s, dir, r, out) ? DECODE_DONE : DECODE_REFUSED;
    if (reader_left(r) < HEADER)
        return DECODE_MORE;
    enum decode_status status = take_header(s, &ahead, out);
    if (status != DECODE_MORE)
        return status;
    *r = ahead;
    bool fine = s->left > 0 || take_payload(s, dir, r, out);
    return fine ? DECODE_DONE : DECODE_REFUSED;
}

static struct progress http2_feed(void *state, enum dir dir, struct span bytes,
                                  struct sink *out)
{
    struct http2 *h = state;
    struct http2_side *s = &h->side[dir];
    struct reader r = reader_over(bytes);
    enum decode_status status = DECODE_DONE;

    if (s->adrift)
        status = data_put(s, reader_take(&r, bytes.len), out) ? DECODE_DONE
                                                              : DECODE_REFUSED;
    if (!s->begun && bytes.len >= preface.len) {
        status = span_starts(bytes, preface) ? DECODE_DONE : DECODE_BAD;
        reader_skip(&r, status == DECODE_BAD ? 0 : preface.len);
        s->begun = true;
    }
    if (!s->begun)
        return (struct progress){DECODE_MORE, 0};
    while (status == DECODE_DONE && reader_left(&r) > 0)
        status = take_frame(s, dir, &r, out);
    if (status == DECODE_DONE)
        status = DECODE_MORE;
    return (struct progress){status, bytes.len - reader_left(&r)};
}

static struct progress http2_gap(void *state, enum dir dir, uint64_t len,
                                 struct sink *out)
{
    struct http2 *h = state;
    struct http2_side *s = &h->side[dir];
    bool fine = true;

    if (s->part)
        fine = out->ops->gap(out->ctx, len);
    if (!s->begun || s->padded || len > s->left) {
        s->adrift = s->begun = true;
        s->left = 0;
    } else {
        s->left -= (uint32_t)len;
        s->pad = s->pad < s->left ? s->pad : s->left;
        if (s->left == 0 && s->type <= TYPE_HEADERS &&
            (s->flags & FLAG_END) != 0)
            fine = fine && stream_close(s, PART_CUT, out);
    }
    return (struct progress){fine ? DECODE_MORE : DECODE_REFUSED, 0};
}

static enum decode_status http2_end(void *state, enum dir dir, struct span rest,
                                    struct sink *out)
{
    struct http2 *h = state;
    struct http2_side *s = &h->side[dir];
    bool fine = data_put(s, rest, out) && stream_close(s, PART_CUT, out);

    return fine ? DECODE_DONE : DECODE_REFUSED;
}

const struct decoder decoder_http2 = {
    .name = "http2",
    .state_size = sizeof(struct http2),
    .protocol = true,
    .probe = http2_probe,
    .open = http2_open,
    .feed = http2_feed,
    .gap = http2_gap,
    .end = http2_end,
};
