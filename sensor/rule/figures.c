// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * figures.c - count an incident: customers, types, rows, the estimate.
 *
 * Distinct customers are marked in the judge's arrays, which are zero again
 * (fields) or behind a newer stamp (mark) afterwards. It must not depend on
 * the order in which the ledger gives transfers and entries.
 */
#include "rule/figures.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const uint32_t PRESENT = UINT32_C(1) << 31; /* beside FIELD_BITs */

_Static_assert(FIELD_TYPES < 31, "a bit is left beside the field types");

struct when when_of(const struct hit *hit)
{
    return (struct when){hit->from_ns, hit->transfer->capture,
                         hit->transfer->first_packet, hit->transfer->flow,
                         hit->transfer->number};
}

static int order(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

int when_compare(const struct when *a, const struct when *b)
{
    int by = (a->time_ns > b->time_ns) - (a->time_ns < b->time_ns);

    if (by == 0)
        by = order(a->capture, b->capture);
    if (by == 0)
        by = order(a->first_packet, b->first_packet);
    if (by == 0)
        by = order(a->flow, b->flow);
    return by != 0 ? by : order(a->number, b->number);
}

/*
 * What the estimate adds for the transfer that was walked: its customers by
 * missing / read (interface.md 5).
 */
static void close_transfer(struct figures *f)
{
    long double more, whole;

    if (f->transfer_at == SIZE_MAX || f->transfer_customers == 0)
        return;
    f->told += f->transfer_customers;
    if (f->transfer_read == 0 || f->transfer_missing == 0)
        return;
    more = (long double)f->transfer_customers *
           (long double)f->transfer_missing / (long double)f->transfer_read;
    whole = floorl(more);
    f->more += (uint64_t)whole;
    f->more_parts += (uint64_t)llroundl((more - whole) * 4294967296.0L);
}

static bool open_transfer(struct figures *f, const struct hit *hit)
{
    const struct ledger_transfer *t = hit->transfer;

    close_transfer(f);
    f->transfer_at = hit->transfer_at;
    f->transfer_customers = 0;
    f->transfer_read = t->read;
    f->transfer_missing = t->missing;
    f->j->stamp++;
    f->alert.transfers++;
    f->alert.anomalies |= t->anomalies;
    return carriers_note_transfer(f, hit);
}

static void note_customer(struct figures *f, const struct hit *hit)
{
    uint32_t *mark = &f->j->mark[hit->customer];
    uint32_t *fields = &f->j->fields[hit->customer];

    if (*mark != f->j->stamp)
        f->transfer_customers++;
    *mark = f->j->stamp;
    f->alert.customers += *fields == 0;
    *fields |= hit->entry->fields | PRESENT;
}

static bool count(void *ctx, const struct hit *hit)
{
    struct figures *f = ctx;
    struct when when = when_of(hit);

    if (hit->transfer_at != f->transfer_at && !open_transfer(f, hit))
        return false;
    if (!f->begun || when_compare(&when, &f->first) < 0) {
        f->begun = true;
        f->first = when;
        f->first_route = hit->transfer->route;
        f->first_item = hit->item;
    }
    if (hit->unread) {
        f->alert.bytes += hit->unread->bytes;
        return carriers_note(f, hit) && carriers_note_unread(f, hit->unread);
    }
    f->alert.records += hit->entry->rows;
    if (hit->customer != LEDGER_NOBODY)
        note_customer(f, hit);
    return carriers_note(f, hit);
}

/* Types by customer, and the array is zero again. */
static bool tally(void *ctx, const struct hit *hit)
{
    struct figures *f = ctx;
    uint32_t fields;

    if (hit->unread || hit->customer == LEDGER_NOBODY)
        return true;
    fields = f->j->fields[hit->customer];
    f->j->fields[hit->customer] = 0;
    for (unsigned type = 0; fields != 0 && type < FIELD_TYPES; type++)
        f->alert.fields[type] += fields >> type & 1;
    return true;
}

static void estimate(struct figures *f)
{
    long double more =
        (long double)f->more + (long double)f->more_parts / 4294967296.0L;

    f->alert.customers_estimated = f->alert.customers;
    if (f->told > 0)
        f->alert.customers_estimated += (uint64_t)llroundl(
            (long double)f->alert.customers * more / (long double)f->told);
}

static void fill(struct figures *f)
{
    struct alert *a = &f->alert;

    a->rule = f->scope->rule;
    a->action = a->rule->unread != UNREAD_NOT ? ACTION_UNREADABLE
                : a->rule->walk               ? ACTION_WALKED
                                              : ACTION_EXPOSED;
    a->status = f->incident->status;
    a->sequence = f->incident->sequence;
    a->start_ns = f->incident->start_ns;
    a->end_ns = f->incident->end_ns;
    memcpy(a->id, f->incident->id, sizeof(a->id));
    snprintf(a->subject, sizeof(a->subject), "%s", f->incident->text);
}

static void fill_route(struct figures *f)
{
    const struct ledger_route *r = f->first_route;
    struct alert *a = &f->alert;

    a->user = r->known ? r->employee : NULL;
    a->group = r->group;
    a->identity = (enum identity_from)r->from;
    a->low_confidence = r->low;
    a->identity_other = r->other[0] ? r->other : NULL;
    a->source = r->addr[r->sender];
    a->destination = r->addr[!r->sender];
    a->source_port = r->port[r->sender];
    a->destination_port = r->port[!r->sender];
    a->client_sends = r->sender == DIR_CLIENT;
    a->proto = r->proto;
    a->channel = r->channel;
    community_id(r->addr, r->port, r->proto, a->community_id);
}

static bool walk(struct figures *f)
{
    const struct range range = {f->incident->start_ns, f->incident->end_ns};
    const struct visitor counting = {count, f}, tallying = {tally, f};

    if (!scope_each(f->j, f->scope, &f->incident->subject, range, &counting))
        return false;
    close_transfer(f);
    return scope_each(f->j, f->scope, &f->incident->subject, range, &tallying);
}

static void init(struct figures *f)
{
    list_init(&f->documents, sizeof(struct document));
    list_init(&f->trails, sizeof(const char *));
    list_init(&f->carriers, sizeof(struct carrier));
    list_init(&f->evidence, sizeof(struct alert_evidence));
    list_init(&f->streams, sizeof(struct stream));
    list_init(&f->unread, sizeof(struct alert_unread));
    list_init(&f->mails, sizeof(const char *));
    list_init(&f->parties, sizeof(struct alert_party));
}

static void clear(struct figures *f)
{
    list_clear(&f->documents);
    list_clear(&f->trails);
    list_clear(&f->carriers);
    list_clear(&f->evidence);
    list_clear(&f->streams);
    list_clear(&f->unread);
    list_clear(&f->mails);
    list_clear(&f->parties);
}

enum err figures_tell(struct judge *j, const struct incident *in,
                      const struct verdict_sink *sink)
{
    struct figures f = {.j = j,
                        .scope = &j->scopes[in->rule],
                        .incident = in,
                        .transfer_at = SIZE_MAX};
    enum err err = ERR_MEMORY;

    init(&f);
    fill(&f);
    if (walk(&f) && f.begun) {
        estimate(&f);
        fill_route(&f);
        if (carriers_finish(&f) && receivers_finish(&f))
            err = sink->alert(sink->ctx, &f.alert) ? ERR_OK : ERR_IO;
    }
    clear(&f);
    return err;
}
