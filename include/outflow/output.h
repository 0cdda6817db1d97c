// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * output.h - how alerts, lists and counters are written.
 *
 * A format turns an alert into bytes; where they go is the pipeline's
 * matter. Everything the wire chose is escaped here.
 */
#ifndef OUTFLOW_OUTPUT_H
#define OUTFLOW_OUTPUT_H

#include "outflow/compiler.h"
#include "outflow/alert.h"
#include "outflow/buf.h"
#include "outflow/err.h"
#include "outflow/event.h"
#include "outflow/sensor.h"
#include "outflow/settings.h"

struct caps; /* how much of an alert is shown */

/* What a writer needs to know of the run. */
struct run_info {
    const char *const *captures; /* names as given */
    size_t capture_count;
    const char *observer; /* this machine's name */
};

struct output_format {
    const char *name; /* table json cef leef ocsf */
    /* Append the alert as the format writes it; false: out of memory. */
    bool (*alert)(const struct alert *a, const struct run_info *run,
                  struct buf *out);
    /* The same without newline, shortened to caps; NULL: no line. */
    bool (*shortened)(const struct alert *a, const struct run_info *run,
                      const struct caps *caps, struct buf *out);
    /* An event of the sensor's health, without newline. */
    bool (*event)(const struct event *e, const struct run_info *run,
                  struct buf *out);
    /* What stands before the first and behind the last; may be NULL. */
    bool (*begin)(const struct run_info *run, struct buf *out);
    bool (*end)(size_t alerts, const struct counters *c, struct buf *out);
};

/* The format of that name, or NULL. */
const struct output_format *output_format_find(struct span name);

/* The header and one line of the affected list (interface.md 4). */
bool list_header(struct buf *out);
bool list_line(const struct affected *c, struct buf *out);

/* The counters as one JSON object with newline (interface.md 6). */
struct run_totals {
    uint64_t customers, alerts, peak_memory;
    double seconds;                     /* CPU */
    const struct sensor_status *sensor; /* of watch; NULL otherwise */
};
bool stats_write(const struct counters *c, const struct run_totals *t,
                 struct buf *out);

/* The same in the text format of Prometheus, with HELP and TYPE. */
bool metrics_write(const struct counters *c, const struct run_totals *t,
                   struct buf *out);

struct syslog; /* RFC 5424 over unix, UDP or TCP */

/* Connect; NULL and a problem when that fails. */
struct syslog *syslog_open(const struct output_settings *settings,
                           const struct run_info *run,
                           struct problems *problems);
/* Send one alert; ERR_IO when it could not be delivered. */
enum err syslog_send(struct syslog *s, const struct alert *a);
void syslog_close(struct syslog *s);

/* Join an affected list back to the customer table (interface.md 4). */
struct join_settings {
    const struct keyed *key;
    const struct schema *schema;
    const char *table, *list; /* paths */
};
struct join_result {
    uint64_t rows, matched; /* of the table */
    uint64_t lines, missed; /* of the list */
};
enum err list_join(const struct join_settings *settings, FILE *out,
                   struct join_result *result, struct problems *problems);

#endif
