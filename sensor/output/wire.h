// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * wire.h - messages of a run to a syslog receiver, at least once.
 *
 * It must not know what a message says. On a stream it keeps what may not
 * have arrived and sends it again after a reconnect.
 */
#ifndef OUTFLOW_OUTPUT_WIRE_H
#define OUTFLOW_OUTPUT_WIRE_H

#include "outflow/buf.h"
#include "outflow/err.h"
#include "output/link.h"

struct wire {
    struct link link;
    const struct output_settings *to; /* borrowed until wire_close */
    bool stuck;        /* it did not take the last message: wait no more */
    struct buf tail;   /* frames that may not have been received */
    char why[TLS_WHY]; /* it could not be reached */
};

/* Connect; false, and w->why, when it cannot be reached. */
bool wire_open(struct wire *w);

/* Send one message; reconnects once. ERR_IO when it could not be handed on. */
enum err wire_send(struct wire *w, struct span message);

/* Wait a little for the receiver to have everything, then close. */
void wire_close(struct wire *w);

#endif
