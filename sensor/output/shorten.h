// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * shorten.h - an alert in a bounded number of bytes, never cut.
 */
#ifndef OUTFLOW_OUTPUT_SHORTEN_H
#define OUTFLOW_OUTPUT_SHORTEN_H

#include "outflow/output.h"

/*
 * Append the alert as format writes it, without newline, by the first step
 * of words_caps that gives at most limit bytes; by the last one when none
 * does. False: out is full, and unchanged but for its memory.
 */
bool shorten_alert(const struct output_format *format, const struct alert *a,
                   const struct run_info *run, size_t limit, struct buf *out);

#endif
