// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * rival.h - segments on a live flow that could be a new connection.
 *
 * Ports are used again, and the end of the old connection may be lost; but a
 * single SYN or a segment with wild numbers is as likely forged. So it is
 * held until the other side or more data confirms it.
 */
#ifndef OUTFLOW_SESSION_RIVAL_H
#define OUTFLOW_SESSION_RIVAL_H

#include "session/tcp.h"

enum rival_says {
    RIVAL_NO = 0, /* the segment belongs to the flow */
    RIVAL_HELD,   /* it was put aside */
    RIVAL_WINS,   /* the new connection is real: see rival_take */
};

/* A segment came in direction dir of t: whose is it? */
enum rival_says rival_judge(struct session *s, struct tracked *t, enum dir dir,
                            const struct segment *seg);

/* Do the numbers of a segment with bytes or FIN not fit the flow? */
bool segment_wild(const struct tracked *t, enum dir dir,
                  const struct segment *seg);

/* Put a SYN aside that does not fit t. */
enum rival_says rival_syn(struct session *s, struct tracked *t, enum dir dir,
                          const struct segment *seg);

/* The sides of t changed places. */
void rival_turn(struct tracked *t);

/* Look at the bytes of what is held as strays, and forget it. */
void rival_drop(struct session *s, struct tracked *t);

/* Datagrams put aside, in order; each is the caller's to free. */
struct held {
    struct held *next;
    struct datagram d; /* payload points to bytes */
    uint8_t bytes[];
};

/* Take what is held off t. */
struct held *rival_take(struct session *s, struct tracked *t);

#endif
