// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_thin.c - the same customers again and again take no more room, and
 * no window sees that some of their sightings were left out.
 */
#include "ledger/ledger.h"
#include "outflow/book.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#define SECOND INT64_C(1000000000)

enum { PEOPLE = 50, TIMES = 200, STEP_S = 10 };

static struct party drop = {.name = "drop.example",
                            .has_domain = true,
                            .partner = -1,
                            .direction = DIRECTION_OUTBOUND};

static struct party other = {.name = "other.example",
                             .has_domain = true,
                             .partner = -1,
                             .direction = DIRECTION_OUTBOUND};

/* Transfer n, each over a connection of its own, of people from .. to - 1. */
static void send(struct ledger *l, uint32_t n, struct party *to,
                 const uint64_t people[2])
{
    struct record r[PEOPLE];
    size_t count = 0;
    const int64_t now = (int64_t)n * STEP_S * SECOND;
    const struct resolved who = {
        .employee = "taro", .parties = to, .party_count = 1};

    for (uint64_t p = people[0]; p < people[1]; p++)
        r[count++] = (struct record){.name = {p + 1, NAME_CARD},
                                     .fields = FIELD_BIT(FIELD_CARD_NUMBER),
                                     .rows = 2,
                                     .first = {.time_ns = now},
                                     .last = {.time_ns = now}};
    const struct exposure e = {.flow = 1000 + n,
                               .time_ns = now,
                               .last = true,
                               .port = {(uint16_t)(40000 + n), 80},
                               .channel = "http",
                               .trail = "POST /up",
                               .records = r,
                               .record_count = count};
    assert_int_equal(ledger_add(l, &e, &who), ERR_OK);
}

static struct ledger *sent_again_and_again(void)
{
    struct ledger *l = ledger_new(UINT64_MAX);

    assert_non_null(l);
    for (uint32_t n = 0; n < TIMES; n++)
        send(l, n, &drop, (const uint64_t[2]){n % 10, PEOPLE});
    return l;
}

/* Distinct customers in (at - within, at], by the second. */
static size_t seen(struct ledger *l, int64_t at, int64_t within)
{
    uint8_t met[PEOPLE + 1] = {0};
    size_t count = 0;

    assert_int_equal(ledger_settle(l), ERR_OK);
    for (size_t i = 0; i < ledger_entries(l); i++) {
        const struct ledger_entry *e = ledger_entry_at(l, i);
        uint64_t p = ledger_pseudonym(l, e->customer);
        if (e->first_ns > at || e->first_ns <= at - within)
            continue;
        count += met[p] == 0;
        met[p] = 1;
    }
    return count;
}

static uint64_t rows(struct ledger *l)
{
    uint64_t sum = 0;

    assert_int_equal(ledger_settle(l), ERR_OK);
    for (size_t i = 0; i < ledger_entries(l); i++)
        sum += ledger_entry_at(l, i)->rows;
    return sum;
}

static void test_no_window_sees_what_was_left_out(void **state)
{
    const int64_t gap = 100 * SECOND;
    const struct ledger_thinning how = {gap, INT64_MAX};
    struct ledger *whole = sent_again_and_again();
    struct ledger *thin = sent_again_and_again();

    (void)state;
    assert_int_equal(ledger_thin(thin, &how), ERR_OK);
    assert_true(ledger_sightings(thin) < ledger_sightings(whole) / 4);
    assert_true(ledger_held(thin) < ledger_held(whole));
    assert_int_equal(ledger_customers(thin), ledger_customers(whole));
    assert_int_equal(rows(thin), rows(whole));
    for (int64_t within = gap; within <= 4 * gap; within += 35 * SECOND) {
        for (int64_t s = -5; s < TIMES * STEP_S + 500; s += 7)
            assert_int_equal(seen(thin, s * SECOND, within),
                             seen(whole, s * SECOND, within));
    }
    ledger_free(whole);
    ledger_free(thin);
}

static void test_what_is_young_or_goes_elsewhere_stays(void **state)
{
    const struct ledger_thinning none = {100 * SECOND, 0};
    const struct ledger_thinning all = {100 * SECOND, INT64_MAX};
    struct ledger *l = sent_again_and_again();
    size_t before = ledger_sightings(l);

    (void)state;
    assert_int_equal(ledger_thin(l, &none), ERR_OK);
    assert_int_equal(ledger_sightings(l), before);
    send(l, TIMES / 2, &drop, (const uint64_t[2]){0, 1}); /* is known */
    assert_int_equal(ledger_thin(l, &all), ERR_OK);
    before = ledger_sightings(l);
    for (uint32_t n = 0; n < 3; n++)
        send(l, TIMES + n, &other, (const uint64_t[2]){0, 1});
    assert_int_equal(ledger_sightings(l), before + 3);
    assert_int_equal(ledger_thin(l, &all), ERR_OK);
    assert_int_equal(ledger_sightings(l), before + 2); /* first and last */
    ledger_free(l);
}

static void test_what_was_left_out_is_still_known(void **state)
{
    const struct ledger_thinning how = {100 * SECOND, INT64_MAX};
    struct ledger *l = sent_again_and_again();
    uint64_t sum = rows(l);

    (void)state;
    assert_int_equal(ledger_thin(l, &how), ERR_OK);
    for (uint32_t n = 0; n < TIMES; n++) /* a capture that is read again */
        send(l, n, &drop, (const uint64_t[2]){n % 10, PEOPLE});
    assert_int_equal(rows(l), sum);
    ledger_free(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_window_sees_what_was_left_out),
        cmocka_unit_test(test_what_is_young_or_goes_elsewhere_stays),
        cmocka_unit_test(test_what_was_left_out_is_still_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
