// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * closed.h - channels whose payload nobody but their ends can read.
 *
 * What the decoders of TLS, SSH, QUIC, DTLS and WireGuard share: each
 * direction is a transfer of unread bytes. It must not know a format.
 */
#ifndef OUTFLOW_DECODE_PROTO_CLOSED_H
#define OUTFLOW_DECODE_PROTO_CLOSED_H

#include "outflow/decoder.h"

struct closed {
    bool open[2]; /* a transfer of this direction was opened */
};

struct closed_channel {
    const char *kind; /* "tls"; static */
    struct span host; /* the server's name, may be empty */
};

/*
 * Count bytes of a direction as unread (encrypted); the first bytes open
 * the direction's transfer.
 */
bool closed_count(struct closed *c, enum dir dir,
                  const struct closed_channel *channel, uint64_t bytes,
                  struct sink *out);

/* The direction ended. */
bool closed_end(struct closed *c, enum dir dir, struct sink *out);

/*
 * One datagram of a closed channel: counted under kind, but DECODE_BAD when
 * it is plain text, which no cipher makes.
 */
struct progress closed_message(struct closed *c, enum dir dir,
                               struct span bytes, const char *kind,
                               struct sink *out);

/* For decoders whose state is a struct closed: a hole, and the end. */
struct progress closed_state_gap(void *state, enum dir dir, uint64_t len,
                                 struct sink *out);
enum decode_status closed_state_end(void *state, enum dir dir, struct span rest,
                                    struct sink *out);

#endif
