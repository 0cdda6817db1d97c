// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * judging.c - take exposures into books, look at those that were touched.
 *
 * A look judges a book whole, so it is left to rest for a multiple of the
 * time that took: a large book cannot eat the machine, a small one is judged
 * at once. It must not see a packet, or write an alert itself.
 */
#include "judging/judging.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "judging/judging_in.h"

enum {
    LOOK_MS = 100,       /* then a look ends: pipes are to be read */
    REST = 4,            /* a book rests so many times its look's time */
    REST_MS = 1000,      /* and no longer: open comes within 2 s */
    SMALL_BOOK = 1 << 20 /* bytes; these are judged first */
};

static const int64_t MILLISECOND = 1000000;

/* A look at one book. */
struct look {
    struct judging *j;
    uint32_t number;
    struct book *book;
    struct judge *judge;
    int64_t now_ns;
    const struct verdict_sink *sink;
};

static int64_t clock_ns(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static struct judge_settings rules_of(const struct settings *s)
{
    return (struct judge_settings){.rules = s->rules,
                                   .rule_count = s->rule_count,
                                   .partners = s->partners,
                                   .partner_count = s->partner_count};
}

bool judging_by_party(const struct settings *s)
{
    for (size_t i = 0; i < s->rule_count; i++) {
        if (s->rules[i].by == BY_PARTY)
            return true;
    }
    return false;
}

bool judging_await(void *ctx, uint32_t number)
{
    struct judging *j = ctx;
    size_t room = j->wait_room > 0 ? j->wait_room * 2 : 64;
    struct book *b = shelf_at(&j->books, number);
    uint32_t *wider;

    if (b->waits)
        return true;
    if (j->wait_count == j->wait_room) {
        wider = reallocarray(j->waiting, room, sizeof(*wider));
        if (!wider)
            return false;
        j->waiting = wider;
        j->wait_room = room;
    }
    j->waiting[j->wait_count++] = number;
    b->waits = true;
    return true;
}

struct judging *judging_new(const struct judging_settings *settings,
                            struct problems *problems)
{
    struct judging *j = calloc(1, sizeof(*j));

    if (j) {
        j->set = *settings;
        j->rules = rules_of(settings->settings);
        j->contracts = contracts_new(&j->rules);
        j->bonds = bonds_new(settings->settings->memory / 4);
        shelf_init(&j->books, settings->settings->memory / 4);
        j->books.by_party = judging_by_party(settings->settings);
        j->books.codec = (struct ledger_codec){
            settings->settings->partners, settings->settings->partner_count};
        j->books.state = settings->state;
        j->books.await = judging_await;
        j->books.ctx = j;
        j->books.since_day = INT64_MIN;
        j->clock_ns = INT64_MIN;
        incidents_init(&j->incidents);
    }
    if (j && j->contracts && j->bonds && judging_restore(j) == ERR_OK)
        return j;
    problems_add(problems, "cannot start: out of memory, or a state that "
                           "cannot be read");
    judging_free(j);
    return NULL;
}

void judging_free(struct judging *j)
{
    if (!j)
        return;
    shelf_clear(&j->books);
    incidents_forget(&j->incidents);
    contracts_free(j->contracts);
    bonds_free(j->bonds);
    free(j->waiting);
    free(j);
}

/* --- taking ------------------------------------------------------------ */

void judging_resolve(struct identity *identity, const struct keyed *key,
                     const struct exposure *e, struct exposure *lasting,
                     struct resolved *who)
{
    *lasting = *e;
    /* All batches of a transfer are their first's: one book has it whole. */
    lasting->time_ns = e->begun_ns;
    identity_resolve(identity, lasting, who);
    lasting->time_ns = e->time_ns;
    lasting->flow = ledger_flow_key(key, e);
}

enum err judging_take(struct judging *j, const struct exposure *e)
{
    struct exposure lasting;
    struct resolved who;

    judging_resolve(j->set.identity, j->set.key, e, &lasting, &who);
    return judging_keep(j, &lasting, &who);
}

enum err judging_keep(struct judging *j, const struct exposure *e,
                      const struct resolved *who)
{
    if (e->time_ns > j->clock_ns) {
        bool first = j->clock_ns == INT64_MIN;
        j->clock_ns = e->time_ns;
        if (first)
            j->tidied_ns = j->clock_ns;
        if (first)
            judging_set_since(j);
    }
    return shelf_take(&j->books, e, who);
}

/* --- what books learn from each other ---------------------------------- */

static struct ledger *changed(void *ctx, uint32_t number)
{
    struct judging *j = ctx;
    struct book *b = shelf_at(&j->books, number);

    if (b->all && judging_await(j, number))
        b->touched = true;
    return b->all;
}

enum err judging_learn(struct judging *j, uint32_t number)
{
    const struct bonds_events events = {j, changed};
    struct book *b = shelf_at(&j->books, number);
    enum err err = ERR_OK;

    if (b->learned || !b->fresh)
        return ERR_OK;
    b->learned = true;
    if (b->kind == SHELF_EMPLOYEE) /* what others hold is in one of these */
        err = bonds_learn(j->bonds, b->fresh, &events);
    if (!j->set.state) {
        ledger_free(b->fresh);
        b->fresh = NULL;
    }
    return err;
}

static enum err bring(struct judging *j, uint32_t number)
{
    const struct bonds_events events = {j, changed};
    struct book *b = shelf_at(&j->books, number);
    enum err err = judging_learn(j, number);

    if (err == ERR_OK && j->set.state) /* books that are not in memory */
        err = state_tie_load(j->set.state, b->all, b->brought);
    if (err == ERR_OK)
        err = bonds_bring(j->bonds, number, b->all, &b->brought, &events);
    shelf_count(&j->books, number);
    return err;
}

/* A look at everything begins with all that is known. */
static enum err learn_all(struct judging *j)
{
    enum err err = ERR_OK;

    for (size_t i = 0; i < j->wait_count; i++)
        err = judging_worse(err, judging_learn(j, j->waiting[i]));
    return err;
}

/* --- looking ----------------------------------------------------------- */

static enum err tell(struct look *l, size_t i, struct incident_told *told,
                     enum alert_status status)
{
    enum err err;

    judge_name(l->judge, i, told->id, told->sequence + 1, status);
    err = judge_tell(l->judge, i, l->sink);
    if (err != ERR_OK)
        return err;
    l->j->alerts++;
    incident_said(told, status, l->now_ns);
    return ERR_OK;
}

static enum err take_step(struct look *l, size_t i, struct incident_told *told)
{
    switch (incident_step(told, l->now_ns)) {
    case STEP_OPEN:
        return tell(l, i, told, ALERT_OPEN);
    case STEP_UPDATE:
        return tell(l, i, told, ALERT_UPDATE);
    case STEP_FINAL:
        return tell(l, i, told, ALERT_FINAL);
    case STEP_NONE:
        break;
    }
    return ERR_OK;
}

static enum err look_incident(struct look *l, size_t i)
{
    struct incident_told *told, *lost;
    struct judged is;
    enum err err;

    judge_measure(l->judge, i, &is);
    told = incidents_find(&l->j->incidents, &is, &lost);
    if (!told)
        return ERR_MEMORY;
    if (lost) {
        if (l->j->set.state)
            (void)state_incident_drop(l->j->set.state, lost->id);
        incidents_remove(&l->j->incidents, lost);
    }
    told->book = l->number;
    if (!told->home || told->home[0] == '\0') {
        free(told->home);
        told->home = judging_home(l->book);
    }
    incident_note(told, &is, l->now_ns);
    err = take_step(l, i, told);
    if (err == ERR_OK && l->j->ending &&
        (told->status != ALERT_FINAL || told->stirred))
        err = tell(l, i, told, ALERT_FINAL);
    if (incident_due(told) < l->book->due_ns)
        l->book->due_ns = incident_due(told);
    return err;
}

/* What was told of this book and stands in it no longer goes. */
static bool keep_seen(void *ctx, struct incident_told *told)
{
    const struct look *l = ctx;
    bool seen =
        told->book != l->number || told->seen || told->status == ALERT_FINAL;

    if (told->book == l->number)
        told->seen = false;
    return seen;
}

static enum err judge_book(struct look *l)
{
    const struct book *b = l->book;
    const struct judge_task task = {
        .settings = &l->j->rules,
        .ledger = b->all,
        .book = b->kind == SHELF_EMPLOYEE ? JUDGE_EMPLOYEE : JUDGE_PARTY,
        .party = b->name,
        .contracts = l->j->contracts,
    };
    bool due = b->due_ns <= l->now_ns;
    enum err err = ERR_OK;

    l->judge = judge_open(&task);
    if (!l->judge)
        return ERR_MEMORY;
    l->book->due_ns = INT64_MAX;
    for (size_t i = 0; err == ERR_OK && i < judge_incidents(l->judge); i++)
        err = look_incident(l, i);
    if (err == ERR_OK && due)
        incidents_each(&l->j->incidents, keep_seen, l);
    judge_close(l->judge);
    return err;
}

/* Other books see what went to a partner by its contract. */
static enum err judge_partner(struct look *l)
{
    bool changed = false;

    for (size_t i = 0; i < l->j->rules.partner_count; i++) {
        if (strcmp(l->j->rules.partners[i].name, l->book->name) == 0 &&
            !contracts_judge(l->j->contracts, i, l->book->all, &changed))
            return ERR_MEMORY;
    }
    for (uint32_t i = 0; changed && i < l->j->books.count; i++) {
        struct book *b = shelf_at(&l->j->books, i);
        if (!b->to_partners || b->kind == SHELF_PARTNER)
            continue;
        b->touched = true;
        if (!judging_await(l->j, i))
            return ERR_MEMORY;
    }
    return ERR_OK;
}

static enum err look_book(struct look *l)
{
    int64_t begun = clock_ns(), took;
    enum err err;

    err = shelf_load(&l->j->books, l->number);
    if (err == ERR_MEMORY)
        return err;
    if (bring(l->j, l->number) != ERR_OK)
        l->j->bonds_full++;
    l->book->touched = false;
    err = l->book->kind == SHELF_PARTNER ? judge_partner(l) : judge_book(l);
    if (err != ERR_OK)
        l->book->touched = true;
    took = (clock_ns() - begun) * REST;
    if (took > REST_MS * MILLISECOND)
        took = REST_MS * MILLISECOND;
    l->book->rests_ns = clock_ns() + took;
    return err;
}

/* Which books a pass over those that wait is for. */
enum pass { PASS_PARTNERS = 0, PASS_SMALL, PASS_LARGE, PASSES };

static enum pass pass_of(const struct book *b)
{
    if (b->kind == SHELF_PARTNER)
        return PASS_PARTNERS;
    return b->held < SMALL_BOOK ? PASS_SMALL : PASS_LARGE;
}

static bool wants_look(const struct judging *j, const struct book *b,
                       int64_t now_ns)
{
    if (j->ending)
        return b->touched || b->due_ns < INT64_MAX;
    return (b->touched || b->due_ns <= now_ns) &&
           (j->set.at_once || clock_ns() >= b->rests_ns);
}

static enum err look_pass(struct look *l, enum pass pass, int64_t until)
{
    struct judging *j = l->j;
    enum err err = ERR_OK, one;

    for (size_t i = 0; i < j->wait_count; i++) {
        l->number = j->waiting[i];
        l->book = shelf_at(&j->books, l->number);
        if (pass_of(l->book) != pass || !wants_look(j, l->book, l->now_ns))
            continue;
        one = look_book(l);
        err = judging_worse(err, one);
        if (one == ERR_IO || clock_ns() >= until)
            break;
    }
    return err;
}

/* Forget those that nothing is to be told of. */
static void thin_out(struct judging *j)
{
    size_t kept = 0;

    for (size_t i = 0; i < j->wait_count; i++) {
        struct book *b = shelf_at(&j->books, j->waiting[i]);
        b->waits = b->touched || b->due_ns < INT64_MAX;
        if (b->waits)
            j->waiting[kept++] = j->waiting[i];
    }
    j->wait_count = kept;
}

enum err judging_look(struct judging *j, int64_t now_ns,
                      const struct verdict_sink *sink)
{
    bool whole = j->ending || j->set.at_once;
    int64_t until = whole ? INT64_MAX : clock_ns() + LOOK_MS * MILLISECOND;
    struct look l = {.j = j, .now_ns = now_ns, .sink = sink};
    enum err err = ERR_OK;

    if (now_ns > j->clock_ns)
        j->clock_ns = now_ns;
    if (whole && learn_all(j) != ERR_OK)
        j->bonds_full++;
    for (enum pass pass = PASS_PARTNERS; pass < PASSES; pass++)
        err = judging_worse(err, look_pass(&l, pass, until));
    thin_out(j);
    return err;
}

static bool is_touched(const struct judging *j)
{
    for (size_t i = 0; i < j->wait_count; i++) {
        if (shelf_at(&j->books, j->waiting[i])->touched)
            return true;
    }
    return false;
}

enum err judging_end(struct judging *j, const struct verdict_sink *sink)
{
    int64_t now_ns = INT64_MIN;
    enum err err;

    for (size_t i = 0; i < j->wait_count; i++) {
        const struct book *b = shelf_at(&j->books, j->waiting[i]);
        if (b->newest_ns > now_ns)
            now_ns = b->newest_ns;
    }
    j->ending = true;
    err = judging_look(j, now_ns, sink);
    /* What books learned meanwhile is told, too. */
    for (unsigned n = 0; n < 3 && err == ERR_OK && is_touched(j); n++)
        err = judging_look(j, now_ns, sink);
    j->ending = false;
    return err;
}

void judging_totals(const struct judging *j, struct judging_totals *out)
{
    *out = (struct judging_totals){.alerts = j->alerts,
                                   .books = j->books.count,
                                   .memory = j->books.held,
                                   .lost = j->books.lost,
                                   .ties_lost = j->bonds_full,
                                   .damaged = j->books.unread};
    for (size_t i = 0; i < j->books.count; i++) {
        const struct book *b = shelf_at(&j->books, (uint32_t)i);
        out->customers += b->all ? ledger_names(b->all) : 0;
        out->resting += b->touched;
    }
    for (size_t i = 0; i < j->incidents.room; i++) {
        for (const struct incident_told *told = j->incidents.table[i]; told;
             told = told->next)
            out->incidents += told->status != ALERT_FINAL;
    }
}
