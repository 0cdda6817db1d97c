// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * reload.c - SIGHUP in stages, none of which waits for anybody.
 *
 * A set that is not good in every part is refused as a whole, and the old
 * one stays.
 */
#include "watch/reload.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "outflow/log.h"
#include "util/notify.h"

enum {
    JUDGE_MS = 30000,   /* to read a long list of employees */
    WORKERS_MS = 10000, /* to open interfaces */
    OLD_MS = 5000,      /* to tell what they have */
    AGAIN_MS = 2000,    /* between two looks for interfaces that are back */
};

static void stage(struct parent *p, enum stage next)
{
    p->stage = next;
    p->stage_ms = p->now_ms;
}

static void end(struct parent *p)
{
    stage(p, STAGE_NONE);
    (void)notify_send("READY=1\nSTATUS=watching %zu interfaces with %u "
                      "workers\n",
                      p->w->o->interface_count, p->w->workers);
}

static void refuse(struct parent *p, const char *why)
{
    log_error("new settings are refused, the old ones stay: %s", why);
    parent_say(p->w, EVENT_SETTINGS_REFUSED, why);
    p->w->shown->reloads_refused++;
    settings_clear(&p->fresh);
    end(p);
}

/* -o may have been moved away, into a folder that only we may write. */
static void reopen(struct watch *w)
{
    const char *path = w->o->output;
    int fresh =
        path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640) : -1;

    if (path && fresh < 0)
        log_error("-o %s: cannot open it again: %s", path, strerror(errno));
    if (fresh < 0)
        return;
    (void)close(w->out);
    w->out = fresh;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* What only a restart can change; NULL: nothing of it was. */
static const char *needs_restart(const struct watch *w,
                                 const struct settings *fresh)
{
    if (!w->spool != (fresh->output_count == 0))
        return "outputs: the first one, or none any more, needs a restart";
    if (!same_text(w->settings.state, fresh->state))
        return "state: another folder needs a restart";
    return same_text(w->settings.user, fresh->user)
               ? NULL
               : "user: another one needs a restart";
}

/* Logs are opened anew whatever becomes of the settings. */
static void reopen_logs(struct watch *w)
{
    static const struct order order = {.kind = ORDER_REOPEN};

    reopen(w);
    parent_order(w, &order, w->out);
    if (w->sender.pid > 0)
        (void)kill(w->sender.pid, SIGHUP);
}

static void begin(struct parent *p)
{
    static const struct order reload = {.kind = ORDER_RELOAD};
    struct problems problems = {0};
    struct identity *identity = NULL;

    p->asked = false;
    (void)notify_reloading();
    reopen_logs(p->w);
    bool good = watch_settings(p->w->o, &p->fresh, &identity, &problems);
    identity_free(identity);
    good = live_filter_check(p->fresh.filter, &problems) && good;
    problems_print(&problems, stderr);
    const char *why = good                 ? needs_restart(p->w, &p->fresh)
                      : problems.count > 0 ? problems.lines[0]
                                           : "out of memory";
    if (why) {
        refuse(p, why);
    } else {
        pulse_set(&p->w->judge.pulse->taken, 0);
        pulse_set(&p->w->judge.pulse->refused, 0);
        parent_order(p->w, &reload, -1);
        stage(p, STAGE_JUDGE);
    }
    problems_clear(&problems);
}

static bool same_output(const struct output_settings *a,
                        const struct output_settings *b)
{
    return same_text(a->type, b->type) && same_text(a->host, b->host) &&
           same_text(a->transport, b->transport) && a->port == b->port &&
           same_text(a->path, b->path) && same_text(a->format, b->format) &&
           same_text(a->ca, b->ca) && same_text(a->cert, b->cert) &&
           same_text(a->key, b->key) && a->max_bytes == b->max_bytes;
}

static bool same_number(const struct number_rule *a,
                        const struct number_rule *b)
{
    return a->type == b->type && same_text(a->name, b->name) &&
           same_text(a->pattern, b->pattern) && same_text(a->check, b->check);
}

static bool same_numbers(const struct settings *a, const struct settings *b)
{
    if (a->numbers_count != b->numbers_count)
        return false;
    for (size_t i = 0; i < a->numbers_count; i++) {
        if (!same_number(&a->numbers[i], &b->numbers[i]))
            return false;
    }
    return true;
}

/* Do the new settings change what a worker does? */
static bool for_workers(const struct settings *a, const struct settings *b)
{
    return strcmp(a->session, b->session) != 0 || a->memory != b->memory ||
           a->document != b->document || a->depth != b->depth ||
           a->ring != b->ring || !same_text(a->filter, b->filter) ||
           !same_numbers(a, b);
}

static struct child *worker_of(struct watch *w, unsigned generation, size_t i)
{
    return &w->posts[(generation % 2) * w->workers + i].child;
}

static void start_workers(struct parent *p)
{
    struct watch *w = p->w;

    for (size_t i = 0; i < w->workers; i++) {
        struct child *c = worker_of(w, w->generation + 1, i);
        c->hold = true;
        c->deaths = 0;
        (void)child_start(c, p->now_ms);
    }
    stage(p, STAGE_WORKERS);
}

static bool same_outputs(const struct settings *a, const struct settings *b)
{
    if (a->output_count != b->output_count)
        return false;
    for (size_t i = 0; i < a->output_count; i++) {
        if (!same_output(&a->outputs[i], &b->outputs[i]))
            return false;
    }
    return true;
}

/* The sender has the outputs from its begin. */
static void renew_sender(struct watch *w)
{
    if (w->sender.pid <= 0)
        return;
    w->sender.renew = true;
    (void)kill(w->sender.pid, SIGTERM);
}

static void judge_took(struct parent *p)
{
    struct watch *w = p->w;
    bool workers = for_workers(&w->settings, &p->fresh);
    bool outputs = same_outputs(&w->settings, &p->fresh);

    settings_clear(&w->settings);
    w->settings = p->fresh;
    p->fresh = (struct settings){0};
    w->shown->reloads++;
    parent_say(w, EVENT_SETTINGS_RELOADED, NULL);
    log_note("new settings are in force");
    if (!outputs)
        renew_sender(w);
    if (workers)
        start_workers(p);
    else
        end(p);
}

static void wait_for_judge(struct parent *p)
{
    const struct pulse *judge = p->w->judge.pulse;

    if (pulse_get(&judge->taken) > 0)
        judge_took(p);
    else if (pulse_get(&judge->refused) > 0)
        refuse(p, "the judge cannot read them; may its user?");
    else if (p->now_ms - p->stage_ms > JUDGE_MS)
        refuse(p, "the judge does not answer");
}

/* From this moment of packet time on the new workers take what comes. */
static void change_over(struct parent *p)
{
    struct watch *w = p->w;
    struct timespec now = {0};

    (void)clock_gettime(CLOCK_REALTIME, &now);
    int64_t ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
    for (size_t i = 0; i < w->workers; i++) {
        struct child *old = worker_of(w, w->generation, i);
        struct child *fresh = worker_of(w, w->generation + 1, i);
        atomic_store(&old->pulse->until_ns, ns);
        child_finish(old);
        fresh->hold = false;
        atomic_store(&fresh->pulse->from_ns, ns);
    }
    w->generation++;
    stage(p, STAGE_OLD);
}

static void give_up_workers(struct parent *p)
{
    struct watch *w = p->w;

    for (size_t i = 0; i < w->workers; i++) {
        struct child *c = worker_of(w, w->generation + 1, i);
        child_finish(c);
        child_kill(c);
    }
    log_error("new workers do not begin; the old ones go on");
    parent_say(w, EVENT_SETTINGS_REFUSED, "new workers do not begin");
    end(p);
}

static void wait_for_workers(struct parent *p)
{
    struct watch *w = p->w;
    bool ready = true;

    for (size_t i = 0; ready && i < w->workers; i++)
        ready = pulse_get(&worker_of(w, w->generation + 1, i)->pulse->ready);
    if (ready)
        change_over(p);
    else if (p->now_ms - p->stage_ms > WORKERS_MS)
        give_up_workers(p);
}

static void wait_for_old(struct parent *p)
{
    struct watch *w = p->w;
    bool left = false;

    for (size_t i = 0; i < w->workers; i++) {
        struct child *c = worker_of(w, w->generation - 1, i);
        left = left || c->pid > 0;
        if (p->now_ms - p->stage_ms > OLD_MS)
            child_kill(c);
    }
    if (!left)
        end(p);
}

/* Interfaces that no open handle can take up again, and that are there. */
static void look_for_interfaces(struct parent *p)
{
    struct watch *w = p->w;
    uint64_t lost = 0, absent = 0;

    if (!p->ready || p->now_ms - p->replaced_ms < AGAIN_MS)
        return;
    p->replaced_ms = p->now_ms;
    for (size_t i = 0; i < w->workers; i++) {
        uint64_t one = pulse_get(&worker_of(w, w->generation, i)->pulse->lost);
        lost = one > lost ? one : lost;
    }
    if (lost == 0)
        return;
    for (size_t i = 0; i < w->o->interface_count; i++)
        absent += !live_present(w->o->interfaces[i]);
    if (lost > absent)
        start_workers(p);
}

void reload_go_on(struct parent *p)
{
    switch (p->stage) {
    case STAGE_NONE:
        if (p->asked && p->ready)
            begin(p);
        else
            look_for_interfaces(p);
        break;
    case STAGE_JUDGE:
        wait_for_judge(p);
        break;
    case STAGE_WORKERS:
        wait_for_workers(p);
        break;
    case STAGE_OLD:
        wait_for_old(p);
        break;
    }
}

void reload_clear(struct parent *p)
{
    settings_clear(&p->fresh);
}
