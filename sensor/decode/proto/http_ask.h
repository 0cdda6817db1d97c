// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * http_ask.h - requests that wait for their response.
 *
 * A response is named by what was asked: its path, its host, its method.
 * Requests are kept in order, packed into one buffer of at most LIMIT_ASKS
 * bytes; what finds no room there is kept without its names.
 */
#ifndef DECODE_PROTO_HTTP_ASK_H
#define DECODE_PROTO_HTTP_ASK_H

#include "outflow/buf.h"

enum http_ask_flag {
    ASK_HEAD = 1,     /* its response has no body */
    ASK_CONNECT = 2,  /* asks for a tunnel */
    ASK_UPGRADE = 4,  /* asks for another protocol */
    ASK_CARRIES = 8,  /* a transfer of its own that may be refused */
    ASK_SOCKET = 16,  /* asks for a WebSocket */
    ASK_PROXIED = 32, /* its host, not the flow's address, is the peer */
};

struct http_ask {
    unsigned flags;
    struct span step; /* "GET /list" */
    struct span host;
    struct span user; /* who logged in with it */
};

struct http_asks {
    struct buf packed;
    uint32_t at;    /* place of the first that waits */
    uint32_t last;  /* place of the newest */
    uint32_t count; /* that wait */
};

/*
 * Add the newest; its names are copied. Beyond LIMIT_ASKS it is forgotten
 * and its response one that nobody asked for. False without memory.
 */
bool http_ask_push(struct http_asks *asks, const struct http_ask *ask);

/* The oldest, valid until the next push; false when none waits. */
bool http_ask_first(const struct http_asks *asks, struct http_ask *ask);

/* The oldest has its response. */
void http_ask_pop(struct http_asks *asks);

/* The newest, answered or not; false when there was none. */
bool http_ask_last(const struct http_asks *asks, struct http_ask *ask);

/* No response will come for those that wait. */
void http_ask_forget(struct http_asks *asks);

#endif
