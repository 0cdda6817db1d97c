// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * serve.c - outflow-helper: a process for each object.
 *
 * Started by a keeper with two descriptors: where it is asked, and the
 * window that objects are in. This process looks at no object. It forks one
 * that gives up all but memory and one socket, reads the object, and ends;
 * how it ended is told.
 */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <fcntl.h>
#include <errno.h>

#include "helper/files.h"
#include "helper/job.h"
#include "helper/parcel.h"
#include "outflow/limits.h"
#include "privs.h"

enum { CONTROL = 3, WINDOW = 4, ALIGN = 16 };

struct reader_of {
    const char *format;
    void (*read)(struct job *j);
};

static const struct reader_of readers[] = {
    {"7z", archive_read_job},   {"rar", archive_read_job},
    {"rar5", archive_read_job}, {"cab", archive_read_job},
    {"iso", archive_read_job},  {"lha", archive_read_job},
    {"xar", archive_read_job},  {"pdf", pdf_read_job},
};

static const struct reader_of *reader_find(struct span format)
{
    for (size_t i = 0; i < COUNT(readers); i++) {
        if (span_eq(span_of(readers[i].format), format))
            return &readers[i];
    }
    return NULL;
}

/* Bytes of address space in use. */
static uint64_t space_used(void)
{
    char line[64] = "";
    FILE *f = fopen("/proc/self/statm", "re");

    if (f && !fgets(line, sizeof(line), f))
        line[0] = '\0';
    if (f)
        (void)fclose(f);
    return strtoull(line, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* The kernel ends it by SIGXCPU: it can neither block nor catch that. */
static bool limit_cpu(uint32_t ms)
{
    const struct rlimit most = {ms / 1000 + 1, ms / 1000 + 2};
    const struct itimerspec when = {
        .it_value = {ms / 1000, (long)(ms % 1000) * 1000000}};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL,
                             .sigev_signo = SIGXCPU};
    timer_t timer;

    return setrlimit(RLIMIT_CPU, &most) == 0 &&
           timer_create(CLOCK_PROCESS_CPUTIME_ID, &event, &timer) == 0 &&
           timer_settime(timer, 0, &when, NULL) == 0;
}

static bool map_object(struct job *j, const struct parcel *ask)
{
    uint64_t at = (ask->bytes + ALIGN - 1) / ALIGN * ALIGN;
    uint64_t all = at + ask->extra * sizeof(struct hole);
    struct stat about;

    if (fstat(WINDOW, &about) != 0 || ask->bytes > (uint64_t)about.st_size ||
        all > (uint64_t)about.st_size || all == 0)
        return false;
    const uint8_t *ptr =
        mmap(NULL, (size_t)all, PROT_READ, MAP_SHARED, WINDOW, 0);
    if (ptr == MAP_FAILED)
        return false;
    j->object = (struct span){ptr, (size_t)ask->bytes};
    j->holes = (const struct hole *)(const void *)(ptr + at);
    j->hole_count = ask->extra;
    return true;
}

/* The process of one object: its exit status. */
static int read_object(const struct parcel *ask, int out, uint64_t space)
{
    const struct reader_of *reader = reader_find(ask->text);
    struct problems problems = {0};
    struct job j = {.out = out, .room = malloc(PARCEL_BODY)};
    const struct confinement how = {.memory = space + ask->bytes +
                                              LIMIT_HELPER_MEMORY,
                                    .pipe = out,
                                    .helper = true};

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)prctl(PR_SET_NAME, "outflow-object");
    (void)close(CONTROL);
    if (!reader || !j.room || !map_object(&j, ask))
        return 1;
    (void)close(WINDOW);
    j.format = reader->format;
    files_shut();
    if (!limit_cpu(ask->ms) || !privs_confine(&how, &problems))
        return 1;
#ifdef OUTFLOW_HELPER_HOOK /* a build of the tests: it is to misbehave */
    helper_hook(&j);
#endif
    reader->read(&j);
    return 0;
}

static void serve_one(const struct parcel *ask, int out, uint64_t space)
{
    struct rusage used = {0};
    int status = 0;

    pid_t pid = fork();
    if (pid == 0)
        _exit(read_object(ask, out, space));
    (void)close(out);
    if (pid < 0)
        status = 1 << 8;
    while (pid > 0 && wait4(pid, &status, 0, &used) < 0 && errno == EINTR)
        continue;
    const struct parcel end = {.type = PARCEL_EXIT,
                               .number = (uint32_t)status,
                               .bytes = (uint64_t)used.ru_maxrss * 1024};
    (void)parcel_send(CONTROL, &end, -1);
}

/* As little of the world as can be: no names, no words, no output. */
static bool settle(void)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    (void)signal(SIGPIPE, SIG_DFL);
    privs_no_dumps();
    (void)setlocale(LC_CTYPE, "C.UTF-8");
#ifndef OUTFLOW_NO_SANDBOX
    for (int fd = 0; fd <= 2; fd++) {
        if (null < 0 || dup2(null, fd) < 0)
            return false;
    }
#endif
    if (null > 2)
        (void)close(null);
    return fcntl(CONTROL, F_GETFD) >= 0 && fcntl(WINDOW, F_GETFD) >= 0;
}

int main(void)
{
    uint8_t room[PARCEL_ROOM];
    struct parcel ask;
    int out = -1;

    if (!settle()) {
        (void)fputs("outflow-helper: is started by outflow, not by hand\n",
                    stderr);
        return 2;
    }
    archive_prepare();
    files_keep("/usr/share/poppler");
    pdf_prepare();
    const uint64_t space = space_used();
    for (;;) {
        long n = parcel_receive(CONTROL, room, &out);
        if (n <= 0)
            return 0;
        if (out >= 0 && parcel_decode((struct span){room, (size_t)n}, &ask) &&
            ask.type == PARCEL_ASK)
            serve_one(&ask, out, space);
        else if (out >= 0)
            (void)close(out);
    }
}
