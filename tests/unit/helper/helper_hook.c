// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * helper_hook.c - a helper that misbehaves: "HOOK:" and a word in an object
 * says how. It stands where a parser's fault would be: confined, with the
 * object before it.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "helper/job.h"
#include "helper/parcel.h"

static void crash(struct job *j)
{
    (void)j;
    (void)raise(SIGSEGV);
}

static void spin(struct job *j)
{
    volatile unsigned turns = 0;

    (void)j;
    for (;;)
        turns++;
}

static void hoard(struct job *j)
{
    (void)j;
    for (;;) {
        volatile char *some = malloc(1 << 20);
        if (!some)
            abort();
        for (size_t i = 0; i < 1 << 20; i += 4096)
            some[i] = 1;
    }
}

/* Nothing of the network is there for it: the kernel ends it. */
static void connect_out(struct job *j)
{
    (void)j;
    if (socket(AF_INET, SOCK_STREAM, 0) >= 0)
        job_open(j, SPAN("it got a socket"));
}

static void babble(struct job *j)
{
    (void)!write(j->out, "\377\0\377\377babble", 10);
}

static void claim_end(struct job *j)
{
    const struct parcel end = {.type = PARCEL_END, .number = 1};

    (void)parcel_send(j->out, &end, -1);
}

static void endless_parts(struct job *j)
{
    for (;;) {
        job_open(j, SPAN("a"));
        job_close(j, true, 1);
    }
}

static void endless_bytes(struct job *j)
{
    static const uint8_t some[4096];

    job_open(j, SPAN("zeros"));
    for (;;)
        job_bytes(j, (struct span){some, sizeof(some)});
}

static const struct {
    const char *word;
    void (*run)(struct job *j);
} hooks[] = {
    {"HOOK:crash", crash},         {"HOOK:spin", spin},
    {"HOOK:hoard", hoard},         {"HOOK:connect", connect_out},
    {"HOOK:babble", babble},       {"HOOK:end", claim_end},
    {"HOOK:parts", endless_parts}, {"HOOK:bytes", endless_bytes},
};

void helper_hook(struct job *j)
{
    for (size_t i = 0; i < COUNT(hooks); i++) {
        if (span_find_run(j->object, span_of(hooks[i].word)) < j->object.len)
            hooks[i].run(j);
    }
}
