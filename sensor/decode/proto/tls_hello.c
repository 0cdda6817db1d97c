// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * tls_hello.c - read record headers and the ClientHello's server name.
 *
 * In:   the first bytes of a client.
 * Out:  the name of RFC 6066, when it looks like one.
 * Not:  keeps nothing; reads no hello longer than HELLO_LONGEST.
 * Spec: RFC 8446 5.1 (a hello may be cut over records), 4.1.2, RFC 6066 3.
 */
#include "decode/proto/tls_hello.h"

#include <string.h>

enum {
    RECORD_LARGEST = (1 << 14) + 2048, /* RFC 5246 6.2.3 */
    HELLO_HEAD = 4,                    /* its type and length */
    HELLO_LONGEST = 8 << 10,           /* with two keys of ML-KEM: 3 KiB */
    EXTENSION_NAME = 0,
};

enum tls_found tls_record_take(struct reader *r, struct tls_record *out)
{
    struct reader ahead = *r;
    size_t have = reader_left(r);
    uint8_t type = reader_u8(&ahead), major = reader_u8(&ahead);
    uint8_t minor = reader_u8(&ahead);
    uint16_t len = reader_u16be(&ahead);

    if (have > 0 && (type < TLS_FIRST_TYPE || type > TLS_LAST_TYPE))
        return TLS_NO;
    if ((have > 1 && major != 3) || (have > 2 && minor > 4))
        return TLS_NO;
    if (!reader_ok(&ahead))
        return TLS_MORE;
    if (len == 0 || len > RECORD_LARGEST)
        return TLS_NO;
    *out = (struct tls_record){type, len};
    *r = ahead;
    return TLS_YES;
}

enum tls_found tls_hello_here(const struct tls_record *record,
                              struct span fragment)
{
    struct reader r = reader_over(fragment);
    uint8_t type = reader_u8(&r);
    uint32_t len = reader_u24be(&r);
    uint8_t major = reader_u8(&r), minor = reader_u8(&r);

    if (fragment.len > 0 && type != TLS_CLIENT_HELLO &&
        type != TLS_SERVER_HELLO)
        return TLS_NO;
    if (record->len < HELLO_HEAD + 2)
        return TLS_NO;
    if (!reader_ok(&r))
        return TLS_MORE;
    return len + HELLO_HEAD <= record->len && major == 3 && minor <= 3 ? TLS_YES
                                                                       : TLS_NO;
}

struct span tls_name_span(const struct tls_name *name)
{
    return (struct span){name->text, name->len};
}

/* A name is made of visible ASCII; anything else names nobody. */
static enum tls_found keep_name(struct span list, struct tls_name *out)
{
    struct reader r = reader_over(list);

    (void)reader_u16be(&r); /* length of the list */
    uint8_t type = reader_u8(&r);
    struct span name = reader_take(&r, reader_u16be(&r));
    if (!reader_ok(&r) || type != 0 || name.len > sizeof(out->text))
        return TLS_NO;
    for (size_t i = 0; i < name.len; i++)
        if (name.ptr[i] <= ' ' || name.ptr[i] > '~')
            return TLS_NO;
    if (name.len > 0)
        memcpy(out->text, name.ptr, name.len);
    out->len = (uint8_t)name.len;
    return TLS_YES;
}

/* Walk a whole ClientHello, its head in front, to the name. */
static enum tls_found read_hello(struct span hello, struct tls_name *out)
{
    struct reader r = reader_over(hello);

    reader_skip(&r, HELLO_HEAD + 2 + 32); /* version, random */
    reader_skip(&r, reader_u8(&r));       /* session */
    reader_skip(&r, reader_u16be(&r));    /* cipher suites */
    reader_skip(&r, reader_u8(&r));       /* compressions */
    (void)reader_u16be(&r);               /* length of the extensions */
    while (reader_left(&r) > 0) {
        uint16_t type = reader_u16be(&r);
        struct span body = reader_take(&r, reader_u16be(&r));
        if (reader_ok(&r) && type == EXTENSION_NAME)
            return keep_name(body, out);
    }
    return TLS_NO;
}

/* What a joined hello still lacks; 0 when it is whole or too long. */
static size_t hello_lacks(struct span joined)
{
    struct reader r = reader_over(joined);
    uint8_t type = reader_u8(&r);
    size_t whole = HELLO_HEAD + (size_t)reader_u24be(&r);

    if (joined.len > 0 && type != TLS_CLIENT_HELLO)
        return 0;
    if (!reader_ok(&r))
        return HELLO_HEAD - joined.len;
    return whole > HELLO_LONGEST || whole <= joined.len ? 0
                                                        : whole - joined.len;
}

enum tls_found tls_hello_name(struct span records, struct tls_name *out)
{
    uint8_t hello[HELLO_LONGEST];
    struct span joined = {hello, 0};
    struct reader r = reader_over(records);
    struct tls_record record;
    size_t lacks = hello_lacks(joined);

    while (lacks > 0) {
        enum tls_found found = tls_record_take(&r, &record);
        if (found != TLS_YES)
            return found;
        if (record.type != TLS_HANDSHAKE)
            return TLS_NO;
        struct span piece = reader_upto(&r, record.len);
        bool cut = piece.len < record.len;
        piece = span_head(piece, sizeof(hello) - joined.len);
        if (piece.len > 0)
            memcpy(hello + joined.len, piece.ptr, piece.len);
        joined.len += piece.len;
        lacks = hello_lacks(joined);
        if (cut && lacks > 0)
            return TLS_MORE;
    }
    return read_hello(joined, out);
}
