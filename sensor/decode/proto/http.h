// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * http.h - what the files of the HTTP decoder share.
 *
 * http.c begins and ends messages, http_body.c moves bodies, http_socket.c
 * what follows an upgrade to WebSocket; http_head.c and http_ask.c help them.
 * Private to them.
 */
#ifndef DECODE_PROTO_HTTP_H
#define DECODE_PROTO_HTTP_H

#include "decode/proto/http_ask.h"
#include "decode/proto/http_head.h"
#include "decode/proto/websocket.h"

enum http_stage {
    HTTP_HEAD = 0,   /* a message head */
    HTTP_LONG,       /* lines of a head beyond LIMIT_HEAD */
    HTTP_LONG_LINE,  /* inside such a line, to its end */
    HTTP_BODY,       /* left bytes of body */
    HTTP_CLOSE,      /* body until the stream ends */
    HTTP_CHUNK,      /* a chunk's size */
    HTTP_CHUNK_LINE, /* what follows the size, to the line's end */
    HTTP_DATA,       /* left bytes of a chunk */
    HTTP_DATA_END,   /* the line end behind it */
    HTTP_TRAILER,    /* fields behind the last chunk */
    HTTP_RESYNC,     /* chunked, a hole: find the next chunk */
    HTTP_SCAN,       /* find the next message; what is not one is body */
    HTTP_WAIT,       /* asked for another protocol: what comes? */
    HTTP_SOCKET,     /* frames of a WebSocket */
    HTTP_UNFRAMED,   /* no length is known: what begins here? */
    HTTP_STAGES,
};

/* The body is a piece of a file. */
struct http_range {
    bool on;
    bool first;      /* its first line is not over */
    bool seam;       /* that line began in another piece */
    uint64_t key;    /* of the file */
    uint64_t place;  /* in the file, of the next byte */
    uint64_t whole;  /* bytes of the file; 0: not told */
    struct buf line; /* begun and not ended, unless it is too long */
};

struct http_side {
    uint64_t left;      /* bytes of the body or chunk still to come */
    uint64_t length;    /* Content-Length, when doubt */
    uint32_t extension; /* bytes of a chunk's extension */
    uint8_t stage;      /* enum http_stage */
    bool open;          /* a transfer is open */
    bool part;          /* a part is open */
    bool doubt;         /* both lengths were given: chunked unproven */
    bool unsure;        /* a chunk was guessed behind a hole */
    bool turns;         /* behind this message another protocol may come */
    bool seen;          /* this direction was seen at all */
    bool expects;       /* the body comes only when it is asked for */
    bool closes;        /* an unframed body may go on to the end */
};

struct http {
    struct http_side side[2];   /* by enum dir */
    struct websocket socket[2]; /* the same, behind an upgrade */
    struct http_range range[2]; /* of the body, by enum dir */
    struct http_asks asks;
    const struct flow *flow;
    struct ranges *ranges; /* seams of files in pieces, or NULL */
    uint64_t *memory;      /* bytes that unpackers may still take, or NULL */
    struct buf held;       /* wanted lines of a long head */
    uint8_t held_dir;      /* whose, when held is in use */
};

/* One call of feed: bytes of one direction on their way. */
struct http_job {
    struct http *http;
    struct http_side *side;
    struct span rest; /* not used yet */
    struct sink *out;
    enum dir dir;
};

enum http_turn {
    HTTP_GO = 0,  /* look again */
    HTTP_MORE,    /* more bytes are needed */
    HTTP_REFUSED, /* by the sink */
    HTTP_RAW,     /* another protocol follows */
};

/* Take len bytes off the rest. */
struct span http_take(struct http_job *job, size_t len);

/* Open the part that body bytes go to; a transfer first when none is. */
bool http_open_body(struct http_job *job, const struct part_info *info);

/* The message is complete; or what is open is cut off. */
enum http_turn http_finish(struct http_job *job);
bool http_cut(struct http_job *job);

/* From here on bytes are body until the next message is found. */
void http_scan(struct http_job *job);
bool http_anomaly(struct http_job *job, struct span name);

/* Without memory for what len bytes of a head asked: they are unread. */
bool http_lost(struct http_job *job, size_t len);

bool http_part_close(struct http_job *job, enum part_end how);

/* Another protocol follows, for the host that was asked. */
enum http_turn http_turn_raw(struct http_job *job, const struct http_ask *ask);

/* From here on both sides are a WebSocket. */
void http_socket_begin(struct http *h, const struct http_head *head);
enum http_turn http_socket(struct http_job *job);
bool http_socket_gap(struct http_job *job, uint64_t len);
bool http_socket_end(struct http_job *job);

/* A piece of a file begins, goes on, has a hole, is over. */
bool http_range_begin(struct http_job *job, const struct http_head *head,
                      struct span step);
void http_range_put(struct http_job *job, struct span bytes);
void http_range_gap(struct http_job *job, uint64_t len);
bool http_range_end(struct http_job *job, bool whole);

/* The stages of bodies. */
enum http_turn http_body(struct http_job *job);
enum http_turn http_close(struct http_job *job);
enum http_turn http_chunk(struct http_job *job);
enum http_turn http_chunk_line(struct http_job *job);
enum http_turn http_data(struct http_job *job);
enum http_turn http_data_end(struct http_job *job);
enum http_turn http_trailer(struct http_job *job);
enum http_turn http_resync(struct http_job *job);
enum http_turn http_scan_on(struct http_job *job);

/* Could a head that a byte spoilt begin here? inside: or only its fields? */
enum match http_torn(struct span bytes, bool inside);

/* A line that is no start but a field; or a status line but for a byte. */
bool http_headless(struct span line);
bool http_nearly_status(struct span line);

bool http_may_follow(const struct http_head *head); /* a body */
enum http_turn http_unframed(struct http_job *job);

/* len bytes are missing. */
enum http_turn http_body_gap(struct http_job *job, uint64_t len);

#endif
