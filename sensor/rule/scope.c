// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * scope.c - the subjects of a rule, and what each exposed.
 *
 * A subject's items are routes (or a transfer) whose sender, channel and
 * receivers the rule means; walking them gives every entry the rule matches,
 * at the moments at which a receiver counts. It must not count.
 */
#include <stdlib.h>
#include <string.h>

#include "rule/judge.h"
#include "rule/match.h"

static int address_compare(const char *a, const char *b)
{
    return ((uintptr_t)a > (uintptr_t)b) - ((uintptr_t)a < (uintptr_t)b);
}

static int item_compare(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    int by = address_compare(x->key, y->key);

    if (by == 0)
        by = address_compare(x->further, y->further);
    if (by == 0)
        by = (x->first > y->first) - (x->first < y->first);
    return by;
}

/* Does a response name few enough customers to be a step of a walk? */
static bool is_step(const struct judge *j, const struct rule *rule,
                    const struct ledger_transfer *t)
{
    uint64_t count = 0;

    for (size_t i = 0; i < t->entry_count; i++) {
        const struct ledger_entry *e = ledger_entry_at(j->ledger, t->entry + i);
        uint32_t who = ledger_whose(j->ledger, e->customer);
        if (who != LEDGER_NOBODY)
            count += j->mark[who]++ == 0;
    }
    for (size_t i = 0; i < t->entry_count; i++) {
        const struct ledger_entry *e = ledger_entry_at(j->ledger, t->entry + i);
        uint32_t who = ledger_whose(j->ledger, e->customer);
        if (who != LEDGER_NOBODY)
            j->mark[who] = 0;
    }
    return count <= 1 || count < rule->customers;
}

/*
 * A walk is many responses of few customers each: one that alone reaches
 * the rule's number is a bulk transfer, for other rules.
 */
static bool mark_walked(const struct judge *j, struct scope *s)
{
    size_t count = ledger_transfers(j->ledger);

    s->walked = calloc(count + 1, 1);
    for (size_t i = 0; s->walked && i < count; i++) {
        struct ledger_transfer t;
        ledger_transfer_at(j->ledger, i, &t);
        s->walked[i] = t.separate && is_step(j, s->rule, &t);
    }
    return s->walked != NULL;
}

static bool add_item(struct scope *s, const struct item *item)
{
    struct item *to = list_add(&s->items);

    if (to)
        *to = *item;
    return to != NULL;
}

/* An item for each party of the route, or for all together. */
static bool add_route(const struct judge *j, struct scope *s, uint32_t number)
{
    const struct ledger_route *route = ledger_route_at(j->ledger, number);
    bool each = s->rule->by == BY_PARTY || s->rule->by == BY_PAIR;
    struct item item = {.route = number, .party = -1};
    size_t first, count, met = 0;
    bool ok = true;

    ledger_route_transfers(j->ledger, number, &first, &count);
    item.first = (uint32_t)first;
    item.count = (uint32_t)count;
    if (s->rule->by != BY_PARTY && s->rule->by != BY_TRANSFER)
        item.key = route->employee;
    for (size_t i = 0; ok && i < route->party_count; i++) {
        const struct ledger_party *party = &route->parties[i];
        if (!match_party(s->rule, party))
            continue;
        met++;
        item.always |= party->partner < 0;
        if (!each)
            continue;
        if (j->book == JUDGE_PARTY && strcmp(party->name, j->party) != 0)
            continue; /* of it the book holds a part only */
        item.party = (int32_t)i;
        item.always = party->partner < 0;
        item.further = party->name;
        ok = add_item(s, &item);
    }
    if (each || met == 0)
        return ok;
    if (s->rule->by == BY_EMPLOYEE)
        return add_item(s, &item);
    for (item.count = 1; ok && count > 0; count--, item.first++)
        ok = add_item(s, &item);
    return ok;
}

/* Runs of items with one key are a subject; a transfer is one by itself. */
static bool group(struct scope *s)
{
    struct subject *last = NULL;

    list_sort(&s->items, item_compare);
    for (size_t i = 0; i < s->items.count; i++) {
        const struct item *item = list_at(&s->items, i);
        const struct item *before = i > 0 ? item - 1 : item;
        if (last && s->rule->by != BY_TRANSFER && item->key == before->key &&
            item->further == before->further) {
            last->count++;
            continue;
        }
        last = list_add(&s->subjects);
        if (!last)
            return false;
        *last = (struct subject){i, 1};
    }
    return true;
}

bool scope_build(struct judge *j, size_t i)
{
    struct scope *s = &j->scopes[i];
    bool ok = true;

    s->rule = &j->settings->rules[i];
    if ((j->book == JUDGE_PARTY && s->rule->by != BY_PARTY) ||
        (j->book == JUDGE_EMPLOYEE && s->rule->by == BY_PARTY))
        return true;
    list_init(&s->items, sizeof(struct item));
    list_init(&s->subjects, sizeof(struct subject));
    if (s->rule->walk && !mark_walked(j, s))
        return false;
    for (size_t r = 0; ok && r < ledger_routes(j->ledger); r++) {
        if (match_sender(s->rule, ledger_route_at(j->ledger, r)))
            ok = add_route(j, s, (uint32_t)r);
    }
    return ok && group(s);
}

void scope_clear(struct scope *s)
{
    list_clear(&s->items);
    list_clear(&s->subjects);
    free(s->walked);
    s->walked = NULL;
}

bool scope_sees_party(const struct judge *j, const struct scope *s,
                      const struct ledger_party *party, int64_t t)
{
    if (!match_party(s->rule, party))
        return false;
    return party->partner < 0 ||
           contract_broken(j->contracts, party->partner, t) != NULL;
}

bool scope_sees(const struct judge *j, const struct scope *s,
                const struct item *item, size_t party, int64_t t)
{
    const struct ledger_route *route = ledger_route_at(j->ledger, item->route);

    if (item->party >= 0 && (size_t)item->party != party)
        return false;
    return scope_sees_party(j, s, &route->parties[party], t);
}

/* Is that a moment in range at which the rule sees a receiver? */
static bool counts_at(const struct judge *j, const struct scope *s,
                      const struct item *item, struct range range, int64_t t)
{
    const struct ledger_route *route;

    if (t < range.from_ns || t > range.to_ns)
        return false;
    if (item->always)
        return true;
    route = ledger_route_at(j->ledger, item->route);
    for (size_t i = 0; i < route->party_count; i++) {
        if (scope_sees(j, s, item, i, t))
            return true;
    }
    return false;
}

static bool visit_entries(const struct judge *j, const struct scope *s,
                          struct hit *hit, struct range range,
                          const struct visitor *visitor)
{
    const struct ledger_transfer *t = hit->transfer;

    for (size_t i = 0; i < t->entry_count; i++) {
        const struct ledger_entry *e = ledger_entry_at(j->ledger, t->entry + i);
        int64_t last_ns = e->first_ns + e->span_ns;
        if (!match_fields(s->rule, e->fields))
            continue;
        hit->at_first = counts_at(j, s, hit->item, range, e->first_ns);
        hit->at_last = e->span_ns == 0
                           ? hit->at_first
                           : counts_at(j, s, hit->item, range, last_ns);
        if (!hit->at_first && !hit->at_last)
            continue;
        hit->from_ns = hit->at_first ? e->first_ns : last_ns;
        hit->to_ns = hit->at_last ? last_ns : e->first_ns;
        hit->entry = e;
        hit->entry_at = t->entry + i;
        hit->customer = ledger_whose(j->ledger, e->customer);
        if (!visitor->visit(visitor->ctx, hit))
            return false;
    }
    return true;
}

static bool visit_unread(const struct judge *j, const struct scope *s,
                         struct hit *hit, struct range range,
                         const struct visitor *visitor)
{
    const struct ledger_transfer *t = hit->transfer;

    hit->customer = LEDGER_NOBODY;
    hit->at_first = hit->at_last = true;
    for (size_t i = 0; i < t->unread_count; i++) {
        const struct ledger_unread *u =
            ledger_unread_at(j->ledger, t->unread + i);
        if (!match_unread(s->rule, u) ||
            !counts_at(j, s, hit->item, range, u->time_ns))
            continue;
        hit->unread = u;
        hit->from_ns = hit->to_ns = u->time_ns;
        if (!visitor->visit(visitor->ctx, hit))
            return false;
    }
    return true;
}

bool scope_each_of(const struct judge *j, const struct scope *s,
                   const struct item *item, struct range range,
                   const struct visitor *visitor)
{
    bool ok = true;

    for (size_t i = item->first; ok && i < (size_t)item->first + item->count;
         i++) {
        struct ledger_transfer t;
        struct hit hit = {.item = item, .transfer = &t, .transfer_at = i};
        if (s->walked && !s->walked[i])
            continue;
        ledger_transfer_at(j->ledger, i, &t);
        if (s->rule->unread != UNREAD_NOT)
            ok = visit_unread(j, s, &hit, range, visitor);
        else
            ok = visit_entries(j, s, &hit, range, visitor);
    }
    return ok;
}

bool scope_each(const struct judge *j, const struct scope *s,
                const struct subject *subject, struct range range,
                const struct visitor *visitor)
{
    for (size_t i = 0; i < subject->count; i++) {
        if (!scope_each_of(j, s, list_at(&s->items, subject->item + i), range,
                           visitor))
            return false;
    }
    return true;
}
