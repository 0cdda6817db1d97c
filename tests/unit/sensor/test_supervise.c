// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_supervise.c - supervise.c: what dies or hangs is replaced, soon and
 * never in a spin. The children are real; the clock of pauses is the test's.
 */
#include "support/spec.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "watch/supervise.h"

static int64_t clock_ms(void)
{
    struct timespec now;

    assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &now), 0);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void nap(int64_t ms)
{
    const struct timespec t = {ms / 1000, ms % 1000 * 1000000};

    (void)nanosleep(&t, NULL);
}

/* Beats until it is to finish. */
static int be_well(void *ctx, struct child *c)
{
    (void)ctx;
    pulse_set(&c->pulse->ready, 1);
    while (pulse_get(&c->pulse->finish) == 0) {
        pulse_beat(c->pulse);
        nap(5);
    }
    return 0;
}

/* Works, and then only spins. */
static int spin(void *ctx, struct child *c)
{
    volatile unsigned n = 0;

    (void)ctx;
    pulse_set(&c->pulse->ready, 1);
    pulse_beat(c->pulse);
    for (;;)
        n++;
    return 0;
}

/* Works, and then neither beats nor spins. */
static int wait_for_ever(void *ctx, struct child *c)
{
    (void)ctx;
    pulse_beat(c->pulse);
    pulse_set(&c->pulse->ready, 1);
    for (;;)
        (void)pause();
    return 0;
}

/* Dies before it is ready. */
static int fail(void *ctx, struct child *c)
{
    (void)ctx;
    (void)c;
    return 2;
}

static struct child child_of(int (*run)(void *, struct child *))
{
    return (struct child){
        .name = "1",
        .title = "outflow-test",
        .run = run,
        .cpu_ms = 100,
        .still_ms = 10000,
        .pulse = pulse_new(),
    };
}

static struct child_end wait_end(struct child *c, int64_t now_ms)
{
    int status = 0;

    assert_int_equal(waitpid(c->pid, &status, 0), c->pid);
    return child_ended(c, status, now_ms);
}

static void wait_ready(const struct child *c)
{
    for (int i = 0; i < 1000 && pulse_get(&c->pulse->ready) == 0; i++)
        nap(5);
    assert_int_equal(pulse_get(&c->pulse->ready), 1);
}

static void a_child_that_is_killed_is_started_again_at_once(void **state)
{
    struct child c = child_of(be_well);

    (void)state;
    assert_true(child_start(&c, 1000));
    wait_ready(&c);
    pid_t first = c.pid;
    child_kill(&c);
    const struct child_end end = wait_end(&c, 2000);
    assert_true(WIFSIGNALED(end.status) && !end.hung && !end.expected);
    (void)child_look(&c, 2000);
    assert_true(c.pid > 0 && c.pid != first);
    assert_true(c.number == 2 && c.restarts == 1);
    wait_ready(&c);
    child_finish(&c);
    assert_true(wait_end(&c, 3000).expected);
    (void)child_look(&c, 4000);
    assert_int_equal(c.pid, 0);
    pulse_free(c.pulse);
}

/* Pauses in ms before the n-th start, of a child that dies again and again. */
static void pauses_grow_and_stay_below_a_second(void **state)
{
    static const int64_t want[] = {0, 50, 100, 200, 400, 500, 500};
    struct child c = child_of(be_well);
    int64_t now = 1000;

    (void)state;
    assert_true(child_start(&c, now));
    for (size_t i = 0; i < COUNT(want); i++) {
        wait_ready(&c);
        child_kill(&c);
        (void)wait_end(&c, now);
        assert_int_equal(c.due_ms - now, want[i]);
        if (want[i] > 0)
            assert_int_equal(child_look(&c, now), want[i]);
        now = c.due_ms;
        (void)child_look(&c, now);
        assert_true(c.pid > 0);
    }
    wait_ready(&c);
    child_kill(&c);
    now += SUPERVISE_WELL_MS;
    (void)wait_end(&c, now);
    assert_int_equal(c.due_ms, now); /* it had lived for long */
    pulse_free(c.pulse);
}

static void what_never_comes_to_work_is_not_tried_in_a_spin(void **state)
{
    struct child c = child_of(fail);
    int64_t now = 1000;

    (void)state;
    assert_true(child_start(&c, now));
    for (int i = 0; i < 14; i++) {
        (void)wait_end(&c, now);
        now = c.due_ms;
        (void)child_look(&c, now);
    }
    (void)wait_end(&c, now);
    assert_int_equal(c.due_ms - now, SUPERVISE_LATE_MS);
    pulse_free(c.pulse);
}

static void an_endless_loop_is_ended(void **state)
{
    struct child c = child_of(spin);
    int64_t begun = clock_ms();

    (void)state;
    assert_true(child_start(&c, begun));
    while (!c.hung && clock_ms() < begun + 8000) {
        (void)child_look(&c, clock_ms());
        nap(10);
    }
    assert_true(c.hung);
    assert_true(wait_end(&c, clock_ms()).hung);
    pulse_free(c.pulse);
}

static void waiting_without_work_is_no_loop(void **state)
{
    struct child c = child_of(be_well);

    (void)state;
    assert_true(child_start(&c, 1000));
    wait_ready(&c);
    for (int64_t now = 1000; now < 60000; now += 1000) {
        nap(20); /* of which it beats four times */
        (void)child_look(&c, now);
        assert_false(c.hung);
    }
    child_finish(&c);
    assert_true(wait_end(&c, 60000).expected);
    pulse_free(c.pulse);
}

static void one_that_waits_for_ever_is_ended(void **state)
{
    struct child c = child_of(wait_for_ever);

    (void)state;
    assert_true(child_start(&c, 1000));
    wait_ready(&c);
    nap(20);
    (void)child_look(&c, 1000); /* the beat that it had */
    (void)child_look(&c, 10900);
    assert_false(c.hung);
    (void)child_look(&c, 11000);
    assert_true(c.hung);
    assert_true(wait_end(&c, 12000).hung);
    pulse_free(c.pulse);
}

static void a_stopped_child_is_ended(void **state)
{
    struct child c = child_of(be_well);

    (void)state;
    assert_true(child_start(&c, 1000));
    wait_ready(&c);
    assert_int_equal(kill(c.pid, SIGSTOP), 0);
    child_stopped(&c, 1000);
    (void)child_look(&c, 1100);
    assert_false(c.hung);
    (void)child_look(&c, 1000 + SUPERVISE_STOPPED_MS);
    assert_true(c.hung);
    assert_true(wait_end(&c, 2000).hung);
    pulse_free(c.pulse);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_child_that_is_killed_is_started_again_at_once),
        cmocka_unit_test(pauses_grow_and_stay_below_a_second),
        cmocka_unit_test(what_never_comes_to_work_is_not_tried_in_a_spin),
        cmocka_unit_test(an_endless_loop_is_ended),
        cmocka_unit_test(waiting_without_work_is_no_loop),
        cmocka_unit_test(one_that_waits_for_ever_is_ended),
        cmocka_unit_test(a_stopped_child_is_ended),
    };

    return cmocka_run_group_tests_name("sensor/supervise", tests, NULL, NULL);
}
