// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * pulse.c - the page that parent and child share.
 *
 * It must not hold anything but numbers: a child that was taken over may
 * write whatever it likes.
 */
#include "watch/pulse.h"

#include <stddef.h>
#include <sys/mman.h>
#include <sys/resource.h>

struct pulse *pulse_new(void)
{
    void *page = mmap(NULL, sizeof(struct pulse), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    return page == MAP_FAILED ? NULL : page;
}

void pulse_free(struct pulse *p)
{
    if (p)
        (void)munmap(p, sizeof(*p));
}

void pulse_reset(struct pulse *p)
{
    pulse_set(&p->beat, 0);
    pulse_set(&p->ready, 0);
    pulse_set(&p->taken, 0);
    pulse_set(&p->refused, 0);
    pulse_set(&p->packets, 0);
    pulse_set(&p->payload, 0);
    pulse_set(&p->flows, 0);
    pulse_set(&p->cpu_us, 0);
    pulse_set(&p->memory, 0);
    pulse_set(&p->lost, 0);
    pulse_set(&p->finish, 0);
    atomic_store(&p->from_ns, 0);
    atomic_store(&p->until_ns, 0);
}

void pulse_show_use(struct pulse *p, const struct rusage *used)
{
    uint64_t s = (uint64_t)(used->ru_utime.tv_sec + used->ru_stime.tv_sec);
    uint64_t us = (uint64_t)(used->ru_utime.tv_usec + used->ru_stime.tv_usec);

    pulse_set(&p->cpu_us, s * 1000000 + us);
    pulse_set(&p->memory, (uint64_t)used->ru_maxrss * 1024);
}
