// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_tap_health.c - health.c: what a running sensor says of its tap, and how
 * often.
 */
#include "support/spec.h"

#include "health.h"

struct heard {
    size_t count;
    struct event last;
};

static void hear(void *ctx, const struct event *e)
{
    struct heard *h = ctx;

    assert_true(event_sound(e));
    h->count++;
    h->last = *e;
}

static const struct {
    const char *when;
    struct counters counters;
    struct health_tap tap;
    enum event_kind want; /* EVENT_NONE: nothing is said */
    uint64_t count, total;
} rows[] = {
    {"all is well", {.packets = 100}, {"eth0", true, 100, 0}, EVENT_NONE, 0, 0},
    {"one packet in a thousand is dropped",
     {.packets = 1000},
     {"eth0", true, 1000, 1},
     EVENT_KERNEL_DROPS,
     1,
     1},
    {"one packet in a million is dropped",
     {.packets = 1000000},
     {"eth0", true, 1000000, 1},
     EVENT_NONE,
     0,
     0},
    {"packets are cut short",
     {.packets = 100, .packets_cut = 7},
     {"eth0", true, 100, 0},
     EVENT_FRAMES_CUT,
     7,
     100},
    {"a tenth of the flows has one direction",
     {.flows = 20, .flows_one_way = 2},
     {"eth0", true, 100, 0},
     EVENT_ONE_DIRECTION,
     2,
     20},
    {"flows that go on are not counted among those that ended",
     {.flows = 100, .flows_open = 90, .flows_one_way = 1},
     {"eth0", true, 100, 0},
     EVENT_ONE_DIRECTION,
     1,
     10},
    {"one flow in twenty has one direction",
     {.flows = 20, .flows_one_way = 1},
     {"eth0", true, 100, 0},
     EVENT_NONE,
     0,
     0},
    {"memory was at its end",
     {.flows_evicted = 5},
     {"eth0", true, 100, 0},
     EVENT_MEMORY_LIMIT,
     5,
     0},
    {"objects killed the helper, or took it too long",
     {.helper_died = 2, .helper_late = 1},
     {"eth0", true, 100, 0},
     EVENT_HELPER_DIED,
     3,
     0},
    {"tunnels were too deep",
     {.packets_skipped = {[SKIP_DEPTH] = 3}},
     {"eth0", true, 100, 0},
     EVENT_LIMIT_REACHED,
     3,
     0},
};

static void each_thing_is_said_once_and_with_its_numbers(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct health_watch *h = health_new(1);
        struct heard heard = {0};
        const struct health_sink sink = {&heard, hear};
        struct health_view view = {.counters = &rows[i].counters,
                                   .taps = &rows[i].tap};

        assert_non_null(h);
        for (view.now_s = 1; view.now_s < 400; view.now_s += 10)
            health_look(h, &view, &sink);
        print_message("%s\n", rows[i].when);
        assert_int_equal(heard.count, rows[i].want != EVENT_NONE);
        assert_int_equal(heard.last.kind, rows[i].want);
        assert_int_equal(heard.last.count, rows[i].count);
        assert_int_equal(heard.last.total, rows[i].total);
        health_free(h);
    }
}

static void silence_is_said_after_ten_minutes_and_again(void **state)
{
    const struct counters c = {.packets = 5};
    struct health_tap tap = {"eth0", true, 5, 0};
    struct health_watch *h = health_new(1);
    struct heard heard = {0};
    const struct health_sink sink = {&heard, hear};
    struct health_view view = {.counters = &c, .taps = &tap, .now_s = 1};

    (void)state;
    assert_non_null(h);
    for (view.now_s = 1; view.now_s < 590; view.now_s += 10)
        health_look(h, &view, &sink);
    assert_int_equal(heard.count, 0);
    for (; view.now_s < 1250; view.now_s += 10)
        health_look(h, &view, &sink);
    assert_int_equal(heard.count, 2);
    assert_int_equal(heard.last.kind, EVENT_SILENCE);
    assert_string_equal(heard.last.subject, "eth0");
    tap.up = false; /* that is another matter, and was said */
    for (; view.now_s < 3000; view.now_s += 10)
        health_look(h, &view, &sink);
    assert_int_equal(heard.count, 2);
    health_free(h);
}

static void a_shorter_silence_is_said_when_it_was_asked_for(void **state)
{
    const struct counters c = {.packets = 5};
    struct health_tap tap = {"eth0", true, 5, 0};
    struct health_watch *h = health_new(1);
    struct heard heard = {0};
    const struct health_sink sink = {&heard, hear};
    struct health_view view = {
        .counters = &c, .taps = &tap, .now_s = 1, .silence_s = 3};

    (void)state;
    assert_non_null(h);
    for (; view.now_s < 4; view.now_s++)
        health_look(h, &view, &sink);
    assert_int_equal(heard.count, 0);
    health_look(h, &view, &sink);
    assert_int_equal(heard.count, 1);
    assert_int_equal(heard.last.count, 3);
    health_free(h);
}

static void what_the_judge_had_no_memory_for_is_said(void **state)
{
    const struct counters c = {.packets = 5};
    struct health_tap tap = {"eth0", true, 5, 0};
    struct health_watch *h = health_new(1);
    struct heard heard = {0};
    const struct health_sink sink = {&heard, hear};
    struct health_view view = {.counters = &c, .taps = &tap, .now_s = 1};

    (void)state;
    assert_non_null(h);
    health_look(h, &view, &sink);
    assert_int_equal(heard.count, 0);
    view.ties_lost = 4;
    health_look(h, &view, &sink);
    assert_int_equal(heard.count, 1);
    assert_int_equal(heard.last.kind, EVENT_LIMIT_REACHED);
    assert_int_equal(heard.last.count, 4);
    view.records_lost = 9;
    health_look(h, &view, &sink);
    assert_int_equal(heard.count, 2);
    assert_int_equal(heard.last.count, 9);
    health_free(h);
}

static void what_grows_is_said_again_with_what_came_since(void **state)
{
    struct counters c = {.packets = 100, .packets_cut = 7};
    struct health_tap tap = {"eth0", true, 100, 0};
    struct health_watch *h = health_new(1);
    struct heard heard = {0};
    const struct health_sink sink = {&heard, hear};
    struct health_view view = {.counters = &c, .taps = &tap, .now_s = 1};

    (void)state;
    assert_non_null(h);
    health_look(h, &view, &sink);
    c.packets = tap.received = 300;
    c.packets_cut = 10;
    view.now_s = 500;
    health_look(h, &view, &sink);
    assert_int_equal(heard.count, 1);
    tap.received = 400;
    view.now_s = 601;
    health_look(h, &view, &sink);
    assert_int_equal(heard.count, 2);
    assert_true(heard.last.count == 3 && heard.last.total == 200);
    health_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_thing_is_said_once_and_with_its_numbers),
        cmocka_unit_test(silence_is_said_after_ten_minutes_and_again),
        cmocka_unit_test(a_shorter_silence_is_said_when_it_was_asked_for),
        cmocka_unit_test(what_the_judge_had_no_memory_for_is_said),
        cmocka_unit_test(what_grows_is_said_again_with_what_came_since),
    };

    return cmocka_run_group_tests_name("sensor/health", tests, NULL, NULL);
}
