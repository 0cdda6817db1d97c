// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * cef.h - an alert as CEF at a chosen length, for cef.c and syslog.c.
 */
#ifndef OUTFLOW_OUTPUT_CEF_H
#define OUTFLOW_OUTPUT_CEF_H

#include "outflow/output.h"
#include "output/words.h"

extern const struct output_format output_cef;

/* Append the alert as one CEF line, without newline. False: out is full. */
bool cef_alert(const struct alert *a, const struct run_info *run,
               const struct caps *caps, struct buf *out);

#endif
