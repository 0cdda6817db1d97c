// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * carriers.c - what the transfers that carried an incident tell of it:
 * documents, packets, missing and unread bytes, mail addresses, partners.
 *
 * Lists are gathered as they come and put in an order of their own at the
 * end, so that the ledger's order does not matter.
 */
#include <string.h>

#include "rule/figures.h"

static int order(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

/* --- documents --------------------------------------------------------- */

static bool add_document(struct figures *f, const char *trail, const char *file,
                         const struct when *when)
{
    struct document *last = list_last(&f->documents);

    if (last && last->trail == trail && last->file == file) {
        if (when_compare(when, &last->when) < 0)
            last->when = *when;
        return true;
    }
    last = list_add(&f->documents);
    if (last)
        *last = (struct document){trail, file, *when};
    return last != NULL;
}

/* An unread rule counts no parts: those of the transfer stand for it. */
static bool add_trails(struct figures *f, const struct hit *hit)
{
    const struct when when = when_of(hit);
    const char *trail, *file;
    size_t cursor = 0;
    bool ok = true;

    while (ok && ledger_next_part(f->j->ledger, hit->transfer_at, &cursor,
                                  &trail, &file))
        ok = add_document(f, trail, file, &when);
    return ok;
}

static int by_trail(const void *a, const void *b)
{
    const struct document *x = a, *y = b;

    return strcmp(x->trail, y->trail);
}

static int by_when(const void *a, const void *b)
{
    const struct document *x = a, *y = b;
    int by = when_compare(&x->when, &y->when);

    return by != 0 ? by : strcmp(x->trail, y->trail);
}

static void merge_document(void *into, const void *from)
{
    struct document *to = into;
    const struct document *other = from;

    if (when_compare(&other->when, &to->when) < 0)
        to->when = other->when;
}

/* The file of the earliest document that has one. */
static void find_file(struct figures *f)
{
    const struct document *best = NULL;

    for (size_t i = 0; i < f->documents.count; i++) {
        const struct document *d = list_at(&f->documents, i);
        int by = best ? when_compare(&d->when, &best->when) : -1;
        if (d->file[0] == '\0' || by > 0)
            continue;
        if (by < 0 || strcmp(d->file, best->file) < 0)
            best = d;
    }
    f->alert.file = best ? best->file : NULL;
}

static bool finish_documents(struct figures *f)
{
    struct alert *a = &f->alert;

    find_file(f);
    list_unique(&f->documents, by_trail, merge_document);
    list_sort(&f->documents, by_when);
    for (size_t i = 0; i < f->documents.count; i++) {
        const struct document *d = list_at(&f->documents, i);
        const char **trail;
        if (d->trail[0] == '\0')
            continue;
        if (f->trails.count == LIMIT_DOCUMENTS) {
            a->document_more++;
            continue;
        }
        trail = list_add(&f->trails);
        if (!trail)
            return false;
        *trail = d->trail;
    }
    a->documents = (const char *const *)(void *)f->trails.ptr;
    a->document_count = f->trails.count;
    return true;
}

/* --- packets ----------------------------------------------------------- */

static bool add_packets(struct figures *f, const struct hit *hit)
{
    const struct ledger_transfer *t = hit->transfer;
    struct ledger_packets p;

    for (size_t k = 0; ledger_packets_at(f->j->ledger, hit->transfer_at, k, &p);
         k++) {
        struct carrier *last = list_last(&f->carriers);
        if (last && last->capture == p.capture && last->flow == t->flow) {
            last->first = p.first < last->first ? p.first : last->first;
            last->last = p.last > last->last ? p.last : last->last;
            continue;
        }
        last = list_add(&f->carriers);
        if (!last)
            return false;
        *last = (struct carrier){p.capture, t->flow, p.first, p.last, t->route};
    }
    return true;
}

static int by_flow(const void *a, const void *b)
{
    const struct carrier *x = a, *y = b;
    int by = order(x->capture, y->capture);

    return by != 0 ? by : order(x->flow, y->flow);
}

static int by_packet(const void *a, const void *b)
{
    const struct carrier *x = a, *y = b;
    int by = order(x->capture, y->capture);

    if (by == 0)
        by = order(x->first, y->first);
    return by != 0 ? by : order(x->flow, y->flow);
}

static void merge_carrier(void *into, const void *from)
{
    struct carrier *to = into;
    const struct carrier *other = from;

    if (other->first < to->first)
        to->first = other->first;
    if (other->last > to->last)
        to->last = other->last;
}

/* Packets of one flow in one capture are one piece of evidence. */
static bool finish_evidence(struct figures *f)
{
    struct alert *a = &f->alert;
    size_t count;

    list_unique(&f->carriers, by_flow, merge_carrier);
    list_sort(&f->carriers, by_packet);
    count = f->carriers.count;
    if (count > LIMIT_EVIDENCE) {
        a->evidence_more = count - LIMIT_EVIDENCE;
        count = LIMIT_EVIDENCE;
    }
    for (size_t i = 0; i < count; i++) {
        const struct carrier *c = list_at(&f->carriers, i);
        struct alert_evidence *e = list_add(&f->evidence);
        if (!e)
            return false;
        e->capture = c->capture;
        e->first_packet = c->first;
        e->last_packet = c->last;
        community_id(c->route->addr, c->route->port, c->route->proto,
                     e->community_id);
    }
    a->evidence = (const struct alert_evidence *)(void *)f->evidence.ptr;
    a->evidence_count = count;
    return true;
}

/* --- missing and unread bytes ------------------------------------------ */

static int by_stream(const void *a, const void *b)
{
    const struct stream *x = a, *y = b;
    int by = order(x->flow, y->flow);

    return by != 0 ? by : order(x->sender, y->sender);
}

static bool add_stream(struct figures *f, const struct ledger_transfer *t)
{
    struct stream *last = list_last(&f->streams);

    if (last && last->flow == t->flow && last->sender == t->route->sender)
        return true;
    last = list_add(&f->streams);
    if (last)
        *last = (struct stream){t->flow, t->route->sender};
    return last != NULL;
}

static void finish_missing(struct figures *f)
{
    list_unique(&f->streams, by_stream, NULL);
    for (size_t i = 0; i < f->streams.count; i++) {
        const struct stream *s = list_at(&f->streams, i);
        f->alert.missing_bytes +=
            ledger_missing(f->j->ledger, s->flow, (enum dir)s->sender);
    }
}

bool carriers_note_unread(struct figures *f, const struct ledger_unread *u)
{
    struct alert_unread *to = NULL;

    for (size_t i = 0; i < f->unread.count; i++) {
        to = list_at(&f->unread, i);
        if (to->why == u->why && strcmp(to->kind, u->kind) == 0) {
            to->bytes += u->bytes;
            return true;
        }
    }
    to = list_add(&f->unread);
    if (!to)
        return false;
    for (size_t i = 0; i < sizeof(to->kind) - 1 && u->kind[i] != '\0'; i++)
        to->kind[i] = u->kind[i];
    to->why = u->why;
    to->bytes = u->bytes;
    return true;
}

static bool add_unread(struct figures *f, const struct ledger_transfer *t)
{
    bool ok = true;

    for (size_t i = 0; ok && i < t->unread_count; i++)
        ok = carriers_note_unread(
            f, ledger_unread_at(f->j->ledger, t->unread + i));
    return ok;
}

static int by_bytes(const void *a, const void *b)
{
    const struct alert_unread *x = a, *y = b;
    int by = order(y->bytes, x->bytes);

    if (by == 0)
        by = strcmp(x->kind, y->kind);
    return by != 0 ? by : order(x->why, y->why);
}

/* --- mail -------------------------------------------------------------- */

static bool add_mails(struct figures *f, const struct hit *hit)
{
    const struct ledger_route *route = hit->transfer->route;

    f->alert.mail_to_more += route->mails->more;
    for (size_t i = 0; i < route->mails->count; i++) {
        const char **to = list_add(&f->mails);
        if (!to)
            return false;
        *to = route->mails->to[i];
    }
    return true;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void finish_mails(struct figures *f)
{
    struct alert *a = &f->alert;

    list_unique(&f->mails, by_text, NULL);
    a->mail_to_count = f->mails.count;
    if (a->mail_to_count > LIMIT_ADDRESSES) {
        a->mail_to_more += a->mail_to_count - LIMIT_ADDRESSES;
        a->mail_to_count = LIMIT_ADDRESSES;
    }
    a->mail_to = (const char *const *)(void *)f->mails.ptr;
}

/* The envelope sender of the first mail in packet order. */
static void note_mail_from(struct figures *f, const struct hit *hit)
{
    const struct ledger_route *route = hit->transfer->route;
    struct when when = when_of(hit);

    if (route->mail_from[0] == '\0' ||
        (f->has_mail && when_compare(&when, &f->mail_when) >= 0))
        return;
    f->has_mail = true;
    f->mail_when = when;
    f->alert.mail_from = route->mail_from;
}

/* --- partners ---------------------------------------------------------- */

/* Whose broken contract let the first of these records be seen. */
static void note_partner(struct figures *f, const struct hit *hit)
{
    const struct ledger_route *route = hit->transfer->route;
    struct when when = when_of(hit);

    if (f->has_partner && when_compare(&when, &f->partner_when) >= 0)
        return;
    for (size_t i = 0; i < route->party_count; i++) {
        int32_t partner = route->parties[i].partner;
        const struct broken *broken;
        if (partner < 0 ||
            !scope_sees(f->j, f->scope, hit->item, i, hit->from_ns))
            continue;
        broken = contract_broken(f->j->contracts, partner, hit->from_ns);
        f->has_partner = true;
        f->partner_when = when;
        f->alert.partner = f->j->settings->partners[partner].name;
        f->alert.clause = clause_name(broken->clause);
        return;
    }
}

bool carriers_note_transfer(struct figures *f, const struct hit *hit)
{
    const struct ledger_transfer *t = hit->transfer;
    bool ok = add_packets(f, hit) && add_stream(f, t) && add_mails(f, hit);

    if (ok && hit->unread)
        return add_trails(f, hit);
    return ok && add_unread(f, t);
}

bool carriers_note(struct figures *f, const struct hit *hit)
{
    const struct when when = when_of(hit);

    note_mail_from(f, hit);
    if (f->j->settings->partner_count > 0)
        note_partner(f, hit);
    if (hit->unread)
        return true;
    return add_document(f, ledger_entry_trail(f->j->ledger, hit->entry),
                        ledger_entry_file(f->j->ledger, hit->entry), &when);
}

bool carriers_finish(struct figures *f)
{
    finish_missing(f);
    finish_mails(f);
    list_sort(&f->unread, by_bytes);
    f->alert.unread = (const struct alert_unread *)(void *)f->unread.ptr;
    f->alert.unread_count = f->unread.count;
    return finish_documents(f) && finish_evidence(f);
}
