// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * sensor.h - how a running sensor stands, beside what it counted.
 *
 * `watch` fills it from its interfaces, processes, state, spool and outputs;
 * --stats and the metrics write it. Every number counts from the start of
 * the sensor, unless it is said to be of this moment.
 */
#ifndef OUTFLOW_SENSOR_H
#define OUTFLOW_SENSOR_H

#include "outflow/compiler.h"

/* One interface; names are the operator's. */
struct sensor_interface {
    const char *name;
    bool up;           /* now: it is there and packets may come */
    uint64_t received; /* packets that passed the filter (ps_recv) */
    uint64_t dropped;  /* of them, for want of room (ps_drop) */
    uint64_t lost;     /* by the interface itself (ps_ifdrop) */
    uint64_t returns;  /* times that it went away and came back */
};

/* One of the settings' outputs. */
struct sensor_output {
    const char *name;  /* its kind and place: "tls siem.example:6514" */
    bool up;           /* now: connected, or the file is open */
    uint64_t sent;     /* alerts and events handed over, repeats too */
    uint64_t repeated; /* of them, sent again after a break */
    uint64_t dropped;  /* given up: the spool was full */
    uint64_t waiting;  /* now: in the spool and not sent */
    uint64_t failures; /* connections and writes that failed */
};

/* Processes that the parent starts anew. */
enum sensor_process {
    SENSOR_WORKER = 0,
    SENSOR_JUDGE,
    SENSOR_SENDER,
    SENSOR_PROCESSES,
};

struct sensor_status {
    const struct sensor_interface *interfaces; /* borrowed */
    size_t interface_count;
    const struct sensor_output *outputs; /* borrowed */
    size_t output_count;
    uint64_t started_s; /* wall clock, seconds since 1970 */
    uint64_t workers;   /* now: processes that read packets */
    uint64_t restarts[SENSOR_PROCESSES];
    uint64_t reloads; /* settings taken over by SIGHUP */
    uint64_t reloads_refused;
    uint64_t incidents_open; /* now */
    uint64_t spool_records;  /* now: not yet sent by every output */
    uint64_t spool_bytes;    /* now, on disk */
    uint64_t spool_dropped;  /* for want of room */
    uint64_t state_bytes;    /* now, on disk */
    uint64_t state_failed;   /* writes that the disk refused */
    uint64_t state_unstored; /* now: records held in memory for that */
    uint64_t records_lost;   /* by the judge, for want of memory */
    uint64_t ties_lost;      /* times that names found none there */
    uint64_t health_events;  /* said to the outputs */
};

/* "worker" "judge" "sender" */
const char *sensor_process_name(enum sensor_process process);

#endif
