// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * sender.c - one process for each output, started anew when it dies.
 *
 * So a receiver that is slow, a name server that does not answer or a fault
 * in a library holds up one output and no other.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "output/outlet.h"

enum {
    LOOK_MS = 500, /* between two looks at the children; also the pause
                      before one that died is started anew */
    END_MS = 4000, /* then children that do not end are killed */
};

struct sender {
    const struct sender_settings *settings;
    pid_t *children; /* of each output; 0: to be started */
};

static void start(struct sender *s, size_t i)
{
    pid_t parent = getpid();
    pid_t child = fork();

    if (child > 0)
        s->children[i] = child;
    if (child != 0)
        return;
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(EXIT_FAILURE);
    _exit(outlet_run(s->settings, i));
}

static void signal_all(const struct sender *s, int number)
{
    for (size_t i = 0; i < s->settings->output_count; i++) {
        if (s->children[i] > 0)
            (void)kill(s->children[i], number);
    }
}

/* Forget children that ended; gives how many are left. */
static size_t reap(struct sender *s)
{
    size_t left = 0;

    for (size_t i = 0; i < s->settings->output_count; i++) {
        if (s->children[i] > 0 &&
            waitpid(s->children[i], NULL, WNOHANG) == s->children[i])
            s->children[i] = 0;
        left += s->children[i] > 0 ? 1 : 0;
    }
    return left;
}

static void wait_ms(int ms)
{
    const struct timespec time = {ms / 1000, ms % 1000 * 1000000L};

    (void)nanosleep(&time, NULL);
}

static void end(struct sender *s)
{
    enum { STEP_MS = 20 };

    signal_all(s, SIGTERM);
    for (int i = 0; i < END_MS / STEP_MS && reap(s) > 0; i++)
        wait_ms(STEP_MS);
    signal_all(s, SIGKILL);
    while (reap(s) > 0)
        wait_ms(STEP_MS);
}

int sender_run(const struct sender_settings *settings)
{
    struct sender s = {settings,
                       calloc(settings->output_count + 1, sizeof(pid_t))};
    const struct timespec look = {0, LOOK_MS * 1000000L};
    sigset_t set;
    int got = 0;

    if (!s.children)
        return EXIT_FAILURE;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGHUP);
    (void)sigprocmask(SIG_BLOCK, &set, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
    while (got != SIGTERM && got != SIGINT) {
        (void)reap(&s);
        for (size_t i = 0; i < settings->output_count; i++) {
            if (s.children[i] == 0)
                start(&s, i);
        }
        got = sigtimedwait(&set, NULL, &look);
        if (got == SIGHUP)
            signal_all(&s, SIGHUP);
    }
    end(&s);
    free(s.children);
    return EXIT_SUCCESS;
}
