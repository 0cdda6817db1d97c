// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * receiver.h - real sockets that play a syslog receiver in one process.
 *
 * A stream is connected by the kernel before anybody accepts it, so that
 * neither threads nor processes are needed.
 */
#ifndef OUTFLOW_TEST_OUTPUT_RECEIVER_H
#define OUTFLOW_TEST_OUTPUT_RECEIVER_H

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "files.h"

enum { RECEIVED = 1 << 16 };

struct receiver {
    int fd;               /* bound; listening when a stream */
    uint16_t port;        /* of UDP and TCP */
    char path[FILE_PATH]; /* of unix */
    char text[RECEIVED];  /* what came last, with a NUL */
    size_t len;
};

static inline void receiver_inet(struct receiver *r, int type, uint16_t port)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons(port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(at);
    int on = 1;

    r->fd = socket(AF_INET, type, 0);
    assert_int_equal(
        setsockopt(r->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)), 0);
    assert_int_equal(bind(r->fd, (struct sockaddr *)&at, len), 0);
    if (type == SOCK_STREAM)
        assert_int_equal(listen(r->fd, 4), 0);
    assert_int_equal(getsockname(r->fd, (struct sockaddr *)&at, &len), 0);
    r->port = ntohs(at.sin_port);
}

static inline void receiver_unix(struct receiver *r, int type)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};

    file_make(r->path, SPAN(""));
    (void)unlink(r->path);
    memcpy(at.sun_path, r->path, strlen(r->path) + 1);
    r->fd = socket(AF_UNIX, type, 0);
    assert_int_equal(bind(r->fd, (struct sockaddr *)&at, sizeof(at)), 0);
    if (type == SOCK_STREAM)
        assert_int_equal(listen(r->fd, 4), 0);
}

static inline int receiver_accept(struct receiver *r)
{
    int fd = accept(r->fd, NULL, NULL);

    assert_true(fd >= 0);
    return fd;
}

/* Read what is there on fd into text. */
static inline const char *receiver_read(struct receiver *r, int fd)
{
    ssize_t got = recv(fd, r->text, sizeof(r->text) - 1, 0);

    assert_true(got >= 0);
    r->len = (size_t)got;
    r->text[got] = '\0';
    return r->text;
}

static inline void receiver_close(struct receiver *r)
{
    (void)close(r->fd);
    if (r->path[0])
        (void)unlink(r->path);
}

#endif
