// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * faults.h - a disk that fails on demand, below SQLite.
 *
 * The n-th call that changes or syncs a file fails, once or from then on, as
 * SQLite tests itself (sqlite.org/testing.html, 3.2).
 */
#ifndef TESTS_STATE_FAULTS_H
#define TESTS_STATE_FAULTS_H

#include <stdbool.h>

enum fault { FAULT_FULL = 0, FAULT_WRITE, FAULT_SYNC, FAULT_HALF, FAULTS };

/* Stand between SQLite and the system from now on. */
void faults_install(void);

/* Let the n-th call from now fail (from 1; 0: none), and those behind it. */
void faults_arm(enum fault kind, unsigned n, bool always);

/* Has a call failed since it was armed? */
bool faults_hit(void);

#endif
