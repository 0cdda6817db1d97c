// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * walk_tunnels.c - walk VXLAN, GENEVE, GTP-U, GRE, ERSPAN, as classic BPF.
 *
 * In:   a datagram whose protocol or port may be a tunnel's.
 * Out:  the frame or datagram inside; the hash of the outer addresses when
 *       it is no tunnel.
 * Not:  rarer tunnels, and tunnels in tunnels: they go to all workers.
 * Spec: tunnels.c, udp.c, whose peeling this must agree with.
 */
#include "capture/walk.h"

static void put_udp(struct walk *w)
{
    bool last = w->level + 1 == LEVELS;

    walk_label(w, walk_here(w, AT_UDP));
    walk_need(w, 8);
    walk_load(w, BPF_H, 2);
    walk_when(w, BPF_JEQ, 4789, last ? LABEL_ALL : walk_here(w, AT_VXLAN));
    walk_when(w, BPF_JEQ, 8472, last ? LABEL_ALL : walk_here(w, AT_VXLAN));
    walk_when(w, BPF_JEQ, 6081, last ? LABEL_ALL : walk_here(w, AT_GENEVE));
    walk_when(w, BPF_JEQ, 2152, last ? LABEL_ALL : walk_here(w, AT_GTP));
    walk_when(w, BPF_JEQ, 4790, LABEL_ALL);
    walk_when(w, BPF_JEQ, 6635, LABEL_ALL);
    walk_when(w, BPF_JEQ, 3544, LABEL_ALL);
    walk_when(w, BPF_JEQ, 1701, LABEL_ALL);
    walk_load(w, BPF_H, 0);
    walk_when(w, BPF_JEQ, 3544, LABEL_ALL);
    walk_when(w, BPF_JEQ, 1701, LABEL_ALL);
    walk_jump(w, LABEL_HASH);
}

static void put_vxlan(struct walk *w)
{
    walk_label(w, walk_here(w, AT_VXLAN));
    walk_need(w, 30);
    walk_load(w, BPF_B, 8);
    walk_unless(w, BPF_JSET, 0x08, LABEL_HASH);
    walk_load(w, BPF_B, 15);
    walk_unless(w, BPF_JEQ, 0, LABEL_HASH);
    walk_advance(w, 16);
    walk_jump(w, walk_inside(w, AT_FRAME));
}

/* A is the ethertype of what X is at, inside a tunnel. */
static void put_inner_type(struct walk *w)
{
    walk_when(w, BPF_JEQ, 0x0800, walk_inside(w, AT_V4));
    walk_when(w, BPF_JEQ, 0x86dd, walk_inside(w, AT_V6));
    walk_when(w, BPF_JEQ, 0x6558, walk_inside(w, AT_FRAME));
}

static void put_geneve(struct walk *w)
{
    walk_label(w, walk_here(w, AT_GENEVE));
    walk_need(w, 16);
    walk_load(w, BPF_B, 8);
    walk_when(w, BPF_JSET, 0xc0, LABEL_HASH);
    walk_load(w, BPF_B, 15);
    walk_unless(w, BPF_JEQ, 0, LABEL_HASH);
    walk_load(w, BPF_H, 10);
    walk_keep(w, CELL_KEEP);
    walk_load(w, BPF_B, 8);
    walk_math(w, BPF_LSH, 2);
    walk_math(w, BPF_ADD, 16);
    walk_math_x(w, BPF_ADD);
    walk_to_x(w);
    walk_again(w, CELL_KEEP);
    put_inner_type(w);
    walk_jump(w, LABEL_ALL);
}

/* With one extension header at most, as 5G has it. */
static void put_gtp(struct walk *w)
{
    unsigned more = walk_local(w), data = walk_local(w), bare = walk_local(w);

    walk_label(w, walk_here(w, AT_GTP));
    walk_need(w, 16);
    walk_load(w, BPF_B, 8);
    walk_math(w, BPF_AND, 0xf0);
    walk_unless(w, BPF_JEQ, 0x30, LABEL_HASH);
    walk_load(w, BPF_B, 9);
    walk_unless(w, BPF_JEQ, 255, LABEL_HASH);
    walk_load(w, BPF_B, 8);
    walk_when(w, BPF_JSET, 7, more);
    walk_advance(w, 16);
    walk_jump(w, data);
    walk_label(w, more);
    walk_need(w, 24);
    walk_load(w, BPF_B, 19);
    walk_when(w, BPF_JEQ, 0, bare);
    walk_load(w, BPF_B, 20);
    walk_when(w, BPF_JEQ, 0, LABEL_ALL);
    walk_math(w, BPF_LSH, 2);
    walk_math_x(w, BPF_ADD);
    walk_to_x(w);
    walk_need(w, 20);
    walk_load(w, BPF_B, 19);
    walk_unless(w, BPF_JEQ, 0, LABEL_ALL);
    walk_label(w, bare);
    walk_advance(w, 20);
    walk_label(w, data);
    walk_need(w, 1);
    walk_load(w, BPF_B, 0);
    walk_math(w, BPF_AND, 0xf0);
    walk_when(w, BPF_JEQ, 0x40, walk_inside(w, AT_V4));
    walk_when(w, BPF_JEQ, 0x60, walk_inside(w, AT_V6));
    walk_jump(w, LABEL_ALL);
}

/* X += 4 when that bit of the flags is set. */
static void put_gre_field(struct walk *w, uint32_t shift)
{
    walk_again(w, CELL_FLAGS);
    walk_math(w, BPF_RSH, shift);
    walk_math(w, BPF_AND, 4);
    walk_math_x(w, BPF_ADD);
    walk_to_x(w);
}

static void put_gre(struct walk *w)
{
    unsigned sequence = walk_local(w);

    walk_label(w, walk_here(w, AT_GRE));
    walk_need(w, 4);
    walk_load(w, BPF_H, 0);
    walk_when(w, BPF_JSET, 0x4007, LABEL_ALL); /* routing, another version */
    walk_keep(w, CELL_FLAGS);
    walk_load(w, BPF_H, 2);
    walk_keep(w, CELL_KEEP);
    walk_advance(w, 4);
    put_gre_field(w, 13); /* checksum, 0x8000 */
    put_gre_field(w, 11); /* key, 0x2000 */
    put_gre_field(w, 10); /* sequence number, 0x1000 */
    walk_again(w, CELL_KEEP);
    put_inner_type(w);
    walk_unless(w, BPF_JEQ, 0x88be, LABEL_ALL); /* ERSPAN */
    walk_again(w, CELL_FLAGS);
    walk_when(w, BPF_JSET, 0x1000, sequence);
    walk_jump(w, walk_inside(w, AT_FRAME)); /* type I has no header */
    walk_label(w, sequence);
    walk_need(w, 8);
    walk_load(w, BPF_B, 0);
    walk_math(w, BPF_AND, 0xf0);
    walk_when(w, BPF_JEQ, 0x20, LABEL_ALL); /* type III */
    walk_advance(w, 8);
    walk_jump(w, walk_inside(w, AT_FRAME));
}

void walk_tunnels(struct walk *w)
{
    put_udp(w);
    if (w->level + 1 == LEVELS)
        return;
    put_vxlan(w);
    put_geneve(w);
    put_gtp(w);
    put_gre(w);
}
