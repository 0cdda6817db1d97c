// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * websocket.c - decode the frames of a WebSocket down to its messages.
 *
 * In:   one direction of a flow behind its handshake.
 * Out:  the messages as text, unmasked and inflated, in one part as long as
 *       they are of one kind (text or binary).
 * Not:  knows no protocol above it; a hole in a compressed message loses
 *       what is compressed against it.
 * Spec: RFC 6455 5, RFC 7692 7 (permessage-deflate).
 *
 *      0                 1                 2
 *     +-+---+------+-+--------+----------+------+---------
 *     |F|RSV|opcode|M| length | (length) | (mask) | payload
 *     +-+---+------+-+--------+----------+------+---------
 *
 * Files travel in many messages of one size, rows in a message each: a
 * message ends its row unless it looks like a piece of a file. Behind a hole
 * frames are searched by their headers, one behind the other.
 */
#include "decode/proto/websocket.h"

#include <string.h>

#include "outflow/limits.h"
#include "outflow/reader.h"

enum websocket_kind { KIND_NONE = 0, KIND_TEXT, KIND_BINARY };

enum {
    OP_CONTINUE = 0,
    OP_TEXT = 1,
    OP_BINARY = 2,
    OP_CLOSE = 8,
    OP_LAST = 10,
    FIN = 0x80,
    PACKED = 0x40,
    RESERVED = 0x30,
    MASKED = 0x80,
    CONTROL_MAX = 125,   /* RFC 6455 5.5 */
    CONTROL_MIN = 9,     /* a shorter one holds no row */
    ROOM = 8 << 10,      /* bytes unmasked or inflated at a time */
    PIECE_MIN = 512,     /* a message that may be a piece of a file */
    TEXT_SURE = 16,      /* letters that prove a guessed frame */
    CHAIN = 3,           /* or so many headers behind one another */
    SEARCHED = 32 << 10, /* bytes held to find them */
};

struct frame {
    uint64_t len;
    uint8_t op;
    uint8_t mask[4];
    bool final;
    bool packed;
};

enum found { NO = 0, MORE, YES };

/* --- headers --- */

/* Is the first byte one of a frame? */
static bool first_fits(uint8_t first)
{
    uint8_t op = first & 0x0f;
    bool control = op >= OP_CLOSE && op <= OP_LAST;

    if ((first & RESERVED) != 0)
        return false;
    if (control)
        return (first & (FIN | PACKED)) == FIN;
    return op == OP_TEXT || op == OP_BINARY ||
           (op == OP_CONTINUE && (first & PACKED) == 0);
}

/* The length, in as few bytes as it can be (RFC 6455 5.2). */
static bool take_length(struct reader *r, uint8_t second, uint64_t *len)
{
    *len = second & 0x7f;
    if (*len < 126)
        return true;
    bool wide = *len == 127;
    *len = reader_be(r, wide ? 8 : 2);
    return wide ? *len > UINT16_MAX && *len <= INT64_MAX : *len >= 126;
}

/* The header of a frame off *r, which stays unless the answer is YES. */
static enum found take_frame(struct reader *r, enum dir dir, struct frame *f)
{
    struct reader ahead = *r;
    uint8_t first = reader_u8(&ahead);
    uint8_t second = reader_u8(&ahead);
    bool masked = (second & MASKED) != 0;

    if (reader_left(r) > 0 && !first_fits(first))
        return NO;
    if (reader_left(r) > 1 && masked != (dir == DIR_CLIENT))
        return NO;
    bool fits = take_length(&ahead, second, &f->len);
    struct span mask = reader_take(&ahead, masked ? 4 : 0);
    if (!reader_ok(&ahead))
        return MORE;
    f->op = first & 0x0f;
    if (!fits || (f->op >= OP_CLOSE && f->len > CONTROL_MAX))
        return NO;
    memset(f->mask, 0, sizeof(f->mask));
    if (mask.len > 0)
        memcpy(f->mask, mask.ptr, mask.len);
    f->final = (first & FIN) != 0;
    f->packed = (first & PACKED) != 0;
    *r = ahead;
    return YES;
}

/* --- messages --- */

static bool put(struct websocket *w, const struct websocket_host *h,
                struct span bytes)
{
    if (bytes.len == 0)
        return true;
    w->size += bytes.len;
    w->last = bytes.ptr[bytes.len - 1];
    return h->out->ops->put(h->out->ctx, bytes);
}

/* Bytes of this direction that nobody can read. */
static bool tell_closed(const struct websocket_host *h, uint64_t len,
                        enum why why)
{
    const struct note note = {.kind = NOTE_UNREAD,
                              .dir = h->dir,
                              .text = SPAN("websocket"),
                              .number = len,
                              .why = why};

    return len == 0 || h->out->ops->note(h->out->ctx, &note);
}

/*
 * Does a row go on over the end of the last message? Files are sent in
 * pieces of one round size, and binary messages are files.
 */
static bool row_goes_on(const struct websocket *w)
{
    bool round = w->before % 256 == 0 || w->before % 1000 == 0;

    if (w->last == '\n' || w->before == 0)
        return true;
    return w->before >= PIECE_MIN && (w->kind == KIND_BINARY || round);
}

/* A message of that kind begins. */
static bool message_begin(struct websocket *w, const struct websocket_host *h,
                          uint8_t kind)
{
    static const struct part_info infos[] = {
        [KIND_TEXT] = {.step = SPAN_INIT("text"),
                       .media = SPAN_INIT("text/plain")},
        [KIND_BINARY] = {.step = SPAN_INIT("binary")},
    };
    bool same = w->kind == kind;

    w->size = 0;
    w->inside = true;
    if (same)
        return row_goes_on(w) || h->out->ops->put(h->out->ctx, SPAN("\n"));
    w->kind = kind;
    w->last = '\n';
    return h->close(h->ctx) && h->open(h->ctx, &infos[kind]);
}

/* --- permessage-deflate --- */

static void drop_unpack(struct websocket *w)
{
    unpack_free(w->unpack);
    w->unpack = NULL;
}

static bool unpack_begin(struct websocket *w, const struct websocket_host *h)
{
    if (w->unpack != NULL)
        return true;
    w->unpack = unpack_new(UNPACK_DEFLATE, LIMIT_CODING);
    if (w->unpack != NULL && h->memory != NULL)
        unpack_share(w->unpack, h->memory);
    return w->unpack != NULL;
}

/* Does it expand beyond all measure? */
static bool expands(const struct websocket *w)
{
    return w->made > LIMIT_EXPAND_FREE &&
           (w->made - LIMIT_EXPAND_FREE) / LIMIT_EXPAND > w->coded;
}

/* Inflate and put; *fine false: these bytes cannot be inflated. */
static bool inflate_put(struct websocket *w, const struct websocket_host *h,
                        struct span bytes, bool *fine)
{
    uint8_t room[ROOM];
    struct unpack_step step = {.made = sizeof(room)};

    *fine = unpack_begin(w, h);
    while (*fine && (bytes.len > 0 || step.made == sizeof(room))) {
        step = unpack_run(w->unpack, bytes, room, sizeof(room));
        bytes = span_skip(bytes, step.used);
        w->made += step.made;
        if (!put(w, h, (struct span){room, step.made}))
            return false;
        *fine = step.status == UNPACK_MORE && !expands(w);
    }
    w->done = step.status == UNPACK_DONE;
    *fine = *fine || w->done;
    return true;
}

/* Bytes of a compressed message; own: they came from the wire. */
static bool put_packed(struct websocket *w, const struct websocket_host *h,
                       struct span bytes, bool own)
{
    bool fine = true;

    if (!w->lost && !w->done && !inflate_put(w, h, bytes, &fine))
        return false;
    if (w->done) /* RFC 7692 7.2.3.5: a zero byte may follow */
        drop_unpack(w);
    if (!w->lost && fine)
        return true;
    drop_unpack(w);
    w->lost = true;
    return !own ||
           tell_closed(h, bytes.len, expands(w) ? WHY_LIMIT : WHY_DAMAGED);
}

static bool message_end(struct websocket *w, const struct websocket_host *h)
{
    bool fine = true;

    if (w->packed && !w->lost &&
        !w->done) /* what the sender took off its end */
        fine = put_packed(w, h, SPAN("\x00\x00\xff\xff"), false);
    if (w->fresh) {
        drop_unpack(w);
        w->lost = false;
    }
    w->done = false;
    w->before = w->size;
    w->inside = false;
    return fine;
}

/* --- frames --- */

/* Undo the mask over bytes, at most ROOM of them, into room. */
static struct span unmask(struct websocket *w, struct span bytes, uint8_t *room)
{
    bytes = span_head(bytes, ROOM);
    for (size_t i = 0; i < bytes.len; i++)
        room[i] = bytes.ptr[i] ^ w->mask[(w->turn + i) & 3];
    w->turn = (uint8_t)((w->turn + bytes.len) & 3);
    return (struct span){room, bytes.len};
}

/* Payload bytes of a data frame. */
static bool take_payload(struct websocket *w, const struct websocket_host *h,
                         struct span bytes)
{
    uint8_t room[ROOM];

    while (bytes.len > 0) {
        struct span plain = bytes;
        if (h->dir == DIR_CLIENT)
            plain = unmask(w, bytes, room);
        bytes = span_skip(bytes, plain.len);
        if (w->packed)
            w->coded += plain.len;
        if (w->packed ? !put_packed(w, h, plain, true) : !put(w, h, plain))
            return false;
    }
    return true;
}

/* The payload of a control frame: a line when it is long enough for one. */
static bool take_control(struct websocket *w, const struct websocket_host *h,
                         struct span bytes)
{
    uint8_t room[ROOM];

    if (bytes.len < CONTROL_MIN)
        return true;
    if (w->inside)
        return tell_closed(h, bytes.len, WHY_UNSUPPORTED);
    w->turn = 0;
    bytes = h->dir == DIR_CLIENT ? unmask(w, bytes, room) : bytes;
    w->before = 1; /* its own line, whatever was in front of it */
    bool fine = message_begin(w, h, KIND_TEXT) && put(w, h, bytes);
    w->inside = false;
    w->before = 1;
    return fine;
}

/* A data frame begins. */
static bool frame_begin(struct websocket *w, const struct websocket_host *h,
                        const struct frame *f)
{
    uint8_t kind = f->op == OP_BINARY ? KIND_BINARY : KIND_TEXT;

    w->started = true;
    w->left = f->len;
    w->final = f->final;
    w->turn = 0;
    if (f->op == OP_CONTINUE)
        kind = w->kind != KIND_NONE ? w->kind : KIND_TEXT;
    else
        w->packed = f->packed;
    if (w->inside && f->op == OP_CONTINUE)
        return true;
    return message_begin(w, h, kind);
}

static bool frame_end(struct websocket *w, const struct websocket_host *h)
{
    return !w->final || message_end(w, h);
}

/* --- finding frames again --- */

/* Does a data frame that is not compressed begin with letters? */
static bool reads_well(const struct frame *f, struct span payload)
{
    if (f->op >= OP_CLOSE || f->packed || f->len < TEXT_SURE)
        return false;
    for (size_t i = 0; i < TEXT_SURE; i++) {
        uint8_t byte = payload.ptr[i] ^ f->mask[i & 3];
        bool blank = byte == '\t' || byte == '\r' || byte == '\n';
        if ((byte < ' ' && !blank) || byte > '~')
            return false;
    }
    return true;
}

/* Do frames begin at the start of bytes? */
static enum found frames_here(struct span bytes, enum dir dir)
{
    struct reader r = reader_over(bytes);
    struct frame f;

    for (int count = 0; count < CHAIN; count++) {
        enum found found = take_frame(&r, dir, &f);
        if (found != YES)
            return found;
        if (reader_left(&r) < TEXT_SURE && reader_left(&r) < f.len)
            return MORE;
        if (reads_well(&f, r.rest))
            return YES;
        if (f.len > SEARCHED || bytes.len - reader_left(&r) + f.len > SEARCHED)
            return NO;
        if (reader_left(&r) < f.len)
            return MORE;
        reader_skip(&r, (size_t)f.len);
    }
    return YES;
}

/*
 * Bytes between frames that were lost: a client's are masked and nobody's,
 * a server's are scanned as they are.
 */
static bool take_lost(struct websocket *w, const struct websocket_host *h,
                      struct span bytes)
{
    if (bytes.len == 0)
        return true;
    if (h->dir == DIR_CLIENT || w->packed || w->kind == KIND_NONE)
        return tell_closed(h, bytes.len, WHY_DAMAGED);
    return put(w, h, bytes);
}

static bool find_frames(struct websocket *w, const struct websocket_host *h,
                        struct span *rest)
{
    size_t at = 0;
    enum found found = NO;

    while (at < rest->len && found == NO) {
        found = frames_here(span_skip(*rest, at), h->dir);
        at += found == NO;
    }
    w->adrift = found != YES;
    bool fine = take_lost(w, h, span_head(*rest, at));
    *rest = span_skip(*rest, at);
    return fine;
}

/* --- the bytes --- */

/* A header, and the whole of a control frame. */
static enum websocket_turn take_header(struct websocket *w,
                                       const struct websocket_host *h,
                                       struct span *rest, bool *more)
{
    struct reader r = reader_over(*rest);
    struct frame f;
    enum found found = take_frame(&r, h->dir, &f);

    *more = found == MORE;
    if (*more)
        return WEBSOCKET_GO;
    if (found == NO)
        return w->started ? WEBSOCKET_BROKEN : WEBSOCKET_NONE;
    if (f.op < OP_CLOSE) {
        *rest = r.rest;
        memcpy(w->mask, f.mask, sizeof(w->mask));
        bool fine = frame_begin(w, h, &f) && (f.len > 0 || frame_end(w, h));
        return fine ? WEBSOCKET_GO : WEBSOCKET_REFUSED;
    }
    *more = reader_left(&r) < f.len;
    if (*more)
        return WEBSOCKET_GO;
    w->started = true;
    struct span payload = reader_take(&r, (size_t)f.len);
    *rest = r.rest;
    memcpy(w->mask, f.mask, sizeof(w->mask));
    return take_control(w, h, payload) ? WEBSOCKET_GO : WEBSOCKET_REFUSED;
}

/* What is there of the frame's payload. */
static bool take_frame_bytes(struct websocket *w,
                             const struct websocket_host *h, struct span *rest)
{
    size_t most = w->left < SIZE_MAX ? (size_t)w->left : SIZE_MAX;
    struct span piece = span_head(*rest, most);

    *rest = span_skip(*rest, piece.len);
    w->left -= piece.len;
    return take_payload(w, h, piece) && (w->left > 0 || frame_end(w, h));
}

enum websocket_turn websocket_feed(struct websocket *w,
                                   const struct websocket_host *h,
                                   struct span *rest)
{
    enum websocket_turn turn = WEBSOCKET_GO;
    bool more = false;

    while (rest->len > 0 && !more && turn == WEBSOCKET_GO) {
        bool fine = true;
        if (w->adrift) {
            fine = find_frames(w, h, rest);
            more = w->adrift;
        } else if (w->left > 0) {
            fine = take_frame_bytes(w, h, rest);
        } else {
            turn = take_header(w, h, rest, &more);
        }
        if (!fine)
            turn = WEBSOCKET_REFUSED;
    }
    return turn;
}

bool websocket_gap(struct websocket *w, const struct websocket_host *h,
                   uint64_t len)
{
    bool fine = true;

    if (w->kind != KIND_NONE && !w->inside && !row_goes_on(w))
        fine = put(w, h, SPAN("\n")); /* its last row is whole */
    if (w->kind != KIND_NONE)
        fine = fine && h->out->ops->gap(h->out->ctx, len);
    w->last = 0; /* the next message begins a row, whatever was lost */

    w->lost = w->lost || w->packed || w->unpack != NULL;
    if (w->lost)
        drop_unpack(w);
    if (!w->adrift && len <= w->left) {
        w->left -= len;
        w->turn = (uint8_t)((w->turn + len) & 3);
        return fine && (w->left > 0 || frame_end(w, h));
    }
    w->adrift = true;
    w->left = 0;
    w->inside = false;
    if (w->fresh)
        w->lost = false;
    return fine;
}

bool websocket_end(struct websocket *w, const struct websocket_host *h,
                   struct span rest)
{
    struct span left = rest;

    if (websocket_feed(w, h, &left) == WEBSOCKET_REFUSED)
        return false;
    return take_lost(w, h, left) && h->close(h->ctx);
}

void websocket_clear(struct websocket *w)
{
    drop_unpack(w);
}
