// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * transfers.h - a transfer being watched, and its batches of records.
 *
 * Between chain and detect on one side and the pipe to the judge on the
 * other: keeps what is known of a transfer, gathers its records, and sends
 * an exposure when a batch is full or old or the transfer ends. Transfers
 * without a record or unread bytes send nothing.
 */
#ifndef OUTFLOW_TRANSFERS_H
#define OUTFLOW_TRANSFERS_H

#include "outflow/buf.h"
#include "outflow/chain.h"
#include "outflow/detect.h"
#include "outflow/exposure.h"
#include "exchange.h"

/* What all transfers of a worker share. */
struct transfers {
    struct detect *detect;           /* borrowed */
    struct counters *counters;       /* borrowed */
    struct moment now;               /* packet being taken */
    const struct outlet *judge;      /* borrowed */
    bool failed;                     /* the judge is gone */
    uint64_t lost;                   /* transfers that found no memory */
    int64_t clock_ns;                /* live: wall time, 0 offline */
    struct waiting *oldest, *newest; /* what is not told yet, by age */
};

/*
 * Live: send what was gathered before then (as clock_ns), for no packet of
 * its transfer may come for long.
 */
void transfers_tell(struct transfers *all, int64_t before_ns);

struct transfer; /* one */

/* The chain_events with which chains tell their transfers to a worker. */
extern const struct chain_events transfers_events;

#endif
