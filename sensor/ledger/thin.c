// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * thin.c - leave sightings out that no window can tell apart.
 *
 * The same customers sent again and again by the same one to the same ones
 * make entries without end. Of one customer, one way and one set of fields,
 * an entry between two others that lie no further apart than the shortest
 * window changes no window: who stands in it would stand in it anyway. Its
 * rows are counted with the entry before. What goes is which of the many
 * transfers it was.
 *
 * It must not touch a transfer that is young: an incident of its own may
 * still be told.
 */
#include <stdlib.h>
#include <string.h>

#include "ledger/ledger.h"
#include "outflow/book.h"

/* An entry and where it went. */
struct sighting {
    struct ledger_entry *entry;
    uint32_t way; /* routes alike but for their ports have one */
};

struct thinning {
    struct ledger *l;
    const struct ledger_thinning *how;
    uint32_t *ways;        /* owned; of each route */
    struct sighting *list; /* owned; of one customer */
    size_t count, room;
    size_t gone;
};

/* Number ways: a route without its ports, as bytes. */
static bool number_ways(struct thinning *t)
{
    const struct moves *m = &t->l->moves;
    struct memory memory = {0, UINT64_MAX};
    struct intern ways;
    bool ok;

    intern_init(&ways, &memory);
    t->ways = calloc((size_t)m->routes.runs.count + 1, sizeof(*t->ways));
    ok = t->ways != NULL;
    for (uint32_t i = 0; ok && i < m->routes.runs.count; i++) {
        const struct ledger_route *route = intern_at(&m->routes, i);
        size_t bytes =
            sizeof(*route) + route->party_count * sizeof(route->parties[0]);
        struct ledger_route *way = malloc(bytes);
        ok = way != NULL;
        if (!ok)
            break;
        memcpy(way, route, bytes);
        memset(way->port, 0, sizeof(way->port));
        t->ways[i] =
            intern_bytes(&ways, (struct span){(const uint8_t *)way, bytes});
        ok = t->ways[i] != POOL_NONE;
        free(way);
    }
    intern_clear(&ways);
    return ok;
}

static const struct move *move_of(const struct ledger *l,
                                  const struct ledger_entry *e)
{
    const struct piece *piece = pool_at(&l->moves.pieces, e->part);

    return moves_at(&l->moves, piece->move);
}

static bool list_add(struct thinning *t, struct ledger_entry *e, uint32_t way)
{
    size_t room = t->room > 0 ? t->room * 2 : 64;
    struct sighting *list;

    if (t->count == t->room) {
        list = reallocarray(t->list, room, sizeof(*list));
        if (!list)
            return false;
        t->list = list;
        t->room = room;
    }
    t->list[t->count++] = (struct sighting){e, way};
    return true;
}

/* Entries of one customer that may be left out. Walks are of responses. */
static bool gather(struct thinning *t, uint32_t newest)
{
    struct ledger *l = t->l;

    t->count = 0;
    for (uint32_t i = newest; i != 0;) {
        struct ledger_entry *e = pool_at(&l->entries, i - 1);
        i = e->older;
        if (e->part == POOL_NONE)
            continue;
        const struct move *move = move_of(l, e);
        if (move->separate == 0 && move->time_ns < t->how->before_ns &&
            !list_add(t, e, t->ways[move->route]))
            return false;
    }
    return true;
}

static int by_way(const void *a, const void *b)
{
    const struct sighting *x = a, *y = b;
    int64_t left = x->entry->first_ns, right = y->entry->first_ns;

    if (x->way != y->way)
        return x->way < y->way ? -1 : 1;
    if (x->entry->fields != y->entry->fields)
        return x->entry->fields < y->entry->fields ? -1 : 1;
    return (left > right) - (left < right);
}

static bool alike(const struct sighting *a, const struct sighting *b)
{
    return a->way == b->way && a->entry->fields == b->entry->fields;
}

static void leave_out(struct thinning *t, struct ledger_entry *kept,
                      struct ledger_entry *e)
{
    kept->rows =
        e->rows > UINT32_MAX - kept->rows ? UINT32_MAX : kept->rows + e->rows;
    e->part = POOL_NONE;
    t->gone++;
}

static void thin_sorted(struct thinning *t)
{
    const struct sighting *kept = t->list, *end = t->list + t->count;

    for (const struct sighting *s = kept + 1; s + 1 < end; s++) {
        if (!alike(kept, s) || !alike(s, s + 1) ||
            s[1].entry->first_ns - kept->entry->first_ns > t->how->gap_ns)
            kept = s;
        else
            leave_out(t, kept->entry, s->entry);
    }
}

/* Entries that are left move up; chains of customers are made anew. */
static void move_up(struct ledger *l)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < l->customers.items.count; i++)
        customers_at(&l->customers, i)->newest = 0;
    for (uint32_t i = 0; i < l->entries.count; i++) {
        const struct ledger_entry *e = pool_at(&l->entries, i);
        struct ledger_entry *to = pool_at(&l->entries, kept);
        if (e->part == POOL_NONE)
            continue;
        *to = *e;
        struct customer *who = customers_at(&l->customers, to->customer);
        to->older = who->newest;
        who->newest = ++kept;
    }
    pool_cut(&l->entries, kept);
}

enum err ledger_thin(struct ledger *l, const struct ledger_thinning *how)
{
    struct thinning t = {.l = l, .how = how};
    bool ok = l->marked == 0 && ledger_settle(l) == ERR_OK && number_ways(&t);

    for (uint32_t i = 0; ok && i < l->customers.items.count; i++) {
        const struct customer *who = customers_at(&l->customers, i);
        ok = gather(&t, who->newest);
        if (!ok || t.count < 3)
            continue;
        qsort(t.list, t.count, sizeof(*t.list), by_way);
        thin_sorted(&t);
    }
    if (t.gone > 0) {
        l->settled = false;
        reading_clear(&l->reading);
        move_up(l);
    }
    free(t.list);
    free(t.ways);
    return ok ? ERR_OK : ERR_MEMORY;
}

size_t ledger_sightings(const struct ledger *l)
{
    return l->entries.count;
}
