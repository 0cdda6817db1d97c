// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * spooling.h - a spool in a folder of its own and a reader of it.
 */
#ifndef OUTFLOW_TEST_OUTPUT_SPOOLING_H
#define OUTFLOW_TEST_OUTPUT_SPOOLING_H

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixture.h"
#include "outflow/spool.h"
#include "output/cursor.h"
#include "output/entry.h"
#include "output/pull.h"

static char spooling_syslog[] = "syslog", spooling_tcp[] = "tcp";
static const struct output_settings spooling_output = {
    .type = spooling_syslog, .transport = spooling_tcp, .port = 1};

struct spooling {
    char folder[64];
    struct spool_settings settings;
    struct spool *spool;
    struct pull pull;
    struct frame frame; /* the last one read, and its entry */
    struct entry entry;
};

static inline void spooling_begin(struct spooling *t)
{
    struct problems problems = {0};

    *t = (struct spooling){.folder = "/tmp/outflow-spool-XXXXXX"};
    assert_non_null(mkdtemp(t->folder));
    t->settings = (struct spool_settings){
        .folder = t->folder, .memory = spool_memory(), .run = &fixture_run};
    t->spool = spool_open(&t->settings, &problems);
    assert_non_null(t->spool);
    assert_true(pull_open(&t->pull, t->folder, t->settings.memory));
}

static inline void spooling_restart(struct spooling *t)
{
    struct problems problems = {0};

    spool_close(t->spool);
    t->spool = spool_open(&t->settings, &problems);
    assert_non_null(t->spool);
}

/* From now on this size, and an output that takes nothing by itself. */
static inline void spooling_limit(struct spooling *t, uint64_t size,
                                  const struct output_settings *out)
{
    t->settings.size = size;
    t->settings.outputs = out;
    t->settings.output_count = 1;
    spooling_restart(t);
}

/* The next frame, read; false: none. */
static inline bool spooling_next(struct spooling *t)
{
    if (!pull_next(&t->pull, &t->frame))
        return false;
    assert_true(entry_read(&t->entry, t->frame.entry));
    return true;
}

/* An alert of its own incident with so many customers. */
static inline void spooling_put(struct spooling *t, unsigned i,
                                enum alert_status status)
{
    struct alert a = fixture_alert();

    (void)snprintf(a.id, sizeof(a.id), "%08x%024x", i * 2654435761u + 1, i);
    a.customers = i;
    a.status = status;
    (void)spool_alert(t->spool, &a, NULL);
}

/* What was read is written as the alert is, in every format. */
static inline void spooling_same(struct spooling *t, const struct alert *a)
{
    static const char *const formats[] = {"json", "cef", "table"};
    struct buf was, is;

    buf_init(&was, LIMIT_ALERT);
    buf_init(&is, LIMIT_ALERT);
    t->entry.run.observer = fixture_run.observer;
    for (size_t i = 0; i < COUNT(formats); i++) {
        const struct output_format *f = output_format_find(span_of(formats[i]));
        assert_true(f->alert(a, &fixture_run, &was));
        assert_true(f->alert(&t->entry.alert, &t->entry.run, &is));
        assert_string_equal(text_of(&is), text_of(&was));
    }
    buf_clear(&was);
    buf_clear(&is);
}

/* Path of the last segment. */
static inline void spooling_path(const struct spooling *t, char out[128])
{
    char name[SEGMENT_NAME];
    uint64_t *numbers;
    size_t count;

    assert_true(segment_list(t->pull.folder, &numbers, &count));
    assert_true(count > 0);
    (void)snprintf(out, 128, "%s/%s", t->folder,
                   segment_name(numbers[count - 1], name));
    free(numbers);
}

static inline off_t spooling_size(const struct spooling *t)
{
    char path[128];
    struct stat st;

    spooling_path(t, path);
    assert_int_equal(stat(path, &st), 0);
    return st.st_size;
}

static inline void spooling_cut(const struct spooling *t, off_t size)
{
    char path[128];

    spooling_path(t, path);
    assert_int_equal(truncate(path, size), 0);
}

static inline void spooling_end(struct spooling *t)
{
    DIR *dir;

    spool_close(t->spool);
    (void)close(t->settings.memory);
    dir = opendir(t->folder);
    for (struct dirent *at; (at = readdir(dir)) != NULL;)
        (void)unlinkat(dirfd(dir), at->d_name, 0);
    (void)closedir(dir);
    pull_close(&t->pull);
    assert_int_equal(rmdir(t->folder), 0);
}

#endif
