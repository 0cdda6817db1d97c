// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * supervise.c - fork, look, kill, wait a little, fork again.
 *
 * A busy machine is no hanging child: an endless loop is known by the CPU
 * time it takes, and only one that does nothing at all by the clock.
 */
#include "watch/supervise.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "util/notify.h"

enum { LOOK_MS = 250, FIRST_PAUSE_MS = 50 };

static int64_t cpu_ms(pid_t pid)
{
    struct timespec used;
    clockid_t clock;

    if (clock_getcpuclockid(pid, &clock) != 0 ||
        clock_gettime(clock, &used) != 0)
        return 0;
    return (int64_t)used.tv_sec * 1000 + used.tv_nsec / 1000000;
}

/* What a child must not share with its parent. */
static void become_child(const struct child *c, pid_t parent)
{
    sigset_t none;

    (void)prctl(PR_SET_NAME, c->title);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(0); /* it died before that was said */
    (void)signal(SIGINT, SIG_IGN);
    (void)signal(SIGTERM, SIG_IGN);
    (void)signal(SIGHUP, SIG_IGN);
    (void)signal(SIGUSR1, SIG_IGN);
    (void)signal(SIGPIPE, SIG_IGN);
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    notify_forget();
}

bool child_start(struct child *c, int64_t now_ms)
{
    pid_t parent = getpid();

    pulse_reset(c->pulse);
    if (c->hold)
        atomic_store(&c->pulse->from_ns, INT64_MAX);
    pid_t pid = fork();
    if (pid == 0) {
        become_child(c, parent);
        c->number++;
        _exit(c->run(c->ctx, c));
    }
    if (pid < 0) {
        c->due_ms = now_ms + SUPERVISE_SOON_MS;
        return false;
    }
    c->wish = CHILD_ON;
    c->pid = pid;
    c->number++;
    c->restarts += c->number > 1;
    c->started_ms = c->beat_ms = now_ms;
    c->beat = 0;
    c->beat_cpu = 0;
    c->stopped_ms = 0;
    c->hung = false;
    return true;
}

void child_finish(struct child *c)
{
    c->wish = c->pid > 0 ? CHILD_LEAVING : CHILD_OFF;
    pulse_set(&c->pulse->finish, 1);
}

void child_kill(struct child *c)
{
    if (c->pid > 0)
        (void)kill(c->pid, SIGKILL);
}

/* How long to wait before the next one, after so many deaths in a row. */
static int64_t pause_ms(unsigned deaths, bool worked)
{
    int64_t most = worked ? SUPERVISE_SOON_MS : SUPERVISE_LATE_MS;
    int64_t pause = deaths <= 1 ? 0 : FIRST_PAUSE_MS;

    for (unsigned i = 2; i < deaths && pause < most; i++)
        pause *= 2;
    return pause < most ? pause : most;
}

struct child_end child_ended(struct child *c, int status, int64_t now_ms)
{
    bool left = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    const struct child_end end = {
        .status = status,
        .hung = c->hung,
        .expected = left && (c->renew || c->wish == CHILD_LEAVING),
    };

    if (c->renew || now_ms - c->started_ms >= SUPERVISE_WELL_MS)
        c->deaths = 0;
    c->renew = false;
    c->deaths++;
    c->due_ms = now_ms + pause_ms(c->deaths, pulse_get(&c->pulse->ready) != 0);
    c->pid = 0;
    if (c->wish == CHILD_LEAVING)
        c->wish = CHILD_OFF;
    return end;
}

void child_stopped(struct child *c, int64_t now_ms)
{
    c->stopped_ms = now_ms;
}

void child_continued(struct child *c)
{
    c->stopped_ms = 0;
}

static bool hangs(struct child *c, int64_t now_ms)
{
    uint64_t beat = pulse_get(&c->pulse->beat);

    if (c->stopped_ms > 0 && now_ms - c->stopped_ms >= SUPERVISE_STOPPED_MS)
        return true;
    if (c->cpu_ms == 0)
        return false;
    if (pulse_get(&c->pulse->ready) == 0)
        return now_ms - c->started_ms >= SUPERVISE_BEGIN_MS;
    if (beat != c->beat) {
        c->beat = beat;
        c->beat_ms = now_ms;
        c->beat_cpu = cpu_ms(c->pid);
        return false;
    }
    return now_ms - c->beat_ms >= c->still_ms ||
           (now_ms - c->beat_ms >= c->cpu_ms &&
            cpu_ms(c->pid) - c->beat_cpu >= c->cpu_ms);
}

int64_t child_look(struct child *c, int64_t now_ms)
{
    if (c->pid > 0) {
        if (!c->hung && hangs(c, now_ms)) {
            c->hung = true;
            child_kill(c);
        }
        return LOOK_MS;
    }
    if (c->wish != CHILD_ON)
        return INT64_MAX;
    if (now_ms >= c->due_ms && child_start(c, now_ms))
        return LOOK_MS;
    return c->due_ms - now_ms;
}
