// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * list.h - a growing array of equal items.
 *
 * What the judge gathers is bounded by what the ledger holds; it must not
 * be used for anything the wire can grow without the ledger.
 */
#ifndef OUTFLOW_RULE_LIST_H
#define OUTFLOW_RULE_LIST_H

#include "outflow/compiler.h"
#include "outflow/span.h"

struct list {
    char *ptr;          /* owned */
    size_t count, room; /* items */
    size_t item;        /* bytes of one */
};

void list_init(struct list *l, size_t item);
void list_clear(struct list *l);

/* Forget the items, keep the memory. */
void list_reset(struct list *l);

/* One more at the end, zeroed; NULL without memory. Older ones may move. */
void *list_add(struct list *l) MUST_USE;

static inline void *list_at(const struct list *l, size_t i)
{
    return l->ptr + i * l->item;
}

/* The newest item, or NULL. */
void *list_last(const struct list *l);

void list_sort(struct list *l, int (*compare)(const void *, const void *));

/*
 * Sort, and make one of items that compare as equal: merge, when given, adds
 * the second of two to the first.
 */
void list_unique(struct list *l, int (*compare)(const void *, const void *),
                 void (*merge)(void *into, const void *from));

#endif
