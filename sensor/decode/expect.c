// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * expect.c - the table of announced flows, by who listens.
 *
 * At most LIMIT_EXPECTED entries: the oldest that no flow claimed makes
 * room. It must not outlive its chains.
 */
#include "decode/expect.h"

#include <stdlib.h>
#include <string.h>

#include "decode/stack.h"
#include "outflow/limits.h"
#include "util/hash.h"

enum { BUCKETS = 1024 };

struct expect {
    struct expect *next;          /* in its bucket */
    struct expect *older, *newer; /* by announcement */
    struct addr listener;
    uint64_t tenant;
    uint16_t port;
    bool claimed;
    char *step, *name, *user; /* owned, or NULL */
};

struct expects {
    struct hash_key key;
    struct expect *bucket[BUCKETS];
    struct expect *oldest, *newest;
    size_t count;
};

struct expects *expects_new(void)
{
    struct expects *all = calloc(1, sizeof(*all));

    if (all != NULL)
        all->key = hash_key_new();
    return all;
}

static struct expect **bucket_of(struct expects *all, const struct addr *a,
                                 uint16_t port)
{
    uint8_t place[sizeof(a->b) + sizeof(port)];

    memcpy(place, a->b, sizeof(a->b));
    memcpy(place + sizeof(a->b), &port, sizeof(port));
    uint64_t hash = hash_bytes(&all->key, (struct span){place, sizeof(place)});
    return &all->bucket[hash % BUCKETS];
}

static struct expect *find(struct expects *all, const struct addr *a,
                           uint16_t port, uint64_t tenant)
{
    struct expect *e = *bucket_of(all, a, port);

    while (e != NULL && (e->port != port || e->tenant != tenant ||
                         !addr_eq(&e->listener, a)))
        e = e->next;
    return e;
}

static void forget(struct expects *all, struct expect *e)
{
    struct expect **at = bucket_of(all, &e->listener, e->port);

    while (*at != e)
        at = &(*at)->next;
    *at = e->next;
    *(e->older != NULL ? &e->older->newer : &all->oldest) = e->newer;
    *(e->newer != NULL ? &e->newer->older : &all->newest) = e->older;
    all->count--;
    free(e->step);
    free(e->name);
    free(e->user);
    free(e);
}

void expects_free(struct expects *all)
{
    if (all == NULL)
        return;
    while (all->oldest != NULL)
        forget(all, all->oldest);
    free(all);
}

/* Make room for one more; false when every entry is claimed. */
static bool make_room(struct expects *all)
{
    struct expect *e = all->oldest;

    if (all->count < LIMIT_EXPECTED)
        return true;
    while (e != NULL && e->claimed)
        e = e->newer;
    if (e == NULL)
        return false;
    forget(all, e);
    return true;
}

static struct expect *add(struct expects *all, const struct expected *what,
                          uint64_t tenant)
{
    struct expect *e = make_room(all) ? calloc(1, sizeof(*e)) : NULL;

    if (e == NULL)
        return NULL;
    e->listener = what->listener;
    e->port = what->port;
    e->tenant = tenant;
    struct expect **at = bucket_of(all, &e->listener, e->port);
    e->next = *at;
    *at = e;
    e->older = all->newest;
    *(e->older != NULL ? &e->older->newer : &all->oldest) = e;
    all->newest = e;
    all->count++;
    return e;
}

static void replace(char **text, char *by)
{
    free(*text);
    *text = by;
}

void expect_announce(struct chain *control, const struct expected *what)
{
    struct expects *all = control->all->expects;
    uint64_t tenant = control->flow->tenant;

    if (what->port == 0)
        return;
    struct expect *e = find(all, &what->listener, what->port, tenant);
    /* A port in use again: the flow that claimed it keeps what it has. */
    bool again = e != NULL && e->claimed && (!what->named || e->step != NULL);
    if (e == NULL || again)
        e = add(all, what, tenant);
    if (e == NULL)
        return;
    if (control->user != NULL)
        replace(&e->user, chain_copy(span_of(control->user)));
    if (what->named) {
        replace(&e->step, chain_copy(what->step));
        replace(&e->name, chain_copy(what->name));
    }
}

struct expect *expect_claim(struct expects *all, const struct flow *flow)
{
    struct expect *e = NULL;

    for (int side = DIR_SERVER; side >= DIR_CLIENT && e == NULL; side--)
        if (all->count > 0)
            e = find(all, &flow->addr[side], flow->port[side], flow->tenant);
    if (e == NULL || e->claimed)
        return NULL;
    e->claimed = true;
    return e;
}

void expect_release(struct expects *all, struct expect *e)
{
    if (e != NULL)
        forget(all, e);
}

struct span expect_step(const struct expect *e)
{
    return e->step != NULL ? span_of(e->step) : SPAN("data");
}

struct span expect_name(const struct expect *e)
{
    return span_of(e->name);
}

const char *expect_user(const struct expect *e)
{
    return e->user;
}
