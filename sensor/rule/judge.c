// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * judge.c - judge everything in the ledger: contracts, rules, alerts, list.
 *
 * It must not know how any of the steps works.
 */
#include "rule/judge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/clock.h"
#include "util/digest.h"

/*
 * The subject as text: stable over runs, with nothing of the ledger's. False
 * without memory.
 */
static bool name_subject(const struct judge *j, struct incident *in)
{
    const struct scope *s = &j->scopes[in->rule];
    const struct item *item = list_at(&s->items, in->subject.item);
    struct ledger_transfer t;
    char text[2 * LIMIT_NAME], id[COMMUNITY_ID];

    switch (s->rule->by) {
    case BY_EMPLOYEE:
        snprintf(text, sizeof(text), "%s", item->key);
        break;
    case BY_PARTY:
        snprintf(text, sizeof(text), "%s", item->further);
        break;
    case BY_PAIR:
        snprintf(text, sizeof(text), "%s > %s", item->key, item->further);
        break;
    case BY_TRANSFER:
        ledger_transfer_at(j->ledger, item->first, &t);
        community_id(t.route->addr, t.route->port, t.route->proto, id);
        snprintf(text, sizeof(text), "%s/%u", id, t.number);
        in->flow = t.flow;
        break;
    }
    in->text = strdup(text);
    return in->text != NULL;
}

/*
 * SHA-256 over: rule id, NUL, subject, NUL, start as event.start shows it.
 */
static bool name_incident(const struct judge *j, struct incident *in)
{
    static const char nul[1] = "";
    const struct span gap = {(const uint8_t *)nul, 1};
    char start[CLOCK_TEXT];
    struct span parts[5];

    if (!name_subject(j, in))
        return false;
    parts[0] = span_of(j->settings->rules[in->rule].id);
    parts[1] = gap;
    parts[2] = span_of(in->text);
    parts[3] = gap;
    parts[4] = span_of(clock_text(in->start_ns, start));
    digest_hex(parts, COUNT(parts), in->id, sizeof(in->id) - 1);
    return true;
}

/* Microseconds as outputs show them, cut. */
static int64_t shown(int64_t time_ns)
{
    return time_ns / 1000 - (time_ns % 1000 < 0);
}

static int incident_compare(const void *a, const void *b, void *ctx)
{
    const struct incident *x = a, *y = b;
    const struct judge *j = ctx;
    const struct rule *rules = j->settings->rules;
    int by = (shown(x->start_ns) > shown(y->start_ns)) -
             (shown(x->start_ns) < shown(y->start_ns));

    if (by == 0)
        by = strcmp(rules[x->rule].id, rules[y->rule].id);
    if (by == 0)
        by = strcmp(x->text, y->text);
    if (by == 0)
        by = (x->start_ns > y->start_ns) - (x->start_ns < y->start_ns);
    if (by == 0)
        by = (x->rule > y->rule) - (x->rule < y->rule);
    return by != 0 ? by : (x->flow > y->flow) - (x->flow < y->flow);
}

static bool find_incidents(struct judge *j)
{
    for (size_t i = 0; i < j->settings->rule_count; i++) {
        if (!scope_build(j, i) || !windows_judge(j, i))
            return false;
    }
    for (size_t i = 0; i < j->incidents.count; i++) {
        if (!name_incident(j, list_at(&j->incidents, i)))
            return false;
    }
    if (j->incidents.count > 1)
        qsort_r(j->incidents.ptr, j->incidents.count, j->incidents.item,
                incident_compare, j);
    return true;
}

static enum err tell(struct judge *j, const struct verdict_sink *sink)
{
    enum err err = ERR_OK;

    for (size_t i = 0; err == ERR_OK && i < j->incidents.count; i++)
        err = figures_tell(j, list_at(&j->incidents, i), sink);
    return err == ERR_OK && sink->affected ? affected_tell(j, sink) : err;
}

static void clear(struct judge *j)
{
    for (size_t i = 0; j->scopes && i < j->settings->rule_count; i++)
        scope_clear(&j->scopes[i]);
    contracts_clear(j);
    free(j->scopes);
    free(j->mark);
    free(j->fields);
    for (size_t i = 0; i < j->incidents.count; i++)
        free(((struct incident *)list_at(&j->incidents, i))->text);
    list_clear(&j->incidents);
}

enum err judge_run(const struct judge_settings *settings, struct ledger *l,
                   const struct verdict_sink *sink)
{
    struct judge j = {.settings = settings, .ledger = l};
    enum err err = ERR_MEMORY;

    list_init(&j.incidents, sizeof(struct incident));
    if (ledger_settle(l) != ERR_OK)
        return ERR_MEMORY;
    j.mark = calloc(ledger_names(l) + 1, sizeof(*j.mark));
    j.fields = calloc(ledger_names(l) + 1, sizeof(*j.fields));
    j.scopes = calloc(settings->rule_count + 1, sizeof(*j.scopes));
    if (j.mark && j.fields && j.scopes && contracts_judge(&j) &&
        find_incidents(&j))
        err = tell(&j, sink);
    clear(&j);
    return err;
}
