// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * walk.c - instructions, labels and the checks all headers share.
 *
 * It must not know any header.
 */
#include "capture/walk.h"

#include <assert.h>

void walk_put(struct walk *w, unsigned code, uint32_t k)
{
    if (w->count < SHARE_STEPS)
        w->step[w->count++] = (struct share_step){(uint16_t)code, 0, 0, k};
}

void walk_label(struct walk *w, unsigned name)
{
    w->place[name] = (uint32_t)w->count;
}

unsigned walk_local(struct walk *w)
{
    assert(w->locals < LOCALS);
    return LABEL_LOCAL + w->locals++;
}

unsigned walk_here(const struct walk *w, unsigned at)
{
    return at + w->level * LEVEL_LABELS;
}

unsigned walk_inside(const struct walk *w, unsigned at)
{
    return w->level + 1 < LEVELS ? at + (w->level + 1) * LEVEL_LABELS
                                 : LABEL_ALL;
}

void walk_jump(struct walk *w, unsigned name)
{
    walk_put(w, BPF_JMP | BPF_JA, name);
    w->step[w->count - 1].jt = JUMP_PENDING;
}

void walk_when(struct walk *w, unsigned compare, uint32_t k, unsigned name)
{
    walk_put(w, BPF_JMP | compare | BPF_K, k);
    w->step[w->count - 1].jf = 1;
    walk_jump(w, name);
}

void walk_unless(struct walk *w, unsigned compare, uint32_t k, unsigned name)
{
    walk_put(w, BPF_JMP | compare | BPF_K, k);
    w->step[w->count - 1].jt = 1;
    walk_jump(w, name);
}

void walk_load(struct walk *w, unsigned size, uint32_t at)
{
    walk_put(w, BPF_LD | BPF_IND | size, w->base + at);
}

void walk_load_at(struct walk *w, unsigned size, uint32_t at)
{
    walk_put(w, BPF_LD | BPF_ABS | size, at);
}

void walk_math(struct walk *w, unsigned operation, uint32_t k)
{
    walk_put(w, BPF_ALU | operation | BPF_K, k);
}

void walk_math_x(struct walk *w, unsigned operation)
{
    walk_put(w, BPF_ALU | operation | BPF_X, 0);
}

void walk_to_x(struct walk *w)
{
    walk_put(w, BPF_MISC | BPF_TAX, 0);
}

void walk_from_x(struct walk *w)
{
    walk_put(w, BPF_MISC | BPF_TXA, 0);
}

void walk_keep(struct walk *w, unsigned cell)
{
    walk_put(w, BPF_ST, cell);
}

void walk_keep_x(struct walk *w, unsigned cell)
{
    walk_put(w, BPF_STX, cell);
}

void walk_again(struct walk *w, unsigned cell)
{
    walk_put(w, BPF_LD | BPF_MEM, cell);
}

void walk_again_x(struct walk *w, unsigned cell)
{
    walk_put(w, BPF_LDX | BPF_MEM, cell);
}

void walk_advance(struct walk *w, uint32_t k)
{
    walk_from_x(w);
    walk_math(w, BPF_ADD, k);
    walk_to_x(w);
}

void walk_when_cell(struct walk *w, unsigned compare, unsigned cell,
                    unsigned name)
{
    walk_again_x(w, cell);
    walk_put(w, BPF_JMP | compare | BPF_X, 0);
    w->step[w->count - 1].jf = 1;
    walk_jump(w, name);
}

void walk_need(struct walk *w, uint32_t len)
{
    walk_keep_x(w, CELL_PLACE);
    walk_from_x(w);
    walk_math(w, BPF_ADD, len);
    walk_when_cell(w, BPF_JGT, CELL_END, LABEL_ALL);
    walk_again_x(w, CELL_PLACE);
}

void walk_trim(struct walk *w, uint32_t more)
{
    unsigned done = walk_local(w);

    walk_keep_x(w, CELL_PLACE);
    walk_when(w, BPF_JEQ, 0, done);
    walk_math(w, BPF_ADD, more);
    walk_math_x(w, BPF_ADD);
    walk_when_cell(w, BPF_JGE, CELL_END, done);
    walk_keep(w, CELL_END);
    walk_label(w, done);
    walk_again_x(w, CELL_PLACE);
}
