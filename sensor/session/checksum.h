// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * checksum.h - is a TCP segment's checksum right, and does it matter?
 *
 * A capture taken at the sender holds segments whose checksum the network
 * card was to fill in: all of that direction are wrong and all are good.
 * Elsewhere a wrong one is noise or chaff. So trust is learnt for each
 * direction of a flow, from that direction alone.
 */
#ifndef OUTFLOW_SESSION_CHECKSUM_H
#define OUTFLOW_SESSION_CHECKSUM_H

#include "outflow/packet.h"

struct trust {
    uint8_t good; /* segments with a right checksum, scaled */
    uint8_t bad;  /* with a wrong one */
};

/* Is the checksum of the whole TCP segment d->payload right (RFC 9293)? */
bool checksum_ok(const struct datagram *d);

/* Learn of one more segment. */
void trust_learn(struct trust *t, bool ok);

/* May a segment with a wrong checksum be taken at its word? */
bool trust_anyway(const struct trust *t);

#endif
