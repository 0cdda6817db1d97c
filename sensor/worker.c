// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * worker.c - a worker of read: from the captures to the pipe.
 *
 * Every worker reads all packets and keeps those of its own address pairs,
 * so that nothing is copied between processes.
 */
#include "worker.h"

#include <stdlib.h>

#include "helper/client.h"
#include "outflow/capture.h"
#include "outflow/limits.h"
#include "pipeline.h"
#include "privs.h"

enum {
    PROGRESS_PACKETS = 1 << 14, /* packets between two words of progress */
    MEMORY_PACKETS = 1 << 12,   /* and between two looks at the memory */
};

/* Everything one worker holds. */
struct worker {
    const struct worker_settings *w;
    struct problems problems;
    struct timeline *timeline;
    struct pipeline *pipeline;
    struct helper_client *helper;
    int64_t newest_ns; /* time of the packet before, whoever's it was */
    bool failed;       /* the judge is gone */
};

/* How long was no packet seen? A jump of the clock is no silence. */
static void count_silence(struct worker *k, int64_t time_ns)
{
    struct counters *c = pipeline_counters(k->pipeline);
    int64_t before = k->newest_ns;

    k->newest_ns = time_ns;
    if (k->w->index != 0 || before <= 0 || time_ns <= before)
        return;
    uint64_t quiet_s = (uint64_t)(time_ns - before) / 1000000000;
    if (quiet_s > c->silence_s && quiet_s < LIMIT_JUMP_S)
        c->silence_s = quiet_s;
}

static void tell_progress(struct worker *k)
{
    if (k->w->index == 0 &&
        !exchange_send_progress(&k->w->judge, timeline_read(k->timeline),
                                timeline_size(k->timeline)))
        k->failed = true;
}

static void tell_lines(const struct worker *k, enum frame_type type,
                       const struct problems *lines)
{
    for (size_t i = 0; i < lines->count; i++)
        exchange_send(&k->w->judge, type, span_of(lines->lines[i]));
}

/* Every worker reads the same files; the first speaks for all. */
static void tell_problems(struct worker *k)
{
    if (k->w->index != 0)
        return;
    tell_lines(k, FRAME_PROBLEM, &k->problems);
    if (k->timeline)
        tell_lines(k, FRAME_NOTE, timeline_notes(k->timeline));
}

static void tell_captures(struct worker *k)
{
    if (k->w->index != 0)
        return;
    for (size_t i = 0; i < timeline_captures(k->timeline); i++)
        exchange_send(&k->w->judge, FRAME_CAPTURE,
                      span_of(timeline_name(k->timeline, i)));
}

static void read_packets(struct worker *k)
{
    struct packet p;
    uint64_t taken = 0;

    while (!k->failed && !pipeline_failed(k->pipeline) &&
           timeline_next(k->timeline, &p, &k->problems)) {
        count_silence(k, p.time_ns);
        pipeline_take(k->pipeline, &p);
        if (++taken % PROGRESS_PACKETS == 0)
            tell_progress(k);
        if (taken % MEMORY_PACKETS == 0)
            pipeline_keep_memory(k->pipeline);
    }
    if (k->w->index == 0)
        pipeline_counters(k->pipeline)->packets_dropped =
            timeline_dropped(k->timeline);
    pipeline_end(k->pipeline);
}

static bool build(struct worker *k)
{
    const struct pipeline_settings set = {
        .settings = k->w->settings,
        .key = k->w->key,
        .index = k->w->index,
        .count = k->w->count,
        .share = k->w->share,
        .judge = &k->w->judge,
        .helper = k->helper,
    };

    k->pipeline = pipeline_new(&set, &k->problems);
    return k->pipeline != NULL;
}

static void tell_counters(struct worker *k)
{
    const struct counters none = {0};
    const struct counters *c =
        k->pipeline ? pipeline_counters(k->pipeline) : &none;

    exchange_send(&k->w->judge, FRAME_COUNTERS,
                  (struct span){(const uint8_t *)c, sizeof(*c)});
}

/* Before anything is open that the keeper should not have. */
static struct helper_client *start_helper(const struct worker_settings *w)
{
    const struct helper_start how = {
        .user = w->settings->user,
        .document = pipeline_held(w->settings, w->count),
        .cpu_ms = LIMIT_HELPER_READ_MS,
    };

    return helper_open(&how);
}

int worker_run(const struct worker_settings *w)
{
    struct worker *k = calloc(1, sizeof(*k));
    const struct settings *s = w->settings;

    if (!k)
        return 2;
    k->w = w;
    k->helper = start_helper(w);
    k->timeline = timeline_open(w->captures, w->capture_count, &k->problems);
    const struct confinement files = {.memory = s->memory + LIMIT_SPACE +
                                                helper_space(k->helper),
                                      .pipe = w->judge.fd,
                                      .helper_fd = helper_pipe(k->helper)};
    bool ready = k->timeline && privs_drop(s->user, &k->problems) && build(k) &&
                 privs_confine(&files, &k->problems);
    if (ready) {
        tell_captures(k);
        tell_progress(k); /* there are no more names */
        read_packets(k);
        pipeline_tell_losses(k->pipeline, &k->problems);
    } else if (k->problems.count == 0) {
        problems_add(&k->problems, "cannot start a worker: out of memory");
    }
    tell_problems(k);
    tell_counters(k);
    /* without this the judge says that we ended early */
    if (k->problems.lost == 0)
        exchange_send(&w->judge, FRAME_DONE, (struct span){0});
    pipeline_free(k->pipeline);
    timeline_close(k->timeline);
    helper_close(k->helper);
    problems_clear(&k->problems);
    free(k);
    return ready ? 0 : 2;
}
