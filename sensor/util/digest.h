// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * digest.h - SHA-256 (FIPS 180-4) over a run of spans.
 *
 * For ids that anybody may recompute. It must not be used on values of
 * customers: those are keyed.h's.
 */
#ifndef OUTFLOW_UTIL_DIGEST_H
#define OUTFLOW_UTIL_DIGEST_H

#include "outflow/span.h"

enum { DIGEST_HEX = 64 };

/*
 * The first digits (at most DIGEST_HEX) lower-case hex digits of the digest
 * of the parts one after another, and a NUL: out has digits + 1 bytes.
 */
void digest_hex(const struct span *parts, size_t count, char *out,
                size_t digits);

#endif
