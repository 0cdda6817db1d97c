// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * parcel.c - messages to bytes and back.
 */
#include "helper/parcel.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "outflow/reader.h"

static uint8_t *put(uint8_t *at, uint64_t value, size_t len)
{
    for (size_t i = 0; i < len; i++)
        *at++ = (uint8_t)(value >> (8 * i));
    return at;
}

static uint8_t *put_span(uint8_t *at, struct span s)
{
    if (s.len > 0)
        memcpy(at, s.ptr, s.len);
    return at + s.len;
}

size_t parcel_encode(const struct parcel *m, uint8_t *out)
{
    struct span text = span_head(m->text, PARCEL_TEXT);
    uint8_t *at = out;

    at = put(at, m->type, 1);
    at = put(at, m->why, 1);
    at = put(at, text.len, 2);
    at = put(at, m->number, 4);
    at = put(at, m->extra, 4);
    at = put(at, m->ms, 4);
    at = put(at, m->bytes, 8);
    at = put_span(at, text);
    at = put_span(at, span_head(m->body, PARCEL_BODY));
    return (size_t)(at - out);
}

bool parcel_decode(struct span bytes, struct parcel *out)
{
    struct reader r = reader_over(bytes);
    uint8_t type = reader_u8(&r);

    *out = (struct parcel){.type = (enum parcel_type)type};
    out->why = reader_u8(&r);
    size_t text = reader_u16le(&r);
    out->number = reader_u32le(&r);
    out->extra = reader_u32le(&r);
    out->ms = reader_u32le(&r);
    out->bytes = reader_u64le(&r);
    out->text = reader_take(&r, text);
    out->body = reader_upto(&r, reader_left(&r));
    return reader_ok(&r) && type >= PARCEL_ASK && type <= PARCEL_END &&
           text <= PARCEL_TEXT && out->body.len <= PARCEL_BODY &&
           (type != PARCEL_UNREAD ||
            (out->why > WHY_NONE && out->why < WHY_REASONS));
}

bool parcel_answer(const struct parcel *m)
{
    return m->type >= PARCEL_OPEN && m->type <= PARCEL_UNREAD;
}

static bool send_with(int to, struct span message, int fd)
{
    struct iovec part = {(void *)(uintptr_t)message.ptr, message.len};
    union {
        struct cmsghdr head;
        uint8_t room[CMSG_SPACE(sizeof(int))];
    } with = {.head = {.cmsg_len = CMSG_LEN(sizeof(int)),
                       .cmsg_level = SOL_SOCKET,
                       .cmsg_type = SCM_RIGHTS}};
    struct msghdr all = {.msg_iov = &part, .msg_iovlen = 1};

    memcpy(CMSG_DATA(&with.head), &fd, sizeof(fd));
    all.msg_control = &with;
    all.msg_controllen = sizeof(with);
    return sendmsg(to, &all, MSG_NOSIGNAL) == (ssize_t)message.len;
}

bool parcel_pass(int to, struct span message)
{
    ssize_t n;

    do
        n = write(to, message.ptr, message.len);
    while (n < 0 && errno == EINTR);
    return n == (ssize_t)message.len;
}

bool parcel_send(int to, const struct parcel *m, int fd)
{
    uint8_t room[PARCEL_ROOM];
    const struct span message = {room, parcel_encode(m, room)};

    return fd >= 0 ? send_with(to, message, fd) : parcel_pass(to, message);
}

long parcel_receive(int from, uint8_t *room, int *fd)
{
    struct iovec part = {room, PARCEL_ROOM};
    union {
        struct cmsghdr head;
        uint8_t room[CMSG_SPACE(sizeof(int))];
    } with = {0};
    struct msghdr all = {.msg_iov = &part,
                         .msg_iovlen = 1,
                         .msg_control = &with,
                         .msg_controllen = sizeof(with)};
    ssize_t n;

    *fd = -1;
    do
        n = recvmsg(from, &all, MSG_CMSG_CLOEXEC);
    while (n < 0 && errno == EINTR);
    const struct cmsghdr *head = n > 0 ? CMSG_FIRSTHDR(&all) : NULL;
    if (head && head->cmsg_type == SCM_RIGHTS &&
        head->cmsg_len == CMSG_LEN(sizeof(int)))
        memcpy(fd, CMSG_DATA(head), sizeof(*fd));
    return n;
}
