// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * standing.h - the name of an output, for people.
 */
#ifndef OUTFLOW_OUTPUT_STANDING_H
#define OUTFLOW_OUTPUT_STANDING_H

#include "outflow/spool.h"

/* "tls siem.example:6514", "file alerts.json" */
void output_label(const struct output_settings *to, char out[OUTPUT_NAME]);

#endif
