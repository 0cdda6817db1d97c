// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * stats.c - the counters of a run as one JSON object (interface.md 6).
 *
 * Every reason is written, also at 0, so that the two sums can be added up
 * without knowing the reasons. Tallies are sorted by name: their order must
 * not depend on which worker saw what first.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "outflow/output.h"
#include "output/jsonw.h"

enum { NAME_MOST = 256 }; /* of an interface or an output */

static void put_packets(struct jsonw *j, const struct counters *c, bool live)
{
    jsonw_number(j, "packets", c->packets);
    jsonw_number(j, "packets_used", c->packets_used);
    jsonw_open(j, "packets_skipped", '{');
    for (unsigned i = SKIP_NONE + 1; i < (live ? SKIP_REASONS : SKIP_WORKER);
         i++)
        jsonw_number(j, skip_name((enum skip)i), c->packets_skipped[i]);
    jsonw_close(j, '}');
    jsonw_number(j, "packets_dropped", c->packets_dropped);
    jsonw_number(j, "packets_cut", c->packets_cut);
    jsonw_number(j, "silence_seconds", c->silence_s);
    jsonw_number(j, "bytes", c->bytes);
    jsonw_number(j, "flows", c->flows);
    if (live)
        jsonw_number(j, "flows_open", c->flows_open);
    jsonw_number(j, "flows_evicted", c->flows_evicted);
    jsonw_number(j, "flows_one_way", c->flows_one_way);
}

static void put_payload(struct jsonw *j, const struct counters *c, bool live)
{
    jsonw_number(j, "payload_bytes", c->payload_bytes);
    jsonw_number(j, "inspected_bytes", c->inspected_bytes);
    jsonw_open(j, "unread", '{');
    for (unsigned i = WHY_NONE + 1; i < (live ? WHY_REASONS : WHY_WORKER); i++)
        jsonw_number(j, why_name((enum why)i), c->unread[i]);
    jsonw_close(j, '}');
    jsonw_number(j, "unread_inside", c->unread_inside);
    jsonw_number(j, "duplicate_bytes", c->duplicate_bytes);
    jsonw_number(j, "missing_bytes", c->missing_bytes);
    jsonw_number(j, "bad_checksums", c->bad_checksums);
    if (live)
        jsonw_number(j, "judge_waits", c->judge_waits);
}

static int by_name(const void *a, const void *b)
{
    const char *left = a, *right = b; /* a row begins with its name */

    return strcmp(left, right);
}

static void put_tally(struct jsonw *j, const char *key, const struct tally *t)
{
    struct tally sorted = *t;

    qsort(sorted.row, sorted.rows, sizeof(sorted.row[0]), by_name);
    jsonw_open(j, key, '{');
    for (size_t i = 0; i < sorted.rows; i++)
        jsonw_number(j, sorted.row[i].name, sorted.row[i].count);
    jsonw_close(j, '}');
}

static void put_seconds(struct jsonw *j, double seconds)
{
    uint64_t ms = seconds > 0 ? (uint64_t)(seconds * 1000) : 0;
    char text[40];

    (void)snprintf(text, sizeof(text), ",\"seconds\":%llu.%03u",
                   (unsigned long long)(ms / 1000), (unsigned)(ms % 1000));
    put_text(&j->put, text);
}

static void put_interfaces(struct jsonw *j, const struct sensor_status *s)
{
    jsonw_open(j, "interfaces", '[');
    for (size_t i = 0; i < s->interface_count; i++) {
        const struct sensor_interface *one = &s->interfaces[i];
        jsonw_open(j, NULL, '{');
        jsonw_name(j, "name", one->name, NAME_MOST);
        jsonw_bool(j, "up", one->up);
        jsonw_number(j, "received", one->received);
        jsonw_number(j, "dropped", one->dropped);
        jsonw_number(j, "lost", one->lost);
        jsonw_number(j, "returns", one->returns);
        jsonw_close(j, '}');
    }
    jsonw_close(j, ']');
}

static void put_outputs(struct jsonw *j, const struct sensor_status *s)
{
    jsonw_open(j, "outputs", '[');
    for (size_t i = 0; i < s->output_count; i++) {
        const struct sensor_output *one = &s->outputs[i];
        jsonw_open(j, NULL, '{');
        jsonw_name(j, "name", one->name, NAME_MOST);
        jsonw_bool(j, "up", one->up);
        jsonw_number(j, "sent", one->sent);
        jsonw_number(j, "repeated", one->repeated);
        jsonw_number(j, "dropped", one->dropped);
        jsonw_number(j, "waiting", one->waiting);
        jsonw_number(j, "failures", one->failures);
        jsonw_close(j, '}');
    }
    jsonw_close(j, ']');
}

/* What only a sensor has. */
static void put_sensor(struct jsonw *j, const struct sensor_status *s)
{
    jsonw_open(j, "sensor", '{');
    jsonw_number(j, "started", s->started_s);
    jsonw_number(j, "workers", s->workers);
    jsonw_open(j, "restarts", '{');
    for (unsigned i = 0; i < SENSOR_PROCESSES; i++)
        jsonw_number(j, sensor_process_name((enum sensor_process)i),
                     s->restarts[i]);
    jsonw_close(j, '}');
    jsonw_number(j, "reloads", s->reloads);
    jsonw_number(j, "reloads_refused", s->reloads_refused);
    jsonw_number(j, "incidents_open", s->incidents_open);
    jsonw_number(j, "spool_records", s->spool_records);
    jsonw_number(j, "spool_bytes", s->spool_bytes);
    jsonw_number(j, "spool_dropped", s->spool_dropped);
    jsonw_number(j, "state_bytes", s->state_bytes);
    jsonw_number(j, "state_failed", s->state_failed);
    jsonw_number(j, "state_unstored", s->state_unstored);
    jsonw_number(j, "records_lost", s->records_lost);
    jsonw_number(j, "ties_lost", s->ties_lost);
    jsonw_number(j, "health_events", s->health_events);
    put_interfaces(j, s);
    put_outputs(j, s);
    jsonw_close(j, '}');
}

bool stats_write(const struct counters *c, const struct run_totals *t,
                 struct buf *out)
{
    struct jsonw j = {put_to(out), false};

    jsonw_open(&j, NULL, '{');
    put_packets(&j, c, t->sensor);
    put_payload(&j, c, t->sensor);
    put_tally(&j, "transfers", &c->transfers);
    put_tally(&j, "documents", &c->documents);
    jsonw_number(&j, "records", c->records);
    jsonw_number(&j, "customers", t->customers);
    jsonw_number(&j, "alerts", t->alerts);
    put_seconds(&j, t->seconds);
    jsonw_number(&j, "peak_memory", t->peak_memory);
    if (t->sensor)
        put_sensor(&j, t->sensor);
    jsonw_close(&j, '}');
    put_byte(&j.put, '\n');
    return j.put.ok;
}
