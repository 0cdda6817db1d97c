// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * nets.c - many networks, sorted by prefix length and address.
 *
 * It must not know whose networks they are.
 */
#include "identity/nets.h"

#include <stdlib.h>
#include <string.h>

bool nets_add(struct nets *n, const struct network *network, uint64_t owner)
{
    if (n->count == n->room) {
        size_t room = n->room ? 2 * n->room : 16;
        struct net *list = realloc(n->list, room * sizeof(*list));
        if (!list)
            return false;
        n->list = list;
        n->room = room;
    }
    n->list[n->count++] = (struct net){*network, owner};
    return true;
}

/* Longest first, then by address, then by owner. */
static int order(const void *a, const void *b)
{
    const struct net *one = a, *two = b;

    if (one->network.bits != two->network.bits)
        return one->network.bits > two->network.bits ? -1 : 1;
    int by = addr_compare(&one->network.addr, &two->network.addr);
    if (by != 0)
        return by;
    return (one->owner > two->owner) - (one->owner < two->owner);
}

void nets_sort(struct nets *n)
{
    size_t place = 0;

    if (n->count > 0)
        qsort(n->list, n->count, sizeof(*n->list), order);
    for (size_t i = 0; i < NETS_LENGTHS; i++) {
        n->from[i] = place;
        while (place < n->count && n->list[place].network.bits == 128 - i)
            place++;
    }
    n->from[NETS_LENGTHS] = place;
}

/* a without its bits behind the first bits ones. */
static struct addr masked(const struct addr *a, unsigned bits)
{
    struct addr cut = *a;

    for (unsigned i = 0; i < sizeof(cut.b); i++) {
        unsigned keep = bits > 8 * i ? bits - 8 * i : 0;
        if (keep < 8)
            cut.b[i] &= (uint8_t)(0xFF00u >> keep);
    }
    return cut;
}

/* The first network of [from, to) that is not before a. */
static size_t lower(const struct nets *n, size_t from, size_t to,
                    const struct addr *a)
{
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (addr_compare(&n->list[middle].network.addr, a) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

/* *step is 1 + the last place given, so its prefix length is known too. */
const struct net *nets_next(const struct nets *n, const struct addr *a,
                            size_t *step)
{
    unsigned next = 128;

    if (n->count == 0)
        return NULL;
    if (*step > 0) {
        const struct net *last = &n->list[*step - 1];
        if (*step < n->count && last[1].network.bits == last->network.bits &&
            addr_eq(&last[1].network.addr, &last->network.addr))
            return &n->list[(*step)++];
        if (last->network.bits == 0)
            return NULL;
        next = last->network.bits - 1u;
    }
    for (size_t i = 128 - next; i < NETS_LENGTHS; i++) {
        if (n->from[i] == n->from[i + 1])
            continue;
        struct addr cut = masked(a, (unsigned)(128 - i));
        size_t at = lower(n, n->from[i], n->from[i + 1], &cut);
        if (at < n->from[i + 1] && addr_eq(&n->list[at].network.addr, &cut)) {
            *step = at + 1;
            return &n->list[at];
        }
    }
    return NULL;
}

bool nets_have(const struct nets *n, const struct addr *a)
{
    size_t step = 0;

    return nets_next(n, a, &step) != NULL;
}

void nets_clear(struct nets *n)
{
    free(n->list);
    *n = (struct nets){0};
}
