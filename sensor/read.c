// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * read.c - the judge's half of outflow read.
 *
 * Reads settings, starts workers, merges their exposures into the ledger,
 * judges at the end and writes what is found. It never sees a packet.
 */
#include "read.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "health.h"
#include "outflow/alert.h"
#include "outflow/log.h"
#include "outflow/settings.h"
#include "progress.h"
#include "results.h"
#include "judging/runs.h"
#include "workers.h"

/* Everything of one run. */
struct run {
    const struct options *o;
    struct settings settings;
    struct identity *identity;
    struct keyed *key;
    struct ledger *ledger; /* of this run */
    struct runs *runs;     /* and of those before; NULL: not asked for */
    bool named;            /* runs knows the captures */
    struct progress_line progress;
    struct workers_result told;
    bool full;       /* the ledger's memory is at its end */
    uint64_t unkept; /* records that runs could not keep */
};

static struct judge_settings judge_of(const struct run *run)
{
    return (struct judge_settings){
        .rules = run->settings.rules,
        .rule_count = run->settings.rule_count,
        .partners = run->settings.partners,
        .partner_count = run->settings.partner_count,
    };
}

static void take_exposure(void *ctx, const struct exposure *e)
{
    struct run *run = ctx;
    struct exposure begun = *e;
    struct resolved who;

    begun.time_ns = e->begun_ns; /* as in judging_resolve */
    identity_resolve(run->identity, &begun, &who);
    if (ledger_add(run->ledger, e, &who) != ERR_OK)
        run->full = true;
    if (!run->runs)
        return;
    if (!run->named)
        run->named =
            runs_name(run->runs, (const char *const *)run->told.captures,
                      run->told.capture_count);
    if (runs_take(run->runs, e) != ERR_OK)
        run->unkept += e->record_count;
}

static bool count_alert(void *ctx, const struct alert *a)
{
    uint64_t *count = ctx;

    (void)a;
    ++*count;
    return true;
}

static void show_progress(void *ctx, uint64_t done, uint64_t all)
{
    struct run *run = ctx;

    if (!run->runs && progress_wants_count(&run->progress)) {
        const struct judge_settings judge = judge_of(run);
        uint64_t alerts = 0;
        const struct verdict_sink sink = {&alerts, count_alert, NULL};
        double begun = progress_clock();
        (void)judge_run(&judge, run->ledger, &sink);
        progress_counted(&run->progress, alerts, progress_clock() - begun);
    }
    progress_show(&run->progress, done, all);
}

/* The key of -k, or one that nobody will know again. */
static bool make_key(struct run *run, struct problems *problems)
{
    uint8_t bytes[KEY_BYTES];
    bool ok = run->o->key ? key_read(run->o->key, bytes, problems)
                          : getrandom(bytes, sizeof(bytes), 0) == sizeof(bytes);

    if (ok) {
        run->key = keyed_new(bytes);
        ok = run->key != NULL;
    }
    explicit_bzero(bytes, sizeof(bytes));
    if (!ok && problems->count == 0)
        problems_add(problems, "cannot make a key: %s", strerror(errno));
    return ok;
}

static bool prepare(struct run *run, struct problems *problems)
{
    const struct options *o = run->o;

    bool good = settings_read(o->config, o->rules, o->rule_count,
                              &run->settings, problems);
    run->identity = identity_new(&run->settings, problems);
    good = detect_check(run->settings.numbers, run->settings.numbers_count,
                        problems) &&
           good;
    if (!good || !run->identity || !make_key(run, problems))
        return false;
    run->ledger = ledger_new(run->settings.memory / 2);
    if (!run->ledger)
        problems_add(problems, "cannot start: out of memory");
    if (o->state && run->ledger) {
        const struct runs_settings runs = {&run->settings, run->identity,
                                           run->key, o->state};
        run->runs = runs_open(&runs, problems);
    }
    return problems->count + problems->lost == 0;
}

/* A pipe can be read once only, so by one worker only. */
static bool is_pipe(const char *path)
{
    struct stat about;

    return strcmp(path, "-") == 0 ||
           (stat(path, &about) == 0 && !S_ISREG(about.st_mode) &&
            !S_ISDIR(about.st_mode));
}

static unsigned worker_count(const struct options *o)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    for (size_t i = 0; i < o->arg_count; i++) {
        if (is_pipe(o->args[i]))
            return 1;
    }
    if (o->workers > 0)
        return o->workers;
    return cores > 0 ? (unsigned)cores : 1;
}

static bool run_workers(struct run *run)
{
    const struct worker_settings first = {
        .settings = &run->settings,
        .key = run->key,
        .captures = run->o->args,
        .capture_count = run->o->arg_count,
        .count = worker_count(run->o),
        .share = hash_key_new(),
        .judge = {.seal = hash_key_new()},
    };
    const struct workers_events events = {run, take_exposure, show_progress};

    progress_begin(&run->progress, run->o->talk < 0);
    bool ok = workers_run(&first, &events, &run->told);
    progress_end(&run->progress);
    if (run->full)
        problems_add(&run->told.problems,
                     "limits.memory reached: %llu records were not kept; "
                     "raise it or read fewer captures at once",
                     (unsigned long long)ledger_lost(run->ledger));
    if (run->unkept > 0 && !run->full)
        problems_add(&run->told.problems,
                     "limits.memory reached: %llu records were not put beside "
                     "earlier runs; raise it or read fewer captures at once",
                     (unsigned long long)run->unkept);
    return ok;
}

/*
 * The largest resident set of this process in KiB. Not ru_maxrss: that one
 * begins with what the process that started us had.
 */
static uint64_t own_peak(const struct rusage *own)
{
    FILE *f = fopen("/proc/self/status", "re");
    unsigned long long peak = 0;
    char line[256];

    while (f && peak == 0 && fgets(line, sizeof(line), f)) {
        if (strncmp(line, "VmHWM:", 6) == 0)
            peak = strtoull(line + 6, NULL, 10);
    }
    if (f)
        (void)fclose(f);
    return peak > 0 ? peak : (uint64_t)own->ru_maxrss;
}

/*
 * CPU seconds and the largest resident sets of workers and judge together:
 * as if all were at their largest at once.
 */
static void measure(struct run_totals *t, uint64_t workers, uint64_t helpers)
{
    struct rusage own, children;

    (void)getrusage(RUSAGE_SELF, &own);
    (void)getrusage(RUSAGE_CHILDREN, &children);
    const struct timeval *times[] = {&own.ru_utime, &own.ru_stime,
                                     &children.ru_utime, &children.ru_stime};
    for (size_t i = 0; i < COUNT(times); i++)
        t->seconds +=
            (double)times[i]->tv_sec + (double)times[i]->tv_usec / 1e6;
    t->peak_memory = own_peak(&own) * 1024 + workers + helpers;
}

static int judge_and_write(struct run *run, struct results *results)
{
    const struct judge_settings judge = judge_of(run);
    const struct verdict_sink sink = {
        results, results_alert, run->o->affected ? results_affected : NULL};
    struct run_totals totals = {.customers = ledger_customers(run->ledger)};
    enum err err;

    if (run->runs) { /* this run stands in them, too */
        ledger_free(run->ledger);
        run->ledger = NULL;
        err = runs_judge(run->runs, &sink, &run->told.problems);
    } else {
        err = judge_run(&judge, run->ledger, &sink);
    }
    if (err == ERR_MEMORY)
        problems_add(&run->told.problems,
                     "out of memory while judging: alerts are missing");
    measure(&totals, run->told.peak, run->told.counters.helper_memory);
    totals.alerts = results->alerts;
    if (!results_finish(results, &run->told.counters, &totals,
                        &run->told.problems))
        err = ERR_IO;
    if (run->runs && err != ERR_IO && err != ERR_MEMORY)
        err = runs_commit(run->runs, &run->told.problems) == ERR_OK ? err
                                                                    : ERR_IO;
    size_t wrong = problems_print(&run->told.problems, stderr);
    health_tell(&run->told.counters);
    if (err != ERR_OK || wrong > 0)
        return 2;
    return results->alerts > 0 ? 1 : 0;
}

/* Evidence of earlier runs names captures of theirs. */
static void name_captures(const struct run *run, struct results *results)
{
    const char *const *names = (const char *const *)run->told.captures;
    size_t count = run->told.capture_count;

    if (run->runs)
        names = runs_captures(run->runs, &count);
    results_captures(results, names, count);
}

int read_run(const struct options *o)
{
    struct run run = {.o = o};
    struct results results = {0};
    struct problems problems = {0};
    int status = 2;

    bool ready = prepare(&run, &problems) &&
                 results_open(&results, o, &run.settings, &problems);
    if (!ready && problems_print(&problems, stderr) > 0)
        log_error("%zu errors; nothing was started",
                  problems.count + problems.lost);
    if (ready && !run_workers(&run)) {
        problems_print(&run.told.problems, stderr);
    } else if (ready) {
        name_captures(&run, &results);
        status = judge_and_write(&run, &results);
    }
    results_close(&results);
    workers_clear(&run.told);
    runs_close(run.runs);
    ledger_free(run.ledger);
    keyed_free(run.key);
    identity_free(run.identity);
    settings_clear(&run.settings);
    problems_clear(&problems);
    return status;
}
