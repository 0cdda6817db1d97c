// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * wire.h - a connection to a syslog receiver: unix, UDP or TCP.
 *
 * It must not know what a message says. On a stream it keeps what may not
 * have arrived and sends it again after a reconnect: at least once.
 */
#ifndef OUTFLOW_OUTPUT_WIRE_H
#define OUTFLOW_OUTPUT_WIRE_H

#include "outflow/buf.h"
#include "outflow/err.h"

enum wire_kind {
    WIRE_DATAGRAM = 0, /* a message is a datagram */
    WIRE_LINES,        /* unix stream: a message ends with newline */
    WIRE_COUNTED,      /* TCP: RFC 6587 3.4.1, length in front */
};

struct wire {
    int fd; /* -1: not connected */
    enum wire_kind kind;
    const char *transport; /* "unix" "udp" "tcp"; borrowed */
    const char *host, *path;
    uint16_t port;
    bool stuck;      /* it did not take the last message: wait no more */
    struct buf tail; /* frames that may not have been received */
};

/*
 * Connect. The strings are borrowed until wire_close. False, with the
 * system's words in *why (static), when it cannot be reached.
 */
bool wire_open(struct wire *w, const char **why);

/* Send one message; reconnects once. ERR_IO when it could not be handed on. */
enum err wire_send(struct wire *w, struct span message);

/* Wait a little for the receiver to have everything, then close. */
void wire_close(struct wire *w);

#endif
