// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_ledger.c - a ledger as the judge reads it: moves, routes, merging,
 * unread bytes, reading; its memory, and its end.
 */
#include "ledger/ledger.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#define SECOND INT64_C(1000000000)

static struct party drop = {.name = "drop.example",
                            .has_domain = true,
                            .partner = -1,
                            .direction = DIRECTION_OUTBOUND};

static struct resolved taro_to_drop(void)
{
    return (struct resolved){.employee = "taro",
                             .group = "employees",
                             .known = true,
                             .parties = &drop,
                             .party_count = 1};
}

static struct exposure batch_of(uint32_t number, const struct record *records,
                                size_t count)
{
    return (struct exposure){.flow = 9,
                             .batch = number,
                             .channel = "http",
                             .trail = "POST /up",
                             .file = "a.csv",
                             .records = records,
                             .record_count = count};
}

static struct record record_at(uint64_t pseudonym, int64_t time_ns)
{
    return (struct record){.name = {pseudonym, NAME_CARD},
                           .mask = "353011******1234",
                           .fields = FIELD_BIT(FIELD_CARD_NUMBER),
                           .rows = 1,
                           .first = {.time_ns = time_ns},
                           .last = {.time_ns = time_ns}};
}

static struct ledger *new_ledger(void)
{
    struct ledger *l = ledger_new(UINT64_MAX);

    assert_non_null(l);
    return l;
}

static void add(struct ledger *l, const struct exposure *e)
{
    struct resolved who = taro_to_drop();

    assert_int_equal(ledger_add(l, e, &who), ERR_OK);
}

static void test_a_batch_counts_once(void **state)
{
    const struct record r[] = {record_at(1, 0), record_at(2, 0)};
    struct ledger *l = new_ledger();
    static const uint32_t order[] = {5, 0, 3, 3, 2, 5, 4, 1, 0, 2, 6, 1, 6};
    struct ledger_transfer t;

    (void)state;
    for (size_t i = 0; i < COUNT(order); i++) {
        struct exposure e = batch_of(order[i], r, 2);
        add(l, &e);
    }
    assert_int_equal(ledger_settle(l), ERR_OK);
    assert_int_equal(ledger_customers(l), 2);
    assert_int_equal(ledger_transfers(l), 1);
    ledger_transfer_at(l, 0, &t);
    assert_int_equal(t.entry_count, 2);
    assert_int_equal(ledger_entry_at(l, t.entry)->rows, 7);
    assert_int_equal(l->moves.items.count, 1);
    assert_int_equal(moves_at(&l->moves, 0)->seen, 7);
    assert_int_equal(moves_at(&l->moves, 0)->apart, POOL_NONE);
    ledger_free(l);
}

static void test_the_highest_batch_is_the_header(void **state)
{
    static const uint32_t order[] = {1, 2, 0};
    struct ledger *l = new_ledger();
    struct ledger_transfer t;

    (void)state;
    for (size_t i = 0; i < COUNT(order); i++) {
        struct exposure e = batch_of(order[i], NULL, 0);
        e.part_read = 100 * (order[i] + 1);
        e.channel = order[i] == 2 ? "smtp" : "raw";
        e.capture = 7 - order[i] / 2;
        e.first_packet = 10;
        e.last_packet = 20 + order[i];
        e.anomalies = 1u << order[i];
        add(l, &e);
    }
    assert_int_equal(ledger_settle(l), ERR_OK);
    ledger_transfer_at(l, 0, &t);
    assert_int_equal(t.read, 300);
    assert_string_equal(t.route->channel, "smtp");
    assert_string_equal(t.route->parties[0].name, "drop.example");
    assert_int_equal(t.anomalies, 7);
    assert_int_equal(t.capture, 6);
    ledger_free(l);
}

static void test_packets_are_kept_by_capture(void **state)
{
    struct ledger *l = new_ledger();
    struct ledger_packets p;
    uint64_t seen = 0;
    size_t k = 0;

    (void)state;
    for (uint32_t i = 0; i < 6; i++) {
        struct exposure e = batch_of(i, NULL, 0);
        e.capture = i / 2;
        e.first_packet = 100 - i;
        e.last_packet = 200 + i;
        add(l, &e);
    }
    assert_int_equal(ledger_settle(l), ERR_OK);
    for (; ledger_packets_at(l, 0, k, &p); k++) {
        assert_int_equal(p.first, 100 - 2 * p.capture - 1);
        assert_int_equal(p.last, 200 + 2 * p.capture + 1);
        seen |= 1u << p.capture;
    }
    assert_int_equal(k, 3);
    assert_int_equal(seen, 7);
    ledger_free(l);
}

static void test_rows_of_a_second_are_one_entry(void **state)
{
    static const int64_t times[] = {0,  SECOND - 1, 1, SECOND, 2 * SECOND - 1,
                                    -1, -SECOND};
    struct ledger *l = new_ledger();
    struct ledger_transfer t;
    uint32_t rows = 0;

    (void)state;
    for (uint32_t i = 0; i < COUNT(times); i++) {
        const struct record r = record_at(1, times[i]);
        struct exposure e = batch_of(i, &r, 1);
        add(l, &e);
    }
    assert_int_equal(ledger_settle(l), ERR_OK);
    ledger_transfer_at(l, 0, &t);
    assert_int_equal(t.entry_count, 3);
    for (size_t i = 0; i < t.entry_count; i++) {
        const struct ledger_entry *e = ledger_entry_at(l, t.entry + i);
        assert_int_equal(e->span_ns, SECOND - 1);
        rows += e->rows;
    }
    assert_int_equal(rows, COUNT(times));
    ledger_free(l);
}

static void test_settling_merges_what_adding_left(void **state)
{
    struct ledger *l = new_ledger();
    uint32_t batch = 0;

    (void)state;
    for (uint32_t round = 0; round < 3; round++) {
        for (unsigned type = 0; type < 10; type++) {
            struct record r = record_at(1, round);
            struct exposure e = batch_of(batch++, &r, 1);
            r.fields = FIELD_BIT(type);
            add(l, &e);
        }
    }
    assert_int_equal(l->entries.count, 30);
    assert_int_equal(ledger_settle(l), ERR_OK);
    assert_int_equal(ledger_entries(l), 10);
    for (size_t i = 0; i < 10; i++) {
        assert_int_equal(ledger_entry_at(l, i)->rows, 3);
        assert_int_equal(ledger_entry_at(l, i)->span_ns, 2);
    }
    ledger_free(l);
}

static void test_rows_far_apart_are_two_entries(void **state)
{
    struct record r = record_at(1, 5 * SECOND);
    struct ledger *l = new_ledger();
    struct exposure e = batch_of(0, &r, 1);

    (void)state;
    r.rows = 10;
    r.last.time_ns = 500 * SECOND;
    add(l, &e);
    assert_int_equal(ledger_settle(l), ERR_OK);
    assert_int_equal(ledger_entries(l), 2);
    assert_int_equal(ledger_entry_at(l, 0)->rows + ledger_entry_at(l, 1)->rows,
                     10);
    ledger_free(l);
}

static void test_entries_are_runs_of_their_transfer(void **state)
{
    struct ledger *l = new_ledger();

    (void)state;
    for (uint32_t i = 0; i < 60; i++) {
        struct record r = record_at(i + 1, 0);
        struct exposure e = batch_of(i / 3, &r, 1);
        e.transfer = i % 3;
        e.trail = i % 2 == 0 ? "a" : "b";
        e.channel = i % 3 == 1 ? "ftp" : "http";
        add(l, &e);
    }
    assert_int_equal(ledger_settle(l), ERR_OK);
    assert_int_equal(ledger_entries(l), 60);
    for (size_t i = 0; i < ledger_routes(l); i++) {
        const struct ledger_route *route = ledger_route_at(l, i);
        size_t first, count;
        ledger_route_transfers(l, i, &first, &count);
        for (size_t t = first; t < first + count; t++) {
            struct ledger_transfer transfer;
            ledger_transfer_at(l, t, &transfer);
            assert_ptr_equal(transfer.route, route);
            assert_int_equal(transfer.entry_count, 20);
            for (size_t k = 0; k < 20; k++) {
                const struct ledger_entry *e =
                    ledger_entry_at(l, transfer.entry + k);
                assert_int_equal(e->customer % 3, transfer.number);
                assert_ptr_equal(ledger_entry_route(l, e), route);
                assert_string_equal(ledger_entry_trail(l, e),
                                    e->customer % 2 == 0 ? "a" : "b");
            }
        }
    }
    ledger_free(l);
}

static void test_parties_stand_by_name_each_once(void **state)
{
    struct party parties[3] = {drop, drop, drop};
    struct resolved who = taro_to_drop();
    struct exposure e = batch_of(0, NULL, 0);
    struct ledger *l = new_ledger();
    const struct ledger_route *route;

    (void)state;
    memcpy(parties[1].name, "box", 4);
    who.parties = parties;
    who.party_count = 3;
    assert_int_equal(ledger_add(l, &e, &who), ERR_OK);
    assert_int_equal(ledger_settle(l), ERR_OK);
    route = ledger_route_at(l, 0);
    assert_int_equal(route->party_count, 2);
    assert_string_equal(route->parties[0].name, "box");
    assert_string_equal(route->parties[1].name, "drop.example");
    ledger_free(l);
}

/* Sums so far by batch: what came when, in any order of batches. */
static void test_unread_bytes_came_when_sums_grew(void **state)
{
    static const struct {
        int64_t time_ns;
        uint64_t bytes;
    } told[] = {{0, 100},
                {SECOND / 2, 150},
                {SECOND, 150},
                {9 * SECOND, 400},
                {9 * SECOND + 1, 500}};
    static const uint32_t orders[][5] = {
        {0, 1, 2, 3, 4}, {4, 3, 2, 1, 0}, {2, 4, 0, 3, 1}};

    (void)state;
    for (size_t o = 0; o < COUNT(orders); o++) {
        struct ledger *l = new_ledger();
        struct ledger_transfer t;
        for (size_t i = 0; i < COUNT(told); i++) {
            uint32_t batch = orders[o][i];
            const struct exposed_unread unread = {.kind = "tls",
                                                  .why = WHY_ENCRYPTED,
                                                  .bytes = told[batch].bytes};
            struct exposure e = batch_of(batch, NULL, 0);
            e.time_ns = told[batch].time_ns;
            e.unread = &unread;
            e.unread_count = 1;
            add(l, &e);
        }
        assert_int_equal(ledger_settle(l), ERR_OK);
        ledger_transfer_at(l, 0, &t);
        assert_int_equal(t.unread_count, 2);
        assert_int_equal(ledger_unread_at(l, t.unread)->bytes, 150);
        assert_int_equal(ledger_unread_at(l, t.unread)->time_ns, SECOND / 2);
        assert_int_equal(ledger_unread_at(l, t.unread + 1)->bytes, 350);
        assert_int_equal(ledger_unread_at(l, t.unread + 1)->time_ns,
                         9 * SECOND + 1);
        assert_string_equal(ledger_unread_at(l, t.unread)->kind, "tls");
        ledger_free(l);
    }
}

static void test_missing_bytes_are_the_stream_s_most(void **state)
{
    static const uint64_t told[] = {0, 70, 20};
    struct ledger *l = new_ledger();

    (void)state;
    for (uint32_t i = 0; i < COUNT(told); i++) {
        struct exposure e = batch_of(0, NULL, 0);
        e.transfer = i;
        e.stream_missing = told[i];
        add(l, &e);
    }
    assert_int_equal(ledger_missing(l, 9, DIR_CLIENT), 70);
    assert_int_equal(ledger_missing(l, 9, DIR_SERVER), 0);
    assert_int_equal(ledger_missing(l, 8, DIR_CLIENT), 0);
    ledger_free(l);
}

/* With every smaller cap: an honest end, and what is held can be read. */
static void test_memory_ends_honestly(void **state)
{
    struct resolved who = taro_to_drop();
    bool ended = false, fitted = false;

    (void)state;
    for (uint64_t cap = 0; cap < UINT64_C(3) << 20; cap += 20011) {
        struct ledger *l = ledger_new(cap);
        enum err err = ERR_OK;
        assert_non_null(l);
        for (uint64_t i = 0; i < 6000; i++) {
            struct record r = record_at(i + 1, (int64_t)i);
            struct exposure e = batch_of((uint32_t)i, &r, 1);
            r.weaker_count = 1;
            r.weaker[0] = (struct name){i + 1000000, NAME_PHONE};
            if (ledger_add(l, &e, &who) != ERR_OK)
                err = ERR_LIMIT;
        }
        assert_int_equal(err == ERR_LIMIT, ledger_lost(l) > 0);
        assert_int_equal(ledger_settle(l), ERR_OK);
        assert_int_equal(ledger_entries(l) + ledger_lost(l), 6000);
        assert_true(l->memory.held <= cap);
        ended |= err == ERR_LIMIT;
        fitted |= err == ERR_OK;
        ledger_free(l);
    }
    assert_true(ended && fitted);
}

enum { MANY = 360083, PER_CUSTOMER = 112 };

/* 360,083 customers of five names: bytes each, all tables together. */
static void test_a_customer_takes_little(void **state)
{
    static struct record r[LIMIT_BATCH_RECORDS];
    struct ledger *l = new_ledger();
    uint32_t batch = 0;
    uint64_t id = 0;

    (void)state;
    while (id < MANY) {
        size_t n = 0;
        for (; n < LIMIT_BATCH_RECORDS && id < MANY; n++, id++) {
            r[n] = record_at(id * UINT64_C(0x9E3779B97F4A7C15) + 1,
                             (int64_t)id * 1000);
            r[n].weaker_count = 4;
            for (uint64_t k = 0; k < 4; k++)
                r[n].weaker[k] = (struct name){
                    (id * 4 + k) * UINT64_C(0xD6E8FEB86659FD93) + 2,
                    (uint8_t)(NAME_EMAIL + k)};
        }
        struct exposure e = batch_of(batch++, r, n);
        add(l, &e);
    }
    assert_int_equal(ledger_customers(l), MANY);
    assert_true(l->memory.held / MANY <= PER_CUSTOMER);
    ledger_free(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_batch_counts_once),
        cmocka_unit_test(test_the_highest_batch_is_the_header),
        cmocka_unit_test(test_packets_are_kept_by_capture),
        cmocka_unit_test(test_rows_of_a_second_are_one_entry),
        cmocka_unit_test(test_settling_merges_what_adding_left),
        cmocka_unit_test(test_rows_far_apart_are_two_entries),
        cmocka_unit_test(test_entries_are_runs_of_their_transfer),
        cmocka_unit_test(test_parties_stand_by_name_each_once),
        cmocka_unit_test(test_unread_bytes_came_when_sums_grew),
        cmocka_unit_test(test_missing_bytes_are_the_stream_s_most),
        cmocka_unit_test(test_memory_ends_honestly),
        cmocka_unit_test(test_a_customer_takes_little),
    };

    return cmocka_run_group_tests_name("ledger", tests, NULL, NULL);
}
