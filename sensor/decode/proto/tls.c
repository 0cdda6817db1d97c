// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * tls.c - recognise TLS and count what it hides.
 *
 * In:   both directions of a TCP flow, from its start or in the middle.
 * Out:  unread bytes (encrypted, kind tls); the server's name of the
 *       client's hello as the host.
 * Not:  decrypts nothing; certificates are not looked into.
 * Spec: RFC 8446 (records 5.1, ClientHello 4.1.2), RFC 6066 3 (server name).
 *
 *     0      1         3        5
 *     +------+---------+--------+----------+
 *     | type | 3, 1..4 | length | fragment |   length: big endian, <= 2^14+256
 *     +------+---------+--------+----------+
 */
#include "decode/proto/closed.h"

#include <string.h>

#include "outflow/limits.h"
#include "outflow/reader.h"

enum {
    RECORD_HANDSHAKE = 22,
    RECORD_DATA = 23,
    RECORD_HEAD = 5,
    RECORD_LARGEST = (1 << 14) + 256,
    HELLO_CLIENT = 1,
    EXTENSION_NAME = 0,
};

struct tls {
    struct closed closed;
    bool hello_seen; /* or will never be */
    uint8_t host_len;
    uint8_t host[255];
};

static enum match tls_probe(struct span head, const struct hint *hint)
{
    struct reader r = reader_over(head);
    uint8_t type = reader_u8(&r), major = reader_u8(&r);
    uint8_t minor = reader_u8(&r);
    uint16_t len = reader_u16be(&r);

    if (head.len > 0 && (type < 20 || type > RECORD_DATA))
        return MATCH_NO;
    if ((head.len > 1 && major != 3) || (head.len > 2 && minor > 4))
        return MATCH_NO;
    if (!reader_ok(&r))
        return hint->ended ? MATCH_NO : MATCH_MORE;
    if (len == 0 || len > RECORD_LARGEST)
        return MATCH_NO;
    uint8_t message = reader_u8(&r);
    if (type != RECORD_HANDSHAKE)
        return type == RECORD_DATA ? MATCH_YES : MATCH_NO;
    if (!reader_ok(&r))
        return hint->ended ? MATCH_NO : MATCH_MORE;
    return message == 1 || message == 2 ? MATCH_YES : MATCH_NO;
}

static void keep_name(struct tls *t, struct span list)
{
    struct reader r = reader_over(list);

    (void)reader_u16be(&r); /* length of the list */
    uint8_t type = reader_u8(&r);
    struct span name = reader_take(&r, reader_u16be(&r));
    if (!reader_ok(&r) || type != 0 || name.len > sizeof(t->host))
        return;
    memcpy(t->host, name.ptr, name.len);
    t->host_len = (uint8_t)name.len;
}

/* Walk a ClientHello to its server name, as far as the record goes. */
static void read_hello(struct tls *t, struct span record)
{
    struct reader r = reader_over(record);

    if (reader_u8(&r) != HELLO_CLIENT)
        return;
    reader_skip(&r, 3 + 2 + 32); /* length, version, random */
    reader_skip(&r, reader_u8(&r));
    reader_skip(&r, reader_u16be(&r));
    reader_skip(&r, reader_u8(&r));
    (void)reader_u16be(&r); /* length of the extensions */
    while (reader_ok(&r) && reader_left(&r) > 0) {
        uint16_t type = reader_u16be(&r);
        struct span body = reader_take(&r, reader_u16be(&r));
        if (reader_ok(&r) && type == EXTENSION_NAME) {
            keep_name(t, body);
            return;
        }
    }
}

/* The client's first record, once it is whole; false: not yet. */
static bool take_hello(struct tls *t, struct span bytes)
{
    struct reader r = reader_over(bytes);
    uint8_t type = reader_u8(&r);

    reader_skip(&r, 2);
    uint16_t len = reader_u16be(&r);
    if (type != RECORD_HANDSHAKE && bytes.len > 0)
        return true;
    if (!reader_ok(&r))
        return false;
    struct span record = reader_take(&r, len);
    if (!reader_ok(&r))
        return len > RECORD_LARGEST;
    read_hello(t, record);
    return true;
}

static struct span host_of(const struct tls *t)
{
    return (struct span){t->host, t->host_len};
}

static struct progress tls_feed(void *state, enum dir dir, struct span bytes,
                                struct sink *out)
{
    struct tls *t = state;

    if (dir == DIR_CLIENT && !t->hello_seen) {
        t->hello_seen = take_hello(t, bytes);
        if (!t->hello_seen)
            return (struct progress){DECODE_MORE, 0};
    }
    if (!closed_count(&t->closed, dir, host_of(t), bytes.len, "tls", out))
        return (struct progress){DECODE_REFUSED, 0};
    return (struct progress){DECODE_MORE, bytes.len};
}

static struct progress tls_gap(void *state, enum dir dir, uint64_t len,
                               struct sink *out)
{
    struct tls *t = state;

    (void)len;
    (void)out;
    if (dir == DIR_CLIENT)
        t->hello_seen = true;
    return (struct progress){DECODE_MORE, 0};
}

static enum decode_status tls_end(void *state, enum dir dir, struct span rest,
                                  struct sink *out)
{
    struct tls *t = state;
    bool ok = rest.len == 0 ||
              closed_count(&t->closed, dir, host_of(t), rest.len, "tls", out);

    return closed_end(&t->closed, dir, out) && ok ? DECODE_DONE
                                                  : DECODE_REFUSED;
}

const struct decoder decoder_tls = {
    .name = "tls",
    .state_size = sizeof(struct tls),
    .protocol = true,
    .wraps = true,
    .probe = tls_probe,
    .feed = tls_feed,
    .gap = tls_gap,
    .end = tls_end,
};
