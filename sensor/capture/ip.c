// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * ip.c - peel IPv4 and IPv6 with its extension headers.
 *
 * In:   rest from the first byte of an IP header on.
 * Out:  addresses, protocol, fragment, payload without padding.
 * Not:  header checksums are not verified: offload leaves them wrong in
 *       sound traffic. No reassembly (session's), no check of options.
 * Spec: RFC 791, RFC 8200, RFC 2675 (jumbograms), RFC 4302 (AH),
 *       RFC 6946 (atomic fragments).
 */
#include "capture/peel.h"

enum {
    IPV4_HEAD = 20,
    IPV6_HEAD = 40,
    FRAGMENT_HEAD = 8,
    OFFSET_MASK = 0x1fff, /* of an IPv4 fragment, in 8 bytes */
    MORE_BIT = 0x2000,
    HOP_BY_HOP = 0,
    TCP = 6,
    ROUTING = 43,
    FRAGMENT = 44,
    AUTHENTICATION = 51,
    DESTINATION = 60,
    MOBILITY = 135,
    HIP = 139,
    SHIM6 = 140,
};

enum skip ip_any(struct peel *p)
{
    uint8_t version = peel_u8(p, 0) >> 4;

    if (p->rest.len == 0)
        return peel_short(p);
    if (version == 4)
        return ip_v4(p);
    return version == 6 ? ip_v6(p) : SKIP_NOT_IP;
}

bool ip_begins(const struct peel *p)
{
    uint8_t first = peel_u8(p, 0);
    size_t wire = p->rest.len + p->lost;

    if (first >> 4 == 4) {
        uint16_t total = peel_u16(p, 2);
        return (first & 0x0f) >= 5 && (total == 0 || total >= IPV4_HEAD) &&
               total <= wire;
    }
    return first >> 4 == 6 && peel_u16(p, 4) + (size_t)IPV6_HEAD <= wire;
}

enum skip ip_v4(struct peel *p)
{
    struct datagram *out = p->out;
    struct reader r = reader_over(p->rest);

    struct span head = reader_take(&r, IPV4_HEAD);
    if (UNLIKELY(head.len < IPV4_HEAD))
        return peel_short(p);
    r = reader_over(head);
    uint8_t first = reader_u8(&r);
    reader_skip(&r, 1); /* service */
    uint16_t total = reader_u16be(&r);
    uint16_t id = reader_u16be(&r);
    uint16_t pieces = reader_u16be(&r);
    reader_skip(&r, 1); /* time to live */
    out->proto = reader_u8(&r);
    reader_skip(&r, 2); /* checksum */
    size_t size = (first & 0x0fU) * 4;

    if (first >> 4 != 4 || size < IPV4_HEAD || (total != 0 && total < size))
        return SKIP_MALFORMED;
    out->src = addr_v4(reader_take(&r, 4).ptr);
    out->dst = addr_v4(reader_take(&r, 4).ptr);
    out->v6 = false;
    /* 0: the sender's hardware was to fill it in; the frame's length holds */
    if (total != 0)
        peel_trim(p, total);
    if (p->rest.len < size)
        return peel_short(p);
    peel_take(p, size);
    if (UNLIKELY(pieces & (OFFSET_MASK | MORE_BIT))) {
        out->fragment = true;
        out->frag_more = (pieces & MORE_BIT) != 0;
        out->frag_id = id;
        out->frag_at = (pieces & OFFSET_MASK) * 8U;
        return peel_to(p, LAYER_DONE);
    }
    if (LIKELY(out->proto == TCP))
        return peel_to(p, LAYER_DONE);
    return ip_inside(p);
}

enum skip ip_v6(struct peel *p)
{
    struct datagram *out = p->out;
    struct reader r = reader_over(p->rest);

    struct span head = reader_take(&r, IPV6_HEAD);
    if (UNLIKELY(head.len < IPV6_HEAD))
        return peel_short(p);
    r = reader_over(head);
    uint8_t first = reader_u8(&r);
    reader_skip(&r, 3); /* class and label */
    uint16_t length = reader_u16be(&r);
    out->proto = reader_u8(&r);
    reader_skip(&r, 1); /* hop limit */
    if (first >> 4 != 6)
        return SKIP_MALFORMED;
    out->src = addr_v6(reader_take(&r, 16).ptr);
    out->dst = addr_v6(reader_take(&r, 16).ptr);
    out->v6 = true;
    peel_take(p, IPV6_HEAD);
    /* 0: a jumbogram or offload; the frame's length holds */
    if (length != 0)
        peel_trim(p, length);
    if (LIKELY(out->proto == TCP))
        return peel_to(p, LAYER_DONE);
    return ip_inside(p);
}

/* A fragment header; an atomic one is passed, any other ends the peeling. */
static enum skip ip_fragment(struct peel *p)
{
    struct datagram *out = p->out;
    uint16_t pieces = peel_u16(p, 2);

    if (p->rest.len < FRAGMENT_HEAD)
        return peel_short(p);
    out->frag_at = pieces & ~7U;
    out->frag_more = (pieces & 1) != 0;
    out->frag_id = peel_u32(p, 4);
    out->fragment = out->frag_at != 0 || out->frag_more;
    out->proto = peel_u8(p, 0);
    return peel_past(p, FRAGMENT_HEAD, LAYER_DONE);
}

/* Bytes of the extension header in front; 0: this is none. */
static size_t ip_extension(const struct peel *p)
{
    size_t units = peel_u8(p, 1);

    switch (p->out->proto) {
    case AUTHENTICATION:
        return (units + 2) * 4;
    case HOP_BY_HOP:
    case ROUTING:
    case DESTINATION:
    case MOBILITY:
    case HIP:
    case SHIM6:
        return p->out->v6 ? (units + 1) * 8 : 0;
    default:
        return 0;
    }
}

enum skip ip_inside(struct peel *p)
{
    struct datagram *out = p->out;

    for (unsigned passed = 0; passed <= LIMIT_EXTENSIONS; passed++) {
        if (out->proto == FRAGMENT && out->v6) {
            enum skip skip = ip_fragment(p);
            if (skip != SKIP_NONE || out->fragment)
                return skip;
            continue;
        }
        size_t size = ip_extension(p);
        if (size == 0)
            return tunnels_enter(p, out->proto);
        if (p->rest.len < size)
            return peel_short(p);
        out->proto = peel_u8(p, 0);
        peel_take(p, size);
    }
    return SKIP_DEPTH;
}
