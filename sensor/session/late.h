// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * late.h - bytes that come after their place was given up.
 *
 * A stream goes on behind a hole that was over, and begins where a capture
 * met it. Should such bytes come after all, their place in the stream is
 * gone; they are looked at as strays and are no longer missing.
 */
#ifndef OUTFLOW_SESSION_LATE_H
#define OUTFLOW_SESSION_LATE_H

#include "session/core.h"

/* [from, to) was given up; proven: it is counted as missing. */
void late_note(const struct side *on, uint64_t from, uint64_t to, bool proven);

/*
 * Bytes below next came, at place: look at those that were given up. Gives
 * how many they are.
 */
size_t late_take(const struct side *on, uint64_t at, struct span bytes,
                 const struct moment *seen);

#endif
