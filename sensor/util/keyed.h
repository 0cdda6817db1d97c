// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * keyed.h - the secret key at work: HMAC-SHA-256 cut to 8 bytes.
 *
 * keyed_new and keyed_free stand in outflow/customer.h. It must never give
 * the key, or log.
 */
#ifndef OUTFLOW_UTIL_KEYED_H
#define OUTFLOW_UTIL_KEYED_H

#include "outflow/customer.h"

/*
 * The first 8 bytes of HMAC-SHA-256(key, message), big endian (RFC 2104,
 * FIPS 180-4; interface.md 3.1). Never fails.
 */
uint64_t keyed_pseudonym(const struct keyed *k, struct span message);

#endif
