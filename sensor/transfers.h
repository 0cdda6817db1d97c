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

/* What all transfers of a worker share. */
struct transfers {
    struct detect *detect;     /* borrowed */
    struct counters *counters; /* borrowed */
    struct moment now;         /* packet being taken */
    int pipe;                  /* to the judge */
    bool failed;               /* the judge is gone */
    uint64_t lost;             /* transfers that found no memory */
};

struct transfer; /* one */

/* The chain_events with which chains tell their transfers to a worker. */
extern const struct chain_events transfers_events;

#endif
