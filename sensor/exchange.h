// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * exchange.h - the encoding in which workers speak to the judge.
 *
 * A pipe of frames: "of", version, type, length (u32), payload; integers are
 * little endian, strings carry a length and a NUL. What a worker sends is
 * not trusted: the judge's side checks every length and count.
 *
 * It must not interpret what it carries.
 */
#ifndef OUTFLOW_EXCHANGE_H
#define OUTFLOW_EXCHANGE_H

#include "outflow/buf.h"
#include "outflow/exposure.h"

enum frame_type {
    FRAME_EXPOSURE = 1, /* a batch: exchange_decode_exposure */
    FRAME_COUNTERS,     /* the worker's counters, once, before FRAME_DONE */
    FRAME_PROGRESS,     /* bytes read, bytes in all: two u64 */
    FRAME_PROBLEM,      /* text: an input could be read only in part */
    FRAME_NOTE,         /* text: worth saying, no error */
    FRAME_CAPTURE,      /* text: name of the next capture, in order */
    FRAME_DONE,         /* the worker has finished */
};

enum {
    FRAME_HEAD = 8,          /* magic, version, type, length */
    FRAME_LARGEST = 1 << 18, /* a full batch needs about 190 KiB */
};

/* Append one record to the encoded records of a batch. */
bool exchange_add_record(struct buf *records, const struct record *r);

/*
 * Write a frame to a pipe, waiting while it is full; false when the other
 * side is gone. exchange_send_exposure takes the records already encoded.
 */
bool exchange_send(int fd, enum frame_type type, struct span payload);
bool exchange_send_exposure(int fd, const struct exposure *e,
                            struct span records, size_t count);
bool exchange_send_progress(int fd, uint64_t done, uint64_t all);

/* What arrives on one pipe. */
struct exchange {
    struct buf bytes;
    size_t used; /* of bytes, by frames given */
    bool broken; /* what came is not the encoding */
};

struct frame {
    enum frame_type type;
    struct span payload; /* valid until the next exchange_fill */
};

void exchange_init(struct exchange *x);
void exchange_clear(struct exchange *x);

/* Read what is there; false at the end of the pipe or on an error. */
bool exchange_fill(struct exchange *x, int fd);

/* The next whole frame; false when more bytes are needed (or broken). */
bool exchange_next(struct exchange *x, struct frame *out);

/* Room for what a decoded exposure points to. */
struct exposure_room {
    struct record records[LIMIT_BATCH_RECORDS];
    const char *mail_to[LIMIT_RECIPIENTS];
    struct exposed_unread unread[LIMIT_BATCH_UNREAD];
};

/* Decode a batch; strings point into payload. False when malformed. */
bool exchange_decode_exposure(struct span payload, struct exposure *out,
                              struct exposure_room *room);
bool exchange_decode_progress(struct span payload, uint64_t *done,
                              uint64_t *all);
bool exchange_decode_counters(struct span payload, struct counters *out);

#endif
