// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * peel.h - what the files that peel headers off a packet share.
 *
 * Peeling is a loop over layers: each takes its header off the front of
 * rest and names the next layer, until LAYER_DONE leaves the payload of the
 * innermost IP datagram. One file a family: ether.c serial.c cooked.c wifi.c
 * ip.c tunnels.c udp.c.
 *
 * It must not allocate; captured bytes are read through reader.h only.
 */
#ifndef CAPTURE_PEEL_H
#define CAPTURE_PEEL_H

#include "outflow/compiler.h"
#include "outflow/limits.h"
#include "outflow/packet.h"
#include "outflow/reader.h"

enum layer {
    LAYER_DONE = 0, /* rest is the payload of an IP datagram */
#define LAYER(id, function) LAYER_##id,
#include "capture/layers.def"
#undef LAYER
};

struct peel {
    struct span rest;      /* bytes not peeled yet */
    uint32_t lost;         /* bytes behind rest that were on the wire only */
    uint32_t type;         /* for LAYER_TYPE an ethertype, LAYER_LINK a link */
    enum layer next;       /* what rest begins with */
    bool guessed;          /* a UDP port alone says that this is a tunnel: */
    struct span plain;     /* then the payload, if it is plain UDP, */
    uint32_t plain_lost;   /* bytes of it that were not captured, */
    struct datagram saved; /* and the datagram as it was */
    struct datagram *out;
};

/* What is tenant-separating, told apart by kind in the hash. */
enum tenant { TENANT_VLAN = 1, TENANT_VNI, TENANT_GRE_KEY };

#define LAYER(id, function) enum skip function(struct peel *p);
#include "capture/layers.def"
#undef LAYER

/* Integers at a place of rest; 0 past its end. */
static inline uint8_t peel_u8(const struct peel *p, size_t at)
{
    struct reader r = reader_over(p->rest);

    return reader_peek(&r, at);
}

static inline uint16_t peel_u16(const struct peel *p, size_t at)
{
    struct reader r = reader_over(p->rest);

    reader_skip(&r, at);
    return reader_u16be(&r);
}

static inline uint32_t peel_u32(const struct peel *p, size_t at)
{
    struct reader r = reader_over(p->rest);

    reader_skip(&r, at);
    return reader_u32be(&r);
}

/* Take up to len bytes off the front of rest. */
static inline void peel_take(struct peel *p, size_t len)
{
    struct reader r = reader_over(p->rest);

    (void)reader_upto(&r, len);
    p->rest = r.rest;
}

/* Go on with another layer. */
static inline enum skip peel_to(struct peel *p, enum layer next)
{
    p->next = next;
    return SKIP_NONE;
}

/* Go on behind len bytes; they must be there. */
static inline enum skip peel_past(struct peel *p, size_t len, enum layer next)
{
    peel_take(p, len);
    return peel_to(p, next);
}

/* A header is not all there: was it cut off, or is the packet wrong? */
static inline enum skip peel_short(const struct peel *p)
{
    return p->lost > 0 ? SKIP_TRUNCATED : SKIP_MALFORMED;
}

/* The layer says that it is len bytes long: what is behind is padding. */
static inline void peel_trim(struct peel *p, size_t len)
{
    if (len <= p->rest.len) {
        p->rest.len = len;
        p->lost = 0;
    } else {
        p->lost = (uint32_t)(len - p->rest.len);
    }
}

/* A tunnel is entered; SKIP_DEPTH when there were too many. */
static inline enum skip peel_enter(struct peel *p)
{
    return ++p->out->depth > LIMIT_TUNNELS ? SKIP_DEPTH : SKIP_NONE;
}

/*
 * Add what separates address spaces to the tenant. 0 adds nothing: VLAN 0 is
 * a priority without a VLAN, VNI and key 0 are what an unset one looks like.
 */
static inline void peel_tenant(struct peel *p, enum tenant kind, uint32_t id)
{
    uint64_t mixed = p->out->tenant ^ ((uint64_t)kind << 32 | id);

    if (id == 0)
        return;
    mixed *= 0x9e3779b97f4a7c15; /* odd: nothing is lost */
    mixed ^= mixed >> 29;
    p->out->tenant = mixed == 0 ? 1 : mixed;
}

/* Is this ethertype one we know, so that a guess becomes likely? */
bool ether_knows(uint16_t type);

/* Does IP of either version begin here, by its first bytes? */
bool ip_begins(const struct peel *p);

/* Behind the IP headers: go on with the tunnel of that protocol, if any. */
enum skip tunnels_enter(struct peel *p, uint8_t proto);

/* A UDP datagram: go on with the tunnel of its port, if it is one. */
enum skip udp_enter(struct peel *p);

#endif
