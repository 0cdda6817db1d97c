// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * moves.c - find a transfer, merge the header of a batch into it.
 *
 * Every merge gives the same whatever the order of batches. It must not
 * look at records.
 */
#include "ledger/moves.h"

#include <string.h>

struct move_key {
    uint64_t flow;
    uint32_t number;
};

static bool move_same(const void *ctx, uint32_t i, const void *key)
{
    const struct move *move = moves_at(ctx, i);
    const struct move_key *want = key;

    return move->flow == want->flow && move->number == want->number;
}

static uint64_t move_hash(const void *ctx, uint32_t i)
{
    const struct moves *m = ctx;
    const struct move *move = moves_at(m, i);

    return hash_mix(&m->key, move->number + 1, move->flow);
}

static const struct index_ops move_ops = {move_same, move_hash};

static uint64_t piece_key_hash(const struct moves *m, const struct piece *p)
{
    uint64_t state = hash_mix(&m->key, p->move + 1, p->trail);

    return hash_mix(&m->key, state, p->file);
}

static bool piece_same(const void *ctx, uint32_t i, const void *key)
{
    const struct moves *m = ctx;
    const struct piece *p = pool_at(&m->pieces, i), *want = key;

    return p->move == want->move && p->trail == want->trail &&
           p->file == want->file;
}

static uint64_t piece_hash(const void *ctx, uint32_t i)
{
    const struct moves *m = ctx;

    return piece_key_hash(m, pool_at(&m->pieces, i));
}

static const struct index_ops piece_ops = {piece_same, piece_hash};

static bool lack_same(const void *ctx, uint32_t i, const void *key)
{
    const struct moves *m = ctx;
    const struct lack *lack = pool_at(&m->lacks, i), *want = key;

    return lack->flow == want->flow && lack->sender == want->sender;
}

static uint64_t lack_hash(const void *ctx, uint32_t i)
{
    const struct moves *m = ctx;
    const struct lack *lack = pool_at(&m->lacks, i);

    return hash_mix(&m->key, lack->sender + 1, lack->flow);
}

static const struct index_ops lack_ops = {lack_same, lack_hash};

void moves_init(struct moves *m, struct memory *memory)
{
    m->memory = memory;
    m->key = hash_key_new();
    intern_init(&m->names, memory);
    intern_init(&m->routes, memory);
    pool_init(&m->items, memory, sizeof(struct move));
    pool_init(&m->aparts, memory, sizeof(struct apart));
    pool_init(&m->pieces, memory, sizeof(struct piece));
    pool_init(&m->more, memory, sizeof(struct more_packets));
    pool_init(&m->points, memory, sizeof(struct point));
    pool_init(&m->lacks, memory, sizeof(struct lack));
    index_init(&m->index, memory, &move_ops, m);
    index_init(&m->piece_index, memory, &piece_ops, m);
    index_init(&m->lack_index, memory, &lack_ops, m);
}

void moves_clear(struct moves *m)
{
    intern_clear(&m->names);
    intern_clear(&m->routes);
    pool_clear(&m->items);
    pool_clear(&m->aparts);
    pool_clear(&m->pieces);
    pool_clear(&m->more);
    pool_clear(&m->points);
    pool_clear(&m->lacks);
    index_clear(&m->index);
    index_clear(&m->piece_index);
    index_clear(&m->lack_index);
}

static uint64_t key_hash(const struct moves *m, const struct move_key *key)
{
    return hash_mix(&m->key, (uint64_t)key->number + 1, key->flow);
}

uint32_t moves_find(const struct moves *m, uint64_t flow, uint32_t number)
{
    const struct move_key key = {flow, number};

    return index_find(&m->index, key_hash(m, &key), &key);
}

uint32_t moves_make(struct moves *m, uint64_t flow, uint32_t number)
{
    const struct move_key key = {flow, number};
    uint64_t hash = key_hash(m, &key);
    uint32_t i = index_find(&m->index, hash, &key);
    struct move *move;

    if (i != POOL_NONE || !index_reserve(&m->index))
        return i;
    i = pool_add(&m->items);
    if (i == POOL_NONE)
        return i;
    move = moves_at(m, i);
    move->flow = flow;
    move->number = number;
    move->apart = move->part = move->point = move->packets = POOL_NONE;
    index_put(&m->index, hash, i);
    return i;
}

/* Batches that followed a missing one join those in front of them. */
static void close_up(struct moves *m, struct move *move)
{
    uint32_t *at = &move->apart;

    while (*at != POOL_NONE) {
        struct apart *run = pool_at(&m->aparts, *at);
        if (run->from > move->seen) {
            at = &run->next;
            continue;
        }
        if (run->to > move->seen)
            move->seen = run->to;
        *at = run->next;
        at = &move->apart;
    }
}

static bool batch_known(const struct moves *m, const struct move *move,
                        uint32_t batch)
{
    for (uint32_t i = move->apart; i != POOL_NONE;) {
        const struct apart *run = pool_at(&m->aparts, i);
        if (batch >= run->from && batch < run->to)
            return true;
        i = run->next;
    }
    return batch < move->seen;
}

bool move_knows(const struct moves *m, const struct move *move,
                const struct exposure *e)
{
    bool whole = move->ended > 0 && move->seen >= move->ended;
    bool newest = e->batch + 1 >= move->top && e->bytes > move->bytes;

    return !newest && (whole || batch_known(m, move, e->batch));
}

bool moves_note_batches(struct moves *m, struct move *move, uint32_t from,
                        uint32_t to)
{
    uint32_t i;

    if (from <= move->seen) {
        if (to > move->seen)
            move->seen = to;
        close_up(m, move);
        return true;
    }
    for (i = move->apart; i != POOL_NONE;) {
        struct apart *run = pool_at(&m->aparts, i);
        if (from == run->to) {
            run->to = to;
            return true;
        }
        i = run->next;
    }
    i = pool_add(&m->aparts);
    if (i == POOL_NONE)
        return false;
    *(struct apart *)pool_at(&m->aparts, i) =
        (struct apart){from, to, move->apart};
    move->apart = i;
    return true;
}

static void widen(uint64_t *first, uint64_t *last,
                  const struct ledger_packets *p)
{
    if (p->first < *first)
        *first = p->first;
    if (p->last > *last)
        *last = p->last;
}

bool moves_note_packets(struct moves *m, struct move *move,
                        const struct ledger_packets *p)
{
    uint32_t i;

    if (move->top == 0) {
        move->capture = p->capture;
        move->first_packet = p->first;
        move->last_packet = p->last;
    }
    if (move->capture == p->capture) {
        widen(&move->first_packet, &move->last_packet, p);
        return true;
    }
    for (i = move->packets; i != POOL_NONE;) {
        struct more_packets *more = pool_at(&m->more, i);
        if (more->capture == p->capture) {
            widen(&more->first, &more->last, p);
            return true;
        }
        i = more->next;
    }
    i = pool_add(&m->more);
    if (i == POOL_NONE)
        return false;
    *(struct more_packets *)pool_at(&m->more, i) =
        (struct more_packets){p->first, p->last, p->capture, move->packets};
    move->packets = i;
    return true;
}

uint32_t moves_add(struct moves *m, const struct exposure *e,
                   const struct resolved *who, bool *fresh)
{
    const struct ledger_packets packets = {e->capture, e->first_packet,
                                           e->last_packet};
    uint32_t i = moves_make(m, e->flow, e->transfer), route;
    struct move *move;

    *fresh = false;
    if (i == POOL_NONE)
        return i;
    move = moves_at(m, i);
    if (move_knows(m, move, e))
        return i;
    *fresh = true;
    if (!moves_note_batches(m, move, e->batch, e->batch + 1) ||
        !moves_note_packets(m, move, &packets))
        return POOL_NONE;
    move->anomalies |= e->anomalies;
    if (e->last && e->batch + 1 > move->ended)
        move->ended = e->batch + 1;
    if (e->batch + 1 < move->top ||
        (e->batch + 1 == move->top && e->bytes <= move->bytes))
        return i;
    route = moves_route(m, e, who);
    if (route == POOL_NONE)
        return POOL_NONE;
    move->top = e->batch + 1;
    move->route = route;
    move->read = e->part_read;
    move->missing = e->part_missing;
    move->bytes = e->bytes;
    move->time_ns = e->time_ns;
    move->separate = e->separate;
    return i;
}

uint32_t moves_piece(struct moves *m, uint32_t move, const char *trail,
                     const char *file)
{
    struct piece want = {move, intern_text(&m->names, trail ? trail : ""),
                         intern_text(&m->names, file ? file : ""),
                         moves_at(m, move)->part};
    uint64_t hash = piece_key_hash(m, &want);
    uint32_t i;

    if (want.trail == POOL_NONE || want.file == POOL_NONE)
        return POOL_NONE;
    i = index_find(&m->piece_index, hash, &want);
    if (i != POOL_NONE || !index_reserve(&m->piece_index))
        return i;
    i = pool_add(&m->pieces);
    if (i == POOL_NONE)
        return i;
    *(struct piece *)pool_at(&m->pieces, i) = want;
    moves_at(m, move)->part = i;
    index_put(&m->piece_index, hash, i);
    return i;
}

bool moves_lack(struct moves *m, uint64_t flow, enum dir sender, uint64_t bytes)
{
    const struct lack want = {flow, bytes, sender};
    uint64_t hash = hash_mix(&m->key, (uint64_t)want.sender + 1, want.flow);
    struct lack *lack;
    uint32_t i;

    if (want.bytes == 0)
        return true;
    i = index_find(&m->lack_index, hash, &want);
    if (i == POOL_NONE) {
        if (!index_reserve(&m->lack_index))
            return false;
        i = pool_add(&m->lacks);
        if (i == POOL_NONE)
            return false;
        *(struct lack *)pool_at(&m->lacks, i) = want;
        index_put(&m->lack_index, hash, i);
    }
    lack = pool_at(&m->lacks, i);
    if (want.bytes > lack->bytes)
        lack->bytes = want.bytes;
    return true;
}

uint64_t moves_lacking(const struct moves *m, uint64_t flow, enum dir sender)
{
    const struct lack want = {flow, 0, sender};
    uint64_t hash = hash_mix(&m->key, (uint64_t)want.sender + 1, flow);
    uint32_t i = index_find(&m->lack_index, hash, &want);
    const struct lack *lack;

    if (i == POOL_NONE)
        return 0;
    lack = pool_at(&m->lacks, i);
    return lack->bytes;
}
