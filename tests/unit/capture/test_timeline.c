// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_timeline.c - capture/timeline.c: one order, however files are named,
 * whatever is wrong with some of them, and with few descriptors.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "folder.h"
#include "make.h"
#include "outflow/capture.h"

enum { MANY = 150, TRACE = 8192 };

/* The order of a run: "capture:number@seconds " for each packet. */
struct run {
    char trace[TRACE];
    size_t packets;
    size_t captures;
    struct problems problems;
    struct problems notes; /* only the count and lines, copied */
    char names[TRACE];
};

static void copy_lines(struct problems *to, const struct problems *from)
{
    for (size_t i = 0; i < from->count; i++)
        problems_add(to, "%s", from->lines[i]);
}

static void run(const char *const *names, size_t count, struct run *r)
{
    struct packet p;

    *r = (struct run){.packets = 0};
    struct timeline *t = timeline_open(names, count, &r->problems);
    assert_non_null(t);
    size_t at = 0;
    while (timeline_next(t, &p, &r->problems)) {
        r->packets++;
        if (at < TRACE - 64)
            at += (size_t)snprintf(r->trace + at, TRACE - at, "%u:%u@%u ",
                                   p.capture, (unsigned)p.number,
                                   (unsigned)(p.time_ns / 1000000000));
        assert_true(p.frame.len == 0 || p.frame.ptr[0] == 'f');
    }
    r->captures = timeline_captures(t);
    at = 0;
    for (size_t i = 0; i < r->captures && at < TRACE - 128; i++)
        at += (size_t)snprintf(r->names + at, TRACE - at, "%s ",
                               strrchr(timeline_name(t, i), '/') + 1);
    copy_lines(&r->notes, timeline_notes(t));
    assert_true(timeline_read(t) <= timeline_size(t));
    timeline_close(t);
}

static void run_clear(struct run *r)
{
    problems_clear(&r->problems);
    problems_clear(&r->notes);
}

/* A capture with a packet at each of these seconds. */
static void write_capture(struct folder *folder, const char *name,
                          const uint32_t *seconds, size_t count)
{
    struct make m;

    make_init(&m, false);
    make_pcap(&m, 0xa1b2c3d4, 1);
    for (size_t i = 0; i < count; i++)
        make_record(&m, seconds[i], 0, SPAN("frame"));
    folder_write(folder, name, buf_span(&m.bytes));
    make_clear(&m);
}

#define WRITE(folder, name, ...)                                               \
    write_capture(folder, name, (const uint32_t[]){__VA_ARGS__},               \
                  COUNT(((const uint32_t[]){__VA_ARGS__})))

static void merged_by_time(void **state)
{
    struct folder folder;
    struct run r;

    (void)state;
    folder_make(&folder);
    WRITE(&folder, "a", 5, 7, 9);
    WRITE(&folder, "b", 1, 5, 7, 7, 8);
    WRITE(&folder, "c", 5, 6);
    const char *names[] = {folder.path};
    run(names, 1, &r);
    /* b is 0, its first packet is first; a and c by name; ties likewise */
    assert_string_equal(r.names, "b a c ");
    assert_string_equal(r.trace, "0:1@1 0:2@5 1:1@5 2:1@5 2:2@6 0:3@7 0:4@7 "
                                 "1:2@7 0:5@8 1:3@9 ");
    assert_int_equal(r.problems.count, 0);
    run_clear(&r);
    folder_remove(&folder);
}

static void naming_changes_nothing(void **state)
{
    struct folder folder;
    struct run there, back;
    char a[128], b[128], c[128];

    (void)state;
    folder_make(&folder);
    WRITE(&folder, "a", 5, 7, 9);
    WRITE(&folder, "b", 1, 5, 7);
    WRITE(&folder, "c", 5, 6);
    (void)snprintf(a, sizeof(a), "%s/a", folder.path);
    (void)snprintf(b, sizeof(b), "%s/b", folder.path);
    (void)snprintf(c, sizeof(c), "%s/c", folder.path);
    const char *forth[] = {a, b, c};
    const char *other[] = {c, a, b, folder.path};
    run(forth, 3, &there);
    run(other, 4, &back);
    assert_string_equal(there.trace, back.trace);
    assert_string_equal(there.names, back.names);
    run_clear(&there);
    run_clear(&back);
    folder_remove(&folder);
}

static void file_order_stands(void **state)
{
    struct folder folder;
    struct run r;

    (void)state;
    folder_make(&folder);
    WRITE(&folder, "a", 10, 5, 11, 4294967295U, 12);
    WRITE(&folder, "b", 7, 10, 20);
    const char *names[] = {folder.path};
    run(names, 1, &r);
    assert_string_equal(r.trace, "0:1@7 0:2@10 1:1@10 1:2@5 1:3@11 0:3@20 "
                                 "1:4@4294967295 1:5@12 ");
    run_clear(&r);
    folder_remove(&folder);
}

static void one_bad_file_ends_only_itself(void **state)
{
    struct folder folder;
    struct run r;
    struct make m;

    (void)state;
    folder_make(&folder);
    WRITE(&folder, "a", 1, 3, 5);
    make_init(&m, false);
    make_pcap(&m, 0xa1b2c3d4, 1);
    make_record(&m, 2, 0, SPAN("frame"));
    make_record(&m, 4, 0, SPAN("frame"));
    folder_write(&folder, "cut", span_head(buf_span(&m.bytes), 64));
    make_clear(&m);
    folder_write(&folder, "empty.pcap", SPAN(""));
    folder_write(&folder, "text", SPAN("no capture at all"));
    folder_write(&folder, "text.cap", SPAN("no capture at all"));
    WRITE(&folder, "none", 0);
    assert_int_equal(truncate(folder_path(&folder, "none"), 24), 0);
    const char *names[] = {folder.path, "/nonexistent/x"};
    run(names, 2, &r);
    assert_string_equal(r.trace, "0:1@1 1:1@2 0:2@3 0:3@5 ");
    assert_string_equal(r.names, "a cut none ");
    assert_int_equal(r.problems.count, 4);
    assert_non_null(strstr(r.problems.lines[0], "cannot open"));
    assert_non_null(strstr(r.problems.lines[1], "is empty"));
    assert_non_null(strstr(r.problems.lines[2], "not a capture"));
    assert_non_null(strstr(r.problems.lines[3], "/cut: cut short after packet "
                                                "1 (byte 45): want 21 bytes"));
    assert_int_equal(r.notes.count, 2);
    assert_non_null(strstr(r.notes.lines[0], "/none: 0 packets"));
    assert_non_null(strstr(r.notes.lines[1], "/text: is not a capture"));
    run_clear(&r);
    folder_remove(&folder);
}

static void a_file_nobody_may_read(void **state)
{
    struct folder folder;
    struct run r;

    (void)state;
    folder_make(&folder);
    WRITE(&folder, "a", 1);
    WRITE(&folder, "closed", 2);
    assert_int_equal(chmod(folder_path(&folder, "closed"), 0), 0);
    const char *names[] = {folder.path};
    run(names, 1, &r);
    if (geteuid() != 0) { /* root reads everything */
        assert_int_equal(r.problems.count, 1);
        assert_non_null(strstr(r.problems.lines[0], "Permission denied"));
    }
    assert_true(r.packets >= 1);
    run_clear(&r);
    folder_remove(&folder);
}

/* MANY captures side by side, more than the soft limit has descriptors. */
static void a_soft_limit_is_raised(void **state)
{
    struct folder folder;
    struct run all, few;
    struct rlimit before, tight;
    char name[16];

    (void)state;
    folder_make(&folder);
    for (uint32_t i = 0; i < MANY; i++) {
        (void)snprintf(name, sizeof(name), "%03u", i);
        WRITE(&folder, name, 100 + i, 150 + i, 200, 201 + i, 1000);
    }
    const char *names[] = {folder.path};
    run(names, 1, &all);
    assert_int_equal(all.packets, MANY * 5);
    assert_int_equal(all.problems.count, 0);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    tight = before;
    tight.rlim_cur = 40;
    /* the hard limit allows more: it is taken */
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &tight), 0);
    run(names, 1, &few);
    assert_int_equal(few.problems.count, 0);
    assert_string_equal(all.trace, few.trace);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &tight), 0);
    assert_true(tight.rlim_cur > MANY);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    run_clear(&all);
    run_clear(&few);
    folder_remove(&folder);
}

/* The same where the hard limit forbids it; not to be undone, so last. */
static void few_descriptors(void **state)
{
    struct folder folder;
    struct run all, few;
    const struct rlimit tight = {40, 40};
    char name[16];

    (void)state;
    folder_make(&folder);
    for (uint32_t i = 0; i < MANY; i++) {
        (void)snprintf(name, sizeof(name), "%03u", i);
        WRITE(&folder, name, 100 + i, 150 + i, 200, 201 + i, 1000);
    }
    const char *names[] = {folder.path};
    run(names, 1, &all);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &tight), 0);
    run(names, 1, &few);
    assert_int_equal(few.packets, MANY * 5);
    assert_int_equal(few.problems.count, 0);
    assert_string_equal(all.trace, few.trace);
    run_clear(&all);
    run_clear(&few);
    folder_remove(&folder);
}

static void standard_input(void **state)
{
    struct problems problems = {.count = 0};
    struct folder folder;
    struct packet p;
    struct make m;
    const char *names[] = {"-"};
    int saved = dup(STDIN_FILENO);
    int ends[2];

    (void)state;
    folder_make(&folder);
    make_init(&m, true);
    make_pcap(&m, 0xa1b23c4d, 1);
    make_record(&m, 1, 2, SPAN("frame"));
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], m.bytes.ptr, m.bytes.len), m.bytes.len);
    (void)close(ends[1]);
    (void)dup2(ends[0], STDIN_FILENO);
    struct timeline *t = timeline_open(names, 1, &problems);
    assert_true(timeline_next(t, &p, &problems));
    assert_int_equal(p.time_ns, 1000000002);
    assert_false(timeline_next(t, &p, &problems));
    assert_false(timeline_next(t, &p, &problems));
    assert_string_equal(timeline_name(t, 0), "-");
    assert_int_equal(timeline_size(t), 0);
    assert_int_equal(timeline_read(t), m.bytes.len);
    timeline_close(t);
    assert_int_equal(problems.count, 0);
    (void)dup2(saved, STDIN_FILENO);
    (void)close(saved);
    (void)close(ends[0]);
    make_clear(&m);
    folder_remove(&folder);
}

static void nothing_at_all(void **state)
{
    struct problems problems = {.count = 0};
    struct packet p;

    (void)state;
    struct timeline *t = timeline_open(NULL, 0, &problems);
    assert_non_null(t);
    assert_false(timeline_next(t, &p, &problems));
    assert_int_equal(timeline_captures(t), 0);
    timeline_close(t);
    timeline_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(merged_by_time),
        cmocka_unit_test(naming_changes_nothing),
        cmocka_unit_test(file_order_stands),
        cmocka_unit_test(one_bad_file_ends_only_itself),
        cmocka_unit_test(a_file_nobody_may_read),
        cmocka_unit_test(standard_input),
        cmocka_unit_test(nothing_at_all),
        cmocka_unit_test(a_soft_limit_is_raised),
        cmocka_unit_test(few_descriptors),
    };

    return SPEC_RUN("capture/timeline", tests, COUNT(tests));
}
