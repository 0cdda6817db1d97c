// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * wire.h - make TCP and UDP datagrams for tests, as struct datagram.
 *
 * Checksums are right unless asked otherwise. It must not know what a
 * session does with them.
 */
#ifndef OUTFLOW_TESTS_SUPPORT_WIRE_H
#define OUTFLOW_TESTS_SUPPORT_WIRE_H

#include "outflow/packet.h"

enum {
    WIRE_FIN = 0x01,
    WIRE_SYN = 0x02,
    WIRE_RST = 0x04,
    WIRE_PSH = 0x08,
    WIRE_ACK = 0x10,
    WIRE_URG = 0x20,
    WIRE_ROOM = 66000, /* bytes of the largest datagram and its headers */
};

struct wire_end {
    const char *addr; /* "10.0.0.1" or "2001:db8::1" */
    uint16_t port;
};

/* One segment or datagram to make. */
struct wire_plan {
    struct wire_end from, to;
    struct moment seen;
    uint32_t seq, ack;
    uint8_t flags;     /* WIRE_*; TCP only */
    struct span bytes; /* payload */
    uint32_t cut;      /* bytes at its end that the capture lacks */
    uint8_t options;   /* header words behind the first five */
    bool wrong_sum;    /* spoil the checksum */
    uint64_t tenant;
};

/* Make a TCP or UDP datagram; room holds its payload, d points there. */
void wire_tcp(const struct wire_plan *plan, uint8_t room[WIRE_ROOM],
              struct datagram *d);
void wire_udp(const struct wire_plan *plan, uint8_t room[WIRE_ROOM],
              struct datagram *d);

/* The part [from, to) of whole as a fragment of datagram id. */
struct datagram wire_fragment(const struct datagram *whole, uint32_t from,
                              uint32_t to, uint32_t id);

/* Put the right checksum (kind 6 or 17) into the payload of d. */
void wire_sum(struct datagram *d, uint8_t *payload);

/* len bytes that differ from place to place: letters, with line ends. */
void wire_text(uint8_t *out, size_t len, uint64_t seed);

/* A small repeatable random number generator. */
uint32_t wire_random(uint64_t *state);

#endif
