// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * release.c - give back what settings hold.
 *
 * It must know every owned pointer of the structs, and nothing else.
 */
#include <stdlib.h>

#include "conf/conf.h"
#include "conf/values.h"

static void partner_clear(struct partner *p)
{
    free(p->name);
    value_texts_clear(p->domains, p->domain_count);
    free(p->networks);
}

static void output_clear(struct output_settings *o)
{
    free(o->type);
    free(o->transport);
    free(o->host);
    free(o->path);
    free(o->format);
    free(o->ca);
    free(o->cert);
    free(o->key);
    free(o->file);
}

/* Its texts are const for their readers; the settings own them. */
static void number_clear(struct number_rule *n)
{
    free((void *)(uintptr_t)n->name);
    free((void *)(uintptr_t)n->pattern);
    free((void *)(uintptr_t)n->check);
    free((void *)(uintptr_t)n->file);
}

static void matches_clear(struct rule_match *matches, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(matches[i].text);
    free(matches);
}

void rule_clear(struct rule *rule)
{
    free(rule->id);
    free(rule->name);
    free(rule->file);
    matches_clear(rule->from, rule->from_count);
    matches_clear(rule->to, rule->to_count);
    value_texts_clear(rule->channels, rule->channel_count);
    value_texts_clear(rule->attack, rule->attack_count);
}

void settings_clear(struct settings *s)
{
    for (size_t i = 0; i < s->partner_count; i++)
        partner_clear(&s->partners[i]);
    for (size_t i = 0; i < s->rule_count; i++)
        rule_clear(&s->rules[i]);
    for (size_t i = 0; i < s->output_count; i++)
        output_clear(&s->outputs[i]);
    for (size_t i = 0; i < s->numbers_count; i++)
        number_clear(&s->numbers[i]);
    value_texts_clear(s->domains, s->domain_count);
    free(s->inside);
    free(s->employees);
    free(s->partners);
    free(s->rules);
    free(s->state);
    free(s->metrics);
    free(s->filter);
    free(s->session);
    free(s->user);
    free(s->outputs);
    free(s->numbers);
    *s = (struct settings){0};
}

void draft_clear(struct draft *d)
{
    settings_clear(&d->settings);
    value_texts_clear(d->rule_paths, d->rule_path_count);
    free(d->index);
    *d = (struct draft){0};
}
