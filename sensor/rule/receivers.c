// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * receivers.c - the parties of an incident, most customers first.
 *
 * It must not look at senders.
 */
#include <string.h>

#include "rule/figures.h"

/* A party of one item. */
struct receiver {
    const char *name;
    const struct item *item;
    uint32_t party; /* number in the item's route */
};

/* Customers that one party got. */
struct share {
    const struct figures *f;
    uint64_t customers;
    bool any; /* hits at all */
};

static int by_name(const void *a, const void *b)
{
    const struct receiver *x = a, *y = b;

    return ((uintptr_t)x->name > (uintptr_t)y->name) -
           ((uintptr_t)x->name < (uintptr_t)y->name);
}

static int by_customers(const void *a, const void *b)
{
    const struct alert_party *x = a, *y = b;

    if (x->customers != y->customers)
        return x->customers < y->customers ? 1 : -1;
    return strcmp(x->name, y->name);
}

/* Every party of the subject's routes that the rule could mean. */
static bool gather(const struct figures *f, struct list *out)
{
    const struct subject *subject = &f->incident->subject;

    for (size_t i = 0; i < subject->count; i++) {
        const struct item *item = list_at(&f->scope->items, subject->item + i);
        const struct ledger_route *route =
            ledger_route_at(f->j->ledger, item->route);
        for (uint32_t k = 0; k < route->party_count; k++) {
            struct receiver *r;
            if (item->party >= 0 && (uint32_t)item->party != k)
                continue;
            r = list_add(out);
            if (!r)
                return false;
            *r = (struct receiver){route->parties[k].name, item, k};
        }
    }
    list_sort(out, by_name);
    return true;
}

static bool count(void *ctx, const struct hit *hit)
{
    struct share *share = ctx;
    struct judge *j = share->f->j;

    share->any = true;
    if (hit->customer != LEDGER_NOBODY) {
        share->customers += j->mark[hit->customer] != j->stamp;
        j->mark[hit->customer] = j->stamp;
    }
    return true;
}

/* What the receivers [from, to), all of one name, got. */
static bool add_party(struct figures *f, const struct list *receivers,
                      size_t from, size_t to)
{
    const struct range range = {f->incident->start_ns, f->incident->end_ns};
    struct share share = {.f = f};
    const struct visitor visitor = {count, &share};
    const struct receiver *first = list_at(receivers, from);
    struct alert_party *party;

    f->j->stamp++;
    for (size_t i = from; i < to; i++) {
        const struct receiver *r = list_at(receivers, i);
        struct item item = *r->item;
        item.party = (int32_t)r->party;
        item.always = false; /* it is this party that counts */
        scope_each_of(f->j, f->scope, &item, range, &visitor);
    }
    if (!share.any)
        return true;
    party = list_add(&f->parties);
    if (party)
        *party = (struct alert_party){first->name, share.customers};
    return party != NULL;
}

static bool add_parties(struct figures *f, const struct list *receivers)
{
    bool ok = true;

    for (size_t from = 0, to = 0; ok && from < receivers->count; from = to) {
        const struct receiver *first = list_at(receivers, from);
        for (to = from + 1; to < receivers->count; to++) {
            const struct receiver *r = list_at(receivers, to);
            if (r->name != first->name)
                break;
        }
        ok = add_party(f, receivers, from, to);
    }
    return ok;
}

/* The most told party if the first exposure went to it, else one it did. */
static const struct ledger_party *main_party(const struct figures *f)
{
    const struct ledger_route *route = f->first_route;
    const struct ledger_party *found = NULL;

    for (size_t i = 0; i < route->party_count; i++) {
        const struct ledger_party *party = &route->parties[i];
        if (!scope_sees(f->j, f->scope, f->first_item, i, f->first.time_ns))
            continue;
        if (!found || party->name == f->alert.parties[0].name)
            found = party;
    }
    return found;
}

bool receivers_finish(struct figures *f)
{
    struct alert *a = &f->alert;
    const struct ledger_party *party;
    struct list receivers;
    bool ok;

    list_init(&receivers, sizeof(struct receiver));
    ok = gather(f, &receivers) && add_parties(f, &receivers);
    list_clear(&receivers);
    if (!ok || f->parties.count == 0)
        return false;
    list_sort(&f->parties, by_customers);
    a->parties = (const struct alert_party *)(void *)f->parties.ptr;
    a->party_count = f->parties.count;
    if (a->party_count > LIMIT_PARTIES) {
        a->party_more = a->party_count - LIMIT_PARTIES;
        a->party_count = LIMIT_PARTIES;
    }
    party = main_party(f);
    if (party) {
        a->direction = (enum direction)party->direction;
        a->domain = party->has_domain ? party->name : NULL;
    }
    return true;
}
