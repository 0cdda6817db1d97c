// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * walk_ip.c - walk IPv4, and IPv6 with its extension headers, as classic BPF.
 *
 * In:   an IP header at X.
 * Out:  its addresses for the hash, or the tunnel in it.
 * Not:  fragments, and authentication headers: they go to all workers.
 * Spec: ip.c, whose peeling this must agree with.
 */
#include "capture/walk.h"

/*
 * NEXT := the end of an IPv4 header. In a tunnel it must be whole and sound:
 * there the peeling may fall back to the datagram around.
 */
static void put_v4_size(struct walk *w)
{
    unsigned sound = walk_local(w);

    walk_load(w, BPF_B, 0);
    walk_math(w, BPF_AND, 0x0f);
    walk_math(w, BPF_LSH, 2);
    if (w->level > 0)
        walk_unless(w, BPF_JGE, 20, LABEL_ALL);
    walk_math_x(w, BPF_ADD);
    walk_keep(w, CELL_NEXT);
    if (w->level == 0)
        return;
    walk_when_cell(w, BPF_JGT, CELL_END, LABEL_ALL);
    walk_again_x(w, CELL_AT);
    walk_load(w, BPF_H, 2);
    walk_when(w, BPF_JEQ, 0, sound);
    walk_math_x(w, BPF_ADD);
    walk_when_cell(w, BPF_JGE, CELL_NEXT, sound);
    walk_jump(w, LABEL_ALL);
    walk_label(w, sound);
    walk_again_x(w, CELL_AT);
}

static void put_v4(struct walk *w)
{
    walk_label(w, walk_here(w, AT_V4));
    walk_need(w, 20);
    walk_keep_x(w, CELL_AT);
    walk_load(w, BPF_B, 0);
    walk_math(w, BPF_AND, 0xf0);
    walk_unless(w, BPF_JEQ, 0x40, LABEL_ALL);
    if (w->level > 0)
        put_v4_size(w);
    walk_load(w, BPF_H, 6);
    walk_when(w, BPF_JSET, 0x3fff, LABEL_ALL); /* a fragment */
    walk_load(w, BPF_B, 9);
    walk_when(w, BPF_JEQ, 6, LABEL_HASH);
    if (w->level == 0)
        put_v4_size(w);
    walk_load(w, BPF_H, 2);
    walk_trim(w, 0);
    walk_load(w, BPF_B, 9);
    walk_again_x(w, CELL_NEXT);
    walk_jump(w, walk_here(w, AT_PROTO));
}

/* One extension header or none; A is the protocol, X behind what was. */
static void put_extension(struct walk *w)
{
    static const uint8_t plain[] = {0, 43, 60, 135, 139, 140};
    unsigned header = walk_local(w), fragment = walk_local(w),
             done = walk_local(w);

    for (size_t i = 0; i < COUNT(plain); i++)
        walk_when(w, BPF_JEQ, plain[i], header);
    walk_when(w, BPF_JEQ, 44, fragment);
    walk_jump(w, walk_here(w, AT_PROTO));
    walk_label(w, header);
    walk_need(w, 8);
    walk_load(w, BPF_B, 0);
    walk_keep(w, CELL_KEEP);
    walk_load(w, BPF_B, 1);
    walk_math(w, BPF_LSH, 3);
    walk_math(w, BPF_ADD, 8);
    walk_math_x(w, BPF_ADD);
    walk_to_x(w);
    walk_jump(w, done);
    walk_label(w, fragment);
    walk_need(w, 8);
    walk_load(w, BPF_H, 2);
    walk_when(w, BPF_JSET, 0xfff9, LABEL_ALL);
    walk_load(w, BPF_B, 0);
    walk_keep(w, CELL_KEEP);
    walk_advance(w, 8);
    walk_label(w, done);
    walk_again(w, CELL_KEEP);
}

static void put_v6(struct walk *w)
{
    walk_label(w, walk_here(w, AT_V6));
    walk_need(w, 40);
    walk_keep_x(w, CELL_AT);
    walk_load(w, BPF_B, 0);
    walk_math(w, BPF_AND, 0xf0);
    walk_unless(w, BPF_JEQ, 0x60, LABEL_ALL);
    walk_load(w, BPF_B, 6);
    walk_when(w, BPF_JEQ, 6, LABEL_HASH);
    walk_load(w, BPF_H, 4);
    walk_trim(w, 40);
    walk_load(w, BPF_B, 6);
    walk_keep(w, CELL_KEEP);
    walk_advance(w, 40);
    walk_again(w, CELL_KEEP);
    for (unsigned i = 0; i < EXTENSIONS && w->level == 0; i++)
        put_extension(w);
}

/* A is the protocol of what X is at. */
static void put_proto(struct walk *w)
{
    /* extension headers not followed, EtherIP, MPLS */
    static const uint8_t others[] = {0, 43, 44, 51, 60, 97, 135, 137, 139, 140};

    walk_label(w, walk_here(w, AT_PROTO));
    walk_when(w, BPF_JEQ, 6, LABEL_HASH);
    walk_when(w, BPF_JEQ, 17, walk_here(w, AT_UDP));
    walk_when(w, BPF_JEQ, 4, walk_inside(w, AT_V4));
    walk_when(w, BPF_JEQ, 41, walk_inside(w, AT_V6));
    walk_when(w, BPF_JEQ, 47,
              w->level + 1 < LEVELS ? walk_here(w, AT_GRE)
                                    : (unsigned)LABEL_ALL);
    for (size_t i = 0; i < COUNT(others); i++)
        walk_when(w, BPF_JEQ, others[i], LABEL_ALL);
    walk_jump(w, LABEL_HASH);
}

void walk_ip(struct walk *w)
{
    put_v4(w);
    put_v6(w);
    put_proto(w);
}
