// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * first.h - the first bytes of a flow, kept until something follows them.
 *
 * Chain, decoder, transfer and part of a flow take a kilobyte; sessions that
 * end with their first segment, or stay half open behind it, are many. So a
 * small first segment waits as it is, and is looked into with whatever comes
 * next: more bytes, a hole, the end of the flow.
 */
#ifndef OUTFLOW_FIRST_H
#define OUTFLOW_FIRST_H

#include "outflow/session.h"

struct first {
    int64_t time_ns;  /* the moment, its capture below: */
    uint64_t number;  /* struct moment would pad */
    uint32_t capture; /* of the packet that brought them */
    uint32_t cut;     /* bytes behind them the capture lacks */
    uint16_t len;
    uint8_t dir; /* enum dir */
    uint8_t bytes[];
};

/*
 * A copy of what came, to be freed by the caller; NULL when it is too long
 * to wait, or without memory.
 */
struct first *first_keep(enum dir dir, const struct message *message,
                         const struct moment *seen);

/* The bytes, and the moment they came at. */
struct message first_message(const struct first *f);
struct moment first_moment(const struct first *f);

#endif
