// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * http_head.h - the head of an HTTP/1.x message, taken apart.
 *
 * All spans point into the head that was given.
 */
#ifndef DECODE_PROTO_HTTP_HEAD_H
#define DECODE_PROTO_HTTP_HEAD_H

#include "outflow/decoder.h"

enum { HTTP_CODINGS = 128 }; /* bytes of the list of codings */

enum http_length {
    LENGTH_NONE = 0,
    LENGTH_GOOD,
    LENGTH_BAD, /* not a number, too large, or several that differ */
};

struct http_head {
    bool response;
    bool headless;             /* its start line is missing */
    unsigned status;           /* of a response */
    struct span method;        /* of a request */
    struct span path;          /* of a request: no query, no fragment */
    struct span query;         /* of a request: behind '?' */
    struct span host;          /* of a request, no port, no brackets */
    bool proxied;              /* host is from an absolute URI or CONNECT */
    struct span type;          /* Content-Type */
    struct span disposition;   /* Content-Disposition */
    struct span authorization; /* or Proxy-Authorization */
    enum http_length length;
    uint64_t bytes;             /* Content-Length */
    bool transfer;              /* a Transfer-Encoding is there */
    bool chunked;               /* and its last one is chunked */
    bool upgrade;               /* asks for another protocol */
    bool socket;                /* which is WebSocket */
    bool fresh[2];              /* its messages are compressed one by one,
                                   by enum dir */
    bool ranged;                /* the body is a piece of a file, */
    uint64_t from;              /* from that byte on, */
    uint64_t whole;             /* of so many; 0: not told */
    bool expects;               /* 100-continue before it sends the body */
    char codings[HTTP_CODINGS]; /* to undo, outermost last */
    size_t codings_len;
};

/* Could a message begin with these bytes? */
enum match http_line(struct span bytes);

/*
 * A message head inside bytes in mid-stream: see sync of struct decoder.
 */
size_t http_sync(struct span bytes, enum dir dir, size_t *keep);

/* Take a head apart; *head is overwritten. */
void http_head_parse(struct span block, struct http_head *head);

/* Does http_head_parse look at a header line like this one? */
bool http_head_wants(struct span line);

#endif
