// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * websocket.h - one direction of an HTTP flow that became a WebSocket.
 *
 * http.c hands over behind 101 Switching Protocols; who asked for what stays
 * with it. Zeroed bytes are the valid start. Private to the HTTP decoder.
 */
#ifndef DECODE_PROTO_WEBSOCKET_H
#define DECODE_PROTO_WEBSOCKET_H

#include <stdbool.h>
#include <stdint.h>

#include "outflow/sink.h"
#include "util/unpack.h"

struct websocket {
    uint64_t left;         /* bytes of the frame still to come */
    uint64_t size;         /* bytes of the message so far */
    uint64_t before;       /* of the message before it */
    uint64_t coded;        /* bytes that went into unpack */
    uint64_t made;         /* and came out */
    struct unpack *unpack; /* owned; of permessage-deflate */
    uint8_t mask[4];       /* of the frame; zeros when it has none */
    uint8_t turn;          /* place in the mask of the next byte */
    uint8_t kind;          /* enum websocket_kind of the message */
    uint8_t last;          /* last byte that was put */
    bool started;          /* a frame was found at all */
    bool inside;           /* a message has begun and not ended */
    bool final;            /* the frame ends its message */
    bool packed;           /* the message is compressed */
    bool fresh;            /* messages are compressed each by itself */
    bool done;             /* its compression ended before it */
    bool lost;             /* what came before is needed and missing */
    bool adrift;           /* where frames begin is not known */
};

/* What a side of the flow lends to its socket. */
struct websocket_host {
    void *ctx;
    /* Open a part; a transfer first when none is. */
    bool (*open)(void *ctx, const struct part_info *info);
    bool (*close)(void *ctx); /* the open part, if any */
    struct sink *out;
    enum dir dir;
    uint64_t *memory; /* bytes that unpackers may still take, or NULL */
};

enum websocket_turn {
    WEBSOCKET_GO = 0,  /* all bytes are used, or more are needed */
    WEBSOCKET_NONE,    /* these are no frames, and there were none */
    WEBSOCKET_BROKEN,  /* no frames any more, and none are missing */
    WEBSOCKET_REFUSED, /* by the sink */
};

/* Take what can be taken; *rest is what is not used. */
enum websocket_turn websocket_feed(struct websocket *w,
                                   const struct websocket_host *host,
                                   struct span *rest);

/* len bytes are missing; false when the sink refuses. */
bool websocket_gap(struct websocket *w, const struct websocket_host *host,
                   uint64_t len);

/* The direction ended; rest was not used. */
bool websocket_end(struct websocket *w, const struct websocket_host *host,
                   struct span rest);

/* Give back what it holds. */
void websocket_clear(struct websocket *w);

#endif
