// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * wire.c - the sockets under syslog.
 *
 * TCP tells nothing of a receiver that went away until data was sent into
 * the void. So each send first looks for an end of file, and what the kernel
 * has not seen acknowledged (SIOCOUTQ) is kept and sent again after a
 * reconnect; ids make the copies harmless.
 * Spec: RFC 5426 (UDP), RFC 6587 (TCP).
 */
#include "output/wire.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <linux/sockios.h>
#include <unistd.h>

#include "outflow/limits.h"

static void set_patience(int fd)
{
    const struct timeval wait = {LIMIT_SYSLOG_S, 0};

    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
}

static int unix_socket(const char *path, int type)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    size_t len = strlen(path);
    int fd;

    if (len >= sizeof(to.sun_path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(to.sun_path, path, len + 1);
    fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    set_patience(fd);
    if (connect(fd, (const struct sockaddr *)&to, sizeof(to)) == 0)
        return fd;
    int error = errno;
    (void)close(fd);
    errno = error;
    return -1;
}

/* /dev/log is a datagram socket with some daemons, a stream with others. */
static bool open_unix(struct wire *w, const char **why)
{
    w->kind = WIRE_DATAGRAM;
    w->fd = unix_socket(w->path, SOCK_DGRAM);
    if (w->fd < 0 && errno == EPROTOTYPE) {
        w->kind = WIRE_LINES;
        w->fd = unix_socket(w->path, SOCK_STREAM);
    }
    if (w->fd < 0)
        *why = strerror(errno);
    return w->fd >= 0;
}

static int connect_any(const struct addrinfo *list)
{
    for (const struct addrinfo *at = list; at; at = at->ai_next) {
        int fd = socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC,
                        at->ai_protocol);
        if (fd < 0)
            continue;
        set_patience(fd);
        if (connect(fd, at->ai_addr, at->ai_addrlen) == 0)
            return fd;
        int error = errno;
        (void)close(fd);
        errno = error;
    }
    return -1;
}

static bool open_inet(struct wire *w, bool tcp, const char **why)
{
    const struct addrinfo want = {
        .ai_family = AF_UNSPEC,
        .ai_socktype = tcp ? SOCK_STREAM : SOCK_DGRAM,
        .ai_flags = AI_NUMERICSERV,
    };
    struct addrinfo *found = NULL;
    char port[8];

    (void)snprintf(port, sizeof(port), "%u", w->port);
    int error = getaddrinfo(w->host, port, &want, &found);
    if (error != 0) {
        *why = gai_strerror(error);
        return false;
    }
    w->kind = tcp ? WIRE_COUNTED : WIRE_DATAGRAM;
    w->fd = connect_any(found);
    if (w->fd < 0)
        *why = strerror(errno);
    freeaddrinfo(found);
    return w->fd >= 0;
}

bool wire_open(struct wire *w, const char **why)
{
    w->fd = -1;
    if (strcmp(w->transport, "unix") == 0)
        return open_unix(w, why);
    return open_inet(w, strcmp(w->transport, "tcp") == 0, why);
}

/* Waits for room LIMIT_SYSLOG_S once; a stuck receiver is not waited for. */
static bool send_all(const struct wire *w, struct span bytes)
{
    int how = MSG_NOSIGNAL | (w->stuck ? MSG_DONTWAIT : 0);

    while (bytes.len > 0) {
        ssize_t sent = send(w->fd, bytes.ptr, bytes.len, how);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return false;
        bytes = span_skip(bytes, (size_t)sent);
    }
    return true;
}

/* Has the receiver closed its side? What it says is not looked at. */
static bool peer_gone(int fd)
{
    uint8_t bin[256];
    ssize_t got;

    do {
        got = recv(fd, bin, sizeof(bin), MSG_DONTWAIT);
    } while (got > 0 || (got < 0 && errno == EINTR));
    return got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

/* Bytes of the frame at the front of the tail. */
static size_t frame_length(const struct wire *w)
{
    struct span tail = buf_span(&w->tail);
    uint64_t size = 0;

    if (w->kind == WIRE_LINES)
        return span_find(tail, '\n') + 1;
    size_t digits = span_find(tail, ' ');
    (void)span_number(span_head(tail, digits), &size);
    return digits + 1 + (size_t)size;
}

/* Forget whole frames that the other side has. */
static void trim_tail(struct wire *w)
{
    int waiting = 0;

    if (ioctl(w->fd, SIOCOUTQ, &waiting) != 0)
        return;
    while (w->tail.len > 0) {
        size_t len = frame_length(w);
        if (w->tail.len < len + (size_t)waiting)
            return;
        buf_drop(&w->tail, len);
    }
}

/* Put the message into the tail as it goes out; old frames make room. */
static bool keep(struct wire *w, struct span message, size_t *whole)
{
    char head[24];
    int len = w->kind == WIRE_COUNTED
                  ? snprintf(head, sizeof(head), "%zu ", message.len)
                  : 0;

    *whole = (size_t)len + message.len + (w->kind == WIRE_LINES ? 1 : 0);
    while (w->tail.len > 0 && w->tail.len + *whole > w->tail.cap)
        buf_drop(&w->tail, frame_length(w));
    return buf_add(&w->tail, (struct span){(uint8_t *)head, (size_t)len}) &&
           buf_add(&w->tail, message) &&
           (w->kind == WIRE_COUNTED || buf_add_byte(&w->tail, '\n'));
}

static bool reconnect(struct wire *w)
{
    const char *why;

    if (w->fd >= 0)
        (void)close(w->fd);
    return wire_open(w, &why);
}

static enum err send_stream(struct wire *w, struct span message)
{
    bool lost = w->fd < 0 || peer_gone(w->fd);
    size_t whole;

    if (!lost)
        trim_tail(w);
    if (!keep(w, message, &whole))
        return ERR_MEMORY;
    if (!lost &&
        send_all(w, span_skip(buf_span(&w->tail), w->tail.len - whole)))
        return ERR_OK;
    return reconnect(w) && send_all(w, buf_span(&w->tail)) ? ERR_OK : ERR_IO;
}

static enum err send_datagram(struct wire *w, struct span message)
{
    if (w->fd >= 0 && send_all(w, message))
        return ERR_OK;
    /* A refusal of an earlier datagram, or a daemon that started anew. */
    return reconnect(w) && send_all(w, message) ? ERR_OK : ERR_IO;
}

enum err wire_send(struct wire *w, struct span message)
{
    enum err err = w->kind == WIRE_DATAGRAM ? send_datagram(w, message)
                                            : send_stream(w, message);

    w->stuck = err != ERR_OK;
    return err;
}

/* Has everything arrived? Waits for it, at most LIMIT_SYSLOG_S. */
static bool all_received(struct wire *w)
{
    enum { STEP_MS = 10, STEPS = LIMIT_SYSLOG_S * 1000 / STEP_MS };

    for (int i = 0; i < STEPS; i++) {
        if (peer_gone(w->fd))
            return false;
        trim_tail(w);
        if (w->tail.len == 0)
            return true;
        (void)poll(NULL, 0, STEP_MS);
    }
    return true; /* a slow receiver: it has the connection still */
}

void wire_close(struct wire *w)
{
    bool stream = w->kind != WIRE_DATAGRAM && !w->stuck;

    if (w->fd >= 0 && stream && w->tail.len > 0 && !all_received(w) &&
        reconnect(w) && send_all(w, buf_span(&w->tail)))
        (void)all_received(w);
    if (w->fd >= 0)
        (void)close(w->fd);
    w->fd = -1;
    buf_clear(&w->tail);
}
