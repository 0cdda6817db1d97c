// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * list.c - a growing array of equal items.
 *
 * It must not know what an item is.
 */
#include "rule/list.h"

#include <stdlib.h>
#include <string.h>

void list_init(struct list *l, size_t item)
{
    *l = (struct list){.item = item};
}

void list_clear(struct list *l)
{
    free(l->ptr);
    list_init(l, l->item);
}

void list_reset(struct list *l)
{
    l->count = 0;
}

void *list_add(struct list *l)
{
    size_t room = l->room > 0 ? l->room * 2 : 16;
    void *at;

    if (l->count == l->room) {
        char *ptr = reallocarray(l->ptr, room, l->item);
        if (!ptr)
            return NULL;
        l->ptr = ptr;
        l->room = room;
    }
    at = list_at(l, l->count++);
    return memset(at, 0, l->item);
}

void *list_last(const struct list *l)
{
    return l->count > 0 ? list_at(l, l->count - 1) : NULL;
}

void list_sort(struct list *l, int (*compare)(const void *, const void *))
{
    bool sorted = true;

    /* Most lists come in order: a look is cheaper than a sort. */
    for (size_t i = 1; sorted && i < l->count; i++)
        sorted = compare(list_at(l, i - 1), list_at(l, i)) <= 0;
    if (!sorted)
        qsort(l->ptr, l->count, l->item, compare);
}

void list_unique(struct list *l, int (*compare)(const void *, const void *),
                 void (*merge)(void *into, const void *from))
{
    size_t kept = 0;

    list_sort(l, compare);
    for (size_t i = 1; i < l->count; i++) {
        if (compare(list_at(l, kept), list_at(l, i)) != 0) {
            if (++kept != i)
                memcpy(list_at(l, kept), list_at(l, i), l->item);
        } else if (merge) {
            merge(list_at(l, kept), list_at(l, i));
        }
    }
    l->count = l->count > 0 ? kept + 1 : 0;
}
