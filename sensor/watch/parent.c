// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * parent.c - signals in, orders out, children kept alive.
 *
 * Waits for a signal or for the next look at its children, never for one of
 * them. New settings are taken over in stages (reload.c), so that a
 * child which dies meanwhile is replaced as at any other time.
 */
#include "watch/parent.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "outflow/log.h"
#include "util/notify.h"
#include "watch/reload.h"

enum {
    LOOK_MS = 100,
    WORKERS_END_MS = 2500, /* of the 5 s that SIGTERM may take */
    JUDGE_END_MS = 4200,
    SENDER_END_MS = 4700,
};

static int64_t clock_ms(void)
{
    struct timespec now = {0};

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static struct child *child_at(struct watch *w, size_t i)
{
    const size_t posts = 2 * (size_t)w->workers;

    return i < posts       ? &w->posts[i].child
           : i == posts    ? &w->judge
           : i < posts + 2 ? &w->sender
                           : NULL;
}

static struct child *child_of(struct watch *w, pid_t pid)
{
    struct child *c = NULL;

    for (size_t i = 0; (c = child_at(w, i)) != NULL; i++) {
        if (c->pid == pid)
            return c;
    }
    return NULL;
}

static bool is_worker(const struct watch *w, const struct child *c)
{
    return c != &w->judge && c != &w->sender;
}

/* With a file, when it is not -1. */
static bool send_order(int to, const struct order *o, int file)
{
    struct iovec part = {(void *)(uintptr_t)o, sizeof(*o)};
    union {
        struct cmsghdr head;
        uint8_t room[CMSG_SPACE(sizeof(int))];
    } with = {.head = {.cmsg_len = CMSG_LEN(sizeof(int)),
                       .cmsg_level = SOL_SOCKET,
                       .cmsg_type = SCM_RIGHTS}};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};

    if (file >= 0) {
        memcpy(CMSG_DATA(&with.head), &file, sizeof(file));
        message.msg_control = &with;
        message.msg_controllen = sizeof(with);
    }
    return sendmsg(to, &message, MSG_NOSIGNAL) == (ssize_t)sizeof(*o);
}

void parent_order(struct watch *w, const struct order *o, int file)
{
    if (!send_order(w->orders[1], o, file))
        log_error("the judge takes no orders: %s", strerror(errno));
}

void parent_say(struct watch *w, enum event_kind kind, const char *text)
{
    const struct order o = {
        .kind = ORDER_EVENT,
        .event = event_now(kind, NULL, text),
    };

    parent_order(w, &o, -1);
}

static const char *ended_how(int status, char *out, size_t room)
{
    if (WIFSIGNALED(status))
        (void)snprintf(out, room, "signal %d, %s", WTERMSIG(status),
                       strsignal(WTERMSIG(status)));
    else
        (void)snprintf(out, room, "exit status %d", WEXITSTATUS(status));
    return out;
}

/* The judge is told in any case: what was taken and not told is unread. */
static void worker_ended(struct watch *w, struct child *c,
                         const struct child_end *end, const char *how)
{
    const struct post *post = c->ctx;
    const struct pulse *p = c->pulse;
    struct order o = {
        .kind = ORDER_ENDED,
        .slot = (size_t)(post - w->posts),
        .end = {c->number, pulse_get(&p->packets), pulse_get(&p->payload)},
    };

    if (!end->expected) {
        o.event = event_now(end->hung ? EVENT_WORKER_HUNG : EVENT_WORKER_DIED,
                            c->name, how);
        o.event.count = pulse_get(&p->flows);
        w->shown->restarts[SENSOR_WORKER]++;
    }
    parent_order(w, &o, -1);
}

static void tell_end(struct parent *p, struct child *c,
                     const struct child_end *end)
{
    struct watch *w = p->w;
    char how[128];

    ended_how(end->status, how, sizeof(how));
    if (!end->expected)
        log_error("%s %s %s (%s)", is_worker(w, c) ? "worker" : "the", c->name,
                  end->hung ? "hung and was ended" : "died", how);
    if (is_worker(w, c))
        worker_ended(w, c, end, how);
    if (end->expected || is_worker(w, c) || p->stopping)
        return;
    bool judge = c == &w->judge;
    w->shown->restarts[judge ? SENSOR_JUDGE : SENSOR_SENDER]++;
    parent_say(w, judge ? EVENT_JUDGE_DIED : EVENT_SENDER_DIED, how);
}

/* A child that cannot begin at the start is no matter of trying again. */
static void judge_start(struct parent *p, const struct child *c, int status)
{
    if (!p->ready && pulse_get(&c->pulse->ready) == 0 && WIFEXITED(status) &&
        WEXITSTATUS(status) == 2)
        p->hopeless = true;
}

static uint64_t cpu_us(const struct rusage *used)
{
    return (uint64_t)(used->ru_utime.tv_sec + used->ru_stime.tv_sec) * 1000000 +
           (uint64_t)(used->ru_utime.tv_usec + used->ru_stime.tv_usec);
}

static void reap(struct parent *p)
{
    int status;
    pid_t pid;

    struct rusage used;

    while ((pid = wait4(-1, &status, WNOHANG | WUNTRACED | WCONTINUED, &used)) >
           0) {
        struct child *c = child_of(p->w, pid);
        if (!c)
            continue;
        if (WIFSTOPPED(status)) {
            child_stopped(c, p->now_ms);
        } else if (WIFCONTINUED(status)) {
            child_continued(c);
        } else {
            judge_start(p, c, status);
            p->w->shown->cpu_us += cpu_us(&used);
            pulse_set(&c->pulse->cpu_us, 0);
            const struct child_end end = child_ended(c, status, p->now_ms);
            tell_end(p, c, &end);
        }
    }
}

static void stop(struct parent *p)
{
    if (p->stopping) {
        p->hurry = true; /* asked twice */
        return;
    }
    p->stopping = true;
    p->stop_ms = p->now_ms;
    (void)notify_send("STOPPING=1\nSTATUS=finishing\n");
    parent_finish_workers(p->w, 0, 2 * p->w->workers);
}

void parent_finish_workers(struct watch *w, size_t from, size_t to)
{
    struct timespec now = {0};

    (void)clock_gettime(CLOCK_REALTIME, &now);
    for (size_t i = from; i < to; i++) {
        struct child *c = &w->posts[i].child;
        if (pulse_get(&c->pulse->ready) == 0)
            child_kill(c);
        if (atomic_load(&c->pulse->until_ns) == 0)
            atomic_store(&c->pulse->until_ns,
                         (int64_t)now.tv_sec * 1000000000 + now.tv_nsec);
        child_finish(c);
    }
}

static bool workers_left(const struct watch *w)
{
    for (size_t i = 0; i < 2 * (size_t)w->workers; i++) {
        if (w->posts[i].child.pid > 0)
            return true;
    }
    return false;
}

/* Workers first, then the judge, then the sender; each in its time. */
static void go_on_stopping(struct parent *p)
{
    struct watch *w = p->w;
    int64_t since = p->hurry ? SENDER_END_MS : p->now_ms - p->stop_ms;

    for (size_t i = 0; i < 2 * (size_t)w->workers; i++) {
        if (since >= WORKERS_END_MS)
            child_kill(&w->posts[i].child);
    }
    if (workers_left(w))
        return;
    if (w->judge.pid > 0) {
        child_finish(&w->judge);
        if (since >= JUDGE_END_MS)
            child_kill(&w->judge);
        return;
    }
    w->judge.wish = CHILD_OFF;
    if (w->sender.pid > 0 && w->sender.wish == CHILD_ON) {
        w->sender.wish = CHILD_LEAVING;
        (void)kill(w->sender.pid, SIGTERM);
    }
    if (since >= SENDER_END_MS)
        child_kill(&w->sender);
    if (w->sender.pid == 0)
        w->sender.wish = CHILD_OFF;
}

static void take_signals(struct parent *p)
{
    static const struct order counters = {.kind = ORDER_COUNTERS};
    struct signalfd_siginfo got;

    while (read(p->signals, &got, sizeof(got)) == (ssize_t)sizeof(got)) {
        switch (got.ssi_signo) {
        case SIGTERM:
        case SIGINT:
            stop(p);
            break;
        case SIGHUP:
            p->asked = true;
            break;
        case SIGUSR1:
            parent_order(p->w, &counters, -1);
            break;
        default: /* SIGCHLD: reap looks at any rate */
            break;
        }
    }
}

static bool all_ready(struct watch *w)
{
    bool ready = w->judge.pid > 0 && pulse_get(&w->judge.pulse->ready) != 0;

    for (size_t i = 0; ready && i < w->workers; i++)
        ready = pulse_get(&w->posts[i].child.pulse->ready) != 0;
    return ready;
}

static void show_ready(struct parent *p)
{
    if (p->ready || p->stopping || !all_ready(p->w))
        return;
    p->ready = true;
    parent_say(p->w, EVENT_STARTED, NULL);
    (void)notify_send("READY=1\nSTATUS=watching %zu interfaces with %u "
                      "workers\n",
                      p->w->o->interface_count, p->w->workers);
}

static void keep_watchdog(struct parent *p)
{
    if (p->watchdog_ms == 0 || p->now_ms < p->watchdog_due)
        return;
    p->watchdog_due = p->now_ms + p->watchdog_ms;
    (void)notify_send("WATCHDOG=1\n");
}

static void look_at_children(struct parent *p)
{
    struct child *c;

    for (size_t i = 0; (c = child_at(p->w, i)) != NULL; i++)
        (void)child_look(c, p->now_ms);
}

static bool over(struct parent *p)
{
    if (p->hopeless && !p->stopping)
        stop(p);
    return p->stopping && !workers_left(p->w) && p->w->judge.pid == 0 &&
           p->w->sender.pid == 0;
}

static void turn(struct parent *p)
{
    struct pollfd wait = {p->signals, POLLIN, 0};

    (void)poll(&wait, 1, p->ready ? LOOK_MS : LOOK_MS / 10);
    p->now_ms = clock_ms();
    take_signals(p);
    reap(p);
    if (p->stopping)
        go_on_stopping(p);
    else
        reload_go_on(p);
    if (!p->hopeless)
        look_at_children(p);
    show_ready(p);
    keep_watchdog(p);
}

static bool take_over_signals(struct parent *p)
{
    sigset_t ours;

    sigemptyset(&ours);
    sigaddset(&ours, SIGCHLD);
    sigaddset(&ours, SIGTERM);
    sigaddset(&ours, SIGINT);
    sigaddset(&ours, SIGHUP);
    sigaddset(&ours, SIGUSR1);
    (void)signal(SIGPIPE, SIG_IGN);
    if (sigprocmask(SIG_BLOCK, &ours, NULL) != 0)
        return false;
    p->signals = signalfd(-1, &ours, SFD_NONBLOCK | SFD_CLOEXEC);
    return p->signals >= 0;
}

static void start_all(struct parent *p)
{
    struct watch *w = p->w;

    (void)child_start(&w->judge, p->now_ms);
    for (size_t i = 0; i < w->workers; i++)
        (void)child_start(&w->posts[i].child, p->now_ms);
    if (w->spool)
        (void)child_start(&w->sender, p->now_ms);
}

int parent_run(struct watch *w)
{
    struct parent p = {.w = w, .now_ms = clock_ms(), .signals = -1};

    if (!take_over_signals(&p)) {
        log_error("cannot start: %s", strerror(errno));
        return 2;
    }
    p.watchdog_ms = notify_watchdog_ms();
    start_all(&p);
    while (!over(&p))
        turn(&p);
    (void)close(p.signals);
    reload_clear(&p);
    return p.hopeless ? 2 : 0;
}
