// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * clock.h - packet times as text and back (RFC 3339, UTC).
 *
 * It must not read any clock.
 */
#ifndef OUTFLOW_UTIL_CLOCK_H
#define OUTFLOW_UTIL_CLOCK_H

#include "outflow/span.h"

enum { CLOCK_TEXT = 40 };

/* "2011-08-05T01:02:03.123456Z": six decimals, cut. Gives out. */
const char *clock_text(int64_t time_ns, char out[CLOCK_TEXT]);

/* An RFC 3339 time with any offset; false on anything else. */
bool clock_parse(struct span text, int64_t *time_ns);

#endif
