// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * unread.c - from what batches told of unread bytes to when they came.
 *
 * Batches tell sums so far. Of one kind and one second the highest batch is
 * kept, so that the answer depends on the set of batches only; what a batch
 * tells beyond the one before came at its time. It must not judge.
 */
#include <stdlib.h>

#include "ledger/ledger.h"

static int sign(bool more, bool less)
{
    return (int)more - (int)less;
}

static int compare_kind(const struct point *x, const struct point *y)
{
    if (x->kind != y->kind)
        return sign(x->kind > y->kind, x->kind < y->kind);
    if (x->why != y->why)
        return sign(x->why > y->why, x->why < y->why);
    return sign(x->object > y->object, x->object < y->object);
}

static int by_second(const void *a, const void *b)
{
    const struct point *x = a, *y = b;
    int kind = compare_kind(x, y);
    int64_t sx = ledger_second(x->time_ns), sy = ledger_second(y->time_ns);

    if (kind != 0)
        return kind;
    if (sx != sy)
        return sign(sx > sy, sx < sy);
    if (x->batch != y->batch)
        return sign(x->batch > y->batch, x->batch < y->batch);
    return sign(x->bytes > y->bytes, x->bytes < y->bytes);
}

static int by_batch(const void *a, const void *b)
{
    const struct point *x = a, *y = b;
    int kind = compare_kind(x, y);

    if (kind != 0)
        return kind;
    if (x->batch != y->batch)
        return sign(x->batch > y->batch, x->batch < y->batch);
    return sign(x->time_ns > y->time_ns, x->time_ns < y->time_ns);
}

/* Keep the highest batch of each second; gives how many are left. */
static uint32_t thin(struct point *list, uint32_t count)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < count; i++) {
        if (i + 1 < count && compare_kind(&list[i], &list[i + 1]) == 0 &&
            ledger_second(list[i].time_ns) ==
                ledger_second(list[i + 1].time_ns))
            continue;
        list[kept++] = list[i];
    }
    return kept;
}

static uint32_t list_deltas(const struct ledger *l, const struct point *list,
                            uint32_t count, struct ledger_unread *out)
{
    uint32_t told = 0;
    uint64_t before = 0;

    for (uint32_t i = 0; i < count; i++) {
        const struct point *p = &list[i];
        if (i == 0 || compare_kind(p, &list[i - 1]) != 0)
            before = 0;
        if (p->bytes <= before)
            continue;
        out[told++] =
            (struct ledger_unread){.time_ns = p->time_ns,
                                   .bytes = p->bytes - before,
                                   .kind = intern_at(&l->moves.names, p->kind),
                                   .why = (enum why)p->why,
                                   .object = p->object != 0};
        before = p->bytes;
    }
    return told;
}

uint32_t ledger_list_unread(const struct ledger *l, const struct move *move,
                            struct ledger_unread *out)
{
    uint32_t count = 0, told;
    struct point *list;

    for (uint32_t i = move->point; i != POOL_NONE; count++) {
        const struct point *p = pool_at(&l->moves.points, i);
        i = p->next;
    }
    if (count == 0)
        return 0;
    list = calloc(count, sizeof(*list));
    if (!list)
        return POOL_NONE;
    count = 0;
    for (uint32_t i = move->point; i != POOL_NONE; count++) {
        list[count] = *(const struct point *)pool_at(&l->moves.points, i);
        i = list[count].next;
    }
    qsort(list, count, sizeof(*list), by_second);
    count = thin(list, count);
    qsort(list, count, sizeof(*list), by_batch);
    told = list_deltas(l, list, count, out);
    free(list);
    return told;
}
