// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * lock.h - wait for the lock of a file that one process may have.
 */
#ifndef UTIL_LOCK_H
#define UTIL_LOCK_H

#include <stdbool.h>

/*
 * Take the lock of fd, flock(2), as nobody else's. A process that was killed
 * may still be at its end, in the disk: it is waited for, at most most_ms.
 * False: it was not to be had; errno as flock(2) has it.
 */
bool lock_wait(int fd, int most_ms);

#endif
