// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * wifi.c - peel IEEE 802.11 and the radio headers in front of it.
 *
 * In:   a frame with or without radiotap, Prism, AVS or PPI.
 * Out:  LLC of unencrypted data frames; the sender's MAC.
 * Not:  encrypted frames, aggregates (A-MSDU) and everything that is not
 *       data stay closed.
 * Spec: IEEE 802.11 9.2; radiotap.org; PPI by CACE.
 *
 *     control(2) duration(2) address1(6) address2(6) address3(6)
 *     sequence(2) [address4(6)] [qos(2)] [ht(4)] LLC
 */
#include <string.h>

#include "capture/peel.h"

enum {
    WIFI_HEAD = 24,
    CONTROL_TYPE = 0x0c, /* of the first byte */
    CONTROL_DATA = 0x08,
    CONTROL_QOS = 0x80,
    CONTROL_EMPTY = 0x40,
    FLAG_TO = 0x01,     /* of the second byte: to the access point */
    FLAG_FROM = 0x02,   /* from it; both: between two of them */
    FLAG_PIECES = 0x04, /* more fragments follow */
    FLAG_CLOSED = 0x40, /* encrypted */
    FLAG_HT = 0x80,
    QOS_AGGREGATE = 0x80,
    PRISM_HEAD = 144,
    PPI_HEAD = 8,
    RADIOTAP_TSFT = 1, /* bits of the field map */
    RADIOTAP_FLAGS = 2,
    RADIOTAP_PAD = 0x20, /* the header is padded to four bytes */
};

/* Bytes of the header, up to LLC. */
static size_t wifi_head(uint8_t control, uint8_t flags)
{
    size_t head = WIFI_HEAD;

    if ((flags & (FLAG_TO | FLAG_FROM)) == (FLAG_TO | FLAG_FROM))
        head += 6;
    if (control & CONTROL_QOS)
        head += (flags & FLAG_HT) != 0 ? 6 : 2;
    return head;
}

/* Where the sender's own address stands. */
static size_t wifi_source(uint8_t flags)
{
    switch (flags & (FLAG_TO | FLAG_FROM)) {
    case FLAG_FROM:
        return 16;
    case FLAG_FROM | FLAG_TO:
        return 24;
    default:
        return 10;
    }
}

/* A frame whose header is padded to a multiple of pad bytes. */
static enum skip wifi_padded(struct peel *p, size_t pad)
{
    uint8_t control = peel_u8(p, 0);
    uint8_t flags = peel_u8(p, 1);
    size_t head = wifi_head(control, flags);
    size_t padded = (head + pad - 1) / pad * pad;

    if (p->rest.len < 2)
        return peel_short(p);
    if ((control & CONTROL_TYPE) != CONTROL_DATA || control & CONTROL_EMPTY ||
        flags & (FLAG_CLOSED | FLAG_PIECES))
        return SKIP_NOT_IP;
    if (p->rest.len < padded)
        return peel_short(p);
    size_t qos = head - ((flags & FLAG_HT) != 0 ? 6 : 2);
    if (control & CONTROL_QOS && peel_u8(p, qos) & QOS_AGGREGATE)
        return SKIP_NOT_IP;
    if (peel_u8(p, 22) & 0x0f)
        return SKIP_NOT_IP; /* a later fragment of a frame */
    struct reader r = reader_over(p->rest);
    reader_skip(&r, wifi_source(flags));
    struct span mac = reader_take(&r, 6);
    if (mac.len == 6)
        memcpy(p->out->src_mac, mac.ptr, 6);
    return peel_past(p, padded, LAYER_LLC);
}

enum skip wifi_frame(struct peel *p)
{
    return wifi_padded(p, 1);
}

/* The flags of a radiotap header; 0 when it has none. */
static uint8_t radiotap_flags(const struct peel *p)
{
    struct reader r = reader_over(p->rest);

    reader_skip(&r, 4);
    uint32_t present = reader_u32le(&r);
    size_t at = 8;
    for (uint32_t more = present; more >> 31 != 0 && reader_ok(&r); at += 4)
        more = reader_u32le(&r);
    if ((present & RADIOTAP_FLAGS) == 0)
        return 0;
    if (present & RADIOTAP_TSFT)
        at = (at + 7) / 8 * 8 + 8; /* a time of 8 bytes, aligned */
    return peel_u8(p, at);
}

enum skip wifi_radiotap(struct peel *p)
{
    struct reader r = reader_over(p->rest);

    reader_skip(&r, 2);
    uint16_t length = reader_u16le(&r);
    if (!reader_ok(&r) || p->rest.len < length)
        return peel_short(p);
    if (length < 8)
        return SKIP_MALFORMED;
    size_t pad = (radiotap_flags(p) & RADIOTAP_PAD) != 0 ? 4 : 1;
    peel_take(p, length);
    return wifi_padded(p, pad);
}

/* Prism's header of a fixed size, or AVS, which some wrote in its place. */
enum skip wifi_prism(struct peel *p)
{
    size_t length = PRISM_HEAD;

    if (peel_u32(p, 0) >> 4 == 0x8021100) /* and its version */
        length = peel_u32(p, 4);
    if (p->rest.len < 8 || p->rest.len < length)
        return peel_short(p);
    if (length < 8)
        return SKIP_MALFORMED;
    return peel_past(p, length, LAYER_WIFI);
}

enum skip wifi_ppi(struct peel *p)
{
    struct reader r = reader_over(p->rest);

    reader_skip(&r, 2);
    uint16_t length = reader_u16le(&r);
    p->type = reader_u32le(&r);
    if (!reader_ok(&r) || p->rest.len < length)
        return peel_short(p);
    if (length < PPI_HEAD)
        return SKIP_MALFORMED;
    return peel_past(p, length, LAYER_LINK);
}
