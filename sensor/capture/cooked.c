// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * cooked.c - peel headers that capturing systems put in place of the wire's.
 *
 * In:   a packet of a loopback, "any", log or token interface.
 * Out:  the next layer; the sender's MAC where one is told.
 * Not:  interfaces and process names told beside are passed over.
 * Spec: tcpdump.org/linktypes.html.
 */
#include <string.h>

#include "capture/peel.h"

enum {
    SLL_HEAD = 16,
    SLL2_HEAD = 20,
    NFLOG_HEAD = 4,
    NFLOG_PAYLOAD = 9, /* type of the attribute with the packet */
    TOKEN_HEAD = 14,
};

/* The address family in front stands in the capturing host's order. */
enum skip cooked_loopback(struct peel *p)
{
    if (p->rest.len < 4)
        return peel_short(p);
    uint32_t family = peel_u32(p, 0);
    if (family > 0xffff) /* the other byte order: it is a small number */
        family = family >> 24 | (family >> 8 & 0xff00);
    switch (family) {
    case 2:  /* IPv4 everywhere */
    case 10: /* IPv6 on Linux, */
    case 23: /* Windows, */
    case 24: /* NetBSD and OpenBSD, */
    case 28: /* FreeBSD, */
    case 30: /* macOS */
        return peel_past(p, 4, LAYER_IP);
    default:
        return SKIP_NOT_IP;
    }
}

/* The protocol of a cooked header: an ethertype or Linux's own numbers. */
static enum skip cooked_protocol(struct peel *p, size_t head, uint16_t type)
{
    p->type = type;
    if (type == 0x0004) /* ETH_P_802_2 */
        return peel_past(p, head, LAYER_LLC);
    if (type < 0x600)
        return SKIP_NOT_IP;
    return peel_past(p, head, LAYER_TYPE);
}

/* The sender's address in front of r, when it is a MAC. */
static void cooked_mac(struct peel *p, struct reader *r, uint16_t length)
{
    struct span mac = reader_take(r, 8);

    if (length == 6 && mac.len == 8)
        memcpy(p->out->src_mac, mac.ptr, 6);
}

enum skip cooked_sll(struct peel *p)
{
    struct reader r = reader_over(p->rest);

    reader_skip(&r, 4); /* direction, kind of hardware */
    uint16_t length = reader_u16be(&r);
    cooked_mac(p, &r, length);
    uint16_t type = reader_u16be(&r);
    return reader_ok(&r) ? cooked_protocol(p, SLL_HEAD, type) : peel_short(p);
}

enum skip cooked_sll2(struct peel *p)
{
    struct reader r = reader_over(p->rest);

    uint16_t type = reader_u16be(&r);
    reader_skip(&r, 9); /* reserved, interface, hardware, direction */
    uint8_t length = reader_u8(&r);
    cooked_mac(p, &r, length);
    return reader_ok(&r) ? cooked_protocol(p, SLL2_HEAD, type) : peel_short(p);
}

/* Attributes, the packet in one of them; lengths in the host's order. */
enum skip cooked_nflog(struct peel *p)
{
    if (p->rest.len < NFLOG_HEAD)
        return peel_short(p);
    peel_take(p, NFLOG_HEAD);
    while (p->rest.len >= 4) {
        struct reader r = reader_over(p->rest);
        uint16_t length = reader_u16le(&r);
        uint16_t type = reader_u16le(&r);

        if (length > 0 && length < 4)
            return SKIP_MALFORMED;
        if ((type & 0x7fff) == NFLOG_PAYLOAD) {
            peel_trim(p, length);
            return peel_past(p, 4, LAYER_IP);
        }
        peel_take(p, length == 0 ? 4 : (length + 3U) & ~3U);
    }
    return peel_short(p);
}

/* Length of the header, kind of record, the link type inside. */
enum skip cooked_pktap(struct peel *p)
{
    struct reader r = reader_over(p->rest);

    uint32_t length = reader_u32le(&r);
    uint32_t record = reader_u32le(&r);
    uint32_t link = reader_u32le(&r);
    if (!reader_ok(&r) || length > p->rest.len)
        return peel_short(p);
    if (length < 12)
        return SKIP_MALFORMED;
    if (record != 1)
        return SKIP_NOT_IP;
    p->type = link;
    return peel_past(p, length, LAYER_LINK);
}

/* Its first byte is its length, without the padding to four. */
enum skip cooked_pflog(struct peel *p)
{
    size_t length = (peel_u8(p, 0) + 3U) & ~3U;

    if (p->rest.len < 1 || p->rest.len < length)
        return peel_short(p);
    return length < 4 ? SKIP_MALFORMED : peel_past(p, length, LAYER_IP);
}

enum skip cooked_token_ring(struct peel *p)
{
    size_t routing = 0;

    /* the top bit of the sender's address says that a route follows */
    if (peel_u8(p, 8) & 0x80)
        routing = peel_u8(p, TOKEN_HEAD) & 0x1f;
    if (p->rest.len < TOKEN_HEAD + routing)
        return peel_short(p);
    return peel_past(p, TOKEN_HEAD + routing, LAYER_LLC);
}

/* Source, destination, offset (2), protocol; RFC 1201 adds flag, sequence. */
enum skip cooked_arcnet(struct peel *p)
{
    uint8_t protocol = peel_u8(p, 4);

    if (p->rest.len < 8)
        return peel_short(p);
    switch (protocol) {
    case 240: /* IP by RFC 1051: no more header */
        return peel_past(p, 5, LAYER_IPV4);
    case 212: /* IP by RFC 1201: flag 0 is a packet in one piece */
        return peel_u8(p, 5) == 0 ? peel_past(p, 8, LAYER_IPV4) : SKIP_NOT_IP;
    case 196: /* IPv6 */
        return peel_u8(p, 5) == 0 ? peel_past(p, 8, LAYER_IPV6) : SKIP_NOT_IP;
    default:
        return SKIP_NOT_IP;
    }
}
