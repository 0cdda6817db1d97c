// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * view.c - a settled ledger as the judge reads it (outflow/ledger.h).
 *
 * It must not change anything but what settling caches.
 */
#include "ledger/ledger.h"

#include <stdlib.h>

/* Distinct customers that rows name: a name that a tie told has no rows. */
static bool count_customers(struct ledger *l)
{
    uint32_t count = l->customers.items.count;
    uint8_t *met = calloc((size_t)count + 1, 1);

    l->distinct = 0;
    if (!met)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        const struct customer *item = customers_at(&l->customers, i);
        if (item->newest == 0 || item->whose == LEDGER_NOBODY)
            continue;
        l->distinct += met[item->whose] == 0;
        met[item->whose] = 1;
    }
    free(met);
    return true;
}

enum err ledger_settle(struct ledger *l)
{
    if (l->settled)
        return ERR_OK;
    if (!ledger_merge_entries(l) || !customers_settle(&l->customers) ||
        !count_customers(l) || !reading_build(l)) {
        reading_clear(&l->reading);
        return ERR_MEMORY;
    }
    l->settled = true;
    return ERR_OK;
}

uint64_t ledger_customers(struct ledger *l)
{
    return ledger_settle(l) == ERR_OK ? l->distinct : l->customers.items.count;
}

size_t ledger_routes(const struct ledger *l)
{
    return l->reading.route_first ? l->moves.routes.runs.count : 0;
}

const struct ledger_route *ledger_route_at(const struct ledger *l, size_t i)
{
    return intern_at(&l->moves.routes, (uint32_t)i);
}

void ledger_route_transfers(const struct ledger *l, size_t i, size_t *first,
                            size_t *count)
{
    *first = l->reading.route_first[i];
    *count = l->reading.route_first[i + 1] - *first;
}

size_t ledger_transfers(const struct ledger *l)
{
    return l->reading.transfers;
}

static const struct move *move_at(const struct ledger *l, size_t transfer)
{
    return moves_at(&l->moves, l->reading.move[transfer]);
}

/* The capture with the lowest number that holds packets of it. */
static void find_begin(const struct ledger *l, size_t i,
                       struct ledger_transfer *out)
{
    struct ledger_packets p;

    for (size_t k = 0; ledger_packets_at(l, i, k, &p); k++) {
        if (k > 0 && p.capture > out->capture)
            continue;
        out->capture = p.capture;
        out->first_packet = p.first;
    }
}

void ledger_transfer_at(const struct ledger *l, size_t i,
                        struct ledger_transfer *out)
{
    const struct reading *r = &l->reading;
    const struct move *move = move_at(l, i);

    *out = (struct ledger_transfer){
        .flow = move->flow,
        .number = move->number,
        .route = ledger_route_at(l, move->route),
        .route_at = move->route,
        .entry = r->entry_first[i],
        .entry_count = r->entry_first[i + 1] - r->entry_first[i],
        .unread = r->unread_first[i],
        .unread_count = r->unread_first[i + 1] - r->unread_first[i],
        .read = move->read,
        .missing = move->missing,
        .anomalies = move->anomalies,
        .separate = move->separate != 0,
    };
    find_begin(l, i, out);
}

bool ledger_packets_at(const struct ledger *l, size_t transfer, size_t k,
                       struct ledger_packets *out)
{
    const struct move *move = move_at(l, transfer);
    const struct more_packets *more = NULL;
    uint32_t i = move->packets;

    if (k == 0) {
        *out = (struct ledger_packets){move->capture, move->first_packet,
                                       move->last_packet};
        return true;
    }
    for (; i != POOL_NONE && k > 0; k--) {
        more = pool_at(&l->moves.more, i);
        i = more->next;
    }
    if (k > 0 || !more)
        return false;
    *out = (struct ledger_packets){more->capture, more->first, more->last};
    return true;
}

bool ledger_next_part(const struct ledger *l, size_t transfer, size_t *cursor,
                      const char **trail, const char **file)
{
    const struct piece *piece;
    uint32_t i = move_at(l, transfer)->part;

    if (*cursor > 0) {
        piece = pool_at(&l->moves.pieces, (uint32_t)*cursor - 1);
        i = piece->next;
    }
    if (i == POOL_NONE)
        return false;
    piece = pool_at(&l->moves.pieces, i);
    *cursor = (size_t)i + 1;
    *trail = intern_at(&l->moves.names, piece->trail);
    *file = intern_at(&l->moves.names, piece->file);
    return true;
}

size_t ledger_entries(const struct ledger *l)
{
    return l->reading.entries;
}

const struct ledger_entry *ledger_entry_at(const struct ledger *l, size_t i)
{
    const uint32_t *entry = l->reading.entry;

    return pool_at(&l->entries, entry ? entry[i] : (uint32_t)i);
}

const struct ledger_unread *ledger_unread_at(const struct ledger *l, size_t i)
{
    return &l->reading.unread[i];
}

static const struct piece *piece_of(const struct ledger *l,
                                    const struct ledger_entry *e)
{
    return pool_at(&l->moves.pieces, e->part);
}

const struct ledger_route *ledger_entry_route(const struct ledger *l,
                                              const struct ledger_entry *e)
{
    const struct move *move = moves_at(&l->moves, piece_of(l, e)->move);

    return ledger_route_at(l, move->route);
}

const char *ledger_entry_trail(const struct ledger *l,
                               const struct ledger_entry *e)
{
    return intern_at(&l->moves.names, piece_of(l, e)->trail);
}

const char *ledger_entry_file(const struct ledger *l,
                              const struct ledger_entry *e)
{
    return intern_at(&l->moves.names, piece_of(l, e)->file);
}

uint64_t ledger_missing(const struct ledger *l, uint64_t flow, enum dir sender)
{
    return moves_lacking(&l->moves, flow, sender);
}

size_t ledger_names(const struct ledger *l)
{
    return l->customers.items.count;
}

uint32_t ledger_whose(const struct ledger *l, uint32_t customer)
{
    return customers_at(&l->customers, customer)->whose;
}

uint64_t ledger_pseudonym(const struct ledger *l, uint32_t customer)
{
    return customers_at(&l->customers, customer)->pseudonym;
}

void ledger_customer_at(const struct ledger *l, uint32_t customer,
                        struct name *name, char mask[RECORD_MASK])
{
    const struct customer *item = customers_at(&l->customers, customer);

    *name = (struct name){item->pseudonym, item->best};
    customers_mask(&l->customers, customer, mask);
}

void ledger_customer_ask(const struct ledger *l, uint32_t customer)
{
    __builtin_prefetch(customers_at(&l->customers, customer));
}
