// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * share.h - the program by which the kernel deals packets to workers.
 *
 * Classic BPF, put in front of the operator's own filter. It must never hold
 * back a packet that links_peel finds to be the worker's: where it cannot
 * tell, the packet goes to every worker, and share_has decides.
 */
#ifndef CAPTURE_SHARE_H
#define CAPTURE_SHARE_H

#include "outflow/live.h"

enum {
    SHARE_STEPS = 1400, /* of a program, the longest has 1,100 */
    SHARE_CELLS = 8,    /* of memory the program uses */
};

/* One instruction, as in struct bpf_insn. */
struct share_step {
    uint16_t code;
    uint8_t jt, jf;
    uint32_t k;
};

/* What becomes of packets that all workers must look at. */
enum share_doubt {
    SHARE_TO_ALL = 0, /* every worker's program passes them: in the kernel */
    SHARE_TO_FIRST,   /* worker 0's alone: to count each packet once */
};

/*
 * Write the program for a link type (a DLT_ or LINKTYPE_ number) to step, of
 * SHARE_STEPS; a packet that passes goes on behind its last instruction. 0
 * when every packet passes; also for link types it knows nothing about,
 * unless doubt is SHARE_TO_FIRST.
 */
size_t share_program(const struct share *share, uint32_t link,
                     enum share_doubt doubt, struct share_step *step);

#endif
