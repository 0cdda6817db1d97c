// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * walk_links.c - walk Ethernet, VLAN tags, MPLS and PPPoE, as classic BPF.
 *
 * In:   a frame, or an ethertype in A.
 * Out:  the IP header behind; what else may hold IP goes to all workers.
 * Not:  LLC, and tags that are no VLAN's.
 * Spec: ether.c, serial.c, whose peeling this must agree with.
 */
#include "capture/walk.h"

static const uint16_t vlans[] = {
#define VLAN(type) type,
#define TAG(type, skip)
#define INNER(type, skip, layer)
#define OTHER(type)
#include "capture/ethertypes.def"
#undef VLAN
#undef TAG
#undef INNER
#undef OTHER
};

/* Ethertypes behind which there may be IP, that are not followed. */
static const uint16_t covers[] = {
#define VLAN(type)               type,
#define TAG(type, skip)          type,
#define INNER(type, skip, layer) type,
#define OTHER(type)
#include "capture/ethertypes.def"
#undef VLAN
#undef TAG
#undef INNER
#undef OTHER
};

static void put_ip_types(struct walk *w)
{
    walk_when(w, BPF_JEQ, 0x0800, walk_here(w, AT_V4));
    walk_when(w, BPF_JEQ, 0x86dd, walk_here(w, AT_V6));
}

/* A is an ethertype, X behind it. */
static void put_type(struct walk *w)
{
    walk_label(w, walk_here(w, AT_TYPE));
    for (unsigned tags = 0; tags < (w->level == 0 ? w->tags : INNER_TAGS);
         tags++) {
        unsigned tag = walk_local(w);
        put_ip_types(w);
        for (size_t i = 0; i < COUNT(vlans); i++)
            walk_when(w, BPF_JEQ, vlans[i], tag);
        walk_jump(w, walk_here(w, AT_OTHER));
        walk_label(w, tag);
        walk_need(w, 4);
        walk_load(w, BPF_H, 2);
        walk_keep(w, CELL_KEEP);
        walk_advance(w, 4);
        walk_again(w, CELL_KEEP);
    }
    put_ip_types(w);
    walk_label(w, walk_here(w, AT_OTHER));
    if (w->level > 0) {
        walk_jump(w, LABEL_ALL);
        return;
    }
    walk_when(w, BPF_JEQ, 0x8847, walk_here(w, AT_MPLS));
    walk_when(w, BPF_JEQ, 0x8864, walk_here(w, AT_PPPOE));
    walk_unless(w, BPF_JGE, 0x0600, LABEL_ALL); /* a length: LLC */
    for (size_t i = 0; i < COUNT(covers); i++)
        walk_when(w, BPF_JEQ, covers[i], LABEL_ALL);
    walk_jump(w, LABEL_FIRST);
}

static void put_frame(struct walk *w)
{
    walk_label(w, walk_here(w, AT_FRAME));
    walk_need(w, 14);
    walk_load(w, BPF_H, 12);
    walk_keep(w, CELL_KEEP);
    walk_advance(w, 14);
    walk_again(w, CELL_KEEP);
}

/* Labels, and IP behind them where it shows: as ip_begins has it. */
static void put_mpls(struct walk *w)
{
    unsigned bottom = walk_local(w), v6 = walk_local(w);

    walk_label(w, walk_here(w, AT_MPLS));
    for (unsigned i = 0; i < LABELS; i++) {
        walk_need(w, 4);
        walk_load(w, BPF_B, 2);
        walk_keep(w, CELL_KEEP);
        walk_advance(w, 4);
        walk_again(w, CELL_KEEP);
        walk_when(w, BPF_JSET, 1, bottom);
    }
    walk_jump(w, LABEL_ALL);
    walk_label(w, bottom);
    walk_need(w, 20);
    walk_load(w, BPF_B, 0);
    walk_when(w, BPF_JGE, 0x60, v6);
    walk_unless(w, BPF_JGE, 0x45, LABEL_ALL);
    walk_when(w, BPF_JGE, 0x50, LABEL_ALL);
    walk_load(w, BPF_H, 2);
    walk_when(w, BPF_JEQ, 0, walk_here(w, AT_V4));
    walk_unless(w, BPF_JGE, 20, LABEL_ALL);
    walk_keep_x(w, CELL_PLACE);
    walk_math_x(w, BPF_ADD);
    walk_when_cell(w, BPF_JGT, CELL_END, LABEL_ALL);
    walk_again_x(w, CELL_PLACE);
    walk_jump(w, walk_here(w, AT_V4));
    walk_label(w, v6);
    walk_when(w, BPF_JGE, 0x70, LABEL_ALL);
    walk_load(w, BPF_H, 4);
    walk_keep_x(w, CELL_PLACE);
    walk_math(w, BPF_ADD, 40);
    walk_math_x(w, BPF_ADD);
    walk_when_cell(w, BPF_JGT, CELL_END, LABEL_ALL);
    walk_again_x(w, CELL_PLACE);
    walk_jump(w, walk_here(w, AT_V6));
}

static void put_pppoe(struct walk *w)
{
    walk_label(w, walk_here(w, AT_PPPOE));
    walk_need(w, 8);
    walk_load(w, BPF_H, 0);
    walk_unless(w, BPF_JEQ, 0x1100, LABEL_ALL);
    walk_load(w, BPF_H, 4);
    walk_trim(w, 6);
    walk_load(w, BPF_H, 6);
    walk_keep(w, CELL_KEEP);
    walk_advance(w, 8);
    walk_again(w, CELL_KEEP);
    walk_when(w, BPF_JEQ, 0x0021, walk_here(w, AT_V4));
    walk_when(w, BPF_JEQ, 0x0057, walk_here(w, AT_V6));
    walk_jump(w, LABEL_ALL);
}

void walk_links(struct walk *w)
{
    put_frame(w);
    put_type(w);
    if (w->level > 0)
        return;
    put_mpls(w);
    put_pppoe(w);
}
