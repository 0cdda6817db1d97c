// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * lock.c - ask for a lock until it is free.
 */
#include "util/lock.h"

#include <errno.h>
#include <sys/file.h>
#include <time.h>

bool lock_wait(int fd, int most_ms)
{
    enum { STEP_MS = 20 };
    const struct timespec step = {0, STEP_MS * 1000000};

    for (int ms = 0; flock(fd, LOCK_EX | LOCK_NB) != 0; ms += STEP_MS) {
        if (errno != EWOULDBLOCK || ms >= most_ms)
            return false;
        (void)nanosleep(&step, NULL);
    }
    return true;
}
