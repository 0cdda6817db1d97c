// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * metrics.c - the counters of a sensor in the text format of Prometheus.
 *
 * Version 0.0.4 of the format, for a file that a node exporter's textfile
 * collector or any agent reads. Each metric is a row of a table: plain ones
 * by the place of their number, those with labels by a function. It must not
 * know where the numbers come from, and writes no time of its own.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "outflow/output.h"
#include "output/escape.h"

#define PREFIX "outflow_"

enum { LABEL_MOST = 256 }; /* bytes of an interface's or output's name */

struct metric {
    const char *name, *type, *help;
    size_t at; /* of the number in its struct */
};

struct page {
    struct put put;
    const struct counters *counters;
    const struct run_totals *totals;
    const struct sensor_status *sensor;
};

#define COUNTER(field, name, help)                                             \
    {                                                                          \
        name "_total", "counter", help, offsetof(struct counters, field)       \
    }

static const struct metric counter_rows[] = {
    COUNTER(packets, "packets", "Packets seen."),
    COUNTER(packets_used, "packets_used", "Packets handed to a session."),
    COUNTER(packets_dropped, "packets_dropped",
            "Packets that the kernel dropped."),
    COUNTER(packets_cut, "packets_cut",
            "Packets captured shorter than they were sent."),
    COUNTER(bytes, "wire_bytes", "Length of all packets on the wire."),
    COUNTER(flows, "flows", "Connections seen."),
    COUNTER(flows_evicted, "flows_evicted",
            "Connections closed early for want of memory."),
    COUNTER(flows_one_way, "flows_one_way",
            "Connections of which one direction only was seen."),
    COUNTER(payload_bytes, "payload_bytes",
            "Transport payload, repeats excluded."),
    COUNTER(inspected_bytes, "inspected_bytes", "Payload that was read."),
    COUNTER(unread_inside, "unread_inside_bytes",
            "Decoded bytes that could not be read, outside the sum."),
    COUNTER(duplicate_bytes, "duplicate_bytes", "Payload seen again."),
    COUNTER(missing_bytes, "missing_bytes",
            "Payload proven to exist and not seen."),
    COUNTER(bad_checksums, "bad_checksums",
            "Segments set aside for a wrong checksum."),
    COUNTER(records, "records", "Rows that name a customer."),
};

#define SENSOR(field, name, type, help)                                        \
    {                                                                          \
        name, type, help, offsetof(struct sensor_status, field)                \
    }

static const struct metric sensor_rows[] = {
    SENSOR(started_s, "start_time_seconds", "gauge",
           "When the sensor started, since 1970."),
    SENSOR(workers, "workers", "gauge", "Processes that read packets now."),
    SENSOR(reloads, "reloads_total", "counter",
           "Settings that were taken over."),
    SENSOR(reloads_refused, "reloads_refused_total", "counter",
           "Settings that were refused; the old ones stayed."),
    SENSOR(incidents_open, "incidents_open", "gauge",
           "Incidents that are open now."),
    SENSOR(health_events, "health_events_total", "counter",
           "Health events said to the outputs."),
    SENSOR(spool_records, "spool_records", "gauge",
           "Alerts and events that some output has not got yet."),
    SENSOR(spool_bytes, "spool_bytes", "gauge", "Size of the spool."),
    SENSOR(spool_dropped, "spool_dropped_total", "counter",
           "Alerts and events given up because the spool was full."),
    SENSOR(state_bytes, "state_bytes", "gauge", "Size of the stored ledger."),
    SENSOR(state_failed, "state_write_failures_total", "counter",
           "Writes of the ledger that the disk refused."),
    SENSOR(state_unstored, "state_unstored_records", "gauge",
           "Records held in memory because the disk refused them."),
    SENSOR(records_lost, "lost_records_total", "counter",
           "Records that the judge had no memory for."),
    SENSOR(ties_lost, "lost_ties_total", "counter",
           "Times the judge had no memory for what a name stands for."),
};

#define INTERFACE(field, name, help)                                           \
    {                                                                          \
        "interface_" name, "counter", help,                                    \
            offsetof(struct sensor_interface, field)                           \
    }

static const struct metric interface_rows[] = {
    INTERFACE(received, "packets_received_total",
              "Packets the kernel took for the sensor."),
    INTERFACE(dropped, "packets_dropped_total",
              "Of them, dropped by the kernel for want of room."),
    INTERFACE(lost, "packets_lost_total",
              "Packets dropped by the interface or its driver."),
    INTERFACE(returns, "returns_total",
              "Times the interface went away and came back."),
};

#define OUTPUT(field, name, type, help)                                        \
    {                                                                          \
        "output_" name, type, help, offsetof(struct sensor_output, field)      \
    }

static const struct metric output_rows[] = {
    OUTPUT(sent, "sent_total", "counter",
           "Alerts and events handed to the output, repeats too."),
    OUTPUT(repeated, "repeated_total", "counter",
           "Of them, sent again after a break."),
    OUTPUT(dropped, "dropped_total", "counter",
           "Alerts and events given up because the spool was full."),
    OUTPUT(waiting, "waiting", "gauge",
           "Alerts and events in the spool that wait for the output."),
    OUTPUT(failures, "failures_total", "counter",
           "Connections and writes that failed."),
};

static uint64_t number_at(const void *base, size_t at)
{
    uint64_t n;

    memcpy(&n, (const char *)base + at, sizeof(n));
    return n;
}

/* The two lines above the values of a metric. */
static void put_head(struct page *p, const char *name, const char *type,
                     const char *help)
{
    put_text(&p->put, "# HELP " PREFIX);
    put_text(&p->put, name);
    put_byte(&p->put, ' ');
    put_text(&p->put, help);
    put_text(&p->put, "\n# TYPE " PREFIX);
    put_text(&p->put, name);
    put_byte(&p->put, ' ');
    put_text(&p->put, type);
    put_byte(&p->put, '\n');
}

/* One value; label is NULL where the metric has none. */
static void put_value(struct page *p, const char *name, const char *label,
                      const char *of, uint64_t value)
{
    put_text(&p->put, PREFIX);
    put_text(&p->put, name);
    if (label) {
        put_byte(&p->put, '{');
        put_text(&p->put, label);
        put_text(&p->put, "=\"");
        escape_put(&p->put, ESCAPE_LABEL, of, LABEL_MOST);
        put_text(&p->put, "\"}");
    }
    put_byte(&p->put, ' ');
    put_number(&p->put, value);
    put_byte(&p->put, '\n');
}

static void put_plain(struct page *p, const struct metric *rows, size_t count,
                      const void *base)
{
    for (size_t i = 0; i < count; i++) {
        put_head(p, rows[i].name, rows[i].type, rows[i].help);
        put_value(p, rows[i].name, NULL, NULL, number_at(base, rows[i].at));
    }
}

static void put_gauge(struct page *p, const char *name, const char *help,
                      uint64_t value)
{
    put_head(p, name, "gauge", help);
    put_value(p, name, NULL, NULL, value);
}

static void put_reasons(struct page *p)
{
    const struct counters *c = p->counters;

    put_head(p, "packets_skipped_total", "counter",
             "Packets that were not read, by reason.");
    for (unsigned i = SKIP_NONE + 1; i < SKIP_REASONS; i++)
        put_value(p, "packets_skipped_total", "reason", skip_name((enum skip)i),
                  c->packets_skipped[i]);
    put_head(p, "unread_bytes_total", "counter",
             "Payload that could not be read, by reason.");
    for (unsigned i = WHY_NONE + 1; i < WHY_REASONS; i++)
        put_value(p, "unread_bytes_total", "reason", why_name((enum why)i),
                  c->unread[i]);
}

static int by_name(const void *a, const void *b)
{
    const char *left = a, *right = b; /* a row begins with its name */

    return strcmp(left, right);
}

static void put_tally(struct page *p, const struct metric *m, const char *label,
                      const struct tally *t)
{
    struct tally sorted = *t;

    if (t->rows == 0)
        return; /* a metric without values is none */
    qsort(sorted.row, sorted.rows, sizeof(sorted.row[0]), by_name);
    put_head(p, m->name, m->type, m->help);
    for (size_t i = 0; i < sorted.rows; i++)
        put_value(p, m->name, label, sorted.row[i].name, sorted.row[i].count);
}

static void put_totals(struct page *p)
{
    static const struct metric transfers = {
        "transfers_total", "counter",
        "Uploads, mails, responses and files, by channel.", 0};
    static const struct metric documents = {
        "documents_total", "counter", "Parts that were read, by kind.", 0};
    const struct run_totals *t = p->totals;
    uint64_t ms = t->seconds > 0 ? (uint64_t)(t->seconds * 1000) : 0;
    char text[64];

    put_tally(p, &transfers, "channel", &p->counters->transfers);
    put_tally(p, &documents, "kind", &p->counters->documents);
    put_head(p, "alerts_total", "counter", "Alerts written.");
    put_value(p, "alerts_total", NULL, NULL, t->alerts);
    put_head(p, "cpu_seconds_total", "counter", "CPU time of all processes.");
    (void)snprintf(text, sizeof(text),
                   PREFIX "cpu_seconds_total %" PRIu64 ".%03u\n", ms / 1000,
                   (unsigned)(ms % 1000));
    put_text(&p->put, text);
    put_gauge(p, "customers", "Distinct customers in the ledger.",
              t->customers);
    put_gauge(p, "peak_memory_bytes", "Most memory that was used.",
              t->peak_memory);
    put_gauge(p, "silence_seconds", "Longest time without a packet.",
              p->counters->silence_s);
    put_gauge(p, "last_packet_timestamp_seconds",
              "Time of the last packet, since 1970.",
              p->counters->last_ns > 0
                  ? (uint64_t)p->counters->last_ns / 1000000000
                  : 0);
}

static void put_interfaces(struct page *p)
{
    const struct sensor_status *s = p->sensor;

    if (s->interface_count == 0)
        return;
    put_head(p, "interface_up", "gauge",
             "The interface is there (1) or gone (0).");
    for (size_t i = 0; i < s->interface_count; i++)
        put_value(p, "interface_up", "interface", s->interfaces[i].name,
                  s->interfaces[i].up);
    for (size_t m = 0; m < COUNT(interface_rows); m++) {
        const struct metric *row = &interface_rows[m];
        put_head(p, row->name, row->type, row->help);
        for (size_t i = 0; i < s->interface_count; i++)
            put_value(p, row->name, "interface", s->interfaces[i].name,
                      number_at(&s->interfaces[i], row->at));
    }
}

static void put_outputs(struct page *p)
{
    const struct sensor_status *s = p->sensor;

    if (s->output_count == 0)
        return;
    put_head(p, "output_up", "gauge",
             "The output takes alerts (1) or not (0).");
    for (size_t i = 0; i < s->output_count; i++)
        put_value(p, "output_up", "output", s->outputs[i].name,
                  s->outputs[i].up);
    for (size_t m = 0; m < COUNT(output_rows); m++) {
        const struct metric *row = &output_rows[m];
        put_head(p, row->name, row->type, row->help);
        for (size_t i = 0; i < s->output_count; i++)
            put_value(p, row->name, "output", s->outputs[i].name,
                      number_at(&s->outputs[i], row->at));
    }
}

const char *sensor_process_name(enum sensor_process process)
{
    static const char *const names[] = {
        [SENSOR_WORKER] = "worker",
        [SENSOR_JUDGE] = "judge",
        [SENSOR_SENDER] = "sender",
    };

    return names[process];
}

static void put_sensor(struct page *p)
{
    put_plain(p, sensor_rows, COUNT(sensor_rows), p->sensor);
    put_head(p, "restarts_total", "counter",
             "Processes that died and were started anew.");
    for (unsigned i = 0; i < SENSOR_PROCESSES; i++)
        put_value(p, "restarts_total", "process",
                  sensor_process_name((enum sensor_process)i),
                  p->sensor->restarts[i]);
    put_interfaces(p);
    put_outputs(p);
}

bool metrics_write(const struct counters *c, const struct run_totals *t,
                   struct buf *out)
{
    struct page p = {put_to(out), c, t, t->sensor};

    put_head(&p, "info", "gauge", "The version that runs.");
    put_value(&p, "info", "version", OUTFLOW_VERSION, 1);
    put_plain(&p, counter_rows, COUNT(counter_rows), c);
    put_reasons(&p);
    put_totals(&p);
    if (p.sensor)
        put_sensor(&p);
    return p.put.ok;
}
