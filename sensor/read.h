// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * read.h - the command outflow read: captures in, alerts out.
 */
#ifndef OUTFLOW_READ_H
#define OUTFLOW_READ_H

#include "options.h"

/* Run it; gives the exit status of interface.md 1: 0, 1 or 2. */
int read_run(const struct options *o);

#endif
