// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * link.h - a connection to a syslog receiver: unix, UDP, TCP or TLS.
 *
 * Its socket never blocks; whoever waits says how long. It must not know
 * what a message says, nor keep one.
 */
#ifndef OUTFLOW_OUTPUT_LINK_H
#define OUTFLOW_OUTPUT_LINK_H

#include "outflow/settings.h"
#include "output/tls.h"

enum link_kind {
    LINK_DATAGRAM = 0, /* a message is a datagram */
    LINK_LINES,        /* unix stream: a message ends with newline */
    LINK_COUNTED,      /* TCP, TLS: RFC 6587 3.4.1, length in front */
};

struct link {
    int fd; /* -1: not connected */
    enum link_kind kind;
    struct tls *tls; /* owned, NULL without TLS */
};

/* Connect within wait_ms. False, and why in words of the system. */
bool link_open(struct link *l, const struct output_settings *to, int wait_ms,
               char why[TLS_WHY]);

enum link_sent {
    LINK_SENT = 0,
    LINK_FULL,   /* it took nothing for wait_ms; *rest is what is left */
    LINK_BROKEN, /* errno says why, 0: the receiver closed */
};
enum link_sent link_send(struct link *l, struct span *rest, int wait_ms);

/* Has the receiver closed its side? */
bool link_gone(struct link *l);

/* Bytes that the other side's kernel has yet to acknowledge. */
size_t link_waiting(const struct link *l);

/* Close; polite: let what was sent arrive first. */
void link_close(struct link *l, bool polite);

#endif
