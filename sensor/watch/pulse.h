// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * pulse.h - a page that the parent of watch shares with one of its children.
 *
 * A child counts up while it is well, so that one that hangs is noticed, and
 * finds its orders here: neither side ever waits for the other. The parent
 * believes nothing of it but numbers.
 */
#ifndef OUTFLOW_WATCH_PULSE_H
#define OUTFLOW_WATCH_PULSE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct pulse {
    /* the child's */
    _Atomic uint64_t beat;    /* other than a moment ago: it is well */
    _Atomic uint64_t ready;   /* it does its work now */
    _Atomic uint64_t taken;   /* orders it has carried out */
    _Atomic uint64_t refused; /* orders it could not carry out */
    /* a worker's: what is unread should it die */
    _Atomic uint64_t packets, payload, flows;
    _Atomic uint64_t cpu_us, memory; /* used by now; bytes at most */
    _Atomic uint64_t lost;           /* interfaces that it cannot resume */
    /* the parent's */
    _Atomic uint64_t finish;  /* end what is begun and leave */
    _Atomic int64_t from_ns;  /* take packets from this time on ... */
    _Atomic int64_t until_ns; /* ... and before this; 0: no bound */
};

/* A new page, all zero, that survives fork; NULL without memory. */
struct pulse *pulse_new(void);
void pulse_free(struct pulse *p);

/* For another child of the same kind: everything is zero again. */
void pulse_reset(struct pulse *p);

/* What the child has used by now. */
struct rusage;
void pulse_show_use(struct pulse *p, const struct rusage *used);

static inline void pulse_beat(struct pulse *p)
{
    uint64_t beat = atomic_load_explicit(&p->beat, memory_order_relaxed);

    atomic_store_explicit(&p->beat, beat + 1, memory_order_relaxed);
}

static inline void pulse_set(_Atomic uint64_t *field, uint64_t value)
{
    atomic_store_explicit(field, value, memory_order_relaxed);
}

static inline uint64_t pulse_get(const _Atomic uint64_t *field)
{
    return atomic_load_explicit(field, memory_order_relaxed);
}

#endif
