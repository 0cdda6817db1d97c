// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_faults.c - the disk fails at the n-th call, for every n.
 *
 * Whatever fails: what a commit said to have stored is there afterwards,
 * nothing is there twice, and once the disk is well again everything is.
 */
#include "state/faults.h"
#include "state/room.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STEPS = 3, PER_STEP = 5, DAY = 86400 };

/* Step i: some customers of its own, with a weaker name, on one of two days. */
static void put_step(struct state *st, unsigned i)
{
    char lines[160];

    snprintf(lines, sizeof(lines),
             "%u taro > drop http flow=%u : a%u-%u+p%u-%u",
             10 + i + (i % 2) * DAY, i + 1, i * PER_STEP,
             (i + 1) * PER_STEP - 1, i * PER_STEP, (i + 1) * PER_STEP - 1);
    room_put(st, "taro", lines);
}

/* Rows and customers of taro; no row twice. */
static uint64_t stored(struct state *st)
{
    struct ledger *l = room_load(st, "taro");
    uint64_t rows = 0, customers;

    assert_int_equal(ledger_settle(l), ERR_OK);
    for (size_t i = 0; i < ledger_entries(l); i++)
        rows += ledger_entry_at(l, i)->rows;
    customers = ledger_customers(l);
    assert_int_equal(rows, customers);
    ledger_free(l);
    return customers;
}

static void tend(struct state *st)
{
    for (int i = 0; i < 2000 && state_tend(st, 0, 9); i++)
        continue;
}

struct trial {
    enum fault kind;
    bool always;
    bool again; /* the disk gets well, and we go on */
};

/* False when the n-th call never came. */
static bool try_once(const struct trial *t, unsigned n)
{
    struct room room;
    struct state *st;
    uint64_t sure = PER_STEP, found;
    bool hit;

    room_open(&room);
    st = room_state(&room);
    put_step(st, 0);
    assert_int_equal(state_commit(st), ERR_OK);
    faults_arm(t->kind, n, t->always);
    for (unsigned i = 1; i < STEPS; i++) {
        put_step(st, i);
        if (state_commit(st) == ERR_OK)
            sure = (uint64_t)(i + 1) * PER_STEP;
        tend(st);
    }
    hit = faults_hit();
    if (t->again) {
        faults_arm(t->kind, 0, false);
        assert_int_equal(stored(st), STEPS * PER_STEP); /* what waits, too */
        assert_int_equal(state_commit(st), ERR_OK);
        tend(st);
        sure = STEPS * PER_STEP;
    }
    state_close(st);
    faults_arm(t->kind, 0, false);
    st = room_state(&room);
    found = stored(st);
    assert_in_range(found, sure, STEPS * PER_STEP);
    assert_int_equal(found % PER_STEP, 0);
    state_close(st);
    room_close(&room);
    return hit;
}

static void test_trial(void **state)
{
    const struct trial *t = *state;
    unsigned n = 1;

    while (try_once(t, n))
        n += 1 + n / 10;
    assert_in_range(n, 2, 100000);
}

/* --- real disks ------------------------------------------------------------
 */

/* In a mount namespace of our own, on a disk of that size; else skipped. */
static void in_small_disk(void (*what)(const char *dir), const char *options)
{
    char dir[] = "/tmp/state-disk-XXXXXX";
    int status = 0;
    pid_t pid;

    assert_non_null(mkdtemp(dir));
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        if (unshare(CLONE_NEWNS) != 0 ||
            mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
            mount("small", dir, "tmpfs", 0, options) != 0)
            _exit(77);
        what(dir);
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(rmdir(dir), 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        skip();
    assert_int_equal(status, 0);
}

#define NEED(condition)                                                        \
    do {                                                                       \
        if (!(condition)) {                                                    \
            fprintf(stderr, "%d: not so: %s\n", __LINE__, #condition);         \
            _exit(1);                                                          \
        }                                                                      \
    } while (0)

static struct state *open_in(struct room *room, const char *dir)
{
    static const uint8_t bytes[KEY_BYTES] = {3};

    *room = (struct room){.key = keyed_new(bytes)};
    snprintf(room->dir, sizeof(room->dir), "%s/state", dir);
    return room_state(room);
}

/* Puts and commits until it fails; gives how many steps were put. */
static unsigned put_until_full(struct state *st)
{
    unsigned i = 0;

    for (;; i++) {
        char lines[160];
        snprintf(lines, sizeof(lines),
                 "%u taro > drop http flow=%u : a%u-%u+p%u-%u", 10 + i, i + 1,
                 i * 500, i * 500 + 499, i * 500, i * 500 + 499);
        room_put(st, "taro", lines);
        if (state_commit(st) != ERR_OK)
            return i + 1;
        NEED(i < 1000);
    }
}

static void full_disk(const char *dir)
{
    struct state_health health;
    struct room room;
    struct state *st = open_in(&room, dir);
    uint64_t steps = put_until_full(st);

    state_health(st, &health);
    NEED(health.failing && strstr(health.why, "full"));
    NEED(health.waiting == 1 && health.lost_days == 0);
    NEED(stored(st) == steps * 500); /* nothing is forgotten */
    NEED(state_commit(st) == ERR_IO);
    NEED(mount("small", dir, NULL, MS_REMOUNT, "size=32m") == 0);
    NEED(state_commit(st) == ERR_OK);
    state_health(st, &health);
    NEED(!health.failing && health.waiting == 0);
    state_close(st);
    st = room_state(&room);
    NEED(stored(st) == steps * 500);
    state_close(st);
    keyed_free(room.key);
}

static void test_a_full_disk_is_waited_for(void **state)
{
    (void)state;
    in_small_disk(full_disk, "size=400k");
}

static void read_only_disk(const char *dir)
{
    struct state_health health;
    struct room room;
    struct state *st = open_in(&room, dir);

    put_step(st, 0);
    NEED(state_commit(st) == ERR_OK);
    state_close(st);
    NEED(mount("small", dir, NULL, MS_REMOUNT | MS_RDONLY, "") == 0);
    NEED(!state_open(room.dir, room.key, 1 << 20, &room.problems));
    NEED(strstr(room.problems.lines[0], "Read-only"));
    problems_clear(&room.problems);
    NEED(mount("small", dir, NULL, MS_REMOUNT, "") == 0);
    st = room_state(&room);
    NEED(stored(st) == PER_STEP);
    state_health(st, &health);
    NEED(!health.failing);
    state_close(st);
    keyed_free(room.key);
}

static void test_a_read_only_disk_is_refused(void **state)
{
    (void)state;
    in_small_disk(read_only_disk, "size=8m");
}

/* A file may not grow: a quota, by another name. */
static void small_files(const char *dir)
{
    struct rlimit limit = {256 << 10, RLIM_INFINITY};
    struct state_health health;
    struct room room;
    struct state *st = open_in(&room, dir);
    uint64_t steps;

    (void)signal(SIGXFSZ, SIG_IGN);
    NEED(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    steps = put_until_full(st);
    state_health(st, &health);
    NEED(health.failing && health.why[0] != '\0');
    NEED(stored(st) == steps * 500);
    limit.rlim_cur = RLIM_INFINITY;
    NEED(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    NEED(state_commit(st) == ERR_OK);
    state_close(st);
    st = room_state(&room);
    NEED(stored(st) == steps * 500);
    state_close(st);
    keyed_free(room.key);
}

static void test_files_that_may_not_grow_are_waited_for(void **state)
{
    (void)state;
    in_small_disk(small_files, "size=64m");
}

static void test_no_room_to_wait_is_counted(void **state)
{
    struct state_health health;
    struct room room;
    struct state *st;

    (void)state;
    room_open(&room);
    st = state_open(room.dir, room.key, 300, &room.problems);
    assert_non_null(st);
    for (unsigned i = 0; i < 8; i++) {
        struct ledger *l =
            room_ledger("10 taro > drop http : a1-9\n90000 taro > drop http"
                        " : a1-4");
        static const struct ledger_codec none = {NULL, 0};
        (void)state_put(st, state_book(st, BOOK_EMPLOYEE, "taro"), l, &none);
        ledger_free(l);
    }
    state_health(st, &health);
    assert_in_range(health.waiting, 1, 15);
    assert_int_equal(health.waiting + health.lost_days, 16);
    assert_true(health.lost_rows >= 4);
    assert_true(health.waiting_bytes <= 300);
    assert_int_equal(state_commit(st), ERR_OK);
    state_close(st);
    room_close(&room);
}

#define TRIAL(text, ...)                                                       \
    {                                                                          \
        .name = text, .test_func = test_trial,                                 \
        .initial_state = &(struct trial)                                       \
        {                                                                      \
            __VA_ARGS__                                                        \
        }                                                                      \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        TRIAL("the disk is full once", FAULT_FULL, false, true),
        TRIAL("the disk is full and stays so", FAULT_FULL, true, false),
        TRIAL("the disk is full and then is not", FAULT_FULL, true, true),
        TRIAL("a write fails once", FAULT_WRITE, false, true),
        TRIAL("writes fail from then on", FAULT_WRITE, true, false),
        TRIAL("writes fail and then do not", FAULT_WRITE, true, true),
        TRIAL("half of a write is there once", FAULT_HALF, false, true),
        TRIAL("half of a write is all there is", FAULT_HALF, true, false),
        TRIAL("a sync fails once", FAULT_SYNC, false, true),
        TRIAL("syncs fail from then on", FAULT_SYNC, true, false),
        TRIAL("syncs fail and then do not", FAULT_SYNC, true, true),
        cmocka_unit_test(test_a_full_disk_is_waited_for),
        cmocka_unit_test(test_a_read_only_disk_is_refused),
        cmocka_unit_test(test_files_that_may_not_grow_are_waited_for),
        cmocka_unit_test(test_no_room_to_wait_is_counted),
    };

    faults_install();
    return cmocka_run_group_tests_name("state/faults", tests, NULL, NULL);
}
