// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * hostile.c - a decoder that was taken over, for a test build of outflow.
 *
 * Stands before all others in the table of decoders. A datagram that begins
 * with its mark names what it is to try, once, from inside a worker: to open
 * a file, a socket, a process, to send, to crash, to loop. What it comes to
 * is for test_watch.py to see. It must not be linked into outflow.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <linux/if_packet.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "outflow/decoder.h"

/* The table as it is: behind the decoder below. */
const struct decoder *real_decoder_at(size_t i);
const struct decoder *real_decoder_find(struct span name);

#define decoder_at   real_decoder_at
#define decoder_find real_decoder_find
#include "decode/registry.c"
#undef decoder_at
#undef decoder_find

#define MARK "OUTFLOW-HOSTILE "

static void try_open(void)
{
    (void)!open("/etc/passwd", O_RDONLY | O_CLOEXEC);
}

static void try_create(void)
{
    (void)!open("/tmp/outflow-hostile", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
}

static void try_old_open(void)
{
    (void)syscall(SYS_open, "/etc/passwd", O_RDONLY);
}

static void try_socket(void)
{
    (void)socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static void try_connect(void)
{
    static const struct sockaddr_un to = {.sun_family = AF_UNIX,
                                          .sun_path = "/run/outflow-none"};

    (void)connect(STDIN_FILENO, (const struct sockaddr *)&to, sizeof(to));
}

static void try_exec(void)
{
    static char *const args[] = {NULL};

    (void)execve("/bin/true", args, args);
}

static void try_fork(void)
{
    if (fork() == 0)
        _exit(0);
}

static void try_ptrace(void)
{
    (void)ptrace(PTRACE_ATTACH, getppid(), NULL, NULL);
}

static void try_kill(void)
{
    (void)kill(1, SIGKILL);
}

/* A frame of its own on the span: every descriptor that is open. */
static void try_send(void)
{
    static const char frame[64] = "outflow hostile";

    for (int fd = 3; fd < 64; fd++)
        (void)!write(fd, frame, sizeof(frame));
}

/* Its packet socket to another interface: any, by index. */
static void try_bind(void)
{
    const struct sockaddr_ll at = {.sll_family = AF_PACKET,
                                   .sll_protocol = 0x0300, /* all */
                                   .sll_ifindex = 1};

    for (int fd = 3; fd < 64; fd++)
        (void)bind(fd, (const struct sockaddr *)&at, sizeof(at));
}

/* What it was to see no more: the filter that deals packets out. */
static void try_unfilter(void)
{
    for (int fd = 3; fd < 64; fd++)
        (void)setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &fd, sizeof(fd));
}

static void try_code(void)
{
    (void)mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
               MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void try_crash(void)
{
    (void)raise(SIGSEGV);
}

static void try_loop(void)
{
    for (volatile unsigned n = 0;; n++)
        continue;
}

static const struct {
    const char *word;
    void (*attempt)(void);
} attempts[] = {
    {"open ", try_open},         {"create ", try_create},
    {"old-open ", try_old_open}, {"socket ", try_socket},
    {"connect ", try_connect},   {"exec ", try_exec},
    {"fork ", try_fork},         {"ptrace ", try_ptrace},
    {"kill ", try_kill},         {"send ", try_send},
    {"bind ", try_bind},         {"unfilter ", try_unfilter},
    {"code ", try_code},         {"crash ", try_crash},
    {"loop ", try_loop},
};

static enum match hostile_probe(struct span head, const struct hint *hint)
{
    (void)hint;
    if (!span_starts(head, SPAN(MARK)))
        return MATCH_NO;
    head = span_skip(head, sizeof(MARK) - 1);
    for (size_t i = 0; i < COUNT(attempts); i++) {
        if (span_starts(head, span_of(attempts[i].word)))
            attempts[i].attempt();
    }
    return MATCH_NO;
}

static struct progress hostile_feed(void *state, enum dir dir,
                                    struct span bytes, struct sink *out)
{
    (void)state;
    (void)dir;
    (void)bytes;
    (void)out;
    return (struct progress){DECODE_BAD, 0};
}

static struct progress hostile_gap(void *state, enum dir dir, uint64_t len,
                                   struct sink *out)
{
    (void)len;
    return hostile_feed(state, dir, (struct span){0}, out);
}

static enum decode_status hostile_end(void *state, enum dir dir,
                                      struct span rest, struct sink *out)
{
    (void)state;
    (void)dir;
    (void)rest;
    (void)out;
    return DECODE_DONE;
}

static const struct decoder hostile = {
    .name = "hostile",
    .protocol = true,
    .datagrams = true,
    .probe = hostile_probe,
    .feed = hostile_feed,
    .gap = hostile_gap,
    .end = hostile_end,
};

const struct decoder *decoder_at(size_t i)
{
    return i == 0 ? &hostile : real_decoder_at(i - 1);
}

const struct decoder *decoder_find(struct span name)
{
    return real_decoder_find(name);
}
