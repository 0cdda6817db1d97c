// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * runs.c - what earlier runs left, this run beside it, judged as one.
 *
 * The whole ledger holds every employee that this run touched, and every
 * one who sent to a party or partner it touched: so all that an incident of
 * this run can hold is in it. What is not touched is not loaded.
 */
#include "judging/runs.h"

#include <stdlib.h>
#include <string.h>

#include "judging/shelf.h"
#include "judging/incidents.h"

enum {
    FIGURES = 4096,     /* bytes of an incident's, with room */
    TEND_STEPS = 200,   /* of housekeeping behind a run: two seconds at most */
    TEND_DAY = 1 << 18, /* all days are over */
};

struct runs {
    struct runs_settings set;
    struct judge_settings rules;
    struct state *state;
    struct shelf books;
    struct incidents incidents;
    uint32_t *captures; /* owned: numbers in the state */
    size_t capture_count;
    struct ledger *whole;
};

/* A verdict at work. */
struct verdict {
    struct runs *r;
    struct judge *judge;
    const struct verdict_sink *sink;
    struct buf figures;
};

static bool add_incident(void *ctx, const struct state_incident *in)
{
    struct incident_told told;

    return !incident_restore(in, &told) || incidents_add(ctx, &told);
}

struct runs *runs_open(const struct runs_settings *settings,
                       struct problems *problems)
{
    const struct settings *s = settings->settings;
    struct runs *r = calloc(1, sizeof(*r));

    if (!r) {
        problems_add(problems, "cannot start: out of memory");
        return NULL;
    }
    r->set = *settings;
    r->rules = (struct judge_settings){s->rules, s->rule_count, s->partners,
                                       s->partner_count};
    incidents_init(&r->incidents);
    shelf_init(&r->books, s->memory / 2);
    r->books.by_party = judging_by_party(s);
    r->books.codec = (struct ledger_codec){s->partners, s->partner_count};
    r->books.since_day = INT64_MIN;
    r->state =
        state_open(settings->dir, settings->key, s->memory / 2, problems);
    r->books.state = r->state;
    if (r->state && state_incident_each(r->state, add_incident, &r->incidents))
        return r;
    if (r->state)
        problems_add(problems, "%s: what was told cannot be read",
                     settings->dir);
    runs_close(r);
    return NULL;
}

void runs_close(struct runs *r)
{
    if (!r)
        return;
    shelf_clear(&r->books);
    incidents_forget(&r->incidents);
    ledger_free(r->whole);
    state_close(r->state);
    free(r->captures);
    free(r);
}

bool runs_name(struct runs *r, const char *const *names, size_t count)
{
    uint32_t *captures = calloc(count + 1, sizeof(*captures));

    for (size_t i = 0; captures && i < count; i++) {
        captures[i] = state_capture(r->state, names[i]);
        if (captures[i] != STATE_NONE)
            continue;
        free(captures);
        captures = NULL;
    }
    if (!captures)
        return false;
    free(r->captures);
    r->captures = captures;
    r->capture_count = count;
    return true;
}

const char *const *runs_captures(const struct runs *r, size_t *count)
{
    return state_captures(r->state, count);
}

enum err runs_take(struct runs *r, const struct exposure *e)
{
    struct exposure lasting;
    struct resolved who;

    if (e->capture >= r->capture_count)
        return ERR_FORMAT;
    judging_resolve(r->set.identity, r->set.key, e, &lasting, &who);
    lasting.capture = r->captures[e->capture];
    return shelf_take(&r->books, &lasting, &who);
}

/* --- everybody who matters --------------------------------------------- */

/* Those who sent to a touched party or partner; false without memory. */
static bool find_senders(struct runs *r, const struct book *b)
{
    if (ledger_settle(b->all) != ERR_OK)
        return false;
    for (size_t i = 0; i < ledger_routes(b->all); i++) {
        const struct ledger_route *route = ledger_route_at(b->all, i);
        if (shelf_find(&r->books, SHELF_EMPLOYEE, route->employee) ==
            SHELF_NONE)
            return false;
    }
    return true;
}

/* A contract is judged by everything its partner got. */
static bool load_partners(struct runs *r)
{
    for (size_t i = 0; i < r->rules.partner_count; i++) {
        uint32_t n =
            shelf_find(&r->books, SHELF_PARTNER, r->rules.partners[i].name);
        if (n == SHELF_NONE || shelf_load(&r->books, n) == ERR_MEMORY)
            return false;
    }
    return true;
}

static bool find_everybody(struct runs *r)
{
    bool ok = load_partners(r);

    for (uint32_t i = 0; ok && i < r->books.count; i++) {
        const struct book *b = shelf_at(&r->books, i);
        if (b->kind != SHELF_EMPLOYEE && b->all)
            ok = find_senders(r, b);
    }
    return ok;
}

/* What the state had of everybody; it is not fresh. */
static enum err load_old(struct runs *r)
{
    static const int64_t range[2] = {INT64_MIN, INT64_MAX};
    enum err worst = ERR_OK;

    for (uint32_t i = 0; i < r->books.count; i++) {
        struct book *b = shelf_at(&r->books, i);
        enum err err = ERR_OK;
        ledger_free(b->all);
        b->all = NULL;
        if (b->kind == SHELF_EMPLOYEE)
            err = state_load(r->state, shelf_number(&r->books, i), range,
                             r->whole, &r->books.codec);
        worst = err != ERR_OK ? err : worst;
    }
    if (state_tie_load(r->state, r->whole, 0) != ERR_OK ||
        ledger_mark(r->whole) != ERR_OK)
        return ERR_MEMORY;
    return worst;
}

/* What this run brought; it is put by for the next one, too. */
static enum err add_fresh(struct runs *r)
{
    enum err worst = ERR_OK;

    for (uint32_t i = 0; i < r->books.count; i++) {
        const struct book *b = shelf_at(&r->books, i);
        enum err err = ERR_OK;
        if (b->fresh && b->kind == SHELF_EMPLOYEE)
            err = shelf_copy(b->fresh, r->whole, &r->books.codec, INT64_MIN);
        if (err == ERR_OK)
            err = shelf_put(&r->books, i);
        worst = err != ERR_OK ? err : worst;
    }
    /* Names of this run may lead to, or come from, what others did. */
    return state_tie_load(r->state, r->whole, 0) == ERR_OK ? worst : ERR_MEMORY;
}

static bool brought_nothing(const struct runs *r)
{
    for (uint32_t i = 0; i < r->books.count; i++) {
        const struct book *b = shelf_at(&r->books, i);
        if (b->fresh && !ledger_is_empty(b->fresh))
            return false;
    }
    return true;
}

static enum err gather(struct runs *r)
{
    enum err old, fresh;

    r->whole = ledger_new(r->set.settings->memory / 2);
    if (!r->whole || !find_everybody(r))
        return ERR_MEMORY;
    old = load_old(r);
    fresh = add_fresh(r);
    return old == ERR_OK ? fresh : old;
}

/* --- verdicts ---------------------------------------------------------- */

static bool is_news(const struct judged *is, const struct incident_told *told)
{
    if (is->rule->unread != UNREAD_NOT)
        return is->bytes > told->said.bytes;
    return is->fresh > 0;
}

static enum err save(struct verdict *v, const struct incident_told *told)
{
    struct state_incident row;

    if (!incident_save(told, &v->figures, &row))
        return ERR_MEMORY;
    return state_incident_put(v->r->state, &row);
}

static enum err tell_incident(struct verdict *v, size_t i)
{
    struct incident_told *told, *lost;
    struct judged is;
    enum err err;

    judge_measure(v->judge, i, &is);
    told = incidents_find(&v->r->incidents, &is, &lost);
    if (!told)
        return ERR_MEMORY;
    if (!is_news(&is, told)) {
        judge_name(v->judge, i, NULL, 0, ALERT_FINAL);
        if (told->sequence == 0)
            incidents_remove(&v->r->incidents, told);
        return ERR_OK;
    }
    if (lost) {
        err = state_incident_drop(v->r->state, lost->id);
        incidents_remove(&v->r->incidents, lost);
        if (err != ERR_OK)
            return err;
    }
    judge_name(v->judge, i, told->id, told->sequence + 1, ALERT_FINAL);
    err = judge_tell(v->judge, i, v->sink);
    if (err != ERR_OK)
        return err;
    incident_note(told, &is, is.end_ns);
    incident_said(told, ALERT_FINAL, is.end_ns);
    return save(v, told);
}

static enum err tell_all(struct runs *r, const struct verdict_sink *sink)
{
    const struct judge_task task = {.settings = &r->rules, .ledger = r->whole};
    struct verdict v = {.r = r, .sink = sink};
    enum err err = ERR_OK;

    v.judge = judge_open(&task);
    if (!v.judge)
        return ERR_MEMORY;
    buf_init(&v.figures, FIGURES);
    for (size_t i = 0; err == ERR_OK && i < judge_incidents(v.judge); i++)
        err = tell_incident(&v, i);
    if (err == ERR_OK && sink->affected)
        err = judge_affected(v.judge, sink);
    buf_clear(&v.figures);
    judge_close(v.judge);
    return err;
}

enum err runs_judge(struct runs *r, const struct verdict_sink *sink,
                    struct problems *problems)
{
    enum err gathered, err;

    if (brought_nothing(r))
        return ERR_OK;
    gathered = gather(r);
    if (gathered == ERR_FORMAT)
        problems_add(problems,
                     "%s: some days of it are damaged: they are "
                     "left out",
                     r->set.dir);
    else if (gathered != ERR_OK)
        problems_add(problems,
                     "limits.memory reached: what %s holds was not "
                     "judged whole; raise it",
                     r->set.dir);
    if (!r->whole)
        return ERR_MEMORY;
    err = tell_all(r, sink);
    return err != ERR_OK ? err : gathered;
}

/*
 * Join what can be joined. Nothing is dropped: a capture of long ago may have
 * another of its time to come.
 */
static void tend(struct runs *r)
{
    for (unsigned n = 0; n < TEND_STEPS; n++) {
        if (!state_tend(r->state, INT64_MIN, TEND_DAY))
            return;
    }
}

enum err runs_commit(struct runs *r, struct problems *problems)
{
    struct state_health health;

    if (!state_waiting(r->state))
        return ERR_OK;
    if (state_commit(r->state) == ERR_OK) {
        tend(r);
        return ERR_OK;
    }
    state_health(r->state, &health);
    problems_add(problems, "%s: this run was not kept: %s", r->set.dir,
                 health.why);
    return ERR_IO;
}
