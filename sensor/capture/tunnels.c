// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * tunnels.c - peel what carries frames or datagrams inside IP.
 *
 * In:   the payload of a datagram whose protocol is a tunnel's.
 * Out:  the next layer; a GRE key in the tenant.
 * Not:  an ERSPAN session and a PPTP call are no tenants: each direction of
 *       a flow may have its own. No PPTP or WCCP state is followed.
 * Spec: RFC 2003 (IP in IP), 4213 (6in4), 2784, 2890, 1701, 2637 (GRE),
 *       3378 (EtherIP), 4023 (MPLS in IP), 8300 (NSH);
 *       draft-foschiano-erspan.
 */
#include "capture/peel.h"

enum {
    IN_IPV4 = 4,
    IN_UDP = 17,
    IN_IPV6 = 41,
    IN_GRE = 47,
    IN_ETHERIP = 97,
    IN_MPLS = 137,

    GRE_CHECKSUM = 0x8000,
    GRE_ROUTING = 0x4000,
    GRE_KEY = 0x2000,
    GRE_SEQUENCE = 0x1000,
    GRE_ACK = 0x0080,
    GRE_VERSION = 0x0007,

    TYPE_WCCP = 0x883e,
    TYPE_ERSPAN = 0x88be,
    TYPE_ERSPAN3 = 0x22eb,

    ERSPAN_HEAD = 8,
    ERSPAN3_HEAD = 12,
    ERSPAN3_PLATFORM = 8,
};

enum skip tunnels_enter(struct peel *p, uint8_t proto)
{
    enum layer layer;

    switch (proto) {
    case IN_UDP:
        return udp_enter(p);
    case IN_IPV4:
        layer = LAYER_IPV4;
        break;
    case IN_IPV6:
        layer = LAYER_IPV6;
        break;
    case IN_GRE:
        layer = LAYER_GRE;
        break;
    case IN_ETHERIP:
        layer = LAYER_ETHERIP;
        break;
    case IN_MPLS:
        layer = LAYER_MPLS;
        break;
    default:
        return peel_to(p, LAYER_DONE);
    }
    if (peel_enter(p) != SKIP_NONE)
        return SKIP_DEPTH;
    return peel_to(p, layer);
}

/* Source routes of RFC 1701: family, offset, length, route; 0, x, 0 ends. */
static bool gre_routes(struct reader *r)
{
    while (reader_ok(r)) {
        uint16_t family = reader_u16be(r);
        reader_skip(r, 1);
        uint8_t length = reader_u8(r);
        if (family == 0 && length == 0)
            break;
        reader_skip(r, length);
    }
    return reader_ok(r);
}

/* What is behind a GRE header, by its protocol. */
static enum skip gre_inside(struct peel *p, uint16_t type, bool sequence)
{
    p->type = type;
    switch (type) {
    case TYPE_ERSPAN: /* type I has no header, and no sequence number */
        return peel_to(p, sequence ? LAYER_ERSPAN : LAYER_ETHERNET);
    case TYPE_ERSPAN3:
        return peel_to(p, LAYER_ERSPAN3);
    case TYPE_WCCP: /* version 2 puts four bytes in front of IP */
        return peel_past(p, peel_u8(p, 0) >> 4 == 4 ? 0 : 4, LAYER_IP);
    default:
        return type < 0x600 ? SKIP_NOT_IP : peel_to(p, LAYER_TYPE);
    }
}

/* Version 1 is PPTP's: PPP behind a key of length and call. */
static enum skip gre_pptp(struct peel *p, struct reader *r, uint16_t flags)
{
    uint16_t length = reader_u16be(r);

    reader_skip(r, 2); /* call */
    if (flags & GRE_SEQUENCE)
        reader_skip(r, 4);
    if (flags & GRE_ACK)
        reader_skip(r, 4);
    if (!reader_ok(r))
        return peel_short(p);
    if ((flags & GRE_SEQUENCE) == 0)
        return SKIP_NOT_IP; /* only an acknowledgement */
    p->rest = r->rest;
    peel_trim(p, length);
    return peel_to(p, LAYER_PPP);
}

enum skip tunnels_gre(struct peel *p)
{
    struct reader r = reader_over(p->rest);
    uint32_t key = 0;

    uint16_t flags = reader_u16be(&r);
    uint16_t type = reader_u16be(&r);
    if ((flags & GRE_VERSION) == 1)
        return gre_pptp(p, &r, flags);
    if ((flags & GRE_VERSION) != 0)
        return SKIP_NOT_IP;
    if (flags & (GRE_CHECKSUM | GRE_ROUTING))
        reader_skip(&r, 4);
    if (flags & GRE_KEY)
        key = reader_u32be(&r);
    if (flags & GRE_SEQUENCE)
        reader_skip(&r, 4);
    if (flags & GRE_ROUTING && !gre_routes(&r))
        return peel_short(p);
    if (!reader_ok(&r))
        return peel_short(p);
    peel_tenant(p, TENANT_GRE_KEY, key);
    p->rest = r.rest;
    return gre_inside(p, type, (flags & GRE_SEQUENCE) != 0);
}

enum skip tunnels_erspan(struct peel *p)
{
    if (p->rest.len < ERSPAN_HEAD)
        return peel_short(p);
    if (peel_u8(p, 0) >> 4 == 2)
        return tunnels_erspan3(p);
    return peel_past(p, ERSPAN_HEAD, LAYER_ETHERNET);
}

enum skip tunnels_erspan3(struct peel *p)
{
    uint16_t kind = peel_u16(p, 10) >> 10 & 0x1f;
    size_t size = ERSPAN3_HEAD;

    if (peel_u16(p, 10) & 1) /* a header of the platform follows */
        size += ERSPAN3_PLATFORM;
    if (p->rest.len < size)
        return peel_short(p);
    if (kind == 2) /* an IP packet without a frame */
        return peel_past(p, size, LAYER_IP);
    return kind == 0 ? peel_past(p, size, LAYER_ETHERNET) : SKIP_NOT_IP;
}

enum skip tunnels_etherip(struct peel *p)
{
    if (p->rest.len < 2)
        return peel_short(p);
    if (peel_u8(p, 0) >> 4 != 3)
        return SKIP_MALFORMED;
    return peel_past(p, 2, LAYER_ETHERNET);
}

/* Network service header: length in words, the protocol behind it. */
enum skip tunnels_nsh(struct peel *p)
{
    static const enum layer behind[] = {
        [1] = LAYER_IPV4, [2] = LAYER_IPV6, [3] = LAYER_ETHERNET,
        [4] = LAYER_NSH,  [5] = LAYER_MPLS,
    };
    size_t size = (peel_u8(p, 1) & 0x3fU) * 4;
    uint8_t proto = peel_u8(p, 3);

    if (p->rest.len < 8 || p->rest.len < size)
        return peel_short(p);
    if (size < 8)
        return SKIP_MALFORMED;
    if (proto >= COUNT(behind) || behind[proto] == LAYER_DONE)
        return SKIP_NOT_IP;
    if (peel_enter(p) != SKIP_NONE)
        return SKIP_DEPTH;
    return peel_past(p, size, behind[proto]);
}
