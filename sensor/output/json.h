// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * json.h - an alert as JSON at a chosen length, for json.c and syslog.c.
 */
#ifndef OUTFLOW_OUTPUT_JSON_H
#define OUTFLOW_OUTPUT_JSON_H

#include "outflow/output.h"
#include "output/words.h"

/* Append the alert as one object, without newline. False: out is full. */
bool json_alert(const struct alert *a, const struct run_info *run,
                const struct caps *caps, struct buf *out);

#endif
