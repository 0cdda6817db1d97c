// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_past.c - output/past.c: how far an output goes back after a break.
 */
#include "fixture.h"
#include "output/past.h"

static void test_the_last_thousand_whatever_their_age(void **state)
{
    struct past p;

    (void)state;
    past_init(&p, 1, false);
    for (uint64_t i = 1; i <= 5000; i++)
        past_sent(&p, i, 100, (int64_t)i * 60000);
    assert_int_equal(past_back(&p, 5001, 5000 * 60000 + 3600000), 4001);
}

static void test_thirty_seconds_however_many(void **state)
{
    struct past p;

    (void)state;
    past_init(&p, 1, false);
    for (uint64_t i = 1; i <= 100000; i++)
        past_sent(&p, i, 100, (int64_t)i); /* 1 ms apart */
    uint64_t back = past_back(&p, 100001, 100000);
    assert_true(back <= 70000 && back > 69000);
}

static void test_time_in_which_nothing_was_taken_does_not_count(void **state)
{
    struct past p;

    (void)state;
    past_init(&p, 1, false);
    for (uint64_t i = 1; i <= 10000; i++)
        past_sent(&p, i, 100, (int64_t)i);
    past_stalled(&p, 3600000);
    assert_int_equal(past_back(&p, 10001, 10000 + 3600000), 1);
}

static void test_what_sockets_hold(void **state)
{
    struct past p;

    (void)state;
    past_init(&p, 1, true);
    for (uint64_t i = 1; i <= 10000; i++) /* one a minute, 1 KiB each */
        past_sent(&p, i, 1024, (int64_t)i * 60000);
    uint64_t back = past_back(&p, 10001, 10000 * 60000);
    assert_true(back <= 10001 - PAST_BYTES / 1024);
    assert_true(back > 10000 - PAST_BYTES / 1024 - 100);
}

/* What was sent again after a break is in doubt still, nothing before it. */
static void test_breaks_in_a_row_never_go_back_further(void **state)
{
    struct past p;
    uint64_t back;

    (void)state;
    past_init(&p, 1, true);
    for (uint64_t i = 1; i <= 100000; i++)
        past_sent(&p, i, 1024, (int64_t)i * 1000);
    back = past_back(&p, 100001, 100000000);
    for (uint64_t i = back; i < back + 5; i++)
        past_sent(&p, i, 1024, 100000001);
    assert_int_equal(past_back(&p, back + 5, 100000002), back);
    past_init(&p, 42, true);
    assert_int_equal(past_back(&p, 42, 1), 42);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_last_thousand_whatever_their_age),
        cmocka_unit_test(test_thirty_seconds_however_many),
        cmocka_unit_test(test_time_in_which_nothing_was_taken_does_not_count),
        cmocka_unit_test(test_what_sockets_hold),
        cmocka_unit_test(test_breaks_in_a_row_never_go_back_further),
    };
    return cmocka_run_group_tests_name("output/past", tests, NULL, NULL);
}
