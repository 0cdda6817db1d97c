// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_spool_faults.c - a spool whose n-th system call fails, or is its last.
 *
 * The linker sends the calls here (--wrap). For every n and every errno:
 * nothing is lost, nothing comes twice, the order stays, and the sender has
 * it all, from the disk or from memory. For every k: killed at the k-th
 * call, half of its bytes written, and made again, each alert is there once.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>

#include "spooling.h"

int __real_openat(int folder, const char *name, int how, unsigned mode);
int __wrap_openat(int folder, const char *name, int how, unsigned mode);
ssize_t __real_pwrite(int fd, const void *bytes, size_t len, off_t at);
ssize_t __wrap_pwrite(int fd, const void *bytes, size_t len, off_t at);
int __real_fdatasync(int fd);
int __wrap_fdatasync(int fd);
int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __real_ftruncate(int fd, off_t size);
int __wrap_ftruncate(int fd, off_t size);

enum how { NEVER = 0, ONCE, ALWAYS, SHORT, KILL };

static struct {
    enum how how;
    unsigned left; /* calls that still do what they should */
    bool hit;
    int error;
} fault;

/* Is it this call's turn? */
static bool turn(void)
{
    if (fault.how == NEVER)
        return false;
    if (fault.left > 0) {
        fault.left--;
        return false;
    }
    if (fault.hit && fault.how != ALWAYS)
        return false;
    fault.hit = true;
    if (fault.how == KILL)
        _exit(9);
    errno = fault.error;
    return fault.how != SHORT;
}

int __wrap_openat(int folder, const char *name, int how, unsigned mode)
{
    return turn() ? -1 : __real_openat(folder, name, how, mode);
}

ssize_t __wrap_pwrite(int fd, const void *bytes, size_t len, off_t at)
{
    if (fault.how == KILL && fault.left == 0)
        (void)__real_pwrite(fd, bytes, len / 2, at);
    if (fault.how == SHORT && fault.left == 0 && len > 1)
        len /= 2;
    return turn() ? -1 : __real_pwrite(fd, bytes, len, at);
}

int __wrap_fdatasync(int fd)
{
    return turn() ? -1 : __real_fdatasync(fd);
}

int __wrap_fsync(int fd)
{
    return turn() ? -1 : __real_fsync(fd);
}

int __wrap_ftruncate(int fd, off_t size)
{
    return turn() ? -1 : __real_ftruncate(fd, size);
}

enum { ALERTS = 6, MOST_CALLS = 200 };

static void put_rounds(struct spooling *t)
{
    for (unsigned i = 0; i < ALERTS; i++) {
        spooling_put(t, i, ALERT_OPEN);
        if (i % 2 == 1)
            (void)spool_sync(t->spool);
    }
}

/* Every alert once, in order; events in between do not matter. */
static unsigned read_in_order(struct spooling *t, unsigned from)
{
    while (spooling_next(t)) {
        if (t->entry.is_event)
            continue;
        assert_int_equal(t->entry.alert.customers, from);
        from++;
    }
    return from;
}

/* One run with the n-th call failing; gives whether one did. */
static bool run_with_fault(enum how how, int error, unsigned n)
{
    struct spooling t;
    bool hit;

    spooling_begin(&t);
    fault.left = n;
    fault.error = error;
    fault.hit = false;
    fault.how = how;
    put_rounds(&t);
    fault.how = NEVER;
    hit = fault.hit;
    unsigned seen = read_in_order(&t, 0); /* of disk and memory */
    assert_int_equal(seen, ALERTS);
    spooling_put(&t, ALERTS, ALERT_OPEN);
    assert_int_equal(spool_sync(t.spool), ERR_OK);
    assert_int_equal(read_in_order(&t, seen), ALERTS + 1);
    spooling_restart(&t);
    pull_seek(&t.pull, 1);
    assert_int_equal(read_in_order(&t, 0), ALERTS + 1);
    spooling_end(&t);
    return hit;
}

static void test_a_call_that_fails_loses_nothing(void **state)
{
    static const int errors[] = {ENOSPC, EIO, EDQUOT, EMFILE};
    unsigned n;

    (void)state;
    for (size_t i = 0; i < COUNT(errors); i++) {
        for (n = 0; run_with_fault(ONCE, errors[i], n); n++)
            assert_true(n < MOST_CALLS);
        assert_true(n > 5);
    }
    for (n = 0; run_with_fault(ONCE, EINTR, n); n++)
        assert_true(n < MOST_CALLS);
    for (n = 0; run_with_fault(SHORT, 0, n); n++)
        assert_true(n < MOST_CALLS);
}

/*
 * From the n-th call on everything fails, memory too: nothing can be sent,
 * and all is there when the disk is.
 */
static void test_a_disk_that_stays_full_loses_nothing(void **state)
{
    bool hit = true;

    (void)state;
    for (unsigned n = 0; hit; n++) {
        struct spooling t;
        spooling_begin(&t);
        fault.left = n;
        fault.error = ENOSPC;
        fault.hit = false;
        fault.how = ALWAYS;
        put_rounds(&t);
        fault.how = NEVER;
        hit = fault.hit;
        assert_int_equal(spool_sync(t.spool), ERR_OK);
        assert_int_equal(read_in_order(&t, 0), ALERTS);
        spooling_end(&t);
        assert_true(n < MOST_CALLS);
    }
}

/* A judge that dies while the disk is full: the shared memory has them. */
static void test_memory_outlives_the_judge(void **state)
{
    struct spooling t;

    (void)state;
    spooling_begin(&t);
    spool_close(t.spool);
    t.spool = NULL;
    pid_t child = fork();
    if (child == 0) {
        struct problems problems = {0};
        t.spool = spool_open(&t.settings, &problems);
        fault.left = 0;
        fault.error = ENOSPC;
        fault.how = ALWAYS;
        spooling_put(&t, 0, ALERT_OPEN);
        (void)spool_sync(t.spool); /* memory fails, too, but then ... */
        fault.how = NEVER;
        spooling_put(&t, 1, ALERT_OPEN);
        fault.how = ONCE; /* ... the disk alone does */
        fault.hit = false;
        (void)spool_sync(t.spool);
        _exit(0);
    }
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(read_in_order(&t, 0), 2); /* the sender has them */
    spooling_restart(&t);
    assert_int_equal(spool_sync(t.spool), ERR_OK);
    pull_seek(&t.pull, 1);
    assert_int_equal(read_in_order(&t, 0), 2); /* and so has the disk */
    spooling_end(&t);
}

static bool killed_at(struct spooling *t, unsigned k)
{
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        struct problems problems = {0};
        fault.left = k;
        fault.how = KILL;
        t->spool = spool_open(&t->settings, &problems);
        if (t->spool)
            put_rounds(t);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 9;
}

static void test_killed_at_any_call_each_alert_is_there_once(void **state)
{
    bool killed = true;
    unsigned k;

    (void)state;
    for (k = 0; killed; k++) {
        struct spooling t;
        spooling_begin(&t);
        spool_close(t.spool);
        t.spool = NULL;
        killed = killed_at(&t, k);
        unsigned seen = read_in_order(&t, 0); /* whole ones only */
        assert_true(seen <= ALERTS);
        spooling_restart(&t);
        put_rounds(&t); /* its state is older than its spool */
        assert_int_equal(spool_sync(t.spool), ERR_OK);
        pull_seek(&t.pull, 1);
        assert_int_equal(read_in_order(&t, 0), ALERTS);
        spooling_end(&t);
        assert_true(k < MOST_CALLS);
    }
    assert_true(k > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_call_that_fails_loses_nothing),
        cmocka_unit_test(test_a_disk_that_stays_full_loses_nothing),
        cmocka_unit_test(test_memory_outlives_the_judge),
        cmocka_unit_test(test_killed_at_any_call_each_alert_is_there_once),
    };
    return cmocka_run_group_tests_name("output/spool faults", tests, NULL,
                                       NULL);
}
