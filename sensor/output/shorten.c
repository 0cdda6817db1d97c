// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * shorten.c - an alert in a bounded number of bytes, never cut.
 */
#include "output/shorten.h"

#include "output/words.h"

bool shorten_alert(const struct output_format *format, const struct alert *a,
                   const struct run_info *run, size_t limit, struct buf *out)
{
    size_t from = out->len;

    for (size_t level = 0; level < CAPS_LEVELS; level++) {
        out->len = from;
        if (!format->shortened(a, run, words_caps(level), out)) {
            out->len = from;
            return false;
        }
        if (out->len - from <= limit)
            break;
    }
    return true;
}
