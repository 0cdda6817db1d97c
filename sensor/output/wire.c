// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * wire.c - messages of a run to a syslog receiver, at least once.
 *
 * TCP tells nothing of a receiver that went away until data was sent into
 * the void. So each send first looks for an end of file, and what the kernel
 * has not seen acknowledged is kept and sent again after a reconnect; ids
 * make the copies harmless. A sensor that runs on has a spool instead.
 */
#include "output/wire.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "outflow/limits.h"

enum { WAIT_MS = LIMIT_SYSLOG_S * 1000, CONNECT_MS = 5000 };

bool wire_open(struct wire *w)
{
    return link_open(&w->link, w->to, CONNECT_MS, w->why);
}

/* Waits for room once; a stuck receiver is not waited for. */
static bool send_all(struct wire *w, struct span bytes)
{
    return link_send(&w->link, &bytes, w->stuck ? 0 : WAIT_MS) == LINK_SENT;
}

/* Bytes of the frame at the front of the tail. */
static size_t frame_length(const struct wire *w)
{
    struct span tail = buf_span(&w->tail);
    uint64_t size = 0;

    if (w->link.kind == LINK_LINES)
        return span_find(tail, '\n') + 1;
    size_t digits = span_find(tail, ' ');
    (void)span_number(span_head(tail, digits), &size);
    return digits + 1 + (size_t)size;
}

/* Forget whole frames that the other side has. */
static void trim_tail(struct wire *w)
{
    size_t waiting = link_waiting(&w->link);

    while (w->tail.len > 0) {
        size_t len = frame_length(w);
        if (w->tail.len < len + waiting)
            return;
        buf_drop(&w->tail, len);
    }
}

/* Put the message into the tail as it goes out; old frames make room. */
static bool keep(struct wire *w, struct span message, size_t *whole)
{
    char head[24];
    int len = w->link.kind == LINK_COUNTED
                  ? snprintf(head, sizeof(head), "%zu ", message.len)
                  : 0;

    *whole = (size_t)len + message.len + (w->link.kind == LINK_LINES ? 1 : 0);
    while (w->tail.len > 0 && w->tail.len + *whole > w->tail.cap)
        buf_drop(&w->tail, frame_length(w));
    return buf_add(&w->tail, (struct span){(uint8_t *)head, (size_t)len}) &&
           buf_add(&w->tail, message) &&
           (w->link.kind == LINK_COUNTED || buf_add_byte(&w->tail, '\n'));
}

static bool reconnect(struct wire *w)
{
    link_close(&w->link, false);
    return wire_open(w);
}

static enum err send_stream(struct wire *w, struct span message)
{
    bool lost = w->link.fd < 0 || link_gone(&w->link);
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
    if (w->link.fd >= 0 && send_all(w, message))
        return ERR_OK;
    /* A refusal of an earlier datagram, or a daemon that started anew. */
    return reconnect(w) && send_all(w, message) ? ERR_OK : ERR_IO;
}

enum err wire_send(struct wire *w, struct span message)
{
    enum err err = w->link.kind == LINK_DATAGRAM ? send_datagram(w, message)
                                                 : send_stream(w, message);

    w->stuck = err != ERR_OK;
    return err;
}

/* Has everything arrived? Waits for it, at most LIMIT_SYSLOG_S. */
static bool all_received(struct wire *w)
{
    enum { STEP_MS = 10, STEPS = LIMIT_SYSLOG_S * 1000 / STEP_MS };

    for (int i = 0; i < STEPS; i++) {
        if (link_gone(&w->link))
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
    bool stream = w->link.kind != LINK_DATAGRAM && !w->stuck;

    if (w->link.fd >= 0 && stream && w->tail.len > 0 && !all_received(w) &&
        reconnect(w) && send_all(w, buf_span(&w->tail)))
        (void)all_received(w);
    link_close(&w->link, stream);
    buf_clear(&w->tail);
}
