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

/* Those the caller knows, or all of them by this ledger. */
static bool find_contracts(struct judge *j, const struct judge_task *task)
{
    bool ok, changed;

    j->contracts = task->contracts;
    if (j->contracts)
        return true;
    j->contracts = j->own = contracts_new(j->settings);
    ok = j->own != NULL;
    for (size_t i = 0; ok && i < j->settings->partner_count; i++)
        ok = contracts_judge(j->own, i, j->ledger, &changed);
    return ok;
}

static bool find_incidents(struct judge *j)
{
    for (size_t i = 0; i < j->settings->rule_count; i++) {
        if (!scope_build(j, i) || !windows_judge(j, i))
            return false;
    }
    for (size_t i = 0; i < j->incidents.count; i++) {
        struct incident *in = list_at(&j->incidents, i);
        if (!name_incident(j, in))
            return false;
        in->sequence = 1;
        in->status = ALERT_FINAL;
    }
    if (j->incidents.count > 1)
        qsort_r(j->incidents.ptr, j->incidents.count, j->incidents.item,
                incident_compare, j);
    return true;
}

struct judge *judge_open(const struct judge_task *task)
{
    struct judge *j = calloc(1, sizeof(*j));
    struct ledger *l = task->ledger;

    if (!j)
        return NULL;
    list_init(&j->incidents, sizeof(struct incident));
    j->settings = task->settings;
    j->ledger = l;
    j->book = task->book;
    j->party = task->party;
    if (ledger_settle(l) == ERR_OK) {
        j->mark = calloc(ledger_names(l) + 1, sizeof(*j->mark));
        j->fields = calloc(ledger_names(l) + 1, sizeof(*j->fields));
        j->scopes = calloc(j->settings->rule_count + 1, sizeof(*j->scopes));
    }
    if (j->mark && j->fields && j->scopes && find_contracts(j, task) &&
        find_incidents(j))
        return j;
    judge_close(j);
    return NULL;
}

void judge_close(struct judge *j)
{
    if (!j)
        return;
    for (size_t i = 0; j->scopes && i < j->settings->rule_count; i++)
        scope_clear(&j->scopes[i]);
    contracts_free(j->own);
    free(j->scopes);
    free(j->mark);
    free(j->fields);
    for (size_t i = 0; i < j->incidents.count; i++)
        free(((struct incident *)list_at(&j->incidents, i))->text);
    list_clear(&j->incidents);
    free(j);
}

size_t judge_incidents(const struct judge *j)
{
    return j->incidents.count;
}

void judge_name(struct judge *j, size_t i, const char *id, unsigned sequence,
                enum alert_status status)
{
    struct incident *in = list_at(&j->incidents, i);

    in->left_out = id == NULL;
    in->sequence = sequence;
    in->status = status;
    if (id)
        snprintf(in->id, sizeof(in->id), "%s", id);
}

enum err judge_tell(struct judge *j, size_t i, const struct verdict_sink *sink)
{
    return figures_tell(j, list_at(&j->incidents, i), sink);
}

enum err judge_run(const struct judge_settings *settings, struct ledger *l,
                   const struct verdict_sink *sink)
{
    const struct judge_task task = {.settings = settings, .ledger = l};
    struct judge *j = judge_open(&task);
    enum err err = j ? ERR_OK : ERR_MEMORY;

    for (size_t i = 0; j && err == ERR_OK && i < judge_incidents(j); i++)
        err = judge_tell(j, i, sink);
    if (err == ERR_OK && sink->affected)
        err = judge_affected(j, sink);
    judge_close(j);
    return err;
}
