// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * serial.c - peel PPP, PPPoE, Cisco HDLC and frame relay.
 *
 * In:   a frame of a point-to-point link, also inside another layer.
 * Out:  the next layer.
 * Not:  PPP that is compressed or encrypted stays closed; a session number
 *       of PPPoE is no tenant.
 * Spec: RFC 1661, 1662 (PPP), 2516 (PPPoE), 2427 (frame relay).
 */
#include "capture/peel.h"

enum {
    PPPOE_HEAD = 6, /* version, code, session, length */
    NLPID_SNAP = 0x80,
    NLPID_IPV4 = 0xcc,
    NLPID_IPV6 = 0x8e,
    NLPID_PPP = 0xcf,
};

/* Pass over address and control, where they were not negotiated away. */
static void ppp_address(struct peel *p)
{
    uint8_t address = peel_u8(p, 0);

    /* pppd writes the direction, 0 or 1, over the address 0xff */
    if ((address == 0xff || address < 2) && peel_u8(p, 1) == 0x03)
        peel_take(p, 2);
}

enum skip serial_ppp(struct peel *p)
{
    uint16_t cisco = peel_u16(p, 0);

    if (p->rest.len < 2)
        return peel_short(p);
    if (cisco == 0x0f00 || cisco == 0x8f00)
        return peel_to(p, LAYER_HDLC);
    ppp_address(p);
    /* an odd first byte is the whole of a protocol compressed to one byte */
    bool one = (peel_u8(p, 0) & 1) != 0;
    uint16_t protocol = one ? peel_u8(p, 0) : peel_u16(p, 0);
    size_t size = one ? 1 : 2;

    if (p->rest.len < size)
        return peel_short(p);
    switch (protocol) {
    case 0x0021:
        return peel_past(p, size, LAYER_IPV4);
    case 0x0057:
        return peel_past(p, size, LAYER_IPV6);
    case 0x0281:
    case 0x0283:
        return peel_past(p, size, LAYER_MPLS);
    default:
        return SKIP_NOT_IP;
    }
}

enum skip serial_pppoe(struct peel *p)
{
    if (p->rest.len < PPPOE_HEAD)
        return peel_short(p);
    if (peel_u8(p, 0) != 0x11)
        return SKIP_MALFORMED;
    if (peel_u8(p, 1) != 0)
        return SKIP_NOT_IP; /* discovery */
    uint16_t len = peel_u16(p, 4);
    peel_take(p, PPPOE_HEAD);
    if (len > 0)
        peel_trim(p, len);
    return peel_to(p, LAYER_PPP);
}

enum skip serial_hdlc(struct peel *p)
{
    if (p->rest.len < 4)
        return peel_short(p);
    p->type = peel_u16(p, 2);
    if (p->type < 0x600)
        return SKIP_NOT_IP;
    return peel_past(p, 4, LAYER_TYPE);
}

enum skip serial_nlpid(struct peel *p)
{
    uint8_t nlpid = peel_u8(p, 0);

    if (p->rest.len < 1)
        return peel_short(p);
    if (nlpid == NLPID_IPV4)
        return peel_past(p, 1, LAYER_IPV4);
    if (nlpid == NLPID_IPV6)
        return peel_past(p, 1, LAYER_IPV6);
    if (nlpid == NLPID_PPP)
        return peel_past(p, 1, LAYER_PPP);
    if (nlpid != NLPID_SNAP)
        return SKIP_NOT_IP;
    /* SNAP: three bytes of who gave out the type, the type */
    if (p->rest.len < 6)
        return peel_short(p);
    if (peel_u16(p, 1) != 0 || peel_u8(p, 3) != 0)
        return SKIP_NOT_IP;
    p->type = peel_u16(p, 4);
    return peel_past(p, 6, LAYER_TYPE);
}

enum skip serial_frame_relay(struct peel *p)
{
    size_t address = 1;

    /* the last byte of the address is odd */
    while (address < 4 && (peel_u8(p, address - 1) & 1) == 0)
        address++;
    uint8_t control = peel_u8(p, address);
    if (p->rest.len < address + 3)
        return peel_short(p);
    if (control != 0x03) {
        /* Cisco's own: an ethertype in place of control and NLPID */
        p->type = peel_u16(p, address);
        if (!ether_knows((uint16_t)p->type))
            return SKIP_NOT_IP;
        return peel_past(p, address + 2, LAYER_TYPE);
    }
    peel_take(p, address + 1);
    if (peel_u8(p, 0) == 0)
        peel_take(p, 1); /* padding in front of SNAP */
    return peel_to(p, LAYER_NLPID);
}
