// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * keeper.c - one object at a time: ask, pass on, tell how it ended.
 */
#include "helper/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "helper/parcel.h"
#include "outflow/helper.h"
#include "outflow/limits.h"
#include "privs.h"

enum {
    HELPER_CONTROL = 3, /* descriptors of the helper: see serve.c */
    HELPER_WINDOW = 4,
    LEAVE_MS = 1000, /* for one that is not wanted any more */
};

/* The helper that runs now, and the object that it reads. */
struct kept {
    pid_t pid;       /* 0: none */
    int control;     /* to it */
    int data;        /* what it says of the object; -1: all said */
    int64_t waited;  /* for it, ms */
    uint32_t number; /* of the object */
    bool unwanted;   /* the worker wants no more of it */
    bool gone;       /* the worker itself is */
};

static int64_t clock_ms(void)
{
    struct timespec now = {0};

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void close_if(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
}

/* --- the process --- */

/* In the child: nothing but its two descriptors, and no way back. */
static void become_helper(int control, pid_t parent)
{
    char *const words[] = {(char[]){"outflow-helper"}, NULL};
    char *const environment[] = {NULL};
    int program = fcntl(KEEPER_PROGRAM, F_DUPFD_CLOEXEC, 16);
    int window = fcntl(KEEPER_WINDOW, F_DUPFD_CLOEXEC, 16);
    int ours = fcntl(control, F_DUPFD_CLOEXEC, 16);

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent || program < 0 || window < 0 || ours < 0 ||
        dup2(ours, HELPER_CONTROL) < 0 || dup2(window, HELPER_WINDOW) < 0)
        _exit(1);
    (void)close_range(HELPER_WINDOW + 1, 15, 0);
    (void)fexecve(program, words, environment);
    _exit(1);
}

static bool helper_begin(struct kept *h)
{
    pid_t parent = getpid();
    int ends[2];

    if (h->pid > 0)
        return true;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    pid_t pid = fork();
    if (pid == 0)
        become_helper(ends[1], parent);
    (void)close(ends[1]);
    if (pid < 0) {
        (void)close(ends[0]);
        return false;
    }
    h->pid = pid;
    h->control = ends[0];
    return true;
}

static void helper_end(struct kept *h)
{
    if (h->pid <= 0)
        return;
    (void)kill(h->pid, SIGKILL);
    while (waitpid(h->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    h->pid = 0;
    close_if(&h->control);
}

/* Hand it the object. */
static bool helper_ask(struct kept *h, const struct parcel *ask)
{
    int ends[2];

    if (!helper_begin(h) ||
        socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    bool sent = parcel_send(h->control, ask, ends[1]);
    (void)close(ends[1]);
    h->data = ends[0];
    if (sent)
        return true;
    close_if(&h->data);
    helper_end(h);
    return false;
}

/* --- what it says --- */

/* Pass one message on; false: there are no more, or it is none. */
static bool pass_on(struct kept *h, bool *broken)
{
    uint8_t room[PARCEL_ROOM];
    struct parcel m;
    ssize_t n = recv(h->data, room, sizeof(room), 0);

    if (n < 0 && errno == EINTR)
        return true;
    if (n <= 0)
        return false;
    const struct span message = {room, (size_t)n};
    *broken = !parcel_decode(message, &m) || !parcel_answer(&m);
    if (*broken)
        return false;
    h->gone = h->gone || !parcel_pass(KEEPER_WORKER, message);
    return !h->gone;
}

/* What the worker says meanwhile. */
static void hear_worker(struct kept *h)
{
    uint8_t room[PARCEL_ROOM];
    struct parcel m;
    int fd;
    long n = parcel_receive(KEEPER_WORKER, room, &fd);

    close_if(&fd);
    if (n <= 0)
        h->gone = true;
    else if (parcel_decode((struct span){room, (size_t)n}, &m) &&
             m.type == PARCEL_STOP && m.number == h->number)
        h->unwanted = true;
}

/* Wait for one of two; counts how long. */
static bool wait_for(struct kept *h, struct pollfd *on, nfds_t count)
{
    int64_t begun = clock_ms();
    int64_t left = LIMIT_HELPER_WAIT_MS - h->waited;

    int ready = left > 0 ? poll(on, count, (int)left) : 0;
    h->waited += clock_ms() - begun;
    return ready > 0 || (ready < 0 && errno == EINTR);
}

/* All that it says of the object. DONE: it has said all. */
static enum helper_end relay(struct kept *h)
{
    bool broken = false;

    for (;;) {
        struct pollfd on[] = {{h->data, POLLIN, 0}, {KEEPER_WORKER, POLLIN, 0}};
        if (!wait_for(h, on, 2))
            return HELPER_LIMIT;
        if (on[1].revents != 0)
            hear_worker(h);
        if (h->gone || h->unwanted)
            return HELPER_REFUSED;
        if (on[0].revents != 0 && !pass_on(h, &broken))
            return broken ? HELPER_DIED : HELPER_DONE;
    }
}

/* How its process for the object ended; what it took of memory. */
static enum helper_end ended(struct kept *h, uint64_t *memory)
{
    struct pollfd on = {h->control, POLLIN, 0};
    uint8_t room[PARCEL_ROOM];
    struct parcel m;
    int fd = -1;

    if (poll(&on, 1, LEAVE_MS) <= 0)
        return HELPER_LIMIT;
    long n = parcel_receive(h->control, room, &fd);
    close_if(&fd);
    if (n <= 0 || !parcel_decode((struct span){room, (size_t)n}, &m) ||
        m.type != PARCEL_EXIT)
        return HELPER_DIED;
    *memory = m.bytes;
    const int status = (int)m.number;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
        return HELPER_LIMIT;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? HELPER_DONE
                                                         : HELPER_DIED;
}

static enum helper_end read_object(struct kept *h, const struct parcel *ask,
                                   uint64_t *memory)
{
    h->waited = 0;
    h->number = ask->number;
    h->unwanted = false;
    /* one that died while it had nothing to do is noticed only now */
    if (!helper_ask(h, ask) && !helper_ask(h, ask))
        return HELPER_NONE;
    enum helper_end told = relay(h);
    close_if(&h->data);
    bool timely = told == HELPER_DONE || told == HELPER_REFUSED;
    enum helper_end how = timely ? ended(h, memory) : told;
    /* it was not asked to leave, or did not */
    if (!timely || (how == HELPER_LIMIT && *memory == 0) ||
        (how == HELPER_DIED && *memory == 0))
        helper_end(h);
    return told == HELPER_REFUSED ? HELPER_REFUSED : how;
}

static int serve(struct kept *h)
{
    uint8_t room[PARCEL_ROOM];
    struct parcel ask;
    int fd = -1;

    while (!h->gone) {
        uint64_t memory = 0;
        long n = parcel_receive(KEEPER_WORKER, room, &fd);
        close_if(&fd);
        if (n <= 0)
            break;
        if (!parcel_decode((struct span){room, (size_t)n}, &ask) ||
            ask.type != PARCEL_ASK)
            continue; /* STOP of an object that is done */
        enum helper_end how = read_object(h, &ask, &memory);
        const struct parcel end = {.type = PARCEL_END,
                                   .number = ask.number,
                                   .why = (uint8_t)how,
                                   .bytes = memory};
        h->gone = h->gone || !parcel_send(KEEPER_WORKER, &end, -1);
    }
    helper_end(h);
    return 0;
}

/* Nothing stays open but standard streams and what it needs. */
static bool settle(const struct keeper *k)
{
    int worker = fcntl(k->worker, F_DUPFD_CLOEXEC, 64);
    int window = fcntl(k->window, F_DUPFD_CLOEXEC, 64);
    int program = fcntl(k->program, F_DUPFD_CLOEXEC, 64);

    return worker >= 0 && window >= 0 && program >= 0 &&
           dup3(worker, KEEPER_WORKER, O_CLOEXEC) >= 0 &&
           dup3(window, KEEPER_WINDOW, O_CLOEXEC) >= 0 &&
           dup3(program, KEEPER_PROGRAM, O_CLOEXEC) >= 0 &&
           close_range(KEEPER_PROGRAM + 1, ~0U, 0) == 0;
}

int keeper_run(const struct keeper *k)
{
    struct problems problems = {0};
    struct kept h = {.control = -1, .data = -1};

    (void)prctl(PR_SET_NAME, "outflow-keeper");
    (void)signal(SIGPIPE, SIG_IGN);
    if (!settle(k) || (k->user && !privs_drop(k->user, &problems)))
        return 1;
    return serve(&h);
}
