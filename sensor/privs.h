// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * privs.h - what a process gives up before it touches hostile bytes.
 *
 * Switched off in sanitizer, fuzz and coverage builds (OUTFLOW_NO_SANDBOX),
 * by build option only. It must not be called after packets were read.
 */
#ifndef OUTFLOW_PRIVS_H
#define OUTFLOW_PRIVS_H

#include "outflow/err.h"

/* No core files, no dumps of our memory: for every process of outflow. */
void privs_no_dumps(void);

/*
 * When root: become user (or nobody, when the default user does not exist).
 * False and a problem when a named user does not exist or cannot be become.
 */
bool privs_drop(const char *user, struct problems *problems);

/*
 * For a worker: no new privileges, at most memory bytes of address space,
 * and only the system calls of reading captures and writing to its pipe.
 */
bool privs_confine(unsigned long long memory, struct problems *problems);

#endif
