// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * tls_hello.h - records of TLS, and what a hello says in the clear.
 *
 * It must not keep state: tls.c does.
 */
#ifndef OUTFLOW_DECODE_PROTO_TLS_HELLO_H
#define OUTFLOW_DECODE_PROTO_TLS_HELLO_H

#include "outflow/reader.h"

enum {
    TLS_FIRST_TYPE = 20, /* change_cipher_spec */
    TLS_HANDSHAKE = 22,
    TLS_DATA = 23,
    TLS_LAST_TYPE = 24, /* heartbeat, RFC 6520 */
    TLS_CLIENT_HELLO = 1,
    TLS_SERVER_HELLO = 2,
};

enum tls_found { TLS_NO = 0, TLS_MORE, TLS_YES };

struct tls_record {
    uint8_t type;
    uint16_t len; /* of the fragment behind its header */
};

/* The header of a record off the front of *r, which stays on TLS_MORE, NO. */
enum tls_found tls_record_take(struct reader *r, struct tls_record *out);

/* Does this handshake record, fragment first, begin with a hello? */
enum tls_found tls_hello_here(const struct tls_record *record,
                              struct span fragment);

/* A name as in the hello, up to 253 letters (RFC 1035). */
struct tls_name {
    uint8_t len;
    uint8_t text[255];
};

struct span tls_name_span(const struct tls_name *name);

/*
 * Read the server's name out of a client's first records; TLS_NO when there
 * is none. TLS_MORE is given only for what fits into LIMIT_TAIL.
 */
enum tls_found tls_hello_name(struct span records, struct tls_name *out);

#endif
