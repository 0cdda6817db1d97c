// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * measure.c - how large an incident is now.
 *
 * Less than its alert and quicker made: enough to know whether there is
 * something to tell. It must not say whether there is.
 */
#include "outflow/book.h"
#include "rule/judge.h"

struct measure {
    struct judge *j;
    const struct scope *scope;
    struct judged *out;
    uint32_t old; /* stamp of customers it had before */
    uint32_t all; /* and of all that were counted */
};

/* Customers that stood in the incident when the ledger was marked. */
static bool count_old(void *ctx, const struct hit *hit)
{
    struct measure *m = ctx;

    if (!hit->unread && hit->customer != LEDGER_NOBODY &&
        !ledger_fresh(m->j->ledger, hit->entry_at))
        m->j->mark[hit->customer] = m->old;
    return true;
}

static bool count_all(void *ctx, const struct hit *hit)
{
    struct measure *m = ctx;
    uint32_t *mark;

    if (hit->unread) {
        m->out->bytes += hit->unread->bytes;
        return true;
    }
    m->out->records += hit->entry->rows;
    if (hit->customer == LEDGER_NOBODY)
        return true;
    m->out->fields |= hit->entry->fields;
    mark = &m->j->mark[hit->customer];
    if (*mark == m->all)
        return true;
    m->out->fresh += *mark != m->old;
    m->out->customers++;
    *mark = m->all;
    return true;
}

static bool any(void *ctx, const struct hit *hit)
{
    bool *met = ctx;

    (void)hit;
    *met = true;
    return false;
}

static int by_address(const void *a, const void *b)
{
    const char *x = *(const char *const *)a, *y = *(const char *const *)b;

    return ((uintptr_t)x > (uintptr_t)y) - ((uintptr_t)x < (uintptr_t)y);
}

/* The receivers of one item, when it has a record in the incident. */
static bool add_receivers(const struct judge *j, const struct incident *in,
                          const struct item *item, struct list *names)
{
    const struct ledger_route *route = ledger_route_at(j->ledger, item->route);
    const struct range range = {in->start_ns, in->end_ns};
    bool met = false;
    const struct visitor visitor = {any, &met};

    scope_each_of(j, &j->scopes[in->rule], item, range, &visitor);
    for (size_t i = 0; met && i < route->party_count; i++) {
        const char **to;
        if (item->party >= 0 && (size_t)item->party != i)
            continue;
        to = list_add(names);
        if (!to)
            return false;
        *to = route->parties[i].name;
    }
    return true;
}

static size_t count_receivers(const struct judge *j, const struct incident *in)
{
    const struct scope *s = &j->scopes[in->rule];
    struct list names;
    size_t count;
    bool ok = true;

    list_init(&names, sizeof(const char *));
    for (size_t i = 0; ok && i < in->subject.count; i++)
        ok = add_receivers(j, in, list_at(&s->items, in->subject.item + i),
                           &names);
    list_unique(&names, by_address, NULL);
    count = names.count;
    list_clear(&names);
    return count;
}

void judge_measure(struct judge *j, size_t i, struct judged *out)
{
    const struct incident *in = list_at(&j->incidents, i);
    const struct range range = {in->start_ns, in->end_ns};
    struct measure m = {.j = j, .scope = &j->scopes[in->rule], .out = out};
    const struct visitor old = {count_old, &m}, all = {count_all, &m};

    *out = (struct judged){.rule = m.scope->rule,
                           .subject = in->text,
                           .id = in->id,
                           .flow = in->flow,
                           .start_ns = in->start_ns,
                           .end_ns = in->end_ns};
    m.old = ++j->stamp;
    m.all = ++j->stamp;
    if (ledger_marked(j->ledger))
        (void)scope_each(j, m.scope, &in->subject, range, &old);
    (void)scope_each(j, m.scope, &in->subject, range, &all);
    out->parties = count_receivers(j, in);
}
