// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * outlet.c - one output at work in a process of its own.
 *
 * Blocking is fine here: nobody waits for this process. All waiting ends
 * with a signal, which comes by a descriptor.
 */
#include "output/outlet.h"
#include "output/standing.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

enum {
    IDLE_MS = 10,         /* between two looks into the spool */
    NEWS_MS = 100,        /* the same, where the kernel tells of changes */
    SAVE_MS = 200,        /* between two writes of the cursor */
    PAUSE_FIRST_MS = 100, /* before the second try, then doubled */
    PAUSE_MOST_MS = 2000,
    DOWN_MS = 1000,   /* a receiver that restarts is no event */
    STEADY_MS = 1000, /* a connection that lasts so long is one */
    LOCK_MS = 100,    /* between two looks whether it is the only one */
    END_MS = 3000,    /* for the rest of the spool when it is to end */
};

int64_t outlet_now_ms(void)
{
    struct timespec now = {0};

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* To the parent, which has it put into the spool. */
static void tell(struct outlet *o, enum event_kind kind, const char *text)
{
    struct event e = event_now(kind, o->label, text);
    uint64_t head = head_read(o->pull.folder);

    e.count = head >= o->cursor.next ? head - o->cursor.next + 1 : 0;
    if (o->sender->events >= 0)
        (void)!write(o->sender->events, &e, sizeof(e));
}

static void tell_down(struct outlet *o)
{
    if (!o->down_told)
        tell(o, EVENT_OUTPUT_DOWN, o->why);
    o->down_told = true;
    o->cursor.up = 0;
}

static void tell_back(struct outlet *o)
{
    if (o->down_told)
        tell(o, EVENT_OUTPUT_BACK, NULL);
    o->down_told = false;
    o->cursor.up = 1;
}

void outlet_stuck(struct outlet *o, int64_t ms)
{
    (void)snprintf(o->why, sizeof(o->why), "it takes nothing");
    o->stuck = ms >= OUTLET_STUCK_MS;
    if (o->stuck)
        tell_down(o);
}

static void disconnect(struct outlet *o, bool polite)
{
    if (o->connected)
        o->drain->close(o, polite);
    o->connected = false;
}

bool outlet_over(const struct outlet *o)
{
    return o->stop && outlet_now_ms() - o->stop_ms >= END_MS;
}

/* Back to where everything has surely arrived. */
static void go_back(struct outlet *o)
{
    uint64_t next = o->cursor.next;

    if (next > o->high)
        o->high = next;
    if (!o->drain->certain)
        next = past_back(&o->past, next, outlet_now_ms());
    o->cursor.next = next;
    pull_seek(&o->pull, next);
}

/* Give it time, more each time that it did not last. */
static void pause_output(struct outlet *o, bool lasted)
{
    if (lasted)
        o->pause_ms = PAUSE_FIRST_MS;
    o->resume_ms = outlet_now_ms() + o->pause_ms;
    o->pause_ms =
        2 * o->pause_ms < PAUSE_MOST_MS ? 2 * o->pause_ms : PAUSE_MOST_MS;
}

static void failed(struct outlet *o, bool lasted)
{
    int64_t now = outlet_now_ms();

    o->cursor.failures++;
    if (o->failed_ms == 0)
        o->failed_ms = now;
    if (now - o->failed_ms >= DOWN_MS)
        tell_down(o);
    pause_output(o, lasted);
}

static bool lasted(const struct outlet *o)
{
    return o->connected && outlet_now_ms() - o->opened_ms >= STEADY_MS;
}

static void broken(struct outlet *o)
{
    bool was_good = lasted(o);

    disconnect(o, false);
    go_back(o);
    failed(o, was_good);
}

/* Write the cursor, at most every SAVE_MS unless now. */
static void save(struct outlet *o, bool now)
{
    int64_t ms = outlet_now_ms();

    if (!now && ms - o->saved_ms < SAVE_MS)
        return;
    o->saved_ms = ms;
    if (memcmp(&o->cursor, &o->saved, sizeof(o->saved)) == 0)
        return;
    if (o->connected && !o->drain->settle(o)) {
        broken(o);
        return;
    }
    struct cursor c = o->cursor;
    c.back = o->drain->certain ? c.next : past_back(&o->past, c.next, ms);
    if (cursor_write(o->pull.folder, o->to, &c))
        o->saved = o->cursor;
}

void outlet_signals(struct outlet *o)
{
    struct signalfd_siginfo got;

    while (read(o->signals, &got, sizeof(got)) == sizeof(got)) {
        if (got.ssi_signo != SIGHUP) {
            o->stop = true;
            o->stop_ms = outlet_now_ms();
        } else if (o->drain->certain) {
            save(o, true);
            disconnect(o, true);
        }
    }
}

static void wait_signal(struct outlet *o, int wait_ms)
{
    struct pollfd p = {.fd = o->signals, .events = POLLIN};

    (void)poll(&p, 1, wait_ms);
    outlet_signals(o);
}

static void connect_output(struct outlet *o)
{
    int64_t left = o->resume_ms - outlet_now_ms();

    if (left > 0) {
        save(o, false);
        wait_signal(o, (int)left);
        return;
    }
    if (!o->drain->open(o)) {
        failed(o, false);
        return;
    }
    o->connected = true;
    o->opened_ms = outlet_now_ms();
    o->cursor.up = 1;
}

/* A connection that lasts ends what was told of its being down. */
static void steady(struct outlet *o)
{
    if (!lasted(o) || o->stuck)
        return;
    o->failed_ms = 0;
    tell_back(o);
}

static void send_frame(struct outlet *o)
{
    uint64_t number = o->frame.number;

    /* An entry of another version, or of nobody: it cannot be sent. */
    if (!entry_read(&o->entry, o->frame.entry)) {
        o->cursor.failures++;
        o->cursor.next = number + 1;
        return;
    }
    o->entry.run.observer = o->sender->run->observer;
    /* A message has about twice the bytes of its entry. */
    past_sent(&o->past, number, 2 * o->frame.entry.len, outlet_now_ms());
    if (!o->drain->send(o)) {
        broken(o);
        return;
    }
    o->stuck = false;
    o->cursor.sent++;
    o->cursor.repeated += number < o->high ? 1 : 0;
    o->cursor.next = number + 1;
}

static void rest(struct outlet *o)
{
    save(o, false);
    if (!o->drain->rest(o, o->pull.news >= 0 ? NEWS_MS : IDLE_MS))
        broken(o);
    pull_heard(&o->pull);
}

static bool begin(struct outlet *o)
{
    sigset_t set;

    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGHUP);
    (void)sigprocmask(SIG_BLOCK, &set, NULL);
    o->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (o->signals < 0 ||
        !pull_open(&o->pull, o->sender->folder, o->sender->memory))
        return false;
    /* One whose parent was killed may still be at its end. */
    while ((o->lock = cursor_lock(o->pull.folder, o->to)) < 0) {
        wait_signal(o, LOCK_MS);
        if (o->stop)
            return false;
    }
    (void)cursor_read(o->pull.folder, o->to, &o->cursor);
    o->saved = o->cursor;
    o->high = o->cursor.next;
    o->cursor.next = o->cursor.back > 0 ? o->cursor.back : 1;
    o->cursor.up = 0;
    past_init(&o->past, o->cursor.next,
              o->to->transport && strcmp(o->to->transport, "udp") != 0);
    pull_seek(&o->pull, o->cursor.next);
    return true;
}

int outlet_run(const struct sender_settings *sender, size_t output)
{
    struct outlet *o = calloc(1, sizeof(*o));

    if (!o)
        return EXIT_FAILURE;
    o->sender = sender;
    o->to = &sender->outputs[output];
    o->drain = strcmp(o->to->type, "file") == 0 ? &drain_file : &drain_syslog;
    o->file = o->link.fd = o->lock = -1;
    o->pause_ms = PAUSE_FIRST_MS;
    output_label(o->to, o->label);
    bool good = begin(o) && message_init(&o->message, o->to, sender->run);
    good = good || (o->message.format && o->drain == &drain_file);
    while (good && !outlet_over(o)) {
        outlet_signals(o);
        if (!o->connected && o->stop)
            break;
        if (!o->connected)
            connect_output(o);
        else if (pull_next(&o->pull, &o->frame))
            send_frame(o);
        else if (o->stop)
            break;
        else
            rest(o);
        steady(o);
        save(o, false);
    }
    save(o, true);
    disconnect(o, true);
    message_clear(&o->message);
    pull_close(&o->pull);
    if (o->lock >= 0)
        (void)close(o->lock);
    free(o);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
