// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * peel_case.h - rows of the tests that peel packets.
 *
 * A row is a frame written as literals, and what links_peel has to find in
 * it. Each row is also cut at every byte: a frame that was captured short
 * gives what it holds, or says that it was truncated.
 */
#ifndef TESTS_CAPTURE_PEEL_CASE_H
#define TESTS_CAPTURE_PEEL_CASE_H

#include "outflow/packet.h"
#include "support/bytes.h"
#include "support/spec.h"

/* Sender 02:00:00:00:00:02, and what other Ethernets of a row say. */
#define MACS       "\2\0\0\0\0\1\2\0\0\0\0\2"
#define OTHER_MACS "\2\0\0\0\0\3\2\0\0\0\0\4"
#define IP4        "\x08\x00"
#define IP6        "\x86\xdd"

/* An IPv4 header of 20 bytes from 10.0.0.1 to 10.0.0.2; len is the low byte
 * of its total length. */
#define IPV4(len, proto)                                                       \
    "\x45\0\0" len "\0\7\0\0\x40" proto "\0\0\12\0\0\1\12\0\0\2"
/* The same between the ends of a tunnel, 192.0.2.1 and 192.0.2.2. */
#define OUTER4(len, proto)                                                     \
    "\x45\0\0" len "\0\7\0\0\x40" proto "\0\0\xc0\0\2\1\xc0\0\2\2"
/* An IPv6 header of 40 bytes from 2001:db8::1 to 2001:db8::2. */
#define IPV6(len, next)                                                        \
    "\x60\0\0\0\0" len next "\x40"                                             \
    "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1"                                    \
    "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\2"
/* A UDP header; port and len are two bytes. */
#define UDP(port, len) "\x30\x39" port len "\0\0"

#define TCP_  "\6"
#define UDP_  "\x11"
#define DATA  "payload!"
#define DATA4 IPV4("\x1c", TCP_) DATA /* 28 bytes */
#define DATA6 IPV6("\x08", TCP_) DATA /* 48 bytes */

struct peel_case {
    const char *name;
    struct span frame;
    uint32_t link;       /* LINKTYPE_*; all rows name it */
    uint32_t lost;       /* bytes of the wire that were not captured */
    enum skip skip;      /* what comes out; SKIP_NONE: the rest holds */
    const char *src;     /* sender; NULL: 10.0.0.1 */
    uint8_t proto;       /* 0: TCP */
    struct span payload; /* NULL: DATA */
    uint32_t cut;
    uint8_t depth;
    bool tenant;    /* it has one */
    bool other_mac; /* sender of OTHER_MACS, else of MACS or none */
    bool fragment;
    bool more;
    uint32_t at, id;
    bool guess; /* a cut changes the guess: only safety is checked */
};

/* cmocka test over a struct peel_case. */
void peel_check(void **state);

#endif
