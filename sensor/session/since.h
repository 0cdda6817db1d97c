// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * since.h - the time between two packets, of which any may claim any time.
 */
#ifndef OUTFLOW_SESSION_SINCE_H
#define OUTFLOW_SESSION_SINCE_H

#include <stdint.h>

/* now - then in the same unit, at most what fits; negative when it ran back. */
static inline int64_t time_since(int64_t now, int64_t then)
{
    if (then < 0 && now > INT64_MAX + then)
        return INT64_MAX;
    if (then > 0 && now < INT64_MIN + then)
        return INT64_MIN;
    return now - then;
}

#endif
