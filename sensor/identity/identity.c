// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * identity.c - the tables of who is who, made of the settings once.
 *
 * It must not look at traffic; resolve.c does.
 */
#include "identity/identity.h"

#include <stdlib.h>

#include "util/text.h"

/* Our own networks and domains. */
static bool add_own(struct identity *id, const struct settings *s)
{
    for (size_t i = 0; i < s->inside_count; i++) {
        if (!nets_add(&id->inside, &s->inside[i], 0))
            return false;
    }
    for (size_t i = 0; i < s->domain_count; i++) {
        if (words_put(&id->domains, span_of(s->domains[i])) == WORD_NONE)
            return false;
    }
    nets_sort(&id->inside);
    return true;
}

/* One domain of a partner; the first partner that names it has it. */
static bool add_domain(struct identity *id, const char *domain, uint32_t owner)
{
    uint32_t known = id->partner_domains.count;
    uint32_t word = words_put(&id->partner_domains, span_of(domain));

    if (word != known)
        return word != WORD_NONE;
    uint32_t *wide =
        realloc(id->partner_of, ((size_t)known + 1) * sizeof(*wide));
    if (!wide)
        return false;
    id->partner_of = wide;
    id->partner_of[known] = owner;
    return true;
}

static bool add_partner(struct identity *id, const struct partner *p,
                        uint32_t owner)
{
    for (size_t i = 0; i < p->domain_count; i++) {
        if (!add_domain(id, p->domains[i], owner))
            return false;
    }
    for (size_t i = 0; i < p->network_count; i++) {
        if (!nets_add(&id->partner_nets, &p->networks[i], owner))
            return false;
    }
    id->has_networks[owner] = p->network_count > 0;
    return true;
}

static bool add_partners(struct identity *id, const struct settings *s)
{
    id->has_networks = calloc(s->partner_count + 1, sizeof(bool));
    if (!id->has_networks)
        return false;
    for (size_t i = 0; i < s->partner_count; i++) {
        if (!add_partner(id, &s->partners[i], (uint32_t)i))
            return false;
    }
    nets_sort(&id->partner_nets);
    return true;
}

/* The one of words nearest to what was written, or NULL. */
static const char *nearest(const struct words *words, const char *text)
{
    unsigned best = 3;
    const char *found = NULL;

    for (uint32_t i = 0; i < words->count; i++) {
        unsigned far =
            text_distance(span_of(text), span_of(words_at(words, i)));
        if (far < best) {
            best = far;
            found = words_at(words, i);
        }
    }
    return found;
}

/* A user or group of a rule's from must be one of employees.csv. */
static void check_entry(const struct identity *id, const struct rule *rule,
                        const struct rule_match *m, struct problems *problems)
{
    bool group = m->kind == MATCH_GROUP;
    const struct words *words = group ? &id->people.groups : &id->people.users;
    struct span text = span_of(m->text);

    if (m->kind != MATCH_USER && !group)
        return;
    if (words_find(words, text) != WORD_NONE ||
        (group &&
         (span_eq(text, SPAN("employees")) || span_eq(text, SPAN("unknown")))))
        return;
    const char *near = nearest(words, m->text);
    problems_add(problems, "%s:%u: from: want a %s of %s, have \"%s\"%s%s%s",
                 rule->file, m->line, group ? "group" : "user",
                 id->people.users.count > 0
                     ? "the setting employees"
                     : "the setting employees, which names no file",
                 m->text, near ? "; did you mean \"" : "", near ? near : "",
                 near ? "\"?" : "");
}

void identity_check(const struct identity *id, const struct settings *settings,
                    struct problems *problems)
{
    for (size_t i = 0; i < settings->rule_count; i++) {
        const struct rule *rule = &settings->rules[i];
        for (size_t k = 0; k < rule->from_count; k++)
            check_entry(id, rule, &rule->from[k], problems);
    }
}

struct identity *identity_new(const struct settings *settings,
                              struct problems *problems)
{
    size_t before = problems->count + problems->lost;
    struct identity *id = calloc(1, sizeof(*id));

    if (!id || !add_own(id, settings) || !add_partners(id, settings))
        problems_add(problems, "settings: no memory");
    else if (!settings->employees ||
             people_read(&id->people, settings->employees, problems))
        identity_check(id, settings, problems);
    if (problems->count + problems->lost == before)
        return id;
    identity_free(id);
    return NULL;
}

void identity_free(struct identity *id)
{
    if (!id)
        return;
    people_clear(&id->people);
    nets_clear(&id->inside);
    words_clear(&id->domains);
    words_clear(&id->partner_domains);
    free(id->partner_of);
    nets_clear(&id->partner_nets);
    free(id->has_networks);
    free(id);
}
