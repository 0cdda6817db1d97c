// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * link.c - the sockets under syslog.
 *
 * A stream is given up when the other side's kernel is silent for
 * SILENT_MS: a machine that lost its power sends no end of file.
 * Spec: RFC 5426 (UDP), RFC 6587 (TCP), RFC 5425 (TLS).
 */
#include "output/link.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <linux/sockios.h>
#include <unistd.h>

#include "outflow/compiler.h"
#include "outflow/limits.h"

enum { SILENT_MS = 20000, IDLE_S = 10, BETWEEN_S = 5, PROBES = 2 };

static bool say(char why[TLS_WHY], const char *text)
{
    (void)snprintf(why, TLS_WHY, "%s", text);
    return false;
}

/* Wait for a socket; 0: nothing happened. */
static short wait_for(int fd, short events, int wait_ms)
{
    struct pollfd p = {.fd = fd, .events = events};

    return poll(&p, 1, wait_ms) > 0 ? p.revents : 0;
}

static bool finish_connect(int fd, int wait_ms)
{
    int error = 0;
    socklen_t len = sizeof(error);

    if (errno != EINPROGRESS)
        return false;
    if (wait_for(fd, POLLOUT, wait_ms) == 0)
        error = ETIMEDOUT;
    else
        (void)getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len);
    errno = error;
    return error == 0;
}

/* A connected socket, or -1 and errno. */
static int reach(int type, const struct sockaddr *to, socklen_t len,
                 int wait_ms)
{
    int fd = socket(to->sa_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0)
        return -1;
    if (connect(fd, to, len) == 0 || finish_connect(fd, wait_ms))
        return fd;
    int error = errno;
    (void)close(fd);
    errno = error;
    return -1;
}

static int reach_unix(const char *path, int type, int wait_ms)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    size_t len = strlen(path);

    if (len >= sizeof(to.sun_path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(to.sun_path, path, len + 1);
    return reach(type, (const struct sockaddr *)&to, sizeof(to), wait_ms);
}

/* /dev/log is a datagram socket with some daemons, a stream with others. */
static bool open_unix(struct link *l, const char *path, int wait_ms,
                      char why[TLS_WHY])
{
    l->kind = LINK_DATAGRAM;
    l->fd = reach_unix(path, SOCK_DGRAM, wait_ms);
    if (l->fd < 0 && errno == EPROTOTYPE) {
        l->kind = LINK_LINES;
        l->fd = reach_unix(path, SOCK_STREAM, wait_ms);
    }
    return l->fd >= 0 || say(why, strerror(errno));
}

/* Notice a receiver whose machine is gone. */
static void watch_silence(int fd)
{
    const struct {
        int level, name, value;
    } options[] = {
        {SOL_SOCKET, SO_KEEPALIVE, 1},
        {IPPROTO_TCP, TCP_KEEPIDLE, IDLE_S},
        {IPPROTO_TCP, TCP_KEEPINTVL, BETWEEN_S},
        {IPPROTO_TCP, TCP_KEEPCNT, PROBES},
        {IPPROTO_TCP, TCP_USER_TIMEOUT, SILENT_MS},
    };

    for (size_t i = 0; i < COUNT(options); i++)
        (void)setsockopt(fd, options[i].level, options[i].name,
                         &options[i].value, sizeof(options[i].value));
}

static bool open_inet(struct link *l, const struct output_settings *to,
                      int wait_ms, char why[TLS_WHY])
{
    bool udp = strcmp(to->transport, "udp") == 0;
    const struct addrinfo want = {
        .ai_family = AF_UNSPEC,
        .ai_socktype = udp ? SOCK_DGRAM : SOCK_STREAM,
        .ai_flags = AI_NUMERICSERV,
    };
    struct addrinfo *found = NULL;
    char port[8];

    (void)snprintf(port, sizeof(port), "%u", to->port);
    int error = getaddrinfo(to->host, port, &want, &found);
    if (error != 0)
        return say(why, gai_strerror(error));
    l->kind = udp ? LINK_DATAGRAM : LINK_COUNTED;
    for (const struct addrinfo *at = found; at && l->fd < 0; at = at->ai_next)
        l->fd = reach(at->ai_socktype, at->ai_addr, at->ai_addrlen, wait_ms);
    freeaddrinfo(found);
    if (l->fd < 0)
        return say(why, strerror(errno));
    if (!udp)
        watch_silence(l->fd);
    return true;
}

bool link_open(struct link *l, const struct output_settings *to, int wait_ms,
               char why[TLS_WHY])
{
    *l = (struct link){.fd = -1};
    if (strcmp(to->transport, "unix") == 0)
        return open_unix(l, to->path, wait_ms, why);
    if (!open_inet(l, to, wait_ms, why))
        return false;
    if (strcmp(to->transport, "tls") != 0)
        return true;
    l->tls = tls_open(l->fd, to, wait_ms, why);
    if (!l->tls)
        link_close(l, false);
    return l->tls != NULL;
}

/* Bytes taken, 0: none now, -1: broken. */
static int send_some(struct link *l, struct span bytes)
{
    ssize_t sent;

    if (l->tls) {
        errno = 0;
        return tls_send(l->tls, bytes);
    }
    do {
        sent = send(l->fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    if (sent >= 0)
        return (int)sent;
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS ? 0 : -1;
}

enum link_sent link_send(struct link *l, struct span *rest, int wait_ms)
{
    while (rest->len > 0) {
        int sent = send_some(l, *rest);
        if (sent < 0)
            return LINK_BROKEN;
        if (sent > 0) {
            *rest = span_skip(*rest, (size_t)sent);
            continue;
        }
        short got = wait_for(l->fd, POLLOUT | POLLIN, wait_ms);
        if (got == 0)
            return LINK_FULL;
        if ((got & (POLLIN | POLLHUP | POLLERR)) != 0 && link_gone(l)) {
            errno = 0;
            return LINK_BROKEN;
        }
        if ((got & POLLOUT) == 0)
            (void)poll(NULL, 0, 1); /* it talks and takes nothing */
    }
    return LINK_SENT;
}

bool link_gone(struct link *l)
{
    uint8_t bin[256];
    ssize_t got;

    if (l->tls)
        return tls_gone(l->tls);
    if (l->kind == LINK_DATAGRAM) {
        int error = 0;
        socklen_t len = sizeof(error);
        (void)getsockopt(l->fd, SOL_SOCKET, SO_ERROR, &error, &len);
        errno = error;
        return error != 0;
    }
    do {
        got = recv(l->fd, bin, sizeof(bin), MSG_DONTWAIT);
    } while (got > 0 || (got < 0 && errno == EINTR));
    return got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

size_t link_waiting(const struct link *l)
{
    int waiting = 0;

    return ioctl(l->fd, SIOCOUTQ, &waiting) == 0 && waiting > 0
               ? (size_t)waiting
               : 0;
}

/* What the receiver has not yet acknowledged would be lost with a reset. */
static void linger(struct link *l)
{
    enum { STEP_MS = 10, STEPS = LIMIT_SYSLOG_S * 1000 / STEP_MS };

    (void)shutdown(l->fd, SHUT_WR);
    for (int i = 0; i < STEPS && !link_gone(l); i++)
        (void)poll(NULL, 0, STEP_MS);
}

void link_close(struct link *l, bool polite)
{
    bool tls = l->tls != NULL;

    tls_close(l->tls, polite);
    l->tls = NULL;
    if (l->fd >= 0 && polite && (tls || l->kind != LINK_DATAGRAM))
        linger(l);
    if (l->fd >= 0)
        (void)close(l->fd);
    l->fd = -1;
}
