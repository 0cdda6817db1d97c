// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * match.c - does a rule mean this sender, receiver, record?
 *
 * It must not look at time or sums.
 */
#include "rule/match.h"

#include <string.h>
#include <strings.h>

uint32_t match_types(uint32_t chosen)
{
    const uint32_t numbers =
        FIELD_BIT(FIELD_ACCOUNT_NUMBER) | FIELD_BIT(FIELD_CARD_NUMBER);

    return (chosen & numbers) != 0 ? chosen | numbers : chosen;
}

static bool from_entry(const struct rule_match *m,
                       const struct ledger_route *route)
{
    switch (m->kind) {
    case MATCH_USER:
        return route->known && strcmp(m->text, route->employee) == 0;
    case MATCH_GROUP:
        return strcmp(m->text, route->group) == 0;
    case MATCH_NETWORK:
        return network_has(&m->network, &route->sender_addr);
    default:
        return false;
    }
}

static bool domain_has(const char *domain, const struct ledger_party *party)
{
    size_t len = strlen(domain), have = strlen(party->name);

    if (!party->has_domain || have < len)
        return false;
    return strcasecmp(party->name + (have - len), domain) == 0 &&
           (have == len || party->name[have - len - 1] == '.');
}

/* Names of parties are lower case; an address may be written in two ways. */
static bool party_is(const char *text, const struct ledger_party *party)
{
    struct addr a, b;

    if (strcasecmp(text, party->name) == 0)
        return true;
    return addr_parse(span_of(text), &a) &&
           addr_parse(span_of(party->name), &b) && addr_eq(&a, &b);
}

static bool to_entry(const struct rule_match *m,
                     const struct ledger_party *party)
{
    switch (m->kind) {
    case MATCH_PARTY:
        return party_is(m->text, party);
    case MATCH_DOMAIN:
        return domain_has(m->text, party);
    case MATCH_NETWORK:
        return !party->by_name_only && network_has(&m->network, &party->addr);
    case MATCH_PARTNERS:
        /* "!partners" means a broken contract, too: only such are asked. */
        return party->partner >= 0 && !m->negated;
    default:
        return false;
    }
}

bool match_sender(const struct rule *rule, const struct ledger_route *route)
{
    bool plain = false, met = false, channel = rule->channel_count == 0;

    for (size_t i = 0; i < rule->channel_count; i++)
        channel |= strcmp(rule->channels[i], route->channel) == 0;
    if (!channel)
        return false;
    for (size_t i = 0; i < rule->from_count; i++) {
        bool is = from_entry(&rule->from[i], route);
        if (rule->from[i].negated && is)
            return false;
        plain |= !rule->from[i].negated;
        met |= !rule->from[i].negated && is;
    }
    return met || !plain;
}

static bool direction_is(enum rule_direction want, uint8_t direction)
{
    switch (want) {
    case RULE_OUTBOUND:
        return direction == DIRECTION_OUTBOUND;
    case RULE_INBOUND:
        return direction == DIRECTION_INBOUND;
    case RULE_INTERNAL:
        return direction == DIRECTION_INTERNAL;
    case RULE_ANY:
        break;
    }
    return true;
}

bool match_party(const struct rule *rule, const struct ledger_party *party)
{
    bool plain = false, met = false;

    if (!direction_is(rule->direction, party->direction))
        return false;
    for (size_t i = 0; i < rule->to_count; i++) {
        bool is = to_entry(&rule->to[i], party);
        if (rule->to[i].negated && is)
            return false;
        plain |= !rule->to[i].negated;
        met |= !rule->to[i].negated && is;
    }
    return met || !plain;
}

bool match_fields(const struct rule *rule, uint32_t fields)
{
    uint32_t any = match_types(rule->any);
    uint32_t told = fields & ~FIELD_BIT(FIELD_OTHER);
    unsigned types = 0;

    if (any != 0 && (fields & any) == 0)
        return false;
    for (told |= fields & any; told != 0; told &= told - 1)
        types++;
    return rule->also == 0 || types >= 1 + rule->also;
}

bool match_unread(const struct rule *rule, const struct ledger_unread *u)
{
    if (rule->unread == UNREAD_NOT || u->why != rule->why)
        return false;
    return rule->unread == UNREAD_ALL ||
           u->object == (rule->unread == UNREAD_OBJECT);
}
