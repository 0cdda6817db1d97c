// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * health.h - what a run's counters say of the tap.
 *
 * Health is no alert and no error: it changes no exit status. It must not
 * name what was carried.
 */
#ifndef OUTFLOW_HEALTH_H
#define OUTFLOW_HEALTH_H

#include "outflow/counters.h"

/*
 * Notes on standard error: packets dropped or cut short, one direction only,
 * silence, what limits of the program kept from being read.
 */
void health_tell(const struct counters *c);

#endif
