// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * udp.c - peel tunnels that travel in UDP.
 *
 * In:   a UDP datagram to a port that a tunnel uses.
 * Out:  the next layer; a VNI in the tenant.
 * Not:  a port proves nothing: what does not have the tunnel's shape, or
 *       holds nothing sound, stays a plain datagram.
 * Spec: RFC 7348 (VXLAN), draft-ietf-nvo3-vxlan-gpe, RFC 8926 (GENEVE),
 *       7510 (MPLS in UDP), 4380 (Teredo), 2661 (L2TP), 3GPP 29.281 (GTP-U).
 */
#include "capture/peel.h"

enum {
    UDP_HEAD = 8,
    VXLAN_HEAD = 8,
    GENEVE_HEAD = 8,
    VXLAN_VNI = 0x08,  /* flag: the VNI holds */
    VXLAN_NEXT = 0x04, /* flag of GPE: the next protocol is named */
    GTP_DATA = 255,
    L2TP_CONTROL = 0x8000,
    L2TP_LENGTH = 0x4000,
    L2TP_SEQUENCE = 0x0800,
    L2TP_OFFSET = 0x0200,
    LENGTHS = 0x600, /* an ethertype below is the length of a frame */
};

/* Could an Ethernet header stand len bytes from here? */
static bool udp_frame(const struct peel *p, size_t at)
{
    uint16_t type = peel_u16(p, at + 12);

    return p->rest.len >= at + 14 && (type < LENGTHS || ether_knows(type));
}

/* Each gives the layer inside and takes the header, or gives LAYER_DONE. */
static enum layer udp_vxlan(struct peel *p)
{
    uint32_t vni = peel_u32(p, 4);

    if ((peel_u8(p, 0) & VXLAN_VNI) == 0 || (vni & 0xff) != 0 ||
        !udp_frame(p, VXLAN_HEAD))
        return LAYER_DONE;
    peel_tenant(p, TENANT_VNI, vni >> 8);
    peel_take(p, VXLAN_HEAD);
    return LAYER_ETHERNET;
}

static enum layer udp_vxlan_gpe(struct peel *p)
{
    static const enum layer behind[] = {
        LAYER_DONE,     LAYER_IPV4, LAYER_IPV6,
        LAYER_ETHERNET, LAYER_NSH,  LAYER_MPLS,
    };
    uint8_t next = peel_u8(p, 3);

    if ((peel_u8(p, 0) & VXLAN_NEXT) == 0)
        return udp_vxlan(p);
    if (p->rest.len < VXLAN_HEAD || next >= COUNT(behind) ||
        behind[next] == LAYER_DONE)
        return LAYER_DONE;
    if (peel_u8(p, 0) & VXLAN_VNI)
        peel_tenant(p, TENANT_VNI, peel_u32(p, 4) >> 8);
    peel_take(p, VXLAN_HEAD);
    return behind[next];
}

static enum layer udp_geneve(struct peel *p)
{
    uint8_t first = peel_u8(p, 0);
    size_t size = GENEVE_HEAD + (first & 0x3fU) * 4;
    uint16_t type = peel_u16(p, 2);
    uint32_t vni = peel_u32(p, 4);

    if (first >> 6 != 0 || p->rest.len < size || !ether_knows(type) ||
        (vni & 0xff) != 0)
        return LAYER_DONE;
    peel_tenant(p, TENANT_VNI, vni >> 8);
    peel_take(p, size);
    p->type = type;
    return LAYER_TYPE;
}

static enum layer udp_mpls(struct peel *p)
{
    return p->rest.len >= 4 ? LAYER_MPLS : LAYER_DONE;
}

static enum layer udp_teredo(struct peel *p)
{
    struct reader r = reader_over(p->rest);
    struct reader ahead = r;

    if (reader_u16be(&ahead) == 1) { /* authentication */
        uint8_t client = reader_u8(&ahead);
        uint8_t value = reader_u8(&ahead);
        reader_skip(&ahead, client + value + 9U);
        r = ahead;
    }
    ahead = r;
    if (reader_u16be(&ahead) == 0) { /* origin: port and address */
        reader_skip(&ahead, 6);
        r = ahead;
    }
    if (!reader_ok(&r) || reader_peek(&r, 0) >> 4 != 6)
        return LAYER_DONE;
    p->rest = r.rest;
    return LAYER_IPV6;
}

static enum layer udp_gtp(struct peel *p)
{
    struct reader r = reader_over(p->rest);
    uint8_t flags = reader_u8(&r);
    uint8_t kind = reader_u8(&r);

    reader_skip(&r, 6); /* length, tunnel */
    if (flags >> 4 != 3 || kind != GTP_DATA)
        return LAYER_DONE;
    if (flags & 7) {
        reader_skip(&r, 3);
        uint8_t extension = reader_u8(&r);
        while (extension != 0 && reader_ok(&r)) {
            size_t size = reader_u8(&r) * 4U;
            if (size == 0)
                return LAYER_DONE;
            reader_skip(&r, size - 2);
            extension = reader_u8(&r);
        }
    }
    uint8_t version = reader_peek(&r, 0) >> 4;
    if (!reader_ok(&r) || (version != 4 && version != 6))
        return LAYER_DONE;
    p->rest = r.rest;
    return LAYER_IP;
}

static enum layer udp_l2tp(struct peel *p)
{
    struct reader r = reader_over(p->rest);
    uint16_t flags = reader_u16be(&r);

    if (flags & L2TP_CONTROL || (flags & 0x0f) != 2)
        return LAYER_DONE;
    reader_skip(&r, flags & L2TP_LENGTH ? 6 : 4); /* tunnel, session */
    if (flags & L2TP_SEQUENCE)
        reader_skip(&r, 4);
    if (flags & L2TP_OFFSET)
        reader_skip(&r, reader_u16be(&r));
    if (!reader_ok(&r))
        return LAYER_DONE;
    p->rest = r.rest;
    return LAYER_PPP;
}

/* The tunnel of a port, or NULL. */
static enum layer (*udp_tunnel(uint16_t port))(struct peel *p)
{
    switch (port) {
    case 4789: /* IANA's */
    case 8472: /* Linux's default */
        return udp_vxlan;
    case 4790:
        return udp_vxlan_gpe;
    case 6081:
        return udp_geneve;
    case 6635:
        return udp_mpls;
    case 3544:
        return udp_teredo;
    case 2152:
        return udp_gtp;
    case 1701:
        return udp_l2tp;
    default:
        return NULL;
    }
}

enum skip udp_enter(struct peel *p)
{
    uint16_t from = peel_u16(p, 0);
    uint16_t to = peel_u16(p, 2);
    enum layer (*tunnel)(struct peel * p) = udp_tunnel(to);

    /* of these two, answers come from the port instead */
    if (tunnel == NULL && (from == 3544 || from == 1701))
        tunnel = udp_tunnel(from);
    if (LIKELY(tunnel == NULL) || p->rest.len < UDP_HEAD)
        return peel_to(p, LAYER_DONE);
    struct datagram saved = *p->out;
    struct span plain = p->rest;
    peel_take(p, UDP_HEAD);
    enum layer inside = tunnel(p);
    if (inside == LAYER_DONE) {
        p->rest = plain;
        return peel_to(p, LAYER_DONE);
    }
    p->guessed = true;
    p->saved = saved;
    p->plain = plain;
    p->plain_lost = p->lost;
    if (peel_enter(p) != SKIP_NONE)
        return SKIP_DEPTH;
    return peel_to(p, inside);
}
