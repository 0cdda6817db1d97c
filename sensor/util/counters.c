// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * counters.c - adding up what workers counted.
 *
 * It must not decide what is counted; that is each layer's.
 */
#include "outflow/counters.h"

#include <string.h>

void tally_add(struct tally *t, const char *name, uint64_t count)
{
    size_t i = 0;

    while (i < t->rows && strncmp(t->row[i].name, name, TALLY_NAME - 1) != 0)
        i++;
    if (i == TALLY_NAMES) {
        t->row[TALLY_NAMES - 1].count += count;
        return;
    }
    if (i == t->rows) {
        const char *kept = i == TALLY_NAMES - 1 ? "other" : name;
        size_t len = strnlen(kept, TALLY_NAME - 1);
        memcpy(t->row[i].name, kept, len);
        t->row[i].name[len] = '\0';
        t->rows++;
    }
    t->row[i].count += count;
}

static void tally_join(struct tally *a, const struct tally *b)
{
    for (size_t i = 0; i < b->rows; i++)
        tally_add(a, b->row[i].name, b->row[i].count);
}

/* Widen a's span of packet times by b's. */
static void times_join(struct counters *a, const struct counters *b)
{
    if (b->first_ns == 0 && b->last_ns == 0)
        return;
    if ((a->first_ns == 0 && a->last_ns == 0) || b->first_ns < a->first_ns)
        a->first_ns = b->first_ns;
    if (b->last_ns > a->last_ns)
        a->last_ns = b->last_ns;
}

void counters_add(struct counters *a, const struct counters *b)
{
    times_join(a, b);
    a->packets += b->packets;
    a->packets_used += b->packets_used;
    for (size_t i = 0; i < SKIP_REASONS; i++)
        a->packets_skipped[i] += b->packets_skipped[i];
    a->packets_dropped += b->packets_dropped;
    a->packets_cut += b->packets_cut;
    a->bytes += b->bytes;
    a->flows += b->flows;
    a->flows_open += b->flows_open;
    a->flows_evicted += b->flows_evicted;
    a->flows_one_way += b->flows_one_way;
    a->payload_bytes += b->payload_bytes;
    a->inspected_bytes += b->inspected_bytes;
    for (size_t i = 0; i < WHY_REASONS; i++)
        a->unread[i] += b->unread[i];
    a->unread_inside += b->unread_inside;
    a->duplicate_bytes += b->duplicate_bytes;
    a->missing_bytes += b->missing_bytes;
    a->bad_checksums += b->bad_checksums;
    a->records += b->records;
    a->helper_objects += b->helper_objects;
    a->helper_died += b->helper_died;
    a->helper_late += b->helper_late;
    a->helper_none += b->helper_none;
    a->helper_memory += b->helper_memory;
    a->judge_waits += b->judge_waits;
    if (b->silence_s > a->silence_s)
        a->silence_s = b->silence_s;
    tally_join(&a->transfers, &b->transfers);
    tally_join(&a->documents, &b->documents);
}
