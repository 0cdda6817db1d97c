// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * party.h - who is who: what identity/ says of an exposure.
 *
 * The employee is who data came from, a party is who it went to. Strings are
 * owned by the identity and valid as long as it, or as the exposure.
 */
#ifndef OUTFLOW_PARTY_H
#define OUTFLOW_PARTY_H

#include "outflow/exposure.h"

enum direction {
    DIRECTION_OUTBOUND = 0, /* inside to outside */
    DIRECTION_INBOUND,      /* outside to inside */
    DIRECTION_INTERNAL,     /* inside to inside */
    DIRECTION_EXTERNAL,     /* outside to outside */
};

const char *direction_name(enum direction d);

/* How the employee was found (interface.md 2.1). */
enum identity_from {
    IDENTITY_LOGIN = 0,
    IDENTITY_IP,
    IDENTITY_MAC,
    IDENTITY_MAIL,
    IDENTITY_ADDRESS, /* nobody found: the address itself */
};

const char *identity_from_name(enum identity_from f);

struct party {
    char name[LIMIT_NAME]; /* domain or address: lower case, no port */
    struct addr addr;      /* of the flow's receiving side */
    bool has_domain;       /* name is a domain */
    bool by_name_only;     /* a mail or proxied request: addr is a relay */
    bool inside;
    int partner;              /* index into the settings' partners, or -1 */
    enum direction direction; /* of this exposure to this party */
};

struct resolved {
    char employee[LIMIT_NAME]; /* user name, or the sender's address */
    char group[64];            /* "employees" ...; "unknown" */
    bool known;                /* employee is in employees.csv */
    enum identity_from from;
    bool low;               /* two sources disagree */
    char other[LIMIT_NAME]; /* what the other source said, "" none */
    struct addr sender;     /* address of the sending side */
    bool sender_inside;
    const struct party *parties; /* valid until the next identity_resolve */
    size_t party_count;
};

struct identity;

/* Who sent this exposure to whom, at its time. */
void identity_resolve(struct identity *id, const struct exposure *e,
                      struct resolved *out);

#endif
