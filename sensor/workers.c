// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * workers.c - fork, poll, gather, reap.
 *
 * A worker that dies is said: what it had not told yet is unread. It must
 * not judge anything.
 */
#include "workers.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "outflow/log.h"

struct one {
    pid_t pid;
    int pipe;  /* read end, -1 when closed */
    bool done; /* FRAME_DONE came */
    bool told; /* all names of captures, that is: something else */
    struct exchange exchange;
};

struct pool {
    const struct workers_events *events;
    struct workers_result *result;
    struct exposure_room *room;
    struct one *one;
    struct pollfd *polls;
    size_t count;
};

/* The child's side; never returns. */
static void become_worker(const struct worker_settings *first, size_t index,
                          int pipe_end)
{
    struct worker_settings w = *first;

    w.index = (unsigned)index;
    w.judge.fd = pipe_end;
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)signal(SIGPIPE, SIG_IGN);
    int status = worker_run(&w);
    _exit(status);
}

static bool start_one(struct pool *p, const struct worker_settings *first,
                      size_t index)
{
    int ends[2];

    if (pipe(ends) != 0)
        return false;
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[0]);
        for (size_t i = 0; i < index; i++)
            close(p->one[i].pipe);
        become_worker(first, index, ends[1]);
    }
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return false;
    }
    p->one[index].pid = pid;
    p->one[index].pipe = ends[0];
    exchange_init(&p->one[index].exchange, &first->judge.seal);
    return true;
}

static void add_capture(struct workers_result *r, struct span name)
{
    char **names =
        realloc(r->captures, (r->capture_count + 1) * sizeof(*names));
    char *copy = strndup((const char *)name.ptr, name.len);

    if (names)
        r->captures = names;
    if (names && copy) {
        r->captures[r->capture_count++] = copy;
        return;
    }
    free(copy);
    problems_add(&r->problems, "no memory for the name of a capture");
}

static void take_counters(struct pool *p, struct span payload)
{
    struct counters *c = malloc(sizeof(*c));

    if (c && exchange_decode_counters(payload, c))
        counters_add(&p->result->counters, c);
    else
        problems_add(&p->result->problems, "the counters of a worker are lost");
    free(c);
}

static void take_exposure(struct pool *p, struct one *from, struct span bytes)
{
    struct exposure e;

    if (exchange_decode_exposure(bytes, &e, p->room))
        p->events->exposure(p->events->ctx, &e);
    else
        from->exchange.broken = true;
}

static void take_frame(struct pool *p, struct one *from, const struct frame *f)
{
    uint64_t done = 0, all = 0;
    const struct span text = f->payload;

    from->told |= f->type != FRAME_CAPTURE;
    switch (f->type) {
    case FRAME_EXPOSURE:
        take_exposure(p, from, f->payload);
        break;
    case FRAME_COUNTERS:
        take_counters(p, f->payload);
        break;
    case FRAME_PROGRESS:
        if (exchange_decode_progress(f->payload, &done, &all))
            p->events->progress(p->events->ctx, done, all);
        break;
    case FRAME_PROBLEM:
        problems_add(&p->result->problems, "%.*s", (int)text.len, text.ptr);
        break;
    case FRAME_NOTE:
        log_note("%.*s", (int)text.len, text.ptr);
        break;
    case FRAME_CAPTURE:
        add_capture(p->result, text);
        break;
    case FRAME_DONE:
        from->done = true;
        break;
    case FRAME_HELLO:
    case FRAME_CLOCK:
    case FRAME_TAP:
        break;
    }
}

/* Take what one pipe has; closes it at its end. */
static void read_one(struct pool *p, struct one *from)
{
    struct frame f;
    bool open = exchange_fill(&from->exchange, from->pipe);

    while (exchange_next(&from->exchange, &f))
        take_frame(p, from, &f);
    if (open && !from->exchange.broken)
        return;
    close(from->pipe);
    from->pipe = -1;
    exchange_clear(&from->exchange);
}

/* The first worker names the captures; before that nobody else is heard. */
static size_t heard(const struct pool *p)
{
    return p->one[0].told || p->one[0].pipe < 0 ? p->count : 1;
}

static void gather(struct pool *p)
{
    for (;;) {
        size_t open = 0, count = heard(p);
        for (size_t i = 0; i < count; i++) {
            p->polls[i] = (struct pollfd){p->one[i].pipe, POLLIN, 0};
            open += p->one[i].pipe >= 0;
        }
        if (open == 0)
            return;
        if (poll(p->polls, count, -1) < 0 && errno != EINTR)
            return;
        for (size_t i = 0; i < count; i++) {
            if (p->one[i].pipe >= 0 && p->polls[i].revents != 0)
                read_one(p, &p->one[i]);
        }
    }
}

static void reap(struct pool *p)
{
    for (size_t i = 0; i < p->count; i++) {
        struct rusage used = {0};
        int status = 0;
        if (p->one[i].pid <= 0)
            continue;
        while (wait4(p->one[i].pid, &status, 0, &used) < 0 && errno == EINTR)
            continue;
        p->result->peak += (uint64_t)used.ru_maxrss * 1024;
        if (WIFSIGNALED(status))
            problems_add(&p->result->problems,
                         "worker %zu died (signal %d, %s): what it had not "
                         "told yet was not read",
                         i + 1, WTERMSIG(status), strsignal(WTERMSIG(status)));
        else if (!p->one[i].done)
            problems_add(&p->result->problems,
                         "worker %zu ended early: what it had not told yet "
                         "was not read",
                         i + 1);
    }
}

static bool start_all(struct pool *p, const struct worker_settings *first)
{
    for (size_t i = 0; i < p->count; i++) {
        if (!start_one(p, first, i)) {
            problems_add(&p->result->problems, "cannot start a worker: %s",
                         strerror(errno));
            p->count = i;
            return false;
        }
    }
    return true;
}

/* Workers that were started before another one could not be. */
static void stop_all(struct pool *p)
{
    for (size_t i = 0; i < p->count; i++) {
        if (p->one[i].pid <= 0)
            continue;
        close(p->one[i].pipe);
        (void)kill(p->one[i].pid, SIGKILL);
    }
}

static bool make_room(struct pool *p)
{
    p->room = malloc(sizeof(*p->room));
    p->one = calloc(p->count, sizeof(*p->one));
    p->polls = calloc(p->count, sizeof(*p->polls));
    if (p->room && p->one && p->polls)
        return true;
    problems_add(&p->result->problems, "cannot start: out of memory");
    return false;
}

bool workers_run(const struct worker_settings *first,
                 const struct workers_events *events,
                 struct workers_result *out)
{
    struct pool p = {.events = events, .result = out, .count = first->count};

    *out = (struct workers_result){0};
    bool room = make_room(&p);
    bool ok = room && start_all(&p, first);
    if (ok)
        gather(&p);
    else if (room)
        stop_all(&p);
    if (room)
        reap(&p);
    free(p.room);
    free(p.one);
    free(p.polls);
    return ok;
}

void workers_clear(struct workers_result *r)
{
    for (size_t i = 0; i < r->capture_count; i++)
        free(r->captures[i]);
    free(r->captures);
    problems_clear(&r->problems);
    *r = (struct workers_result){0};
}
