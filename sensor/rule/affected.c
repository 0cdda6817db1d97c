// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * affected.c - the customers of all incidents, each once (interface.md 4).
 *
 * Customers are put in the order of their pseudonyms; then, for as many at a
 * time as memory allows, every entry that carried one is gathered and told.
 * It must not depend on the ledger's order.
 */
#include <stdlib.h>
#include <string.h>

#include "rule/judge.h"

enum {
    BUCKET_BITS = 12,  /* of pseudonyms that are sorted together */
    AT_ONCE = 1 << 19, /* exposures gathered at once: 8 MiB */
    AHEAD = 16,        /* customers whose memory is asked for before */
};

static const uint32_t NONE = UINT32_MAX;

/* That an incident exposed a customer by an entry. */
struct trace {
    uint32_t next; /* of the same customer */
    uint32_t incident;
    uint32_t entry_at;
    uint32_t moments; /* 1: the entry's first counts, 2: its last */
};

struct sortable {
    uint64_t pseudonym;
    uint32_t customer;
};

struct affected_list {
    struct judge *j;
    uint32_t *order; /* customers, by pseudonym */
    size_t count;    /* of them */
    uint64_t traces_in_all;
    size_t incident;    /* being walked */
    size_t from, to;    /* ranks gathered now: [from, to) */
    uint32_t *newest;   /* trace of each of those ranks */
    struct list traces; /* struct trace */
    /* of the customer being told */
    struct list mine;                       /* struct trace */
    struct list employees, parties, alerts; /* const char * */
};

static bool each(struct affected_list *a,
                 bool (*visit)(void *ctx, const struct hit *hit))
{
    struct judge *j = a->j;
    const struct visitor visitor = {visit, a};

    for (size_t i = 0; i < j->incidents.count; i++) {
        const struct incident *in = list_at(&j->incidents, i);
        const struct range range = {in->start_ns, in->end_ns};
        a->incident = i;
        if (in->left_out)
            continue;
        if (!scope_each(j, &j->scopes[in->rule], &in->subject, range, &visitor))
            return false;
    }
    return true;
}

/* --- order ------------------------------------------------------------- */

static bool count(void *ctx, const struct hit *hit)
{
    struct affected_list *a = ctx;

    if (hit->unread || hit->customer == LEDGER_NOBODY)
        return true;
    a->count += a->j->mark[hit->customer] == 0;
    a->j->mark[hit->customer] = 1;
    a->traces_in_all++;
    return true;
}

static uint64_t pseudonym_of(const struct affected_list *a, uint32_t customer)
{
    return ledger_pseudonym(a->j->ledger, customer);
}

static int sortable_compare(const void *a, const void *b)
{
    const struct sortable *x = a, *y = b;

    return (x->pseudonym > y->pseudonym) - (x->pseudonym < y->pseudonym);
}

/* Sort the customers of one bucket, which a->order holds from at on. */
static bool sort_bucket(struct affected_list *a, struct list *scratch,
                        size_t at, size_t end)
{
    list_reset(scratch);
    for (size_t i = at; i < end; i++) {
        struct sortable *s = list_add(scratch);
        if (!s)
            return false;
        *s = (struct sortable){pseudonym_of(a, a->order[i]), a->order[i]};
    }
    list_sort(scratch, sortable_compare);
    for (size_t i = at; i < end; i++)
        a->order[i] = ((struct sortable *)list_at(scratch, i - at))->customer;
    return true;
}

/* Put marked customers into buckets by the first bits of pseudonyms. */
static void fill_buckets(struct affected_list *a, size_t *first)
{
    size_t names = ledger_names(a->j->ledger);

    for (uint32_t i = 0; i < names; i++) {
        if (a->j->mark[i] != 0)
            first[(pseudonym_of(a, i) >> (64 - BUCKET_BITS)) + 1]++;
    }
    for (size_t b = 0; b < (size_t)1 << BUCKET_BITS; b++)
        first[b + 1] += first[b];
    for (uint32_t i = 0; i < names; i++) {
        if (a->j->mark[i] != 0)
            a->order[first[pseudonym_of(a, i) >> (64 - BUCKET_BITS)]++] = i;
    }
}

/* Fill order; mark is then each customer's rank + 1. */
static bool sort_customers(struct affected_list *a)
{
    size_t buckets = (size_t)1 << BUCKET_BITS, at = 0;
    size_t *first = calloc(buckets + 1, sizeof(*first));
    struct list scratch;
    bool ok;

    list_init(&scratch, sizeof(struct sortable));
    a->order = calloc(a->count + 1, sizeof(*a->order));
    ok = first && a->order;
    if (ok)
        fill_buckets(a, first);
    for (size_t b = 0; ok && b < buckets; at = first[b++])
        ok = sort_bucket(a, &scratch, at, first[b]);
    for (size_t i = 0; ok && i < a->count; i++)
        a->j->mark[a->order[i]] = (uint32_t)i + 1;
    list_clear(&scratch);
    free(first);
    return ok;
}

/* --- one customer ------------------------------------------------------ */

static bool add_text(struct list *l, const char *text)
{
    const char **to = list_last(l);

    if (to && *to == text)
        return true;
    to = list_add(l);
    if (to)
        *to = text;
    return to != NULL;
}

static bool add_parties(struct affected_list *a, const struct trace *trace,
                        const struct ledger_route *route, int64_t t)
{
    struct judge *j = a->j;
    const struct incident *in = list_at(&j->incidents, trace->incident);
    const struct scope *s = &j->scopes[in->rule];
    const struct item *subject = list_at(&s->items, in->subject.item);
    const char *only = subject->party >= 0 ? subject->further : NULL;
    bool ok = true;

    for (size_t i = 0; ok && i < route->party_count; i++) {
        const struct ledger_party *party = &route->parties[i];
        if (only && party->name != only)
            continue;
        if (scope_sees_party(j, s, party, t))
            ok = add_text(&a->parties, party->name);
    }
    return ok;
}

static void widen(struct affected *c, int64_t t)
{
    if (t < c->first_ns)
        c->first_ns = t;
    if (t > c->last_ns)
        c->last_ns = t;
}

/* What one trace says of its customer. */
static bool add_trace(struct affected_list *a, const struct trace *trace,
                      struct affected *c)
{
    const struct ledger *l = a->j->ledger;
    const struct ledger_entry *e = ledger_entry_at(l, trace->entry_at);
    const struct ledger_route *route = ledger_entry_route(l, e);
    const struct incident *in = list_at(&a->j->incidents, trace->incident);
    int64_t last_ns = e->first_ns + e->span_ns;

    c->fields |= e->fields;
    if ((trace->moments & 1) != 0) {
        widen(c, e->first_ns);
        if (!add_parties(a, trace, route, e->first_ns))
            return false;
    }
    if ((trace->moments & 2) != 0) {
        widen(c, last_ns);
        if (!add_parties(a, trace, route, last_ns))
            return false;
    }
    return add_text(&a->employees, route->employee) &&
           add_text(&a->alerts, in->id);
}

static int trace_compare(const void *a, const void *b)
{
    const struct trace *x = a, *y = b;

    if (x->entry_at != y->entry_at)
        return x->entry_at > y->entry_at ? 1 : -1;
    return (x->incident > y->incident) - (x->incident < y->incident);
}

static int text_compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *const *texts(struct list *l, size_t *number)
{
    list_unique(l, text_compare, NULL);
    *number = l->count;
    return (const char *const *)(void *)l->ptr;
}

/* The traces of a rank, by entry. */
static bool take_mine(struct affected_list *a, size_t rank)
{
    list_reset(&a->mine);
    for (uint32_t i = a->newest[rank - a->from]; i != NONE;) {
        const struct trace *trace = list_at(&a->traces, i);
        struct trace *to = list_add(&a->mine);
        if (!to)
            return false;
        *to = *trace;
        i = trace->next;
    }
    list_sort(&a->mine, trace_compare);
    return true;
}

static enum err tell_customer(struct affected_list *a, size_t rank,
                              const struct verdict_sink *sink)
{
    struct affected c = {.first_ns = INT64_MAX, .last_ns = INT64_MIN};
    char mask[RECORD_MASK];
    uint32_t before = NONE;

    list_reset(&a->employees);
    list_reset(&a->parties);
    list_reset(&a->alerts);
    if (!take_mine(a, rank))
        return ERR_MEMORY;
    for (size_t i = 0; i < a->mine.count; i++) {
        const struct trace *trace = list_at(&a->mine, i);
        if (!add_trace(a, trace, &c))
            return ERR_MEMORY;
        if (trace->entry_at != before)
            c.records += ledger_entry_at(a->j->ledger, trace->entry_at)->rows;
        before = trace->entry_at;
    }
    ledger_customer_at(a->j->ledger, a->order[rank], &c.name, mask);
    c.mask = mask;
    c.employees = texts(&a->employees, &c.employee_count);
    c.parties = texts(&a->parties, &c.party_count);
    c.alerts = texts(&a->alerts, &c.alert_count);
    return sink->affected(sink->ctx, &c) ? ERR_OK : ERR_IO;
}

/* --- as many as memory allows ------------------------------------------ */

static bool gather(void *ctx, const struct hit *hit)
{
    struct affected_list *a = ctx;
    size_t rank;
    struct trace *trace;

    if (hit->unread || hit->customer == LEDGER_NOBODY)
        return true;
    rank = a->j->mark[hit->customer] - 1;
    if (rank < a->from || rank >= a->to)
        return true;
    trace = list_add(&a->traces);
    if (!trace)
        return false;
    *trace =
        (struct trace){a->newest[rank - a->from], (uint32_t)a->incident,
                       (uint32_t)hit->entry_at,
                       (hit->at_first ? 1u : 0u) | (hit->at_last ? 2u : 0u)};
    a->newest[rank - a->from] = (uint32_t)(a->traces.count - 1);
    return true;
}

/*
 * The order of pseudonyms is no order of memory: without this each customer
 * waits for three places of it in turn.
 */
static void ask_ahead(const struct affected_list *a, size_t rank)
{
    const struct ledger *l = a->j->ledger;

    if (rank + 2 * AHEAD < a->to) {
        uint32_t trace = a->newest[rank + 2 * AHEAD - a->from];
        ledger_customer_ask(l, a->order[rank + 2 * AHEAD]);
        if (trace != NONE)
            __builtin_prefetch(list_at(&a->traces, trace));
    }
    if (rank + AHEAD < a->to) {
        uint32_t trace = a->newest[rank + AHEAD - a->from];
        const struct trace *t =
            trace != NONE ? list_at(&a->traces, trace) : NULL;
        if (t)
            __builtin_prefetch(ledger_entry_at(l, t->entry_at));
    }
}

static enum err tell_some(struct affected_list *a,
                          const struct verdict_sink *sink)
{
    enum err err = ERR_OK;

    list_reset(&a->traces);
    a->newest = calloc(a->to - a->from + 1, sizeof(*a->newest));
    if (!a->newest)
        return ERR_MEMORY;
    for (size_t i = a->from; i < a->to; i++)
        a->newest[i - a->from] = NONE;
    if (!each(a, gather))
        err = ERR_MEMORY;
    for (size_t i = a->from; err == ERR_OK && i < a->to; i++) {
        ask_ahead(a, i);
        err = tell_customer(a, i, sink);
    }
    free(a->newest);
    return err;
}

static enum err tell_all(struct affected_list *a,
                         const struct verdict_sink *sink)
{
    uint64_t rounds = a->traces_in_all / AT_ONCE + 1;
    size_t share = a->count / (size_t)rounds + 1;
    enum err err = ERR_OK;

    for (a->from = 0; err == ERR_OK && a->from < a->count; a->from = a->to) {
        a->to = a->from + share < a->count ? a->from + share : a->count;
        err = tell_some(a, sink);
    }
    return err;
}

enum err judge_affected(struct judge *j, const struct verdict_sink *sink)
{
    struct affected_list a = {.j = j};
    enum err err = ERR_MEMORY;

    memset(j->mark, 0, (ledger_names(j->ledger) + 1) * sizeof(*j->mark));
    list_init(&a.traces, sizeof(struct trace));
    list_init(&a.mine, sizeof(struct trace));
    list_init(&a.employees, sizeof(const char *));
    list_init(&a.parties, sizeof(const char *));
    list_init(&a.alerts, sizeof(const char *));
    if (each(&a, count) && sort_customers(&a))
        err = tell_all(&a, sink);
    list_clear(&a.traces);
    list_clear(&a.mine);
    list_clear(&a.employees);
    list_clear(&a.parties);
    list_clear(&a.alerts);
    free(a.order);
    return err;
}
