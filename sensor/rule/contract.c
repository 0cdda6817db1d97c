// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * contract.c - when partners were outside their contracts (interface.md 2).
 *
 * What a partner gets is looked at in windows (t - within, t] that end at
 * everything it got. A window breaks the contract when it holds more
 * customers than agreed, a type that was not agreed, or a transfer that
 * another outside party got, too. Whatever lies in a broken window counts as
 * sent to any outside party. It must not know rules.
 */
#include <stdlib.h>

#include "rule/judge.h"
#include "rule/match.h"

enum { BREAKS_FIELDS = 1, BREAKS_OTHERS = 2 };

struct contracts {
    const struct judge_settings *settings;
    struct list *broken; /* of struct broken by time, per partner */
};

struct got {
    int64_t time_ns;
    uint32_t customer; /* or LEDGER_NOBODY */
    uint32_t breaks;
};

/* A window sliding over what one partner got. */
struct contract {
    const struct ledger *ledger;
    const struct partner *partner;
    uint32_t *mark;                     /* by customer; zero between users */
    struct list got;                    /* struct got */
    uint64_t customers, fields, others; /* in the window now */
};

const char *clause_name(enum clause clause)
{
    static const char *const names[] = {"customers", "fields", "others"};

    return names[clause];
}

static int got_compare(const void *a, const void *b)
{
    const struct got *x = a, *y = b;

    return (x->time_ns > y->time_ns) - (x->time_ns < y->time_ns);
}

static bool add_got(struct contract *c, int64_t time_ns, uint32_t customer,
                    uint32_t breaks)
{
    struct got *got = list_add(&c->got);

    if (got)
        *got = (struct got){time_ns, customer, breaks};
    return got != NULL;
}

static bool add_entry(struct contract *c, size_t at, uint32_t breaks)
{
    const struct ledger_entry *e = ledger_entry_at(c->ledger, at);
    uint32_t agreed = match_types(c->partner->fields);
    uint32_t who = ledger_whose(c->ledger, e->customer);

    if (agreed != 0 && (e->fields & ~(agreed | FIELD_BIT(FIELD_OTHER))) != 0)
        breaks |= BREAKS_FIELDS;
    if (!add_got(c, e->first_ns, who, breaks))
        return false;
    return e->span_ns == 0 || add_got(c, e->first_ns + e->span_ns, who, breaks);
}

static bool add_transfer(struct contract *c, size_t at, uint32_t breaks)
{
    struct ledger_transfer t;
    bool ok = true;

    ledger_transfer_at(c->ledger, at, &t);
    for (size_t i = 0; ok && i < t.entry_count; i++)
        ok = add_entry(c, t.entry + i, breaks);
    for (size_t i = 0; ok && i < t.unread_count; i++) {
        const struct ledger_unread *u =
            ledger_unread_at(c->ledger, t.unread + i);
        ok = add_got(c, u->time_ns, LEDGER_NOBODY, breaks);
    }
    return ok;
}

/* Everything on routes that lead to this partner. */
static bool gather(struct contract *c, int32_t number)
{
    for (size_t i = 0; i < ledger_routes(c->ledger); i++) {
        const struct ledger_route *route = ledger_route_at(c->ledger, i);
        bool to_it = false, to_others = false;
        size_t first, count;
        for (size_t k = 0; k < route->party_count; k++) {
            const struct ledger_party *party = &route->parties[k];
            to_it |= !party->inside && party->partner == number;
            to_others |= !party->inside && party->partner != number;
        }
        ledger_route_transfers(c->ledger, i, &first, &count);
        for (size_t t = first; to_it && t < first + count; t++) {
            if (!add_transfer(c, t, to_others ? BREAKS_OTHERS : 0))
                return false;
        }
    }
    return true;
}

static void count_in(struct contract *c, const struct got *got)
{
    if (got->customer != LEDGER_NOBODY)
        c->customers += c->mark[got->customer]++ == 0;
    c->fields += (got->breaks & BREAKS_FIELDS) != 0;
    c->others += (got->breaks & BREAKS_OTHERS) != 0;
}

static void count_out(struct contract *c, const struct got *got)
{
    if (got->customer != LEDGER_NOBODY)
        c->customers -= --c->mark[got->customer] == 0;
    c->fields -= (got->breaks & BREAKS_FIELDS) != 0;
    c->others -= (got->breaks & BREAKS_OTHERS) != 0;
}

/* The window that ends at t is as it is now: is the contract broken? */
static bool judge_window(struct contract *c, int64_t within_ns, int64_t t,
                         struct list *broken)
{
    bool much =
        c->partner->customers > 0 && c->customers > c->partner->customers;
    struct broken *last = list_last(broken);

    if (!much && c->fields == 0 && c->others == 0)
        return true;
    if (last && t - within_ns <= last->until_ns) {
        last->until_ns = t;
        return true;
    }
    last = list_add(broken);
    if (last)
        *last = (struct broken){t - within_ns, t,
                                much            ? CLAUSE_CUSTOMERS
                                : c->fields > 0 ? CLAUSE_FIELDS
                                                : CLAUSE_OTHERS};
    return last != NULL;
}

static bool slide(struct contract *c, struct list *broken)
{
    int64_t within = judge_within(c->partner->within_ns);
    size_t out = 0, in = 0;
    bool ok = true;

    list_sort(&c->got, got_compare);
    while (ok && in < c->got.count) {
        int64_t t = ((struct got *)list_at(&c->got, in))->time_ns;
        for (; in < c->got.count; in++) {
            const struct got *got = list_at(&c->got, in);
            if (got->time_ns != t)
                break;
            count_in(c, got);
        }
        for (const struct got *got = list_at(&c->got, out);
             got->time_ns <= t - within; got = list_at(&c->got, ++out))
            count_out(c, got);
        ok = judge_window(c, within, t, broken);
    }
    for (; out < in; out++)
        count_out(c, list_at(&c->got, out));
    return ok;
}

static bool same_times(const struct list *a, const struct list *b)
{
    bool same = a->count == b->count;

    for (size_t i = 0; same && i < a->count; i++) {
        const struct broken *x = list_at(a, i), *y = list_at(b, i);
        same = x->after_ns == y->after_ns && x->until_ns == y->until_ns &&
               x->clause == y->clause;
    }
    return same;
}

struct contracts *contracts_new(const struct judge_settings *settings)
{
    struct contracts *c = calloc(1, sizeof(*c));

    if (!c)
        return NULL;
    c->settings = settings;
    c->broken = calloc(settings->partner_count + 1, sizeof(*c->broken));
    if (!c->broken) {
        free(c);
        return NULL;
    }
    for (size_t i = 0; i < settings->partner_count; i++)
        list_init(&c->broken[i], sizeof(struct broken));
    return c;
}

void contracts_free(struct contracts *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < c->settings->partner_count; i++)
        list_clear(&c->broken[i]);
    free(c->broken);
    free(c);
}

bool contracts_judge(struct contracts *c, size_t partner, struct ledger *l,
                     bool *changed)
{
    struct contract one = {.ledger = l,
                           .partner = &c->settings->partners[partner]};
    struct list broken;
    bool ok;

    list_init(&broken, sizeof(struct broken));
    list_init(&one.got, sizeof(struct got));
    ok = ledger_settle(l) == ERR_OK;
    if (ok)
        one.mark = calloc(ledger_names(l) + 1, sizeof(*one.mark));
    ok = one.mark && gather(&one, (int32_t)partner) && slide(&one, &broken);
    list_clear(&one.got);
    free(one.mark);
    if (!ok) {
        list_clear(&broken);
        return false;
    }
    *changed = !same_times(&c->broken[partner], &broken);
    list_clear(&c->broken[partner]);
    c->broken[partner] = broken;
    return true;
}

const struct broken *contract_broken(const struct contracts *c, int32_t partner,
                                     int64_t t)
{
    const struct list *times;
    size_t low = 0, high;

    if (partner < 0 || (size_t)partner >= c->settings->partner_count)
        return NULL;
    times = &c->broken[partner];
    high = times->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        const struct broken *b = list_at(times, mid);
        if (b->until_ns < t)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == times->count)
        return NULL;
    const struct broken *b = list_at(times, low);
    return t > b->after_ns ? b : NULL;
}
