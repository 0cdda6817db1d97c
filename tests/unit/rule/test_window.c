// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_window.c - rule/window: sliding windows against a plain reading.
 *
 * Exposures made at random are judged; for every moment, the distinct
 * customers of the window that ends there are counted anew, as interface.md
 * 3.1 says it.
 */
#include "rule/world.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#define SECOND INT64_C(1000000000)

enum { EVENTS = 60, ROUNDS = 400, CUSTOMERS = 12, NUMBER = 5, WITHIN_S = 20 };

struct seen {
    int64_t s; /* seconds */
    unsigned customer;
};

static uint32_t random_state;

static uint32_t random_below(uint32_t n)
{
    random_state = random_state * 1664525 + 1013904223;
    return (random_state >> 8) % n;
}

static void add_seen(struct ledger *l, const struct seen *seen, uint64_t flow)
{
    static struct party drop = {.name = "drop", .partner = -1};
    const struct resolved who = {.employee = "taro",
                                 .group = "employees",
                                 .known = true,
                                 .parties = &drop,
                                 .party_count = 1};
    struct record r = {.name = {(uint64_t)(1 + seen->customer) << 49, 0},
                       .fields = 1,
                       .rows = 1,
                       .first = {.time_ns = seen->s * SECOND},
                       .last = {.time_ns = seen->s * SECOND}};
    struct exposure e = {
        .flow = flow, .channel = "http", .records = &r, .record_count = 1};

    assert_int_equal(ledger_add(l, &e, &who), ERR_OK);
}

/* Distinct customers, and rows, with from < s <= to. */
static unsigned distinct(const struct seen *seen, int64_t from, int64_t to,
                         unsigned *rows)
{
    bool had[CUSTOMERS] = {false};
    unsigned count = 0;

    *rows = 0;
    for (unsigned i = 0; i < EVENTS; i++) {
        if (seen[i].s <= from || seen[i].s > to)
            continue;
        ++*rows;
        count += !had[seen[i].customer];
        had[seen[i].customer] = true;
    }
    return count;
}

/* The first moment after that one, or -1. */
static int64_t next_moment(const struct seen *seen, int64_t after)
{
    int64_t next = -1;

    for (unsigned i = 0; i < EVENTS; i++) {
        if (seen[i].s > after && (next < 0 || seen[i].s < next))
            next = seen[i].s;
    }
    return next;
}

static void put(struct buf *out, const struct seen *seen, int64_t start,
                int64_t end)
{
    unsigned rows, customers = distinct(seen, start - 1, end, &rows);

    assert_true(buf_printf(out, "%lld..%lld customers=%u records=%u\n",
                           (long long)start, (long long)end, customers, rows));
}

/* interface.md 3.1, word for word and slow. */
static void judge_plainly(const struct seen *seen, struct buf *out)
{
    int64_t start = -1, end = -1;
    unsigned rows;

    for (int64_t t = next_moment(seen, -1); t >= 0; t = next_moment(seen, t)) {
        if (start >= 0 && t - end >= WITHIN_S) {
            put(out, seen, start, end);
            start = -1;
        }
        if (start < 0 && distinct(seen, t - WITHIN_S, t, &rows) >= NUMBER)
            start = next_moment(seen, t - WITHIN_S);
        end = t;
    }
    if (start >= 0)
        put(out, seen, start, end);
}

static bool put_alert(void *ctx, const struct alert *a)
{
    return buf_printf(
        ctx, "%lld..%lld customers=%llu records=%llu\n",
        (long long)(a->start_ns / SECOND), (long long)(a->end_ns / SECOND),
        (unsigned long long)a->customers, (unsigned long long)a->records);
}

static bool put_nobody(void *ctx, const struct affected *c)
{
    (void)ctx;
    (void)c;
    return true;
}

static void test_windows_as_the_plain_reading(void **state)
{
    const struct rule rule = {.id = (char[]){"bulk"},
                              .customers = NUMBER,
                              .within_ns = WITHIN_S * SECOND};
    const struct judge_settings settings = {.rules = &rule, .rule_count = 1};
    unsigned several = 0;

    (void)state;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        struct seen seen[EVENTS];
        struct ledger *l = ledger_new(UINT64_MAX);
        struct buf want, got;
        const struct verdict_sink sink = {&got, put_alert, put_nobody};
        random_state = round;
        buf_init(&want, 1 << 16);
        buf_init(&got, 1 << 16);
        for (unsigned i = 0; i < EVENTS; i++) {
            seen[i] = (struct seen){random_below(600 + round),
                                    random_below(CUSTOMERS)};
            add_seen(l, &seen[i], i + 1);
        }
        judge_plainly(seen, &want);
        assert_int_equal(judge_run(&settings, l, &sink), ERR_OK);
        assert_true(buf_add_byte(&want, '\0') && buf_add_byte(&got, '\0'));
        assert_string_equal((char *)got.ptr, (char *)want.ptr);
        several +=
            strchr((char *)want.ptr, '\n') != strrchr((char *)want.ptr, '\n');
        buf_clear(&want);
        buf_clear(&got);
        ledger_free(l);
    }
    assert_true(several > ROUNDS / 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_windows_as_the_plain_reading),
    };

    return cmocka_run_group_tests_name("rule/window", tests, NULL, NULL);
}
