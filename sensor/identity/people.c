// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * people.c - find employees by log-in, address, MAC and mail address.
 *
 * It must not read files; employees.c does.
 */
#include "identity/people.h"

#include <stdlib.h>

#include "outflow/limits.h"

struct span people_lower(struct span text, char *out, size_t room)
{
    size_t len = text.len < room ? text.len : room;

    for (size_t i = 0; i < len; i++) {
        char c = (char)text.ptr[i];
        out[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    return (struct span){(const uint8_t *)out, len};
}

/* The person of a claim, with the group of its line or their first. */
static struct person person_of(const struct people *p,
                               const struct claim *claim,
                               const struct claim *rival)
{
    if (!claim)
        return (struct person){0};

    uint32_t group =
        claim->group != WORD_NONE ? claim->group : p->group_of[claim->person];
    return (struct person){
        .user = words_at(&p->users, claim->person),
        .group = group != WORD_NONE ? words_at(&p->groups, group) : "employees",
        .rival = rival ? words_at(&p->users, rival->person) : NULL,
    };
}

/* Who claims a key, or nobody. */
static struct person ask(const struct people *p, const struct claims *claims,
                         uint64_t key, int64_t time_ns)
{
    const struct claim *rival = NULL;
    const struct claim *found = claims_find(claims, key, time_ns, &rival);

    return person_of(p, found, rival);
}

/* The person a log-in names, as written or in either case. */
static uint32_t login_find(const struct people *p, struct span login)
{
    char lower[LIMIT_NAME];
    uint32_t person = words_find(&p->users, login);

    if (person != WORD_NONE)
        return person;
    uint32_t word =
        words_find(&p->logins, people_lower(login, lower, sizeof(lower)));
    return word != WORD_NONE ? p->login_of[word] : WORD_NONE;
}

struct person people_by_login(const struct people *p, struct span login,
                              int64_t time_ns)
{
    uint32_t person = login.len > 0 ? login_find(p, login) : WORD_NONE;
    struct claim always = {.person = person, .group = WORD_NONE};

    if (person == WORD_NONE)
        return people_by_mail(p, login, time_ns);

    struct person now = ask(p, &p->by_login, person, time_ns);
    return now.user ? now : person_of(p, &always, NULL);
}

struct person people_by_address(const struct people *p, const struct addr *addr,
                                int64_t time_ns)
{
    const struct net *net = NULL;
    size_t step = 0;

    while ((net = nets_next(&p->nets, addr, &step))) {
        struct person found = ask(p, &p->by_network, net->owner, time_ns);
        if (found.user)
            return found;
    }
    return (struct person){0};
}

struct person people_by_mac(const struct people *p, const uint8_t mac[6],
                            int64_t time_ns)
{
    uint64_t key = 0;

    for (size_t i = 0; i < 6; i++)
        key = key << 8 | mac[i];
    if (key == 0)
        return (struct person){0};
    return ask(p, &p->by_mac, key, time_ns);
}

struct person people_by_mail(const struct people *p, struct span mail,
                             int64_t time_ns)
{
    char lower[LIMIT_NAME];
    uint32_t word =
        words_find(&p->mails, people_lower(mail, lower, sizeof(lower)));

    if (mail.len == 0 || word == WORD_NONE)
        return (struct person){0};
    return ask(p, &p->by_mail, word, time_ns);
}

void people_clear(struct people *p)
{
    words_clear(&p->users);
    words_clear(&p->logins);
    free(p->login_of);
    free(p->group_of);
    words_clear(&p->groups);
    words_clear(&p->networks);
    nets_clear(&p->nets);
    words_clear(&p->mails);
    claims_clear(&p->by_network);
    claims_clear(&p->by_mac);
    claims_clear(&p->by_mail);
    claims_clear(&p->by_login);
    *p = (struct people){0};
}
