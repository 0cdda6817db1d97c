// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * tcp.h - TCP segments: what their flags and numbers mean for a flow.
 */
#ifndef OUTFLOW_SESSION_TCP_H
#define OUTFLOW_SESSION_TCP_H

#include "session/flows.h"

enum {
    TCP_FIN = 0x01,
    TCP_SYN = 0x02,
    TCP_RST = 0x04,
    TCP_ACK = 0x10,
};

struct segment {
    struct endpoints e; /* datagram and ports */
    uint32_t seq;       /* of the first byte; behind the SYN if there is one */
    uint32_t ack;       /* holds with TCP_ACK */
    uint8_t flags;      /* TCP_* */
    bool doubtful;      /* its checksum is wrong, those of others are not */
    struct span bytes;  /* payload captured */
    uint32_t cut;       /* payload bytes behind it the capture lacks */
};

/* Read the header of a TCP datagram (RFC 9293 3.1). */
enum skip tcp_parse(const struct datagram *d, struct segment *seg);

/* Take a TCP datagram. */
enum skip tcp_take(struct session *s, const struct datagram *d);

/* udp.c: take a UDP datagram (RFC 768). */
enum skip udp_take(struct session *s, const struct datagram *d);

/*
 * Who opened a flow whose beginning was not seen: true when the sender of e
 * did, judged by ports, else because it spoke first.
 */
bool sender_opened(const struct endpoints *e);

#endif
