// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * links.c - peel a packet down to its innermost IP datagram.
 *
 * Two tables: the link type of the capture names the first layer, and every
 * layer the one behind it. A UDP port is only a hint that a tunnel is there:
 * when what is inside turns out to be nothing sound, the datagram is plain.
 *
 * It must not allocate, and calls nothing that does: once for each packet.
 */
#include "capture/links.h"

#include <stddef.h>

#include "capture/peel.h"
#include "outflow/capture.h"

/* The largest frame any medium carries, segmentation offload included. */
enum { WIRE_MOST = 1 << 20 };

struct link {
    enum layer layer; /* LAYER_DONE: a link type we do not read */
    uint32_t skip;    /* bytes in front of it */
};

static const struct link links[] = {
#define LINK(number, skip, layer) [number] = {LAYER_##layer, skip},
#include "capture/links.def"
#undef LINK
};

/* What takes the header off, in the order of enum layer. */
static enum skip (*const layers[])(struct peel *p) = {
    NULL,
#define LAYER(id, function) function,
#include "capture/layers.def"
#undef LAYER
};

bool links_reads(uint32_t link)
{
    return link < COUNT(links) && links[link].layer != LAYER_DONE;
}

enum skip links_begin(struct peel *p)
{
    if (!links_reads(p->type))
        return SKIP_LINK_TYPE;
    const struct link *link = &links[p->type];
    if (p->rest.len < link->skip)
        return peel_short(p);
    return peel_past(p, link->skip, link->layer);
}

/* Peel until the innermost datagram; every layer takes bytes, so it ends. */
static enum skip peel_all(struct peel *p)
{
    enum skip skip = SKIP_NONE;

    while (skip == SKIP_NONE && p->next != LAYER_DONE)
        skip = layers[p->next](p);
    if (UNLIKELY(skip == SKIP_MALFORMED && p->guessed)) {
        *p->out = p->saved;
        p->rest = p->plain;
        p->lost = p->plain_lost;
        skip = SKIP_NONE;
    }
    p->out->payload = p->rest;
    p->out->cut = p->lost;
    return skip;
}

enum skip links_peel(const struct packet *packet, struct datagram *out)
{
    uint32_t wire = packet->wire_len < WIRE_MOST ? packet->wire_len : WIRE_MOST;
    struct peel p;

    p.rest = packet->frame;
    p.lost = wire > packet->frame.len ? wire - (uint32_t)packet->frame.len : 0;
    p.type = packet->link;
    p.next = packet->link == 1 ? LAYER_ETHERNET : LAYER_LINK;
    p.guessed = false;
    p.out = out;
    *out = (struct datagram){
        .seen = {packet->time_ns, packet->number, packet->capture}};
    return peel_all(&p);
}

enum skip links_resume(const struct datagram *whole, struct datagram *out)
{
    struct peel p;

    p.rest = whole->payload;
    p.lost = whole->cut;
    p.next = LAYER_INSIDE;
    p.guessed = false;
    p.out = out;
    *out = *whole;
    out->fragment = false;
    out->frag_more = false;
    out->frag_at = 0;
    return peel_all(&p);
}
