// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * exchange.c - frames between workers and judge: encode, send, decode.
 *
 * It must not allocate per frame on the judge's side nor trust a length.
 */
#include "exchange.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "outflow/reader.h"

enum {
    EXCHANGE_VERSION = 3,
    READ_STEP = 64 << 10,
    SEALED_HEAD = 8, /* of a frame's head, what stands before the seal */
    WAIT_MS = 100,   /* a full pipe is waited for, before it is said */
};

static void put_le(uint8_t *out, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        out[i] = (uint8_t)(value >> (8 * i));
}

/* Integers into a buf; failure is kept in b by leaving it short. */
static bool put_u(struct buf *b, uint64_t value, size_t bytes)
{
    uint8_t le[8];

    put_le(le, value, bytes);
    return buf_add(b, (struct span){le, bytes});
}

static bool put_text(struct buf *b, struct span text)
{
    if (text.len > UINT16_MAX)
        text = span_head(text, UINT16_MAX);
    return put_u(b, text.len, 2) && buf_add(b, text) && buf_add_byte(b, 0);
}

static bool put_name(struct buf *b, const struct name *n)
{
    return put_u(b, n->pseudonym, 8) && put_u(b, n->kind, 1);
}

static bool put_moment(struct buf *b, const struct moment *m)
{
    return put_u(b, (uint64_t)m->time_ns, 8) && put_u(b, m->number, 8) &&
           put_u(b, m->capture, 4);
}

bool exchange_add_record(struct buf *records, const struct record *r)
{
    size_t before = records->len;
    bool ok = put_name(records, &r->name) && put_u(records, r->weaker_count, 1);

    for (size_t i = 0; ok && i < r->weaker_count; i++)
        ok = put_name(records, &r->weaker[i]);
    ok = ok && put_text(records, span_of(r->mask)) &&
         put_u(records, r->fields, 4) && put_u(records, r->rows, 4) &&
         put_moment(records, &r->first) && put_moment(records, &r->last);
    if (!ok)
        records->len = before;
    return ok;
}

/* The pipe is full: wait, and let the worker show that it lives. */
static bool wait_for_room(const struct outlet *to)
{
    struct pollfd one = {to->fd, POLLOUT, 0};

    if (to->wait)
        to->wait(to->ctx);
    if (poll(&one, 1, WAIT_MS) < 0 && errno != EINTR)
        return false;
    return (one.revents & (POLLERR | POLLNVAL)) == 0;
}

/* Bytes written, 0 when it has to be tried again, -1 when that is no use. */
static ssize_t write_some(const struct outlet *to, const struct iovec *parts,
                          size_t count)
{
    ssize_t n = writev(to->fd, parts, (int)count);

    if (n >= 0)
        return n;
    if (errno == EAGAIN)
        return wait_for_room(to) ? 0 : -1;
    return errno == EINTR ? 0 : -1;
}

static struct iovec iovec_of(struct span bytes)
{
    return (struct iovec){(void *)(uintptr_t)bytes.ptr, bytes.len};
}

static bool write_all(const struct outlet *to, const struct span *parts,
                      size_t count)
{
    struct iovec left[2];
    size_t at = 0;

    for (size_t i = 0; i < count; i++)
        left[i] = iovec_of(parts[i]);
    while (at < count) {
        ssize_t n = write_some(to, left + at, count - at);
        if (n < 0)
            return false;
        for (; at < count && (size_t)n >= left[at].iov_len; at++)
            n -= (ssize_t)left[at].iov_len;
        if (at < count && n > 0) {
            left[at].iov_base = (uint8_t *)left[at].iov_base + n;
            left[at].iov_len -= (size_t)n;
        }
    }
    return true;
}

/* What only the run's own frames have: type, length and payload, keyed. */
static uint64_t seal_of(const struct hash_key *key, const uint8_t *head,
                        struct span payload)
{
    uint64_t first = hash_bytes(key, (struct span){head, SEALED_HEAD});

    return hash_mix(key, first, hash_bytes(key, payload));
}

bool exchange_send(const struct outlet *to, enum frame_type type,
                   struct span payload)
{
    uint8_t head[FRAME_HEAD] = {'o', 'f', EXCHANGE_VERSION, (uint8_t)type};
    const struct span parts[] = {{head, sizeof(head)}, payload};

    if (payload.len > FRAME_LARGEST)
        return false;
    put_le(head + 4, payload.len, 4);
    put_le(head + SEALED_HEAD, seal_of(&to->seal, head, payload), 8);
    return write_all(to, parts, COUNT(parts));
}

bool exchange_send_progress(const struct outlet *to, uint64_t done,
                            uint64_t all)
{
    uint64_t both[2] = {done, all};

    return exchange_send(to, FRAME_PROGRESS,
                         (struct span){(const uint8_t *)both, sizeof(both)});
}

bool exchange_send_number(const struct outlet *to, enum frame_type type,
                          uint64_t number)
{
    uint8_t le[8];

    put_le(le, number, sizeof(le));
    return exchange_send(to, type, (struct span){le, sizeof(le)});
}

bool exchange_send_tap(const struct outlet *to, const struct tap *tap)
{
    return exchange_send(to, FRAME_TAP,
                         (struct span){(const uint8_t *)tap, sizeof(*tap)});
}

static bool put_flow(struct buf *b, const struct exposure *e)
{
    bool ok = put_u(b, e->flow, 8) && put_u(b, (uint64_t)e->flow_ns, 8) &&
              put_u(b, e->transfer, 4) && put_u(b, e->batch, 4) &&
              put_u(b, e->last, 1) && put_u(b, (uint64_t)e->begun_ns, 8) &&
              put_u(b, (uint64_t)e->time_ns, 8);

    for (size_t i = 0; ok && i < 2; i++)
        ok = buf_add(b, (struct span){e->addr[i].b, 16}) &&
             put_u(b, e->port[i], 2) && buf_add(b, (struct span){e->mac[i], 6});
    return ok && put_u(b, e->proto, 1) && put_u(b, e->sender, 1);
}

static bool put_words(struct buf *b, const struct exposure *e)
{
    unsigned flags =
        (e->proxied ? 1u : 0) | (e->refused ? 2u : 0) | (e->separate ? 4u : 0);
    bool ok = put_text(b, span_of(e->channel)) &&
              put_text(b, span_of(e->user)) && put_text(b, span_of(e->host)) &&
              put_u(b, flags, 1) && put_text(b, span_of(e->mail_from)) &&
              put_u(b, e->mail_to_count, 2) && put_u(b, e->mail_to_more, 8);

    for (size_t i = 0; ok && i < e->mail_to_count; i++)
        ok = put_text(b, span_of(e->mail_to[i]));
    return ok && put_text(b, span_of(e->trail)) &&
           put_text(b, span_of(e->file));
}

static bool put_sums(struct buf *b, const struct exposure *e)
{
    bool ok = put_u(b, e->capture, 4) && put_u(b, e->first_packet, 8) &&
              put_u(b, e->last_packet, 8) && put_u(b, e->stream_missing, 8) &&
              put_u(b, e->part_read, 8) && put_u(b, e->part_missing, 8) &&
              put_u(b, e->bytes, 8) && put_u(b, e->anomalies, 4) &&
              put_u(b, e->unread_count, 1);

    for (size_t i = 0; ok && i < e->unread_count; i++)
        ok = put_text(b, span_of(e->unread[i].kind)) &&
             put_u(b, e->unread[i].why, 1) &&
             put_u(b, e->unread[i].object, 1) &&
             put_u(b, e->unread[i].bytes, 8);
    return ok;
}

bool exchange_send_exposure(const struct outlet *to, const struct exposure *e,
                            struct span records, size_t count)
{
    struct buf all;

    buf_init(&all, FRAME_LARGEST);
    bool ok = put_flow(&all, e) && put_words(&all, e) && put_sums(&all, e) &&
              put_u(&all, count, 2) && buf_add(&all, records) &&
              exchange_send(to, FRAME_EXPOSURE, buf_span(&all));
    buf_clear(&all);
    return ok;
}

void exchange_init(struct exchange *x, const struct hash_key *seal)
{
    *x = (struct exchange){.seal = *seal};
    buf_init(&x->bytes, 2 * (FRAME_LARGEST + FRAME_HEAD));
}

void exchange_clear(struct exchange *x)
{
    buf_clear(&x->bytes);
}

bool exchange_fill(struct exchange *x, int fd)
{
    uint8_t step[READ_STEP];

    buf_drop(&x->bytes, x->used);
    x->used = 0;
    ssize_t n = read(fd, step, sizeof(step));
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return true;
    if (n <= 0)
        return false;
    if (!buf_add(&x->bytes, (struct span){step, (size_t)n}))
        x->broken = true;
    return !x->broken;
}

enum look { LOOK_FRAME, LOOK_SHORT, LOOK_NONE };

/* Is there a frame at the front of these bytes? */
static enum look look_at(const struct exchange *x, struct span bytes,
                         struct frame *out)
{
    struct reader r = reader_over(bytes);
    struct span magic = reader_take(&r, 2);
    uint8_t version = reader_u8(&r), type = reader_u8(&r);
    uint32_t len = reader_u32le(&r);
    uint64_t seal = reader_u64le(&r);

    if (!reader_ok(&r))
        return LOOK_SHORT;
    if (!span_eq(magic, SPAN("of")) || version != EXCHANGE_VERSION ||
        len > FRAME_LARGEST || type < FRAME_EXPOSURE || type > FRAME_TAP)
        return LOOK_NONE;
    struct span payload = reader_take(&r, len);
    if (!reader_ok(&r))
        return LOOK_SHORT;
    if (seal != seal_of(&x->seal, bytes.ptr, payload))
        return LOOK_NONE;
    *out = (struct frame){(enum frame_type)type, payload};
    return LOOK_FRAME;
}

/* Pass bytes over that are no frame. */
static void pass(struct exchange *x, size_t len)
{
    x->used += len;
    x->passed += len;
}

/*
 * Half a frame: it is never going to be whole when a worker begins to speak
 * behind it. True: its FRAME_HELLO is at the front now.
 */
static bool seek_hello(struct exchange *x)
{
    static const uint8_t mark[] = {'o', 'f', EXCHANGE_VERSION, FRAME_HELLO};
    const struct span bytes = span_skip(buf_span(&x->bytes), x->used);
    const struct span hello = {mark, sizeof(mark)};
    struct frame f;

    for (size_t at = 1; at < bytes.len; at++) {
        at += span_find_run(span_skip(bytes, at), hello);
        if (at < bytes.len &&
            look_at(x, span_skip(bytes, at), &f) == LOOK_FRAME) {
            pass(x, at);
            return true;
        }
    }
    return false;
}

bool exchange_next(struct exchange *x, struct frame *out)
{
    for (;;) {
        struct span bytes = span_skip(buf_span(&x->bytes), x->used);
        enum look look = x->broken ? LOOK_SHORT : look_at(x, bytes, out);
        if (look == LOOK_FRAME) {
            x->used += FRAME_HEAD + out->payload.len;
            return true;
        }
        if (!x->lasting) {
            x->broken = x->broken || look == LOOK_NONE;
            return false;
        }
        if (look == LOOK_NONE)
            pass(x, 1 + span_find(span_skip(bytes, 1), 'o'));
        else if (!seek_hello(x))
            return false;
    }
}

/* A text with its NUL in place; "" on a malformed one, r then fails. */
static const char *take_text(struct reader *r)
{
    uint16_t len = reader_u16le(r);
    struct span text = reader_take(r, (size_t)len + 1);

    if (!reader_ok(r) || text.ptr[len] != 0)
        r->failed = true;
    return r->failed ? "" : (const char *)text.ptr;
}

static void take_bytes(struct reader *r, uint8_t *out, size_t len)
{
    struct span bytes = reader_take(r, len);

    if (bytes.len == len)
        memcpy(out, bytes.ptr, len);
}

static struct name take_name(struct reader *r)
{
    struct name n = {.pseudonym = reader_u64le(r)};

    n.kind = reader_u8(r);
    if (n.kind >= NAME_KINDS)
        r->failed = true;
    return n;
}

static struct moment take_moment(struct reader *r)
{
    struct moment m = {.time_ns = (int64_t)reader_u64le(r)};

    m.number = reader_u64le(r);
    m.capture = reader_u32le(r);
    return m;
}

static void take_record(struct reader *r, struct record *out)
{
    *out = (struct record){.name = take_name(r)};
    out->weaker_count = reader_u8(r);
    if (out->weaker_count > RECORD_WEAKER)
        r->failed = true;
    for (size_t i = 0; reader_ok(r) && i < out->weaker_count; i++)
        out->weaker[i] = take_name(r);

    struct span mask = span_of(take_text(r));
    if (mask.len < RECORD_MASK)
        memcpy(out->mask, mask.ptr, mask.len);
    out->fields = reader_u32le(r);
    out->rows = reader_u32le(r);
    out->first = take_moment(r);
    out->last = take_moment(r);
}

static void take_flow(struct reader *r, struct exposure *e)
{
    e->flow = reader_u64le(r);
    e->flow_ns = (int64_t)reader_u64le(r);
    e->transfer = reader_u32le(r);
    e->batch = reader_u32le(r);
    e->last = reader_u8(r) != 0;
    e->begun_ns = (int64_t)reader_u64le(r);
    e->time_ns = (int64_t)reader_u64le(r);
    for (size_t i = 0; i < 2; i++) {
        take_bytes(r, e->addr[i].b, 16);
        e->port[i] = reader_u16le(r);
        take_bytes(r, e->mac[i], 6);
    }
    e->proto = reader_u8(r);
    e->sender = reader_u8(r) == DIR_SERVER ? DIR_SERVER : DIR_CLIENT;
}

static void take_words(struct reader *r, struct exposure *e,
                       struct exposure_room *room)
{
    e->channel = take_text(r);
    e->user = take_text(r);
    e->host = take_text(r);
    unsigned flags = reader_u8(r);
    e->proxied = flags & 1;
    e->refused = flags & 2;
    e->separate = flags & 4;
    e->mail_from = take_text(r);
    e->mail_to_count = reader_u16le(r);
    e->mail_to_more = reader_u64le(r);
    e->mail_to = room->mail_to;
    if (e->mail_to_count > LIMIT_RECIPIENTS)
        r->failed = true;
    for (size_t i = 0; reader_ok(r) && i < e->mail_to_count; i++)
        room->mail_to[i] = take_text(r);
    e->trail = take_text(r);
    e->file = take_text(r);
}

static void take_sums(struct reader *r, struct exposure *e,
                      struct exposure_room *room)
{
    e->capture = reader_u32le(r);
    e->first_packet = reader_u64le(r);
    e->last_packet = reader_u64le(r);
    e->stream_missing = reader_u64le(r);
    e->part_read = reader_u64le(r);
    e->part_missing = reader_u64le(r);
    e->bytes = reader_u64le(r);
    e->anomalies = reader_u32le(r);
    e->unread_count = reader_u8(r);
    e->unread = room->unread;
    if (e->unread_count > LIMIT_BATCH_UNREAD)
        r->failed = true;
    for (size_t i = 0; reader_ok(r) && i < e->unread_count; i++) {
        struct exposed_unread *u = &room->unread[i];
        *u = (struct exposed_unread){0};
        struct span kind =
            span_head(span_of(take_text(r)), sizeof(u->kind) - 1);
        memcpy(u->kind, kind.ptr, kind.len);
        unsigned why = reader_u8(r);
        u->why = why < WHY_REASONS ? (enum why)why : WHY_NONE;
        u->object = reader_u8(r) != 0;
        u->bytes = reader_u64le(r);
    }
}

bool exchange_decode_exposure(struct span payload, struct exposure *out,
                              struct exposure_room *room)
{
    struct reader r = reader_over(payload);

    *out = (struct exposure){.records = room->records};
    take_flow(&r, out);
    take_words(&r, out, room);
    take_sums(&r, out, room);
    out->record_count = reader_u16le(&r);
    if (out->record_count > LIMIT_BATCH_RECORDS)
        return false;
    for (size_t i = 0; reader_ok(&r) && i < out->record_count; i++)
        take_record(&r, &room->records[i]);
    return reader_ok(&r) && reader_left(&r) == 0;
}

bool exchange_decode_progress(struct span payload, uint64_t *done,
                              uint64_t *all)
{
    struct reader r = reader_over(payload);

    *done = reader_u64le(&r);
    *all = reader_u64le(&r);
    return reader_ok(&r) && reader_left(&r) == 0;
}

bool exchange_decode_number(struct span payload, uint64_t *number)
{
    struct reader r = reader_over(payload);

    *number = reader_u64le(&r);
    return reader_ok(&r) && reader_left(&r) == 0;
}

bool exchange_decode_tap(struct span payload, struct tap *out)
{
    if (payload.len != sizeof(*out))
        return false;
    memcpy(out, payload.ptr, sizeof(*out));
    return out->state <= LIVE_LOST;
}

/* Are the names of a tally that came over the pipe texts? */
static bool tally_sound(const struct tally *t)
{
    if (t->rows > TALLY_NAMES)
        return false;
    for (size_t i = 0; i < t->rows; i++) {
        if (!memchr(t->row[i].name, 0, TALLY_NAME))
            return false;
    }
    return true;
}

bool exchange_decode_counters(struct span payload, struct counters *out)
{
    if (payload.len != sizeof(*out))
        return false;
    memcpy(out, payload.ptr, sizeof(*out));
    return tally_sound(&out->transfers) && tally_sound(&out->documents);
}
