// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * packet.h - a captured frame, and the IP datagram found inside it.
 *
 * capture/ makes packets from files or interfaces and peels link layers and
 * tunnels off them; session/ takes the innermost IP datagram. Everything is
 * borrowed until the next packet is asked for.
 */
#ifndef OUTFLOW_PACKET_H
#define OUTFLOW_PACKET_H

#include "outflow/addr.h"
#include "outflow/span.h"

struct packet {
    int64_t time_ns;   /* since 1970, as captured */
    uint64_t number;   /* from 1 in its capture */
    uint32_t capture;  /* which capture of the timeline, from 0 */
    uint32_t link;     /* LINKTYPE_* of pcap */
    uint32_t wire_len; /* bytes on the wire; >= frame.len */
    struct span frame; /* bytes captured */
};

/* When and where something was seen: carried with every byte delivered. */
struct moment {
    int64_t time_ns;
    uint64_t number;  /* packet in its capture */
    uint32_t capture; /* which capture of the timeline */
};

/* An IP datagram or a fragment of one. */
struct datagram {
    struct moment seen;   /* packet that brought it */
    struct addr src, dst; /* innermost addresses */
    uint64_t tenant;      /* hash of VLAN tags, VNI, GRE key; 0: none */
    uint8_t src_mac[6];   /* sender on the innermost Ethernet, zero: none */
    uint8_t proto;        /* IP protocol of payload, extensions passed */
    bool v6;              /* which IP version carried it */
    bool fragment;        /* payload is a fragment: frag_* hold */
    bool frag_more;       /* more fragments follow */
    uint32_t frag_id;     /* identification */
    uint32_t frag_at;     /* offset of payload in the datagram, bytes */
    uint32_t cut;         /* payload bytes on the wire the capture lacks */
    struct span payload;  /* what was captured behind the IP headers */
    uint8_t depth;        /* tunnels passed */
};

/* Why a packet gave nothing to a session; names in skip.def. */
enum skip {
    SKIP_NONE = 0,
#define SKIP(id, name) SKIP_##id,
#include "outflow/skip.def"
#undef SKIP
    SKIP_REASONS,
};

#endif
