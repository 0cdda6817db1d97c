// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * window.c - from what a subject exposed to its incidents.
 *
 * An incident opens when the window (t - within, t] holds the rule's number
 * of customers or bytes; it starts with that window and ends when `within`
 * passes without a matching record (interface.md 3.1). Events of one time
 * are taken together, so their order does not matter.
 */
#include "rule/judge.h"

struct event {
    int64_t time_ns;
    uint64_t what; /* customer, or bytes with an unread rule */
};

/* A window sliding over the events of one subject. */
struct window {
    struct judge *j;
    const struct rule *rule;
    struct list events; /* struct event */
    int64_t within_ns;
    bool bytes;     /* sums, not sets */
    uint64_t sum;   /* in the window now */
    size_t in, out; /* events in it: [out, in) */
};

static int event_compare(const void *a, const void *b)
{
    const struct event *x = a, *y = b;

    return (x->time_ns > y->time_ns) - (x->time_ns < y->time_ns);
}

static bool add_event(struct window *w, int64_t time_ns, uint64_t what)
{
    struct event *event = list_add(&w->events);

    if (event)
        *event = (struct event){time_ns, what};
    return event != NULL;
}

static bool gather(void *ctx, const struct hit *hit)
{
    struct window *w = ctx;

    if (hit->unread)
        return add_event(w, hit->from_ns, hit->unread->bytes);
    if (!add_event(w, hit->from_ns, hit->customer))
        return false;
    return hit->to_ns == hit->from_ns ||
           add_event(w, hit->to_ns, hit->customer);
}

static const struct event *event_at(const struct window *w, size_t i)
{
    return list_at(&w->events, i);
}

static void count_in(struct window *w, const struct event *e)
{
    if (w->bytes)
        w->sum += e->what;
    else if (e->what != LEDGER_NOBODY)
        w->sum += w->j->mark[e->what]++ == 0;
}

static void count_out(struct window *w, const struct event *e)
{
    if (w->bytes)
        w->sum -= e->what;
    else if (e->what != LEDGER_NOBODY)
        w->sum -= --w->j->mark[e->what] == 0;
}

/* Move on to the next time at which something happened; gives it. */
static int64_t advance(struct window *w)
{
    int64_t t = event_at(w, w->in)->time_ns;

    for (; w->in < w->events.count && event_at(w, w->in)->time_ns == t; w->in++)
        count_in(w, event_at(w, w->in));
    for (; event_at(w, w->out)->time_ns <= t - w->within_ns; w->out++)
        count_out(w, event_at(w, w->out));
    return t;
}

static struct incident *open_incident(struct window *w, size_t rule,
                                      const struct subject *subject)
{
    struct incident *in = list_add(&w->j->incidents);

    if (in) {
        in->rule = rule;
        in->subject = *subject;
        in->start_ns = event_at(w, w->out)->time_ns;
    }
    return in;
}

static bool slide(struct window *w, size_t rule, const struct subject *subject)
{
    uint64_t number = w->bytes ? w->rule->bytes : w->rule->customers;
    struct incident *open = NULL;
    bool ok = true;

    if (number == 0)
        number = 1;
    w->in = w->out = 0;
    list_sort(&w->events, event_compare);
    while (ok && w->in < w->events.count) {
        int64_t t = advance(w);
        if (open && t - open->end_ns >= w->within_ns)
            open = NULL;
        if (!open && w->sum >= number) {
            open = open_incident(w, rule, subject);
            ok = open != NULL;
        }
        if (open)
            open->end_ns = t;
    }
    for (; w->out < w->in; w->out++)
        count_out(w, event_at(w, w->out));
    return ok;
}

/* Fewer entries than customers wanted: nothing to look for. */
static bool too_few(const struct judge *j, const struct scope *s,
                    const struct subject *subject)
{
    uint64_t entries = 0;

    for (size_t i = 0; i < subject->count; i++) {
        const struct item *item = list_at(&s->items, subject->item + i);
        for (size_t t = item->first; t < (size_t)item->first + item->count;
             t++) {
            struct ledger_transfer transfer;
            ledger_transfer_at(j->ledger, t, &transfer);
            entries += transfer.entry_count;
            if (entries >= s->rule->customers)
                return false;
        }
    }
    return s->rule->unread == UNREAD_NOT;
}

bool windows_judge(struct judge *j, size_t rule)
{
    const struct scope *s = &j->scopes[rule];
    const struct range all = {INT64_MIN, INT64_MAX};
    struct window w = {.j = j,
                       .rule = s->rule,
                       .within_ns = judge_within(s->rule->within_ns),
                       .bytes = s->rule->unread != UNREAD_NOT};
    const struct visitor visitor = {gather, &w};
    bool ok = true;

    list_init(&w.events, sizeof(struct event));
    for (size_t i = 0; ok && i < s->subjects.count; i++) {
        const struct subject *subject = list_at(&s->subjects, i);
        if (too_few(j, s, subject))
            continue;
        list_reset(&w.events);
        ok = scope_each(j, s, subject, all, &visitor) &&
             slide(&w, rule, subject);
    }
    list_clear(&w.events);
    return ok;
}
