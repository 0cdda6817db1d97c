// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * identity.h - what the files of identity/ share.
 *
 * The doors for everybody else are in outflow/party.h and settings.h.
 */
#ifndef OUTFLOW_IDENTITY_IDENTITY_H
#define OUTFLOW_IDENTITY_IDENTITY_H

#include "identity/nets.h"
#include "identity/people.h"
#include "identity/words.h"
#include "outflow/party.h"
#include "outflow/settings.h"

struct identity {
    struct people people;
    struct nets inside;
    struct words domains;         /* our own */
    struct words partner_domains; /* of all partners */
    uint32_t *partner_of;         /* owned; partner of partner_domains */
    struct nets partner_nets;     /* owner: the partner */
    bool *has_networks;           /* owned; by partner */
    struct party parties[LIMIT_RECIPIENTS]; /* of the newest resolve */
};

/* A name of the wire as parties are called. */
struct host {
    char name[LIMIT_NAME]; /* lower case, no port, no dot at the end */
    bool literal;          /* it is an address: */
    struct addr addr;
};

/*
 * Read a host, domain or address literal ("[::1]:80", "Drop.Example.");
 * false when nothing is left.
 */
bool host_read(struct span text, struct host *out);

/*
 * The number of the longest of words that name is, or is a subdomain of;
 * WORD_NONE when there is none.
 */
uint32_t domain_find(const struct words *words, const char *name);

/* Users and groups that rules name and nobody has are problems. */
void identity_check(const struct identity *id, const struct settings *settings,
                    struct problems *problems);

#endif
