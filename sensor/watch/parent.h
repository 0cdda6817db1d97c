// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * parent.h - the parent's life: signals, children, reloads, the end.
 *
 * It never reads a packet, a pipe, or a receiver's answer.
 */
#ifndef OUTFLOW_WATCH_PARENT_H
#define OUTFLOW_WATCH_PARENT_H

#include "watch/watch.h"

/* Start the children and keep them; gives the exit status: 0 or 2. */
int parent_run(struct watch *w);

#endif
