// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * parcel.h - what a worker, its keeper and the helper say to one another.
 *
 *     worker ---- keeper ---- helper ---- one process for each object
 *        \____ window: the object, and behind it its holes ____/
 *
 * One message is one packet of a local socket. What comes from the process
 * that reads an object is hostile: it is taken apart by parcel_decode alone.
 * It must not allocate.
 */
#ifndef HELPER_PARCEL_H
#define HELPER_PARCEL_H

#include "outflow/counters.h"
#include "outflow/span.h"

enum parcel_type {
    PARCEL_ASK = 1, /* (down) text: the format; bytes: of the object; number:
                     which object it is; extra: its holes; ms: its CPU */
    PARCEL_STOP,    /* (down) number: that object is not wanted any more */
    PARCEL_OPEN,    /* a part; text: its name; why: 1, a name is not known */
    PARCEL_BYTES,   /* the body: bytes of the part */
    PARCEL_GAP,     /* bytes: that the part misses */
    PARCEL_CLOSE,   /* why: 1, it is whole; bytes: of the object seen so far */
    PARCEL_UNREAD,  /* bytes of the object stay closed: why */
    PARCEL_EXIT,    /* (helper to keeper) number: as of wait; bytes: memory */
    PARCEL_END,     /* (keeper) number: of the object; why: enum helper_end;
                     bytes: memory that it took */
};

enum {
    PARCEL_TEXT = 512,      /* bytes of a name at most */
    PARCEL_BODY = 32 << 10, /* bytes of a part in one message */
    PARCEL_HEAD = 24,
    PARCEL_ROOM = PARCEL_HEAD + PARCEL_TEXT + PARCEL_BODY,
    PARCEL_FORMAT = 16, /* bytes of a format's name with its NUL */
};

struct parcel {
    enum parcel_type type;
    uint8_t why;
    uint32_t number, extra, ms;
    uint64_t bytes;
    struct span text; /* borrowed from the message */
    struct span body;
};

/* Write a message to out, PARCEL_ROOM bytes; text and body are cut to fit. */
size_t parcel_encode(const struct parcel *m, uint8_t *out);

/* Take a message apart; false when it is none. */
bool parcel_decode(struct span bytes, struct parcel *out);

/* May the process that reads an object say this? */
bool parcel_answer(const struct parcel *m);

/*
 * Send a message, with a descriptor when fd is not -1; false when the other
 * end is gone. Receive one into room of PARCEL_ROOM bytes: its length, 0 at
 * the end, less at an error; *fd is a descriptor that came with it, or -1.
 */
bool parcel_send(int to, const struct parcel *m, int fd);
bool parcel_pass(int to, struct span message);
long parcel_receive(int from, uint8_t *room, int *fd);

#endif
