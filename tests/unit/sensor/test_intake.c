// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_intake.c - intake.c: sums stay whole whoever dies at either end of a
 * pipe.
 */
#include "support/spec.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "watch/intake.h"

static const struct hash_key seal = {{1, 2, 3, 4}};

enum { SLOTS = 2 };

struct heard {
    size_t exposures, taps, problems;
    uint64_t flow;
};

struct fixture {
    int pipes[SLOTS][2];
    void *kept;
    struct intake *intake;
    struct heard heard;
};

static void hear_exposure(void *ctx, struct exposure *e)
{
    struct heard *h = ctx;

    h->exposures++;
    h->flow = e->flow;
}

static void hear_tap(void *ctx, size_t interface, enum live_state was,
                     enum live_state is)
{
    struct heard *h = ctx;

    assert_int_equal(interface, 0);
    assert_true(was != is);
    h->taps++;
}

static void hear_problem(void *ctx, struct span text)
{
    struct heard *h = ctx;

    assert_true(text.len > 0);
    h->problems++;
}

static void judge_begins(struct fixture *f)
{
    const int pipes[SLOTS] = {f->pipes[0][0], f->pipes[1][0]};
    const struct intake_settings set = {
        .pipes = pipes,
        .slots = SLOTS,
        .interfaces = 1,
        .workers = 1,
        .seal = seal,
        .kept = f->kept,
        .events = {&f->heard, hear_exposure, hear_tap, hear_problem},
    };

    intake_free(f->intake);
    f->intake = intake_new(&set);
    assert_non_null(f->intake);
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    assert_non_null(f);
    for (size_t i = 0; i < SLOTS; i++)
        assert_int_equal(pipe2(f->pipes[i], O_NONBLOCK), 0);
    f->kept = intake_kept(SLOTS, 1);
    assert_non_null(f->kept);
    judge_begins(f);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    intake_free(f->intake);
    for (size_t i = 0; i < SLOTS; i++) {
        close(f->pipes[i][0]);
        close(f->pipes[i][1]);
    }
    free(f);
    return 0;
}

static struct outlet outlet_of(const struct fixture *f, size_t slot)
{
    return (struct outlet){.fd = f->pipes[slot][1], .seal = seal};
}

static void tell_counters(const struct fixture *f, size_t slot,
                          uint64_t packets, uint64_t payload)
{
    static struct counters c;
    const struct outlet to = outlet_of(f, slot);

    c.packets = c.packets_used = packets;
    c.payload_bytes = c.inspected_bytes = payload;
    assert_true(exchange_send(&to, FRAME_COUNTERS,
                              (struct span){(const uint8_t *)&c, sizeof(c)}));
}

static void hello(const struct fixture *f, size_t slot, uint64_t number)
{
    const struct outlet to = outlet_of(f, slot);

    assert_true(exchange_send_number(&to, FRAME_HELLO, number));
}

static void take_all(struct fixture *f)
{
    for (size_t i = 0; i < SLOTS; i++) {
        while (intake_read(f->intake, i))
            continue;
    }
}

static struct counters sum_of(struct fixture *f)
{
    struct counters c;

    intake_counters(f->intake, &c);
    return c;
}

static void newer_counters_replace_and_workers_add_up(void **state)
{
    struct fixture *f = *state;

    hello(f, 0, 1);
    tell_counters(f, 0, 10, 100);
    tell_counters(f, 0, 15, 150);
    hello(f, 1, 1);
    tell_counters(f, 1, 7, 70);
    take_all(f);
    assert_int_equal(sum_of(f).packets, 22);
    assert_int_equal(intake_workers(f->intake), 2);
}

static void another_worker_begins_at_zero_beside_what_was(void **state)
{
    struct fixture *f = *state;

    hello(f, 0, 1);
    tell_counters(f, 0, 10, 100);
    hello(f, 0, 2);
    tell_counters(f, 0, 3, 30);
    take_all(f);
    assert_int_equal(sum_of(f).packets, 13);
    assert_int_equal(sum_of(f).payload_bytes, 130);
}

static void what_a_dead_worker_had_not_told_is_unread(void **state)
{
    struct fixture *f = *state;
    const struct intake_end end = {.number = 1, .packets = 14, .payload = 160};

    hello(f, 0, 1);
    tell_counters(f, 0, 10, 100);
    assert_int_equal(intake_ended(f->intake, 0, &end), 60);
    const struct counters c = sum_of(f);
    assert_int_equal(c.packets, 14);
    assert_int_equal(c.packets_used + c.packets_skipped[SKIP_WORKER], 14);
    assert_int_equal(c.payload_bytes, 160);
    assert_int_equal(c.inspected_bytes + c.unread[WHY_WORKER], 160);
    assert_int_equal(intake_workers(f->intake), 0);
}

static void the_same_end_told_twice_counts_once(void **state)
{
    struct fixture *f = *state;
    const struct intake_end end = {.number = 1, .packets = 14, .payload = 160};

    hello(f, 0, 1);
    tell_counters(f, 0, 10, 100);
    assert_int_equal(intake_ended(f->intake, 0, &end), 60);
    assert_int_equal(intake_ended(f->intake, 0, &end), 0);
    assert_int_equal(sum_of(f).packets, 14);
}

static void another_judge_goes_on_counting(void **state)
{
    struct fixture *f = *state;

    hello(f, 0, 1);
    tell_counters(f, 0, 10, 100);
    hello(f, 0, 2);
    tell_counters(f, 0, 3, 30);
    take_all(f);
    judge_begins(f);
    assert_int_equal(sum_of(f).packets, 13);
    tell_counters(f, 0, 5, 50);
    take_all(f);
    assert_int_equal(sum_of(f).packets, 15);
}

static void the_slowest_worker_is_the_clock(void **state)
{
    struct fixture *f = *state;
    const struct outlet first = outlet_of(f, 0), second = outlet_of(f, 1);

    assert_true(intake_clock(f->intake) == INT64_MIN);
    hello(f, 0, 1);
    hello(f, 1, 1);
    assert_true(exchange_send_number(&first, FRAME_CLOCK, 500));
    assert_true(exchange_send_number(&second, FRAME_CLOCK, 400));
    take_all(f);
    assert_true(intake_clock(f->intake) == 400);
    assert_true(exchange_send(&second, FRAME_DONE, (struct span){0}));
    take_all(f);
    assert_true(intake_clock(f->intake) == 500);
}

static void a_capture_nobody_named_is_refused(void **state)
{
    struct fixture *f = *state;
    const struct outlet to = outlet_of(f, 0);
    struct exposure e = {.channel = "http",
                         .user = "",
                         .host = "",
                         .mail_from = "",
                         .trail = "",
                         .file = "",
                         .flow = 9};

    assert_true(exchange_send_exposure(&to, &e, (struct span){0}, 0));
    e.capture = 1;
    assert_true(exchange_send_exposure(&to, &e, (struct span){0}, 0));
    take_all(f);
    assert_int_equal(f->heard.exposures, 1);
    assert_int_equal(f->heard.flow, 9);
    assert_int_equal(intake_broken(f->intake), 1);
}

static void taps_add_up_over_workers_and_their_successors(void **state)
{
    struct fixture *f = *state;
    struct tap tap = {.interface = 0, .state = LIVE_UP, .stats = {10, 1, 2}};
    const struct outlet first = outlet_of(f, 0), second = outlet_of(f, 1);

    hello(f, 0, 1);
    assert_true(exchange_send_tap(&first, &tap));
    hello(f, 0, 2);
    tap.state = LIVE_DOWN;
    assert_true(exchange_send_tap(&first, &tap));
    hello(f, 1, 1);
    assert_true(exchange_send_tap(&second, &tap));
    take_all(f);
    intake_tap(f->intake, 0, &tap);
    assert_int_equal(tap.stats.given, 30);
    assert_int_equal(tap.stats.dropped, 3);
    assert_int_equal(tap.state, LIVE_DOWN);
    assert_int_equal(f->heard.taps, 1); /* not by each worker */
}

/* While new workers open an interface, old ones still have it as lost. */
static void of_two_generations_the_younger_tells_states(void **state)
{
    struct fixture *f = *state;
    struct tap lost = {.state = LIVE_LOST}, up = {.state = LIVE_UP};
    const struct outlet old = outlet_of(f, 0), young = outlet_of(f, 1);

    hello(f, 0, 1);
    assert_true(exchange_send_tap(&old, &lost));
    take_all(f);
    assert_int_equal(f->heard.taps, 1);
    hello(f, 1, 1);
    assert_true(exchange_send_tap(&young, &up));
    take_all(f);
    assert_int_equal(f->heard.taps, 2);
    assert_true(exchange_send_tap(&old, &lost));
    take_all(f);
    assert_int_equal(f->heard.taps, 2);
}

int main(void)
{
#define ROW(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        ROW(newer_counters_replace_and_workers_add_up),
        ROW(another_worker_begins_at_zero_beside_what_was),
        ROW(what_a_dead_worker_had_not_told_is_unread),
        ROW(the_same_end_told_twice_counts_once),
        ROW(another_judge_goes_on_counting),
        ROW(the_slowest_worker_is_the_clock),
        ROW(a_capture_nobody_named_is_refused),
        ROW(taps_add_up_over_workers_and_their_successors),
        ROW(of_two_generations_the_younger_tells_states),
    };
#undef ROW

    return cmocka_run_group_tests_name("sensor/intake", tests, NULL, NULL);
}
