// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * exchange.h - the encoding in which workers speak to the judge.
 *
 * A pipe of frames: "of", version, type, length (u32), seal (u64), payload;
 * integers are little endian, strings carry a length and a NUL. What a worker
 * sends is not trusted: the judge's side checks every length and count.
 *
 * A pipe outlives the processes at its ends. So either side may find half a
 * frame in it; the seal, keyed for each run, tells a frame from bytes that
 * look like one, and what lies between two frames is passed over.
 *
 * It must not interpret what it carries.
 */
#ifndef OUTFLOW_EXCHANGE_H
#define OUTFLOW_EXCHANGE_H

#include "outflow/buf.h"
#include "outflow/exposure.h"
#include "outflow/live.h"
#include "util/hash.h"

enum frame_type {
    FRAME_EXPOSURE = 1, /* a batch: exchange_decode_exposure */
    FRAME_COUNTERS,     /* the worker's counters since its begin */
    FRAME_PROGRESS,     /* bytes read, bytes in all: two u64 */
    FRAME_PROBLEM,      /* text: an input could be read only in part */
    FRAME_NOTE,         /* text: worth saying, no error */
    FRAME_CAPTURE,      /* text: name of the next capture, in order */
    FRAME_DONE,         /* the worker has finished */
    FRAME_HELLO,        /* a worker begins to speak: its number, a u64 */
    FRAME_CLOCK,        /* it has taken all packets up to then: i64 */
    FRAME_TAP,          /* an interface, now: exchange_decode_tap */
};

enum {
    FRAME_HEAD = 16,         /* magic, version, type, length, seal */
    FRAME_LARGEST = 1 << 18, /* a full batch needs about 190 KiB */
};

/* Append one record to the encoded records of a batch. */
bool exchange_add_record(struct buf *records, const struct record *r);

/* The end of a pipe that a worker writes to. */
struct outlet {
    int fd;
    struct hash_key seal; /* of the run */
    /* Called now and then while the pipe is full, if it is not blocking. */
    void (*wait)(void *ctx);
    void *ctx;
};

/*
 * Write a frame to a pipe, waiting while it is full; false when the other
 * side is gone. exchange_send_exposure takes the records already encoded.
 */
bool exchange_send(const struct outlet *to, enum frame_type type,
                   struct span payload);
bool exchange_send_exposure(const struct outlet *to, const struct exposure *e,
                            struct span records, size_t count);
bool exchange_send_progress(const struct outlet *to, uint64_t done,
                            uint64_t all);
/* A frame of one number: FRAME_HELLO, FRAME_CLOCK. */
bool exchange_send_number(const struct outlet *to, enum frame_type type,
                          uint64_t number);

/* An interface as a worker has it: sums since its begin. */
struct tap {
    uint32_t interface; /* its place in the command line */
    uint32_t state;     /* enum live_state */
    struct live_stats stats;
};
bool exchange_send_tap(const struct outlet *to, const struct tap *tap);

/* What arrives on one pipe. */
struct exchange {
    struct buf bytes;
    size_t used;          /* of bytes, by frames given */
    struct hash_key seal; /* of the run */
    bool lasting;         /* the pipe outlives who writes to it */
    uint64_t passed;      /* bytes that were no frame */
    bool broken;          /* what came is not the encoding */
};

struct frame {
    enum frame_type type;
    struct span payload; /* valid until the next exchange_fill */
};

void exchange_init(struct exchange *x, const struct hash_key *seal);
void exchange_clear(struct exchange *x);

/* Read what is there; false at the end of the pipe or on an error. */
bool exchange_fill(struct exchange *x, int fd);

/*
 * The next whole frame; false when more bytes are needed (or broken). Where
 * no frame stands, a lasting pipe is searched for the next one; behind half
 * a frame, that of a worker which died, for another worker's FRAME_HELLO.
 */
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
bool exchange_decode_number(struct span payload, uint64_t *number);
bool exchange_decode_tap(struct span payload, struct tap *out);
bool exchange_decode_counters(struct span payload, struct counters *out);

#endif
