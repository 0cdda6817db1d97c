// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * route.c - who sends to whom over which flow, kept once.
 *
 * It must not resolve names: identity/ did.
 */
#include <stdlib.h>
#include <string.h>

#include "ledger/moves.h"

static const char *name_of(struct moves *m, const char *text, bool *ok)
{
    const char *name = intern_name(&m->names, text ? text : "");

    *ok &= name != NULL;
    return name;
}

/* The recipients as one run of pointers. */
static const struct ledger_mails *mails_of(struct moves *m,
                                           const struct exposure *e, bool *ok)
{
    size_t bytes =
        sizeof(struct ledger_mails) + e->mail_to_count * sizeof(const char *);
    struct ledger_mails *mails = calloc(1, bytes);
    uint32_t number = POOL_NONE;

    if (mails) {
        mails->count = e->mail_to_count;
        mails->more = e->mail_to_more;
        for (size_t i = 0; i < e->mail_to_count; i++)
            mails->to[i] = name_of(m, e->mail_to[i], ok);
        number = intern_bytes(&m->names,
                              (struct span){(const uint8_t *)mails, bytes});
    }
    free(mails);
    *ok &= number != POOL_NONE;
    return number == POOL_NONE ? NULL : intern_at(&m->names, number);
}

static int party_compare(const void *a, const void *b)
{
    const struct ledger_party *x = a, *y = b;
    int by_name = strcmp(x->name, y->name);

    return by_name != 0 ? by_name : memcmp(&x->addr, &y->addr, 16);
}

static void fill_parties(struct moves *m, struct ledger_route *route,
                         const struct resolved *who, bool *ok)
{
    size_t kept = 0;

    for (size_t i = 0; i < who->party_count && *ok; i++) {
        const struct party *from = &who->parties[i];
        struct ledger_party *to = &route->parties[i];
        to->name = name_of(m, from->name, ok);
        to->addr = from->addr;
        to->partner = from->partner;
        to->direction = (uint8_t)from->direction;
        to->has_domain = from->has_domain;
        to->by_name_only = from->by_name_only;
        to->inside = from->inside;
    }
    if (!*ok)
        return;
    qsort(route->parties, who->party_count, sizeof(route->parties[0]),
          party_compare);
    for (size_t i = 0; i < who->party_count; i++) {
        if (kept == 0 ||
            route->parties[kept - 1].name != route->parties[i].name)
            route->parties[kept++] = route->parties[i];
    }
    route->party_count = kept;
}

static void fill_route(struct ledger_route *route, const struct exposure *e,
                       const struct resolved *who)
{
    memcpy(route->addr, e->addr, sizeof(route->addr));
    memcpy(route->port, e->port, sizeof(route->port));
    route->proto = e->proto;
    route->sender = (uint8_t)e->sender;
    route->from = (uint8_t)who->from;
    route->known = who->known;
    route->low = who->low;
    route->sender_inside = who->sender_inside;
    route->sender_addr = who->sender;
}

uint32_t moves_route(struct moves *m, const struct exposure *e,
                     const struct resolved *who)
{
    size_t bytes = sizeof(struct ledger_route) +
                   who->party_count * sizeof(struct ledger_party);
    struct ledger_route *route = calloc(1, bytes);
    uint32_t number = POOL_NONE;
    bool ok = route != NULL;

    if (ok) {
        fill_route(route, e, who);
        route->channel = name_of(m, e->channel, &ok);
        route->employee = name_of(m, who->employee, &ok);
        route->group = name_of(m, who->group, &ok);
        route->other = name_of(m, who->other, &ok);
        route->mail_from = name_of(m, e->mail_from, &ok);
        route->mails = mails_of(m, e, &ok);
        fill_parties(m, route, who, &ok);
    }
    if (ok) {
        bytes = sizeof(struct ledger_route) +
                route->party_count * sizeof(struct ledger_party);
        number = intern_bytes(&m->routes,
                              (struct span){(const uint8_t *)route, bytes});
    }
    free(route);
    return number;
}
