// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * notify.h - how a service tells systemd of its state: sd_notify(3).
 *
 * The protocol is one datagram of NAME=VALUE lines to the socket that the
 * environment names; without one nothing is done.
 */
#ifndef OUTFLOW_UTIL_NOTIFY_H
#define OUTFLOW_UTIL_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "outflow/compiler.h"

/* Send a datagram, printf-like; false when there is nobody to tell. */
bool notify_send(const char *fmt, ...) PRINTF(1, 2);

/* "RELOADING=1" with the moment it wants; READY=1 ends it. */
bool notify_reloading(void);

/* How often WATCHDOG=1 is wanted, in milliseconds; 0: never. */
int64_t notify_watchdog_ms(void);

/* For a child: it has nothing to tell. */
void notify_forget(void);

#endif
