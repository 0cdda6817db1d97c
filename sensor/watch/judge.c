// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * judge.c - the judge of watch: from the workers' pipes to alerts.
 *
 * Takes exposures, looks when some came, puts alerts and events into
 * the spool before the state that follows from them is stored, and writes
 * the counters. It never sees a packet or a receiver.
 */
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "health.h"
#include "judging/judging.h"
#include "outflow/log.h"
#include "outflow/spool.h"
#include "outflow/state.h"
#include "privs.h"
#include "watch/watch.h"
#include "watch/say.h"

enum {
    LOOK_MS = 200,
    SOON_MS = 3, /* a look, when something came to be judged */
    HEALTH_MS = 10000,
    COMMIT_MS = 250, /* and 80 in the ring, 350 in the worker: below 1 s */
    STATS_MS = 10000,
    READS = 8, /* turns of one slot's pipe before something else */
};

struct bench {
    struct watch *w;
    struct pulse *pulse;
    struct settings *settings; /* the parent's, or own after a reload */
    struct settings own;
    struct identity *identity;
    struct state *state;
    struct judging *judging;
    struct intake *intake;
    struct say *say;
    uint32_t *captures; /* the judge's number of each interface */
    struct pollfd *polls;
    struct health_watch *health;
    int64_t now_ms, looked_ms, committed_ms, counted_ms, health_ms;
    bool fresh;         /* exposures came since the last look */
    bool failing;       /* the state is not stored */
    uint64_t lost_rows; /* of the state, told so far */
    uint64_t damaged;   /* books of it, told so far */
    uint64_t broken;    /* frames not understood, as it was said */
};

static int64_t clock_ms(void)
{
    struct timespec now = {0};

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void take_exposure(void *ctx, struct exposure *e)
{
    struct bench *b = ctx;

    e->capture = b->captures[e->capture];
    (void)judging_take(b->judging, e);
    b->fresh = true;
}

static void take_tap(void *ctx, size_t interface, enum live_state was,
                     enum live_state is)
{
    struct bench *b = ctx;
    const char *name = b->w->o->interfaces[interface];
    bool gone = was == LIVE_GONE || was == LIVE_LOST;
    bool there = is == LIVE_LOST && if_nametoindex(name) != 0;
    enum event_kind kind = is == LIVE_UP              ? EVENT_INTERFACE_UP
                           : is == LIVE_DOWN || there ? EVENT_INTERFACE_DOWN
                                                      : EVENT_INTERFACE_GONE;

    if (is == LIVE_UP && gone)
        kind = EVENT_INTERFACE_BACK;
    if (is == LIVE_UP)
        b->w->shown->returns[interface]++;
    const struct event e = event_now(kind, name, NULL);
    say_event(b->say, &e);
}

static void take_event(void *ctx, const struct event *e)
{
    struct bench *b = ctx;

    say_event(b->say, e);
}

static void take_problem(void *ctx, struct span text)
{
    (void)ctx;
    log_error("%.*s", (int)text.len, text.ptr);
}

static bool tell_alert(void *ctx, const struct alert *a)
{
    struct bench *b = ctx;

    return say_alert(b->say, a);
}

/* What was judged is safe before what follows from it is stored. */
static void look(struct bench *b)
{
    const struct verdict_sink sink = {b, tell_alert, NULL};
    int64_t clock = intake_clock(b->intake);

    if (clock == INT64_MIN) {
        struct timespec now = {0};
        (void)clock_gettime(CLOCK_REALTIME, &now);
        clock = ((int64_t)now.tv_sec - 1) * 1000000000;
    }
    (void)judging_look(b->judging, clock, &sink);
    say_sync(b->say);
    b->looked_ms = b->now_ms;
    b->fresh = false;
}

/* Days that the disk holds and nobody can read: the rest is used. */
static void say_damage(struct bench *b)
{
    struct judging_totals totals;
    struct event e = event_now(EVENT_STATE_DAMAGED, b->settings->state, NULL);

    judging_totals(b->judging, &totals);
    if (totals.damaged <= b->damaged)
        return;
    e.count = totals.damaged - b->damaged;
    b->damaged = totals.damaged;
    say_event(b->say, &e);
}

static void say_state(struct bench *b)
{
    struct state_health health;

    if (!b->state)
        return;
    say_damage(b);
    state_health(b->state, &health);
    if (health.lost_rows > b->lost_rows) {
        struct event lost = event_now(EVENT_STATE_LOST, NULL, NULL);
        lost.count = health.lost_rows - b->lost_rows;
        b->lost_rows = health.lost_rows;
        say_event(b->say, &lost);
    }
    if (health.failing == b->failing)
        return;
    b->failing = health.failing;
    struct event e =
        event_now(health.failing ? EVENT_STATE_FULL : EVENT_STATE_BACK, NULL,
                  health.failing ? health.why : NULL);
    e.count = health.waiting;
    say_event(b->say, &e);
}

static void commit(struct bench *b)
{
    if (b->state)
        (void)judging_commit(b->judging);
    say_state(b);
    b->committed_ms = b->now_ms;
}

static void count(struct bench *b)
{
    struct standing_of of = {
        .w = b->w,
        .settings = b->settings,
        .intake = b->intake,
        .judging = b->judging,
        .state = b->state,
    };

    say_counters(b->say, &of);
    b->counted_ms = b->now_ms;
}

/* Frames that a worker sent and nobody understood are findings lost. */
static void tell_broken(struct bench *b)
{
    struct event e = event_now(EVENT_EXPOSURES_LOST, "pipes", NULL);
    uint64_t broken = intake_broken(b->intake);

    if (broken <= b->broken)
        return;
    e.count = broken - b->broken;
    b->broken = broken;
    say_event(b->say, &e);
}

/* What the counters say of the taps and of the limits. */
static void tell_health(struct bench *b, bool over)
{
    const size_t taps = b->w->o->interface_count;
    const struct health_sink sink = {b, take_event};
    struct health_tap *tap = calloc(taps, sizeof(*tap));
    struct counters *c = malloc(sizeof(*c));

    b->health_ms = b->now_ms;
    tell_broken(b);
    for (size_t i = 0; tap && i < taps; i++) {
        struct tap now;
        intake_tap(b->intake, i, &now);
        tap[i] = (struct health_tap){
            .name = b->w->o->interfaces[i],
            .up = now.state == LIVE_UP,
            .received = now.stats.given,
            .dropped = now.stats.dropped + now.stats.dropped_interface,
        };
    }
    if (tap && c) {
        intake_counters(b->intake, c);
        struct judging_totals totals;
        judging_totals(b->judging, &totals);
        const struct health_view view = {
            .counters = c,
            .taps = tap,
            .now_s = b->now_ms / 1000,
            .over = over,
            .silence_s = b->settings->silence_ns / 1000000000,
            .ties_lost = totals.ties_lost,
            .records_lost = totals.lost,
        };
        health_look(b->health, &view, &sink);
    }
    free(tap);
    free(c);
}

static bool read_settings(struct bench *b, struct settings *out,
                          struct identity **identity)
{
    struct problems problems = {0};
    bool good = watch_settings(b->w->o, out, identity, &problems);

    problems_print(&problems, stderr);
    problems_clear(&problems);
    return good;
}

/* The parent found the new settings good; read them as this user. */
static void reload(struct bench *b)
{
    struct settings fresh = {0};
    struct identity *identity = NULL;

    if (!read_settings(b, &fresh, &identity) ||
        judging_reload(b->judging, &fresh, identity) != ERR_OK) {
        identity_free(identity);
        settings_clear(&fresh);
        pulse_set(&b->pulse->refused, pulse_get(&b->pulse->refused) + 1);
        return;
    }
    identity_free(b->identity);
    b->identity = identity;
    struct settings old = b->own;
    b->own = fresh;
    b->settings = &b->own;
    say_outputs(b->say, b->settings);
    settings_clear(&old);
    pulse_set(&b->pulse->taken, pulse_get(&b->pulse->taken) + 1);
}

/* A worker ended: what it had taken and not told is unread, and is said. */
static void worker_ended(struct bench *b, struct order *o)
{
    uint64_t unread = intake_ended(b->intake, o->slot, &o->end);

    if (o->event.kind == EVENT_NONE)
        return;
    o->event.total = unread;
    say_event(b->say, &o->event);
}

static bool sound(const struct bench *b, struct order *o)
{
    return o->slot < 2 * (size_t)b->w->workers &&
           (o->event.kind == EVENT_NONE || event_sound(&o->event));
}

/* An order, and the file that may come with it; -1: none did. */
static bool next_order(int from, struct order *o, int *file)
{
    struct iovec part = {o, sizeof(*o)};
    union {
        struct cmsghdr head;
        uint8_t room[CMSG_SPACE(sizeof(int))];
    } with;
    struct msghdr message = {
        .msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = &with,
        .msg_controllen = sizeof(with),
    };

    *file = -1;
    if (recvmsg(from, &message, MSG_CMSG_CLOEXEC) != (ssize_t)sizeof(*o))
        return false;
    const struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    if (head && head->cmsg_type == SCM_RIGHTS)
        memcpy(file, CMSG_DATA(head), sizeof(*file));
    return true;
}

static void take_orders(struct bench *b)
{
    struct order o;
    int file;

    while (next_order(b->w->orders[0], &o, &file)) {
        if (file >= 0)
            say_reopen(b->say, file);
        if (!sound(b, &o))
            continue;
        if (o.kind == ORDER_EVENT)
            say_event(b->say, &o.event);
        else if (o.kind == ORDER_ENDED)
            worker_ended(b, &o);
        else if (o.kind == ORDER_RELOAD)
            reload(b);
        else if (o.kind == ORDER_COUNTERS)
            count(b);
    }
}

static void take_said(struct bench *b)
{
    struct event e;

    while (read(b->w->said[0], &e, sizeof(e)) == sizeof(e)) {
        if (event_sound(&e))
            say_event(b->say, &e);
    }
}

/* Wait for any pipe until the next look is due, and take what there is. */
static void take(struct bench *b)
{
    const size_t slots = 2 * (size_t)b->w->workers;
    int64_t due = b->looked_ms + (b->fresh ? SOON_MS : LOOK_MS) - b->now_ms;
    bool more = true;

    for (size_t i = 0; i < slots; i++)
        b->polls[i] = (struct pollfd){b->w->posts[i].ends[0], POLLIN, 0};
    b->polls[slots] = (struct pollfd){b->w->orders[0], POLLIN, 0};
    b->polls[slots + 1] = (struct pollfd){b->w->said[0], POLLIN, 0};
    if (poll(b->polls, slots + 2, due > 0 ? (int)due : 0) <= 0)
        return;
    for (unsigned turn = 0; more && turn < READS; turn++) {
        more = false;
        for (size_t i = 0; i < slots; i++) {
            if (b->polls[i].revents != 0)
                more = intake_read(b->intake, i) || more;
        }
    }
    take_orders(b);
    take_said(b);
}

/* A short silence is to be heard in time. */
static int64_t health_every_ms(const struct bench *b)
{
    int64_t half = b->settings->silence_ns / 2000000;

    return half < HEALTH_MS ? half : HEALTH_MS;
}

static void work(struct bench *b)
{
    b->now_ms = clock_ms();
    pulse_beat(b->pulse);
    take(b);
    b->now_ms = clock_ms();
    if (b->now_ms - b->looked_ms >= (b->fresh ? SOON_MS : LOOK_MS))
        look(b);
    pulse_beat(b->pulse);
    if (b->now_ms - b->committed_ms >= COMMIT_MS)
        commit(b);
    if (b->now_ms - b->counted_ms >= STATS_MS)
        count(b);
    if (b->now_ms - b->health_ms >= health_every_ms(b))
        tell_health(b, false);
}

/* Workers have ended: everything that they told is taken, judged, stored. */
static void finish(struct bench *b)
{
    const struct verdict_sink sink = {b, tell_alert, NULL};
    const struct event stopped = event_now(EVENT_STOPPED, NULL, NULL);

    for (size_t i = 0; i < 2 * (size_t)b->w->workers; i++) {
        while (intake_read(b->intake, i))
            pulse_beat(b->pulse);
    }
    take_orders(b);
    take_said(b);
    (void)judging_end(b->judging, &sink);
    tell_health(b, true);
    say_event(b->say, &stopped);
    say_sync(b->say);
    commit(b);
    count(b);
}

static bool open_layers(struct bench *b, struct problems *problems)
{
    const struct settings *s = b->settings;
    struct judging_settings set = {.settings = s, .key = b->w->key};

    b->identity = identity_new(s, problems);
    if (s->state)
        b->state = state_open(s->state, b->w->key, s->memory / 8, problems);
    if (!b->identity || (s->state && !b->state))
        return false;
    set.identity = b->identity;
    set.state = b->state;
    b->judging = judging_new(&set, problems);
    return b->judging != NULL;
}

/* An interface's number in every run, where there is a state. */
static uint32_t capture_of(const struct bench *b, size_t i)
{
    return b->state ? state_capture(b->state, b->w->o->interfaces[i])
                    : (uint32_t)i;
}

static void name_captures(struct bench *b)
{
    size_t count = b->w->o->interface_count;
    const char *const *names = b->w->o->interfaces;

    if (b->state)
        names = state_captures(b->state, &count);
    say_captures(b->say, names, count);
}

static bool open_intake(struct bench *b)
{
    struct watch *w = b->w;
    const size_t slots = 2 * (size_t)w->workers, taps = w->o->interface_count;
    struct intake_settings set = {
        .slots = slots,
        .interfaces = taps,
        .workers = w->workers,
        .seal = w->seal,
        .kept = w->kept,
        .events = {b, take_exposure, take_tap, take_problem},
    };
    int *pipes = calloc(slots, sizeof(*pipes));

    b->polls = calloc(slots + 2, sizeof(*b->polls));
    b->captures = calloc(taps, sizeof(*b->captures));
    b->health = health_new(taps);
    if (pipes && b->polls && b->captures && b->health) {
        for (size_t i = 0; i < slots; i++)
            pipes[i] = w->posts[i].ends[0];
        for (size_t i = 0; i < taps; i++)
            b->captures[i] = capture_of(b, i);
        set.pipes = pipes;
        b->intake = intake_new(&set);
    }
    free(pipes);
    return b->intake != NULL;
}

static bool open_all(struct bench *b)
{
    struct problems problems = {0};
    bool good = privs_drop(b->w->settings.user, &problems) &&
                open_layers(b, &problems) && open_intake(b);

    b->say = good && privs_seclude(PRIVS_JUDGE, &problems)
                 ? say_open(b->w, b->settings, &problems)
                 : NULL;
    if (b->say)
        name_captures(b);
    if (!b->say && problems.count == 0)
        problems_add(&problems, "cannot start the judge: out of memory");
    problems_print(&problems, stderr);
    problems_clear(&problems);
    return b->say != NULL;
}

static void close_all(struct bench *b)
{
    say_close(b->say);
    intake_free(b->intake);
    judging_free(b->judging);
    state_close(b->state);
    identity_free(b->identity);
    settings_clear(&b->own);
    health_free(b->health);
    free(b->captures);
    free(b->polls);
}

int watch_judge_run(struct watch *w, struct pulse *pulse)
{
    struct bench b = {.w = w, .pulse = pulse, .settings = &w->settings};
    bool good = open_all(&b);

    if (good) {
        pulse_set(&pulse->ready, 1);
        b.broken = intake_broken(b.intake);
        b.now_ms = b.looked_ms = b.counted_ms = b.health_ms = clock_ms();
        b.committed_ms = b.now_ms - COMMIT_MS; /* what waited is old */
        while (pulse_get(&pulse->finish) == 0)
            work(&b);
        finish(&b);
    }
    close_all(&b);
    return good ? 0 : 2;
}
