// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * people.h - the employees of employees.csv, found by what they use.
 *
 * A person is a user name. Addresses, MAC and mail addresses are theirs from
 * one time until another, as their line says; log-ins always.
 *
 * It must not know exposures or parties.
 */
#ifndef OUTFLOW_IDENTITY_PEOPLE_H
#define OUTFLOW_IDENTITY_PEOPLE_H

#include "identity/claims.h"
#include "identity/nets.h"
#include "identity/words.h"
#include "outflow/err.h"

struct people {
    struct words users;  /* as written; a person's number */
    struct words logins; /* the same in lower case */
    uint32_t *login_of;  /* owned; person of logins, WORD_NONE: several */
    uint32_t *group_of;  /* owned; a person's first group, or WORD_NONE */
    struct words groups;
    struct words networks; /* their texts; a network's number */
    struct nets nets;
    struct words mails;
    struct claims by_network, by_mac, by_mail, by_login;
};

/* What was found. */
struct person {
    const char *user;  /* NULL: nobody */
    const char *group; /* valid as long as the people */
    const char *rival; /* somebody else it is said to be, or NULL */
};

/*
 * Read employees.csv. Every error goes to problems as "FILE:LINE: column:
 * want X, have Y"; false when there is any.
 */
bool people_read(struct people *p, const char *path, struct problems *problems);

/* Release what p holds. */
void people_clear(struct people *p);

/* Who has it, at that time? Empty texts and zero MACs are nobody's. */
struct person people_by_login(const struct people *p, struct span login,
                              int64_t time_ns);
struct person people_by_address(const struct people *p, const struct addr *addr,
                                int64_t time_ns);
struct person people_by_mac(const struct people *p, const uint8_t mac[6],
                            int64_t time_ns);
struct person people_by_mail(const struct people *p, struct span mail,
                             int64_t time_ns);

/* Lower case of ASCII letters into out, cut to room. Gives its span. */
struct span people_lower(struct span text, char *out, size_t room);

#endif
