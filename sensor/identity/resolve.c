// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * resolve.c - who sent an exposure to whom (interface.md 2.1 and 5).
 *
 * Data has a sender and a receiver, whoever opened the connection. What the
 * sender wrote (a Host header) names a party and never makes it inside.
 *
 * It must not keep anything of an exposure but the parties just resolved.
 */
#include <string.h>

#include "identity/identity.h"

/* Text of the exposure that may be missing. */
static struct span text_of(const char *text)
{
    return span_of(text ? text : "");
}

static void copy(char *out, size_t room, const char *text)
{
    snprintf(out, room, "%s", text);
}

static enum direction direction_of(bool from_inside, bool to_inside)
{
    if (from_inside)
        return to_inside ? DIRECTION_INTERNAL : DIRECTION_OUTBOUND;
    return to_inside ? DIRECTION_INBOUND : DIRECTION_EXTERNAL;
}

/* Is a name ours: our domain, or an address inside? */
static bool inside_name(const struct identity *id, const struct host *host)
{
    if (host->literal)
        return nets_have(&id->inside, &host->addr);
    return domain_find(&id->domains, host->name) != WORD_NONE;
}

/*
 * The log-in is the client's: it names the sender of a request, of a mail,
 * of an FTP upload, and not the sender of what is fetched.
 */
static bool login_sends(const struct exposure *e)
{
    if (span_eq(text_of(e->channel), SPAN("ftp")))
        return !span_starts_nocase(text_of(e->trail), SPAN("RETR"));
    return e->sender == DIR_CLIENT;
}

/* What each source says of the sender, in the order they are believed. */
static void ask_sources(const struct identity *id, const struct exposure *e,
                        struct person said[IDENTITY_ADDRESS])
{
    const struct people *p = &id->people;
    struct span mail = span_trim(text_of(e->mail_from));

    if (span_starts(mail, SPAN("<")))
        mail = span_slice(mail, 1, span_find(mail, '>'));
    if (login_sends(e))
        said[IDENTITY_LOGIN] = people_by_login(p, text_of(e->user), e->time_ns);
    said[IDENTITY_IP] = people_by_address(p, &e->addr[e->sender], e->time_ns);
    said[IDENTITY_MAC] = people_by_mac(p, e->mac[e->sender], e->time_ns);
    said[IDENTITY_MAIL] = people_by_mail(p, mail, e->time_ns);
}

/* The employee: the first source that names one; who disagrees is noted. */
static void resolve_employee(const struct identity *id,
                             const struct exposure *e, struct resolved *out)
{
    struct person said[IDENTITY_ADDRESS] = {0};
    const char *other = NULL;

    ask_sources(id, e, said);
    for (unsigned i = 0; i < IDENTITY_ADDRESS; i++) {
        const struct person *now = &said[i];
        if (now->user && !out->known) {
            out->known = true;
            out->from = (enum identity_from)i;
            copy(out->employee, sizeof(out->employee), now->user);
            copy(out->group, sizeof(out->group), now->group);
            other = now->rival;
        } else if (now->user && !other &&
                   strcmp(now->user, out->employee) != 0) {
            other = now->user;
        }
    }
    if (other) {
        out->low = true;
        copy(out->other, sizeof(out->other), other);
    }
}

/* The sending side: an address, or the server a proxy fetched from. */
static void resolve_sender(const struct identity *id, const struct exposure *e,
                           struct resolved *out)
{
    struct host host;
    char text[ADDR_TEXT];

    out->sender = e->addr[e->sender];
    out->from = IDENTITY_ADDRESS;
    copy(out->group, sizeof(out->group), "unknown");
    if (e->sender == DIR_SERVER && e->proxied &&
        host_read(text_of(e->host), &host)) {
        if (host.literal)
            out->sender = host.addr;
        out->sender_inside = inside_name(id, &host);
        copy(out->employee, sizeof(out->employee), host.name);
        return;
    }
    out->sender_inside = nets_have(&id->inside, &out->sender);
    resolve_employee(id, e, out);
    if (!out->known)
        copy(out->employee, sizeof(out->employee),
             addr_text(&out->sender, text));
}

/* The partner an address belongs to, or -1. */
static int partner_by_address(const struct identity *id,
                              const struct addr *addr)
{
    size_t step = 0;
    const struct net *net = nets_next(&id->partner_nets, addr, &step);

    return net ? (int)net->owner : -1;
}

static int partner_by_name(const struct identity *id, const char *name)
{
    uint32_t word = domain_find(&id->partner_domains, name);

    return word != WORD_NONE ? (int)id->partner_of[word] : -1;
}

/*
 * The partner of a party reached at its own address. Where a partner's
 * networks are given they decide: the name is the sender's word only.
 */
static int partner_of_peer(const struct identity *id, const struct party *p)
{
    int partner = partner_by_address(id, &p->addr);

    if (partner < 0 && p->has_domain) {
        partner = partner_by_name(id, p->name);
        if (partner >= 0 && id->has_networks[partner])
            partner = -1;
    }
    return partner;
}

/* The receiving side as the flow shows it, named by host if there is one. */
static void party_by_address(const struct identity *id,
                             const struct exposure *e, struct span name,
                             struct party *out)
{
    struct host host;
    char text[ADDR_TEXT];

    *out = (struct party){.addr = e->addr[1 - e->sender]};
    out->inside = nets_have(&id->inside, &out->addr);
    out->has_domain = host_read(name, &host) && !host.literal;
    copy(out->name, sizeof(out->name),
         out->has_domain ? host.name : addr_text(&out->addr, text));
    out->partner = partner_of_peer(id, out);
}

/* A receiver behind a relay: only its name tells who it is. */
static bool party_by_name(const struct identity *id, const struct exposure *e,
                          struct span name, struct party *out)
{
    struct host host;

    if (!host_read(name, &host))
        return false;
    *out = (struct party){
        .addr = host.literal ? host.addr : e->addr[1 - e->sender],
        .has_domain = !host.literal,
        .by_name_only = !host.literal,
        .inside = inside_name(id, &host),
    };
    copy(out->name, sizeof(out->name), host.name);
    out->partner = host.literal ? partner_by_address(id, &out->addr)
                                : partner_by_name(id, out->name);
    return true;
}

/* What is behind the last "@" of a mail address, without ">". */
static struct span domain_of(struct span mail)
{
    size_t at = mail.len;

    mail = span_trim(mail);
    if (mail.len > 0 && mail.ptr[mail.len - 1] == '>')
        mail.len--;
    for (size_t i = 0; i < mail.len; i++) {
        if (mail.ptr[i] == '@')
            at = i;
    }
    return span_skip(mail, at + 1);
}

static bool known_party(const struct party *list, size_t count,
                        const struct party *one)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i].name, one->name) == 0)
            return true;
    }
    return false;
}

/* The recipients' domains, each once. */
static size_t resolve_mail(struct identity *id, const struct exposure *e)
{
    size_t count = 0;

    for (size_t i = 0; i < e->mail_to_count && count < LIMIT_RECIPIENTS; i++) {
        struct party *one = &id->parties[count];
        struct span domain = domain_of(text_of(e->mail_to[i]));
        if (!party_by_name(id, e, domain, one))
            party_by_address(id, e, SPAN(""), one); /* "postmaster" */
        if (!known_party(id->parties, count, one))
            count++;
    }
    return count;
}

static size_t resolve_parties(struct identity *id, const struct exposure *e)
{
    bool request = e->sender == DIR_CLIENT;

    if (e->mail_to_count > 0)
        return resolve_mail(id, e);
    if (request && e->proxied &&
        party_by_name(id, e, text_of(e->host), &id->parties[0]))
        return 1;
    party_by_address(id, e, request ? text_of(e->host) : SPAN(""),
                     &id->parties[0]);
    return 1;
}

void identity_resolve(struct identity *id, const struct exposure *e,
                      struct resolved *out)
{
    *out = (struct resolved){0};
    resolve_sender(id, e, out);
    out->party_count = resolve_parties(id, e);
    out->parties = id->parties;
    for (size_t i = 0; i < out->party_count; i++)
        id->parties[i].direction =
            direction_of(out->sender_inside, id->parties[i].inside);
}
