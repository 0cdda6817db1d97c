// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * walk.h - write classic BPF that walks a packet's headers.
 *
 * X is where the walk is, cells of memory hold the rest; there are no loops,
 * and every jump goes forward to a label. share.c begins and ends the
 * program, walk_links.c walk_ip.c and walk_tunnels.c write the headers.
 *
 * It must not know what becomes of a packet.
 */
#ifndef CAPTURE_WALK_H
#define CAPTURE_WALK_H

#include <linux/filter.h>

#include "capture/share.h"
#include "outflow/compiler.h"

enum {
    LEVELS = 2,     /* a datagram, and one in a tunnel of it */
    TAGS = 3,       /* VLAN tags followed, where the kernel keeps one apart */
    INNER_TAGS = 1, /* the same inside a tunnel */
    LABELS = 4,     /* MPLS labels followed */
    EXTENSIONS = 3  /* IPv6 extension headers followed */
};

/* Cells of memory */
enum {
    CELL_AT,    /* where the innermost IP header begins */
    CELL_END,   /* where the datagram ends, padding left out */
    CELL_NEXT,  /* where the IP header ends */
    CELL_HASH,  /* so far */
    CELL_KEEP,  /* A, while X moves */
    CELL_PLACE, /* X, while it is compared with another */
    CELL_FLAGS, /* of a tunnel's header */
};

/* Places to jump to; all jumps go forward. */
enum label {
    LABEL_PASS,
    LABEL_ALL,
    LABEL_FIRST,
    LABEL_HASH,
    LABEL_HASH_V6,
    LABEL_DEAL,
    LABEL_LEVEL, /* then those of each level */
};

enum {
    AT_FRAME = LABEL_LEVEL,
    AT_TYPE,
    AT_OTHER,
    AT_MPLS,
    AT_PPPOE,
    AT_V4,
    AT_V6,
    AT_PROTO,
    AT_UDP,
    AT_VXLAN,
    AT_GENEVE,
    AT_GTP,
    AT_GRE,
    AT_LEVELS, /* labels of one level end here */
    LEVEL_LABELS = AT_LEVELS - LABEL_LEVEL,
    LABEL_LOCAL = LABEL_LEVEL + LEVELS * LEVEL_LABELS,
    LOCALS = 96,
    LABELS_ALL = LABEL_LOCAL + LOCALS,
};

enum { JUMP_PENDING = 0xff }; /* jt of a jump whose k is still a label */

struct walk {
    struct share_step *step;
    size_t count;
    uint32_t base;  /* bytes in front of X = 0 */
    unsigned level; /* tunnels entered */
    unsigned tags;  /* VLAN tags followed */
    unsigned locals;
    uint32_t place[LABELS_ALL]; /* index of the step a label stands at */
    const struct share *share;
};

/* One instruction; what finds no room makes the program too long. */
void walk_put(struct walk *w, unsigned code, uint32_t k);

/* A label stands here. One for a function's own use. */
void walk_label(struct walk *w, unsigned name);
unsigned walk_local(struct walk *w);

/* The label of an AT_ of this level; of the level inside, or LABEL_ALL. */
unsigned walk_here(const struct walk *w, unsigned at);
unsigned walk_inside(const struct walk *w, unsigned at);

/* Go to a label: in any case, when A and k compare so, unless they do. */
void walk_jump(struct walk *w, unsigned name);
void walk_when(struct walk *w, unsigned compare, uint32_t k, unsigned name);
void walk_unless(struct walk *w, unsigned compare, uint32_t k, unsigned name);

/* When A and the cell compare so: go there. X is lost. */
void walk_when_cell(struct walk *w, unsigned compare, unsigned cell,
                    unsigned name);

/* A := the integer of that size (BPF_B _H _W) at X + at; at the place at. */
void walk_load(struct walk *w, unsigned size, uint32_t at);
void walk_load_at(struct walk *w, unsigned size, uint32_t at);

/* A := A, the operation, k or X. */
void walk_math(struct walk *w, unsigned operation, uint32_t k);
void walk_math_x(struct walk *w, unsigned operation);

/* X := A; A := X. */
void walk_to_x(struct walk *w);
void walk_from_x(struct walk *w);

/* A or X into a cell; and out of it again. */
void walk_keep(struct walk *w, unsigned cell);
void walk_keep_x(struct walk *w, unsigned cell);
void walk_again(struct walk *w, unsigned cell);
void walk_again_x(struct walk *w, unsigned cell);

/* X += k; A is lost. */
void walk_advance(struct walk *w, uint32_t k);

/* Everybody's, unless len bytes are left from X on; A is lost. */
void walk_need(struct walk *w, uint32_t len);

/* END := the smaller of it and X + more + A, when A is not 0; X stands. */
void walk_trim(struct walk *w, uint32_t more);

/* Each writes its headers of the walk's level. */
void walk_links(struct walk *w);
void walk_ip(struct walk *w);
void walk_tunnels(struct walk *w);

#endif
