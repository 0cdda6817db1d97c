// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * tls.c - recognise TLS and count what it hides.
 *
 * In:   both directions of a TCP flow, from its start or in the middle.
 * Out:  unread bytes (encrypted, kind tls); the server's name of the
 *       client's hello as the host.
 * Not:  decrypts nothing; certificates are not looked into. Bytes that are
 *       no records any more are left to others.
 * Spec: RFC 8446 (records 5.1, ClientHello 4.1.2), RFC 6066 3 (server name).
 *
 *     0      1         3        5
 *     +------+---------+--------+----------+
 *     | type | 3, 0..4 | length | fragment |   length: big endian, <= 2^14+2048
 *     +------+---------+--------+----------+
 */
#include "decode/proto/tls_hello.h"

#include "decode/proto/closed.h"
#include "outflow/limits.h"

struct tls {
    struct closed closed;
    uint32_t left[2]; /* of the record begun, by enum dir */
    bool adrift[2];   /* where records begin is not known */
    bool hello_seen;  /* or will never be */
    struct tls_name host;
};

static enum match tls_probe(struct span head, const struct hint *hint)
{
    struct reader r = reader_over(head);
    struct tls_record record;

    switch (tls_record_take(&r, &record)) {
    case TLS_NO:
        return MATCH_NO;
    case TLS_MORE:
        return hint->ended ? MATCH_NO : MATCH_MORE;
    case TLS_YES:
        break;
    }
    if (record.type == TLS_DATA)
        return MATCH_YES;
    if (record.type != TLS_HANDSHAKE)
        return MATCH_NO;
    if (reader_left(&r) == 0)
        return hint->ended ? MATCH_NO : MATCH_MORE;
    uint8_t message = reader_u8(&r);
    return message == TLS_CLIENT_HELLO || message == TLS_SERVER_HELLO
               ? MATCH_YES
               : MATCH_NO;
}

/*
 * Does TLS begin at the start of s? A hello is sure by itself, another
 * record when one more follows it.
 */
static enum tls_found begins_tls(struct span s)
{
    struct reader r = reader_over(s);
    struct tls_record record;
    enum tls_found found = tls_record_take(&r, &record);

    if (found != TLS_YES)
        return found;
    if (record.type == TLS_HANDSHAKE) {
        found = tls_hello_here(&record, r.rest);
        if (found != TLS_NO)
            return found;
    }
    if (reader_left(&r) < record.len)
        return TLS_MORE;
    reader_skip(&r, record.len);
    return tls_record_take(&r, &record);
}

static size_t tls_sync(struct span bytes, enum dir dir, size_t *keep)
{
    (void)dir;
    *keep = bytes.len;
    for (size_t at = 0; at < bytes.len; at++) {
        /* Every record has the 3 of its version in its second byte. */
        at += span_find(span_skip(bytes, at + 1), 3);
        if (at + 1 >= bytes.len)
            at = bytes.len - 1;
        enum tls_found found = begins_tls(span_skip(bytes, at));
        if (found == TLS_YES)
            return at;
        if (found == TLS_MORE) {
            *keep = at;
            break;
        }
    }
    return bytes.len;
}

static bool tls_open(void *state, const struct hint *hint)
{
    struct tls *t = state;

    t->adrift[DIR_CLIENT] = hint->late[DIR_CLIENT];
    t->adrift[DIR_SERVER] = hint->late[DIR_SERVER];
    t->hello_seen = hint->late[DIR_CLIENT];
    return true;
}

/* Pass over records; DECODE_RAW where none begins. */
static enum decode_status take_records(struct tls *t, enum dir dir,
                                       struct reader *r)
{
    struct tls_record record;

    while (reader_left(r) > 0) {
        if (t->adrift[dir]) {
            reader_skip(r, reader_left(r));
            break;
        }
        t->left[dir] -= (uint32_t)reader_upto(r, t->left[dir]).len;
        if (t->left[dir] > 0 || reader_left(r) == 0)
            break;
        switch (tls_record_take(r, &record)) {
        case TLS_NO:
            return DECODE_RAW;
        case TLS_MORE:
            return DECODE_MORE;
        case TLS_YES:
            t->left[dir] = record.len;
            break;
        }
    }
    return DECODE_MORE;
}

static bool count(struct tls *t, enum dir dir, size_t bytes, struct sink *out)
{
    const struct closed_channel channel = {"tls", tls_name_span(&t->host)};

    return closed_count(&t->closed, dir, &channel, bytes, out);
}

static struct progress tls_feed(void *state, enum dir dir, struct span bytes,
                                struct sink *out)
{
    struct tls *t = state;
    struct reader r = reader_over(bytes);

    if (dir == DIR_CLIENT && !t->hello_seen) {
        t->hello_seen = tls_hello_name(bytes, &t->host) != TLS_MORE;
        if (!t->hello_seen)
            return (struct progress){DECODE_MORE, 0};
    }
    enum decode_status status = take_records(t, dir, &r);
    size_t used = bytes.len - reader_left(&r);
    if (used > 0 && !count(t, dir, used, out))
        return (struct progress){DECODE_REFUSED, 0};
    return (struct progress){status, used};
}

static struct progress tls_gap(void *state, enum dir dir, uint64_t len,
                               struct sink *out)
{
    struct tls *t = state;

    (void)out;
    if (len > t->left[dir])
        t->adrift[dir] = true;
    else
        t->left[dir] -= (uint32_t)len;
    if (dir == DIR_CLIENT)
        t->hello_seen = true;
    return (struct progress){DECODE_MORE, 0};
}

static enum decode_status tls_end(void *state, enum dir dir, struct span rest,
                                  struct sink *out)
{
    struct tls *t = state;
    bool ok = rest.len == 0 || count(t, dir, rest.len, out);

    return ok && closed_end(&t->closed, dir, out) ? DECODE_DONE
                                                  : DECODE_REFUSED;
}

const struct decoder decoder_tls = {
    .name = "tls",
    .state_size = sizeof(struct tls),
    .protocol = true,
    .wraps = true,
    .probe = tls_probe,
    .sync = tls_sync,
    .open = tls_open,
    .feed = tls_feed,
    .gap = tls_gap,
    .end = tls_end,
};
