// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * judging_store.c - what outlives the judge, and what its memory holds.
 *
 * With a state, books are put by at each commit, released when memory is
 * wanted and loaded again when touched. Without one everything stays in
 * memory, but for days that no window and no incident can reach. It must not
 * judge.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judging/judging_in.h"

enum {
    FIGURES = 4096,        /* bytes of an incident's, with room */
    SHELF = 64 << 20,      /* bytes of books that stay without need */
    LARGE_BOOK = 16 << 20, /* one that is not loaded again for less */
    KEPT_DAYS = 400,       /* an incident is known so long behind its end */
    WINDOW_LONGEST = 366,  /* days; the same when there is no rule */
    TEND_STEPS = 4,        /* of housekeeping behind a commit */
    MANY = 1 << 15,        /* entries of a book that is thinned: 2 MiB */
    YOUNG_S = 5,           /* transfers that go on are not thinned */
    TOLD_S = 60,           /* nor such that are to be told themselves */
};

static const int64_t DAY = INT64_C(86400) * 1000000000;

/* --- going on ---------------------------------------------------------- */

char *judging_home(const struct book *b)
{
    char *text = NULL;

    return asprintf(&text, "%c%s", b->kind == SHELF_EMPLOYEE ? 'e' : 'p',
                    b->name) < 0
               ? NULL
               : text;
}

struct restoring {
    struct judging *j;
    enum err err;
};

/* One that was not final yet is to be looked at, whether touched or not. */
static bool restore_book(struct judging *j, const struct incident_told *told)
{
    bool still = told->status == ALERT_FINAL && !told->stirred;
    struct book *b;
    uint32_t i;

    if (still || told->home[0] == '\0')
        return true;
    i = shelf_find(&j->books,
                   told->home[0] == 'e' ? SHELF_EMPLOYEE : SHELF_PARTY,
                   told->home + 1);
    if (i == SHELF_NONE || !judging_await(j, i))
        return false;
    b = shelf_at(&j->books, i);
    if (incident_due(told) < b->due_ns)
        b->due_ns = incident_due(told);
    return true;
}

static bool restore(void *ctx, const struct state_incident *from)
{
    struct restoring *r = ctx;
    struct incident_told told;

    if (!incident_restore(from, &told))
        return true;
    if (incidents_add(&r->j->incidents, &told) && restore_book(r->j, &told))
        return true;
    r->err = ERR_MEMORY;
    return false;
}

/* Contracts are judged before anything that leans on them. */
static enum err restore_partners(struct judging *j)
{
    for (size_t i = 0; i < j->rules.partner_count; i++) {
        uint32_t n =
            shelf_find(&j->books, SHELF_PARTNER, j->rules.partners[i].name);
        if (n == SHELF_NONE || !judging_await(j, n))
            return ERR_MEMORY;
        shelf_at(&j->books, n)->touched = true;
    }
    return ERR_OK;
}

enum err judging_restore(struct judging *j)
{
    struct restoring r = {j, ERR_OK};

    if (!j->set.state)
        return ERR_OK;
    if (!state_incident_each(j->set.state, restore, &r) && r.err == ERR_OK)
        r.err = ERR_IO;
    return judging_worse(r.err, restore_partners(j));
}

/* --- what matters still ------------------------------------------------ */

static int64_t longest(const struct judging *j)
{
    int64_t within = DAY;

    for (size_t i = 0; i < j->rules.rule_count; i++) {
        if (j->rules.rules[i].within_ns > within)
            within = j->rules.rules[i].within_ns;
    }
    for (size_t i = 0; i < j->rules.partner_count; i++) {
        if (j->rules.partners[i].within_ns > within)
            within = j->rules.partners[i].within_ns;
    }
    return within < WINDOW_LONGEST * DAY ? within : WINDOW_LONGEST * DAY;
}

struct reach {
    int64_t now_ns, since_ns;
};

/* An incident that may grow is told whole, from its first record on. */
static bool reach_back(void *ctx, struct incident_told *told)
{
    struct reach *r = ctx;

    if (told->now.end_ns + told->within_ns > r->now_ns &&
        told->now.start_ns < r->since_ns)
        r->since_ns = told->now.start_ns;
    return true;
}

void judging_set_since(struct judging *j)
{
    /* Twice: what came before a window may have broken a contract in it. */
    struct reach r = {.now_ns = j->clock_ns};

    if (j->clock_ns == INT64_MIN)
        return; /* there is no time yet */
    r.since_ns = j->clock_ns - 2 * longest(j);
    incidents_each(&j->incidents, reach_back, &r);
    j->books.since_day = ledger_day(r.since_ns) - 1;
}

/* --- commit ------------------------------------------------------------ */

struct saving {
    struct judging *j;
    struct buf figures;
    enum err err;
};

static bool save(void *ctx, struct incident_told *told)
{
    struct saving *s = ctx;
    struct state *state = s->j->set.state;
    struct state_incident row;

    if (told->status == ALERT_FINAL &&
        told->now.end_ns + KEPT_DAYS * DAY < s->j->clock_ns)
        return state_incident_drop(state, told->id) != ERR_OK;
    if (!told->unsaved || told->sequence == 0)
        return true;
    if (incident_save(told, &s->figures, &row) &&
        state_incident_put(state, &row) == ERR_OK)
        told->unsaved = false;
    else
        s->err = ERR_MEMORY;
    return true;
}

static enum err save_incidents(struct judging *j)
{
    struct saving s = {.j = j, .err = ERR_OK};

    buf_init(&s.figures, FIGURES);
    incidents_each(&j->incidents, save, &s);
    buf_clear(&s.figures);
    return s.err;
}

static enum err put_books(struct judging *j)
{
    enum err err = ERR_OK;

    for (uint32_t i = 0; i < j->books.count; i++) {
        if (judging_learn(j, i) != ERR_OK)
            j->bonds_full++;
        err = judging_worse(err, shelf_put(&j->books, i));
    }
    return err;
}

/* --- memory ------------------------------------------------------------ */

/* Nothing of it is under way. */
static bool is_idle(const struct book *b)
{
    return b->all && !b->fresh && !b->touched;
}

static void release(struct judging *j, uint32_t i)
{
    struct book *b = shelf_at(&j->books, i);

    ledger_free(b->all);
    b->all = NULL;
    shelf_count(&j->books, i);
}

/* Leave days behind that nothing reaches. */
static enum err shorten(struct judging *j, uint32_t i)
{
    struct book *b = shelf_at(&j->books, i);
    struct ledger *rest = ledger_new(UINT64_MAX);
    enum err err =
        rest ? shelf_copy(b->all, rest, &j->books.codec, j->books.since_day)
             : ERR_MEMORY;

    if (err != ERR_OK) {
        ledger_free(rest);
        return err;
    }
    ledger_free(b->all);
    b->all = rest;
    b->brought = 0;
    shelf_count(&j->books, i);
    return ERR_OK;
}

/* Once a packet-day, and then what is idle. */
static void leave_old_days(struct judging *j)
{
    if (j->clock_ns - j->tidied_ns < DAY)
        return;
    j->tidied_ns = j->clock_ns;
    for (uint32_t i = 0; i < j->books.count; i++) {
        if (!is_idle(shelf_at(&j->books, i)))
            continue;
        if (j->set.state)
            release(j, i);
        else
            (void)shorten(j, i);
    }
}

/* Within the shortest window nobody is missed who is seen twice. */
static int64_t shortest(const struct judging *j)
{
    int64_t within = DAY;

    for (size_t i = 0; i < j->rules.rule_count; i++) {
        int64_t one = j->rules.rules[i].within_ns;
        within = one > 0 && one < within ? one : within;
    }
    for (size_t i = 0; i < j->rules.partner_count; i++) {
        int64_t one = j->rules.partners[i].within_ns;
        within = one > 0 && one < within ? one : within;
    }
    return within;
}

/* Seconds for which a transfer is left whole. */
static int64_t young(const struct judging *j)
{
    for (size_t i = 0; i < j->rules.rule_count; i++) {
        if (j->rules.rules[i].by == BY_TRANSFER)
            return TOLD_S;
    }
    return YOUNG_S;
}

/* The same customers over and over: a book that has doubled by them. */
static void thin_books(struct judging *j)
{
    const struct ledger_thinning how = {
        shortest(j), j->clock_ns - young(j) * INT64_C(1000000000)};

    for (uint32_t i = 0; i < j->books.count; i++) {
        struct book *b = shelf_at(&j->books, i);
        size_t many = b->thinned * 2 > MANY ? b->thinned * 2 : MANY;
        if (!b->all || ledger_sightings(b->all) < many ||
            ledger_thin(b->all, &how) != ERR_OK)
            continue;
        b->thinned = ledger_sightings(b->all);
        shelf_count(&j->books, i);
    }
}

/*
 * Idle books go while those in memory take more than a shelf is for; large
 * ones, which take long to load, only when memory comes to its end.
 */
static void release_idle(struct judging *j)
{
    uint64_t most = j->books.memory / 4 * 3;

    for (uint32_t i = 0; j->set.state && i < j->books.count; i++) {
        const struct book *b = shelf_at(&j->books, i);
        bool full = j->books.held >= most;
        if (!full && j->books.held < SHELF)
            return;
        if (is_idle(b) && (full || b->held < LARGE_BOOK))
            release(j, i);
    }
}

/* Some steps of the state's housekeeping: a few ms of a second. */
static void tend(struct judging *j)
{
    for (unsigned n = 0; n < TEND_STEPS; n++) {
        if (!state_tend(j->set.state, j->books.since_day,
                        ledger_day(j->clock_ns)))
            return;
    }
}

enum err judging_commit(struct judging *j)
{
    enum err err = ERR_OK;

    if (j->set.state) {
        err = judging_worse(put_books(j), save_incidents(j));
        if (state_waiting(j->set.state) && state_commit(j->set.state) != ERR_OK)
            err = ERR_IO;
    }
    judging_set_since(j);
    if (j->clock_ns > INT64_MIN) {
        leave_old_days(j);
        thin_books(j);
    }
    release_idle(j);
    if (j->set.state && err == ERR_OK && j->clock_ns > INT64_MIN)
        tend(j);
    return err;
}

/* --- new settings ------------------------------------------------------ */

static bool same_partners(const struct judge_settings *a,
                          const struct judge_settings *b)
{
    bool same = a->partner_count == b->partner_count;

    for (size_t i = 0; same && i < a->partner_count; i++)
        same = strcmp(a->partners[i].name, b->partners[i].name) == 0;
    return same;
}

/* The ledgers of a book as other settings number partners. */
struct renumbered {
    struct ledger *all, *fresh;
};

/* NULL stays NULL; false without memory. */
static bool recode(struct judging *j, struct ledger *from,
                   const struct ledger_codec *new, struct ledger **to)
{
    *to = from ? ledger_new(UINT64_MAX) : NULL;
    if (!from)
        return true;
    return *to && shelf_recode(from, *to, &j->books.codec, new) == ERR_OK;
}

static void renumbered_free(struct renumbered *r, size_t count)
{
    for (size_t i = 0; r && i < count; i++) {
        ledger_free(r[i].all);
        ledger_free(r[i].fresh);
    }
    free(r);
}

/* All books that hold a partner, anew; NULL without memory. */
static struct renumbered *renumber(struct judging *j,
                                   const struct ledger_codec *new)
{
    struct renumbered *r = calloc(j->books.count + 1, sizeof(*r));
    bool ok = r != NULL;

    for (uint32_t i = 0; ok && i < j->books.count; i++) {
        const struct book *b = shelf_at(&j->books, i);
        if (b->to_partners)
            ok = recode(j, b->all, new, &r[i].all) &&
                 recode(j, b->fresh, new, &r[i].fresh);
    }
    if (ok)
        return r;
    renumbered_free(r, j->books.count);
    return NULL;
}

/* Nothing can fail from here on. */
static void take_numbers(struct judging *j, struct renumbered *r)
{
    for (uint32_t i = 0; i < j->books.count; i++) {
        struct book *b = shelf_at(&j->books, i);
        struct renumbered old = {b->all, b->fresh};
        if (!b->to_partners)
            continue;
        b->all = r[i].all;
        b->fresh = r[i].fresh;
        r[i] = old;
        b->brought = 0;
        shelf_count(&j->books, i);
    }
    renumbered_free(r, j->books.count);
}

/* Contracts by new rules; false, and nothing has changed, without memory. */
static bool take_rules(struct judging *j, const struct judge_settings *rules)
{
    const struct judge_settings old = j->rules;
    struct contracts *contracts;

    j->rules = *rules;
    contracts = contracts_new(&j->rules);
    j->rules = old;
    if (!contracts)
        return false;
    contracts_free(j->contracts);
    j->rules = *rules;
    j->contracts = contracts;
    return true;
}

enum err judging_reload(struct judging *j, const struct settings *settings,
                        struct identity *identity)
{
    const struct judge_settings rules = {
        .rules = settings->rules,
        .rule_count = settings->rule_count,
        .partners = settings->partners,
        .partner_count = settings->partner_count,
    };
    const struct ledger_codec codec = {rules.partners, rules.partner_count};
    bool same = same_partners(&j->rules, &rules);
    struct renumbered *anew = same ? NULL : renumber(j, &codec);

    if (!same && !anew)
        return ERR_MEMORY;
    if (!take_rules(j, &rules)) {
        renumbered_free(anew, j->books.count);
        return ERR_MEMORY;
    }
    if (anew)
        take_numbers(j, anew);
    j->set.settings = settings;
    j->set.identity = identity;
    j->books.codec = codec;
    j->books.by_party = judging_by_party(settings);
    j->books.memory = settings->memory / 4;
    if (j->set.state && restore_partners(j) != ERR_OK)
        j->bonds_full++;
    for (uint32_t i = 0; i < j->books.count; i++) {
        struct book *b = shelf_at(&j->books, i);
        b->touched |= b->all && judging_await(j, i);
    }
    return ERR_OK;
}
