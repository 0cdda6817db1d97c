// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * ether.c - peel Ethernet, its tags, LLC and MPLS.
 *
 * In:   a frame from its destination address on, or what is behind one.
 * Out:  the next layer; the sender's MAC and the VLANs in the tenant.
 * Not:  MPLS labels are no tenant: each direction of a flow has its own.
 *       VLANs are, although taps exist that tag directions differently:
 *       such a flow is read as two halves, while two customers' networks
 *       with the same addresses must never be read as one.
 * Spec: IEEE 802.3, 802.1Q, 802.2; RFC 1042 (SNAP); RFC 3032 (MPLS),
 *       RFC 4385 (control word), RFC 4928 (the guess by the first nibble).
 */
#include <string.h>

#include "capture/peel.h"

enum {
    ETHERNET = 14,      /* bytes of its header */
    ETHERTYPES = 0x600, /* the first type; below are lengths */
    LENGTH_MOST = 1500, /* the largest length */
    IPV4_TYPE = 0x0800,
    IPV6_TYPE = 0x86dd,
};

struct ethertype {
    uint16_t type;
    uint8_t skip;     /* bytes up to what is behind */
    bool vlan;        /* a tag with a VLAN */
    enum layer layer; /* LAYER_DONE: known, and never IP */
};

/* Looked through only for what is not plain IP. */
static const struct ethertype ethertypes[] = {
#define VLAN(type)               {type, 4, true, LAYER_TYPE},
#define TAG(type, skip)          {type, skip, false, LAYER_TYPE},
#define INNER(type, skip, layer) {type, skip, false, LAYER_##layer},
#define OTHER(type)              {type, 0, false, LAYER_DONE},
#include "capture/ethertypes.def"
#undef VLAN
#undef TAG
#undef INNER
#undef OTHER
};

static const struct ethertype *ethertype_find(uint32_t type)
{
    for (size_t i = 0; i < COUNT(ethertypes); i++) {
        if (ethertypes[i].type == type)
            return &ethertypes[i];
    }
    return NULL;
}

bool ether_knows(uint16_t type)
{
    return type == IPV4_TYPE || type == IPV6_TYPE ||
           ethertype_find(type) != NULL;
}

enum skip ether_frame(struct peel *p)
{
    struct reader r = reader_over(p->rest);

    reader_skip(&r, 6);
    struct span source = reader_take(&r, 6);
    p->type = reader_u16be(&r);
    if (!reader_ok(&r))
        return peel_short(p);
    memcpy(p->out->src_mac, source.ptr, 6);
    p->rest = r.rest;
    if (LIKELY(p->type == IPV4_TYPE))
        return ip_v4(p);
    return ether_type(p);
}

/* A length instead of a type: LLC of that many bytes, then padding. */
static enum skip ether_length(struct peel *p)
{
    if (p->type > LENGTH_MOST)
        return SKIP_NOT_IP;
    peel_trim(p, p->type);
    return peel_to(p, LAYER_LLC);
}

enum skip ether_type(struct peel *p)
{
    for (unsigned tags = 0; tags <= LIMIT_TAGS; tags++) {
        if (p->type == IPV4_TYPE)
            return peel_to(p, LAYER_IPV4);
        if (p->type == IPV6_TYPE)
            return peel_to(p, LAYER_IPV6);
        if (p->type < ETHERTYPES)
            return ether_length(p);
        const struct ethertype *e = ethertype_find(p->type);
        if (e == NULL || e->layer == LAYER_DONE)
            return SKIP_NOT_IP;
        if (p->rest.len < e->skip)
            return peel_short(p);
        if (e->layer == LAYER_ETHERNET && peel_enter(p) != SKIP_NONE)
            return SKIP_DEPTH;
        if (e->layer != LAYER_TYPE)
            return peel_past(p, e->skip, e->layer);
        if (e->vlan)
            peel_tenant(p, TENANT_VLAN, peel_u16(p, 0) & 0x0fff);
        p->type = peel_u16(p, e->skip - 2U);
        peel_take(p, e->skip);
    }
    return SKIP_DEPTH;
}

/* SNAP: who gave out the type, and the type. */
static enum skip ether_snap(struct peel *p)
{
    uint32_t by = peel_u32(p, 2) & 0xffffff;

    if (p->rest.len < 8)
        return peel_short(p);
    /* 0: IANA and Xerox; 0xf8: Cisco's bridged Ethernet */
    if (by != 0 && by != 0xf8)
        return SKIP_NOT_IP;
    p->type = peel_u16(p, 6);
    if (p->type < ETHERTYPES)
        return SKIP_NOT_IP;
    return peel_past(p, 8, LAYER_TYPE);
}

enum skip ether_llc(struct peel *p)
{
    if (p->rest.len < 3)
        return peel_short(p);
    switch (peel_u16(p, 0)) {
    case 0xaaaa:
        return ether_snap(p);
    case 0x0606: /* IP without SNAP */
        return peel_past(p, 3, LAYER_IP);
    case 0xfefe: /* ISO */
        return peel_past(p, 3, LAYER_NLPID);
    default:
        return SKIP_NOT_IP;
    }
}

/* Is there an Ethernet header at this place, by its type? */
static bool ether_begins(const struct peel *p, size_t at)
{
    return ether_knows(peel_u16(p, at + 12));
}

/* What is behind the labels is said nowhere: guess by the first bytes. */
static enum skip ether_behind_labels(struct peel *p)
{
    if (ip_begins(p))
        return peel_to(p, LAYER_IP);
    /* a pseudo-wire: a whole frame, mostly behind a control word */
    if (peel_enter(p) != SKIP_NONE)
        return SKIP_DEPTH;
    if (peel_u8(p, 0) >> 4 == 0 && ether_begins(p, 4))
        return peel_past(p, 4, LAYER_ETHERNET);
    if (ether_begins(p, 0))
        return peel_to(p, LAYER_ETHERNET);
    return p->rest.len < ETHERNET + 4 ? peel_short(p) : SKIP_NOT_IP;
}

enum skip ether_mpls(struct peel *p)
{
    for (unsigned labels = 0; labels < LIMIT_TAGS; labels++) {
        bool last = (peel_u8(p, 2) & 1) != 0;

        if (p->rest.len < 4)
            return peel_short(p);
        peel_take(p, 4);
        if (last)
            return ether_behind_labels(p);
    }
    return SKIP_DEPTH;
}
