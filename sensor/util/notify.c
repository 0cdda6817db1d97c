// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * notify.c - the protocol of sd_notify(3), without its library.
 *
 * It must not be used before main has begun, nor by children.
 */
#include "util/notify.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "outflow/span.h"

/* The address of a path, or of an abstract name behind '@'; its length. */
static socklen_t address_of(const char *path, struct sockaddr_un *out)
{
    size_t len = strlen(path);

    *out = (struct sockaddr_un){.sun_family = AF_UNIX};
    if ((path[0] != '/' && path[0] != '@') || len < 2 ||
        len >= sizeof(out->sun_path))
        return 0;
    memcpy(out->sun_path, path, len);
    if (path[0] == '@')
        out->sun_path[0] = '\0';
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
}

bool notify_send(const char *fmt, ...)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un to;
    char text[512];
    va_list args;

    if (!path)
        return false;
    socklen_t len = address_of(path, &to);
    if (len == 0)
        return false;
    va_start(args, fmt);
    int used = vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    if (used <= 0 || (size_t)used >= sizeof(text))
        return false;
    int s = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (s < 0)
        return false;
    bool sent = sendto(s, text, (size_t)used, MSG_NOSIGNAL,
                       (const struct sockaddr *)&to, len) == used;
    (void)close(s);
    return sent;
}

bool notify_reloading(void)
{
    struct timespec now = {0};

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return notify_send("RELOADING=1\nMONOTONIC_USEC=%llu\n",
                       (unsigned long long)now.tv_sec * 1000000 +
                           (unsigned long long)now.tv_nsec / 1000);
}

int64_t notify_watchdog_ms(void)
{
    const char *limit = getenv("WATCHDOG_USEC");
    const char *whose = getenv("WATCHDOG_PID");
    uint64_t us = 0, pid = 0;

    if (!limit || !span_number(span_of(limit), &us))
        return 0;
    if (whose &&
        (!span_number(span_of(whose), &pid) || pid != (uint64_t)getpid()))
        return 0;
    return (int64_t)(us / 1000 / 3); /* well within the limit */
}

void notify_forget(void)
{
    (void)unsetenv("NOTIFY_SOCKET");
    (void)unsetenv("WATCHDOG_USEC");
    (void)unsetenv("WATCHDOG_PID");
}
