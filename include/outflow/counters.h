// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * counters.h - what a run saw, read, skipped and could not look into.
 *
 * Each worker has one; they are added up at the end and written by --stats
 * (interface.md 6). Two sums hold on every input:
 *   packets       = packets_used + all of packets_skipped
 *   payload_bytes = inspected_bytes + all of unread
 */
#ifndef OUTFLOW_COUNTERS_H
#define OUTFLOW_COUNTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "outflow/packet.h"

/* Why bytes could not be looked into; names in unread.def. */
enum why {
    WHY_NONE = 0,
#define WHY(id, name) WHY_##id,
#include "outflow/unread.def"
#undef WHY
    WHY_REASONS,
};

/* The name of a reason, as in --stats and alerts. */
const char *why_name(enum why why);
const char *skip_name(enum skip skip);

enum {
    TALLY_NAMES = 96, /* channels and document kinds told apart */
    TALLY_NAME = 24,  /* bytes of such a name with its NUL */
};

/* How often each name came; names past the room count as "other". */
struct tally {
    struct {
        char name[TALLY_NAME];
        uint64_t count;
    } row[TALLY_NAMES];
    size_t rows;
};

void tally_add(struct tally *t, const char *name, uint64_t count);

struct counters {
    uint64_t packets;
    uint64_t packets_used;
    uint64_t packets_skipped[SKIP_REASONS];
    uint64_t packets_dropped; /* by the kernel */
    uint64_t packets_cut;     /* captured shorter than sent */
    uint64_t bytes;           /* wire length of all packets */
    uint64_t flows;
    uint64_t flows_open;      /* now; a worker's that runs */
    uint64_t flows_evicted;   /* by memory limits */
    uint64_t flows_one_way;   /* closed with one direction seen */
    uint64_t payload_bytes;   /* transport payload, repeats excluded */
    uint64_t inspected_bytes; /* of it, looked into */
    uint64_t unread[WHY_REASONS];
    uint64_t unread_inside;   /* decoded bytes lost deeper */
    uint64_t duplicate_bytes; /* payload seen again */
    uint64_t missing_bytes;   /* proven to exist, not seen */
    uint64_t bad_checksums;   /* segments set aside for it */
    uint64_t records;
    uint64_t helper_objects;   /* that the helper was asked to read */
    uint64_t helper_died;      /* of them, those it died of */
    uint64_t helper_late;      /* and those that took it too long */
    uint64_t helper_none;      /* objects for which there was no helper */
    uint64_t helper_memory;    /* bytes it took at most */
    uint64_t judge_waits;      /* times that a worker's pipe was full */
    uint64_t silence_s;        /* longest time without a packet */
    struct tally transfers;    /* by channel */
    struct tally documents;    /* by kind */
    int64_t first_ns, last_ns; /* packet times; both 0 before any packet */
};

/* Add b to a. */
void counters_add(struct counters *a, const struct counters *b);

#endif
