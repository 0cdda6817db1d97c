// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * standing.c - counters of all processes in one struct, and on disk.
 *
 * CPU seconds and memory are those of the judge, which writes them, and of
 * what its parent saw of the others.
 */
#include "watch/standing.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "outflow/log.h"

enum { TEXT_CAP = 4 << 20 };

static struct sensor_interface interface_at(const struct standing_of *of,
                                            size_t i)
{
    struct tap tap;

    intake_tap(of->intake, i, &tap);
    return (struct sensor_interface){
        .name = of->w->o->interfaces[i],
        .up = tap.state == LIVE_UP,
        .received = tap.stats.given,
        .dropped = tap.stats.dropped,
        .lost = tap.stats.dropped_interface,
        .returns = of->w->shown->returns[i],
    };
}

static void fill(const struct standing_of *of, const struct standing *now,
                 struct sensor_status *out)
{
    const struct watch *w = of->w;
    struct judging_totals totals;
    struct state_health health = {0};

    judging_totals(of->judging, &totals);
    if (of->state)
        state_health(of->state, &health);
    out->started_s = (uint64_t)w->started_s;
    out->workers = intake_workers(of->intake);
    for (size_t i = 0; i < SENSOR_PROCESSES; i++)
        out->restarts[i] = w->shown->restarts[i];
    out->reloads = w->shown->reloads;
    out->reloads_refused = w->shown->reloads_refused;
    out->incidents_open = totals.incidents;
    out->spool_records = now->spool.undelivered;
    out->spool_bytes = now->spool.bytes;
    out->spool_dropped = now->spool.dropped;
    out->state_bytes = health.bytes;
    out->state_unstored = health.waiting;
    out->records_lost = totals.lost;
    out->ties_lost = totals.ties_lost;
    out->health_events = now->events;
}

/* The whole text under another name, then in the place of the old one. */
static bool replace(const char *path, struct span text)
{
    char fresh[4096];

    if (snprintf(fresh, sizeof(fresh), "%s.tmp", path) >= (int)sizeof(fresh))
        return false;
    FILE *f = fopen(fresh, "we");
    if (!f)
        return false;
    bool good = fwrite(text.ptr, 1, text.len, f) == text.len;
    good = fclose(f) == 0 && good;
    return good && rename(fresh, path) == 0;
}

/* In a folder where we may make no file: over what stands there. */
static bool overwrite(int fd, struct span text)
{
    return fd >= 0 && pwrite(fd, text.ptr, text.len, 0) == (ssize_t)text.len &&
           ftruncate(fd, (off_t)text.len) == 0;
}

static void put(const char *path, int fd, struct span text, bool *failing)
{
    bool good = strcmp(path, "-") == 0
                    ? fwrite(text.ptr, 1, text.len, stderr) == text.len
                    : replace(path, text) || overwrite(fd, text);

    if (!good && !*failing)
        log_error("%s: cannot write: %s", path, strerror(errno));
    *failing = !good;
}

/* What all processes used; the sender only once it has ended. */
static void add_use(const struct watch *w, struct run_totals *t)
{
    struct rusage own;
    uint64_t us = w->shown->cpu_us;

    (void)getrusage(RUSAGE_SELF, &own);
    t->peak_memory = (uint64_t)own.ru_maxrss * 1024;
    for (size_t i = 0; i < 2 * (size_t)w->workers; i++) {
        const struct pulse *p = w->posts[i].child.pulse;
        us += pulse_get(&p->cpu_us);
        t->peak_memory += pulse_get(&p->memory);
    }
    t->seconds = (double)(own.ru_utime.tv_sec + own.ru_stime.tv_sec) +
                 (double)(own.ru_utime.tv_usec + own.ru_stime.tv_usec) / 1e6 +
                 (double)us / 1e6;
}

static void write_all(const struct standing_of *of,
                      const struct run_totals *totals)
{
    static bool failing[2]; /* was it said already? */
    struct counters *c = malloc(sizeof(*c));
    const char *stats = of->w->o->stats, *metrics = of->settings->metrics;
    struct buf text;

    buf_init(&text, TEXT_CAP);
    if (c)
        intake_counters(of->intake, c);
    if (c && stats && stats_write(c, totals, &text))
        put(stats, of->w->stats, buf_span(&text), &failing[0]);
    buf_reset(&text);
    if (c && metrics && metrics_write(c, totals, &text))
        put(metrics, of->w->metrics, buf_span(&text), &failing[1]);
    buf_clear(&text);
    free(c);
}

/* How each output stands; names has OUTPUT_NAME bytes for each. */
static void fill_outputs(const struct standing_of *of,
                         struct sensor_output *outputs, char *names,
                         struct sensor_status *status)
{
    const struct settings *s = of->settings;

    status->output_count =
        outputs && names && of->w->spool ? s->output_count : 0;
    status->outputs = outputs;
    for (size_t i = 0; i < status->output_count; i++)
        (void)output_standing(of->w->spool, &s->outputs[i],
                              names + i * OUTPUT_NAME, &outputs[i]);
}

void standing_write(const struct standing_of *of, const struct standing *now)
{
    const size_t count = of->w->o->interface_count;
    const size_t outs = of->settings->output_count + 1;
    struct sensor_output *outputs = calloc(outs, sizeof(*outputs));
    char *names = calloc(outs, OUTPUT_NAME);
    struct sensor_interface *interfaces = calloc(count, sizeof(*interfaces));
    struct sensor_status status = {.interfaces = interfaces};
    struct judging_totals totals;

    for (size_t i = 0; interfaces && i < count; i++)
        interfaces[i] = interface_at(of, i);
    status.interface_count = interfaces ? count : 0;
    fill_outputs(of, outputs, names, &status);
    fill(of, now, &status);
    judging_totals(of->judging, &totals);
    struct run_totals all = {
        .customers = totals.customers,
        .alerts = now->alerts,
        .sensor = &status,
    };
    add_use(of->w, &all);
    write_all(of, &all);
    free(interfaces);
    free(outputs);
    free(names);
}
