// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * claims.c - which employee something belonged to at a time.
 *
 * It must not know what the keys are.
 */
#include "identity/claims.h"

#include <stdlib.h>

bool claims_add(struct claims *c, const struct claim *claim)
{
    if (c->count == c->room) {
        size_t room = c->room ? 2 * c->room : 16;
        struct claim *list = realloc(c->list, room * sizeof(*list));
        if (!list)
            return false;
        c->list = list;
        c->room = room;
    }
    c->list[c->count++] = *claim;
    return true;
}

/* By key, then by begin, the first line of a begin last. */
static int order(const void *a, const void *b)
{
    const struct claim *one = a, *two = b;

    if (one->key != two->key)
        return one->key < two->key ? -1 : 1;
    if (one->from != two->from)
        return one->from < two->from ? -1 : 1;
    return (one->line < two->line) - (one->line > two->line);
}

void claims_sort(struct claims *c)
{
    if (c->count > 0)
        qsort(c->list, c->count, sizeof(*c->list), order);
    for (size_t i = 0; i < c->count; i++) {
        struct claim *now = &c->list[i];
        now->reach = now->until;
        if (i > 0 && now[-1].key == now->key && now[-1].reach > now->until)
            now->reach = now[-1].reach;
    }
}

/* Behind the last claim of key that began at time or before. */
static size_t upper(const struct claims *c, uint64_t key, int64_t time_ns)
{
    size_t from = 0, to = c->count;

    while (from < to) {
        size_t middle = from + (to - from) / 2;
        const struct claim *m = &c->list[middle];
        if (m->key < key || (m->key == key && m->from <= time_ns))
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

const struct claim *claims_find(const struct claims *c, uint64_t key,
                                int64_t time_ns, const struct claim **rival)
{
    const struct claim *found = NULL;

    *rival = NULL;
    for (size_t i = upper(c, key, time_ns); i > 0; i--) {
        const struct claim *one = &c->list[i - 1];
        if (one->key != key || one->reach <= time_ns)
            break; /* nothing further back reaches to that time */
        if (one->until <= time_ns)
            continue;
        if (!found) {
            found = one;
        } else if (one->person != found->person) {
            *rival = one;
            break;
        }
    }
    return found;
}

void claims_clear(struct claims *c)
{
    free(c->list);
    *c = (struct claims){0};
}
