// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * share.c - which worker has the packets between two addresses.
 *
 * The same hash twice: as C for the worker, as classic BPF for the kernel.
 * The BPF walks the headers as links_peel does, with one tunnel unrolled
 * (there are no loops): X is where it is, cells of memory hold the rest.
 * Whatever it does not follow to the end, fragments above all, is passed to
 * all workers; so a header is checked as strictly as the peeling does where
 * that would fall back to the datagram around.
 *
 * It must not know libpcap: live.c puts the program to use.
 */
#include "capture/share.h"

#include "capture/walk.h"

/* Numbers that mix well as multipliers: odd, half of the bits set. */
#define MIX_WORD 0x9e3779b1U
#define MIX_ADDR 0x85ebca6bU
#define MIX_PAIR 0xc2b2ae35U
#define WORD_V4  0x0000ffffU /* third word of a mapped address */

/* The hash, in C */

static uint32_t mix(uint32_t x, uint32_t by, unsigned shift)
{
    x *= by;
    return x ^ x >> shift;
}

static uint32_t word_at(const uint8_t *b)
{
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 |
           b[3];
}

static uint32_t share_addr(const struct share *share, const struct addr *a)
{
    uint32_t h = (uint32_t)share->key;

    for (size_t i = 0; i < sizeof(a->b); i += 4)
        h = mix(h ^ word_at(a->b + i), MIX_WORD, 15);
    return mix(h ^ (uint32_t)(share->key >> 32), MIX_ADDR, 13);
}

bool share_has(const struct share *share, const struct addr *a,
               const struct addr *b)
{
    if (share->count <= 1)
        return true;
    uint32_t h = mix(share_addr(share, a) + share_addr(share, b), MIX_PAIR, 16);
    return ((h >> 16) * share->count) >> 16 == share->index;
}

/* The hash, in BPF */

/* A := A * by; A ^= A >> shift. X is lost. */
static void put_mix(struct walk *w, uint32_t by, unsigned shift)
{
    walk_math(w, BPF_MUL, by);
    walk_to_x(w);
    walk_math(w, BPF_RSH, shift);
    walk_math_x(w, BPF_XOR);
}

/* What comes behind an address's last word. */
static void put_addr_end(struct walk *w)
{
    walk_math(w, BPF_XOR, (uint32_t)(w->share->key >> 32));
    put_mix(w, MIX_ADDR, 13);
}

/* A is an IPv4 address, and becomes its hash. */
static void put_addr_v4(struct walk *w)
{
    uint32_t h = (uint32_t)w->share->key;

    h = mix(h, MIX_WORD, 15);
    h = mix(h, MIX_WORD, 15);
    h = mix(h ^ WORD_V4, MIX_WORD, 15);
    walk_math(w, BPF_XOR, h);
    put_mix(w, MIX_WORD, 15);
    put_addr_end(w);
}

static void put_addr_v6(struct walk *w, uint32_t at)
{
    for (uint32_t i = 0; i < 4; i++) {
        walk_again_x(w, CELL_AT);
        walk_load(w, BPF_W, at + 4 * i);
        if (i == 0) {
            walk_math(w, BPF_XOR, (uint32_t)w->share->key);
        } else {
            walk_again_x(w, CELL_NEXT);
            walk_math_x(w, BPF_XOR);
        }
        put_mix(w, MIX_WORD, 15);
        if (i < 3)
            walk_keep(w, CELL_NEXT);
    }
    put_addr_end(w);
}

static void put_hash(struct walk *w)
{
    walk_label(w, LABEL_HASH);
    walk_again_x(w, CELL_AT);
    walk_load(w, BPF_B, 0);
    walk_when(w, BPF_JGE, 0x60, LABEL_HASH_V6);
    walk_load(w, BPF_W, 12);
    put_addr_v4(w);
    walk_keep(w, CELL_HASH);
    walk_again_x(w, CELL_AT);
    walk_load(w, BPF_W, 16);
    put_addr_v4(w);
    walk_jump(w, LABEL_DEAL);
    walk_label(w, LABEL_HASH_V6);
    put_addr_v6(w, 8);
    walk_keep(w, CELL_HASH);
    put_addr_v6(w, 24);
    walk_label(w, LABEL_DEAL);
    walk_again_x(w, CELL_HASH);
    walk_math_x(w, BPF_ADD);
    put_mix(w, MIX_PAIR, 16);
    walk_math(w, BPF_RSH, 16);
    walk_math(w, BPF_MUL, w->share->count);
    walk_math(w, BPF_RSH, 16);
    walk_when(w, BPF_JEQ, w->share->index, LABEL_PASS);
    walk_put(w, BPF_RET | BPF_K, 0);
}

/* The whole */

/* Link types that are followed, as LINKTYPE_ numbers; DLT_RAW is Linux's. */
enum { ETHERNET = 1, DLT_RAW_IP = 12, RAW_IP = 101, SLL = 113, SLL2 = 276 };

/* END := the packet's length; false for a link type we do not follow. */
static bool put_begin(struct walk *w, uint32_t link)
{
    switch (link) {
    case ETHERNET:
    case DLT_RAW_IP:
    case RAW_IP:
        w->base = 0;
        break;
    case SLL:
        w->base = 16;
        break;
    case SLL2:
        w->base = 20;
        break;
    default:
        return false;
    }
    walk_put(w, BPF_LD | BPF_LEN, 0);
    walk_unless(w, BPF_JGE, w->base, LABEL_ALL);
    walk_math(w, BPF_SUB, w->base);
    walk_keep(w, CELL_END);
    walk_put(w, BPF_LDX | BPF_IMM, 0);
    return true;
}

/* Ports of UDP that the walk knows tunnels at: at either end, at one. */
static const uint16_t ports_from[] = {3544, 1701};
static const uint16_t ports_to[] = {3544, 1701, 4789, 8472,
                                    6081, 2152, 4790, 6635};

/* A is the protocol of a datagram without options: UDP without a tunnel? */
static void put_plain_udp(struct walk *w, unsigned good, unsigned other)
{
    walk_unless(w, BPF_JEQ, 17, other);
    walk_put(w, BPF_LD | BPF_LEN, 0);
    walk_unless(w, BPF_JGE, 42, other);
    walk_load_at(w, BPF_H, 34);
    for (size_t i = 0; i < COUNT(ports_from); i++)
        walk_when(w, BPF_JEQ, ports_from[i], other);
    walk_load_at(w, BPF_H, 36);
    for (size_t i = 0; i < COUNT(ports_to); i++)
        walk_when(w, BPF_JEQ, ports_to[i], other);
    walk_jump(w, good);
}

/*
 * Most packets: TCP or plain UDP in IPv4 in untagged Ethernet, at fixed
 * places. It is what the walk would find, in half the time.
 */
static void put_plain(struct walk *w)
{
    unsigned good = walk_local(w), other = walk_local(w);

    walk_load_at(w, BPF_H, 12);
    walk_unless(w, BPF_JEQ, 0x0800, other);
    walk_load_at(w, BPF_B, 14);
    walk_unless(w, BPF_JEQ, 0x45, other);
    walk_load_at(w, BPF_H, 20);
    walk_when(w, BPF_JSET, 0x3fff, other);
    walk_load_at(w, BPF_B, 23);
    walk_when(w, BPF_JEQ, 6, good);
    put_plain_udp(w, good, other);
    walk_label(w, good);
    walk_load_at(w, BPF_W, 26);
    put_addr_v4(w);
    walk_keep(w, CELL_HASH);
    walk_load_at(w, BPF_W, 30);
    put_addr_v4(w);
    walk_jump(w, LABEL_DEAL);
    walk_label(w, other);
}

/* What the link's header says is next. */
static void put_link(struct walk *w, uint32_t link)
{
    switch (link) {
    case SLL:
        walk_load_at(w, BPF_H, 14);
        walk_jump(w, walk_here(w, AT_TYPE));
        break;
    case SLL2:
        walk_load_at(w, BPF_H, 0);
        walk_jump(w, walk_here(w, AT_TYPE));
        break;
    case DLT_RAW_IP:
    case RAW_IP:
        walk_need(w, 1);
        walk_load(w, BPF_B, 0);
        walk_math(w, BPF_AND, 0xf0);
        walk_when(w, BPF_JEQ, 0x40, walk_here(w, AT_V4));
        walk_when(w, BPF_JEQ, 0x60, walk_here(w, AT_V6));
        walk_jump(w, LABEL_ALL);
        break;
    default: /* a frame follows at once */
        walk_need(w, 34);
        put_plain(w);
        break;
    }
}

/* The ends that packets come to besides the hash. */
static void put_ends(struct walk *w, enum share_doubt doubt)
{
    walk_label(w, LABEL_ALL);
    if (doubt == SHARE_TO_ALL || w->share->index == 0)
        walk_jump(w, LABEL_PASS);
    else
        walk_put(w, BPF_RET | BPF_K, 0);
    walk_label(w, LABEL_FIRST);
    if (w->share->index == 0)
        walk_jump(w, LABEL_PASS);
    else
        walk_put(w, BPF_RET | BPF_K, 0);
    walk_label(w, LABEL_PASS);
}

/* Labels become distances. */
static void resolve(struct walk *w)
{
    for (uint32_t i = 0; i < w->count; i++) {
        struct share_step *s = &w->step[i];
        if (s->code != (BPF_JMP | BPF_JA) || s->jt != JUMP_PENDING)
            continue;
        s->k = w->place[s->k] - i - 1;
        s->jt = 0;
    }
}

size_t share_program(const struct share *share, uint32_t link,
                     enum share_doubt doubt, struct share_step *step)
{
    struct walk w = {.step = step, .share = share};

    w.tags = doubt == SHARE_TO_ALL ? TAGS : TAGS + 1;
    if (share->count <= 1)
        return 0;
    if (put_begin(&w, link)) {
        put_link(&w, link);
        for (w.level = 0; w.level < LEVELS; w.level++) {
            walk_links(&w);
            walk_ip(&w);
            walk_tunnels(&w);
        }
        put_hash(&w);
    } else if (doubt == SHARE_TO_ALL) {
        return 0;
    }
    put_ends(&w, doubt);
    resolve(&w);
    return w.count;
}
