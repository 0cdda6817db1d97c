// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * closed.h - channels whose payload nobody but their ends can read.
 *
 * What the decoders of TLS, SSH and QUIC share: each direction is a transfer
 * of unread bytes. It must not know a record format.
 */
#ifndef OUTFLOW_DECODE_PROTO_CLOSED_H
#define OUTFLOW_DECODE_PROTO_CLOSED_H

#include "outflow/decoder.h"

struct closed {
    bool open[2]; /* a transfer of this direction was opened */
};

/*
 * Count bytes of a direction as unread (encrypted) under kind, a static
 * word; the first bytes open the direction's transfer, named by host.
 */
bool closed_count(struct closed *c, enum dir dir, struct span host,
                  uint64_t bytes, const char *kind, struct sink *out);

/* The direction ended. */
bool closed_end(struct closed *c, enum dir dir, struct sink *out);

#endif
