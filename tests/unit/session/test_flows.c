// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_flows.c - session/flows.c: memory, age and who has to go first.
 */
#include "outflow/limits.h"
#include "session/core.h"
#include "talk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
    UPLOAD = 200000,
};

static uint8_t room[WIRE_ROOM];

/* Many hosts send a SYN each. */
static void flood(struct session *s, uint32_t from, uint32_t count,
                  int64_t time_ns)
{
    const struct wire_plan plan = {.from = {"172.16.0.0", 1234},
                                   .to = {"203.0.113.9", 80},
                                   .seen = {time_ns, 1, 7},
                                   .flags = WIRE_SYN};
    struct datagram d;

    wire_tcp(&plan, room, &d);
    for (uint32_t i = from; i < from + count; i++) {
        d.seen.number++;
        memcpy(d.src.b + 12, &i, sizeof(i));
        wire_sum(&d, room);
        assert_int_equal(heard_engine("native")->take(s, &d), SKIP_NONE);
    }
}

static void test_size_of_a_flow(void **state)
{
    (void)state;
    /* 1,500 bytes are for all layers, half-open (design.md 6) */
    assert_true(sizeof(struct tracked) <= 304);
}

static void test_upload_survives_a_flood(void **state)
{
    const uint64_t memory = 8 << 20;
    struct heard h;
    struct talk t;
    struct session *s = heard_new(&h, "native", memory);

    (void)state;
    talk_upload(&t, UPLOAD, 1448);
    struct talk half = t;
    half.count = t.count / 2;
    talk_play(&half, "native", s, 1);
    for (uint32_t i = 0; i < 10; i++) {
        flood(s, i * 20000, 20000, t.p[half.count].time_ns);
        assert_true(heard_engine("native")->held(s) <= memory);
    }
    half.p = t.p + half.count;
    half.count = t.count - half.count;
    talk_play(&half, "native", s, 1000);
    heard_end(&h, "native", s);

    assert_int_equal(h.flows, 1);
    assert_int_equal(
        heard_is(&h.flow[0]->stream[DIR_CLIENT], t.text[DIR_CLIENT], UPLOAD, 0),
        UPLOAD);
    assert_int_equal(h.flow[0]->why, CLOSE_END);
    assert_int_equal(h.counters.flows, 200001);
    assert_true(h.counters.flows_evicted > 150000);
    heard_clear(&h);
    talk_clear(&t);
}

/* Live flows leave in the order of their last use, and go on later. */
static void test_eviction_of_live_flows(void **state)
{
    struct heard h;
    struct session *s = heard_new(&h, "native", 160000);
    struct talk t;

    (void)state;
    talk_upload(&t, 30000, 1448);
    struct talk part = t;
    part.count = 10;
    for (uint16_t port = 1; port <= 30; port++) {
        part.port = port;
        for (size_t i = 0; i < part.count; i++)
            part.p[i].time_ns += 2000000000;
        talk_play(&part, "native", s, port * 100u);
    }
    assert_int_equal(h.flows, 30);
    assert_true(h.flow[0]->closed);
    assert_int_equal(h.flow[0]->why, CLOSE_EVICTED);
    assert_false(h.flow[29]->closed);
    heard_end(&h, "native", s);
    assert_true(h.counters.flows_evicted >= 5);
    heard_clear(&h);
    talk_clear(&t);
}

/* With next to no memory nothing breaks, and it is said what was lost. */
static void test_no_memory(void **state)
{
    for (uint64_t memory = 0; memory < 30000; memory += 999) {
        struct heard h;
        struct session *s = heard_new(&h, "native", memory);
        const struct wire_plan plan = {.from = {"10.0.0.1", 1234},
                                       .to = {"10.0.0.2", 80},
                                       .seen = {1, 1, 0},
                                       .flags = WIRE_ACK,
                                       .bytes = SPAN("hello")};
        struct datagram d;

        (void)state;
        wire_tcp(&plan, room, &d);
        enum skip skip = heard_engine("native")->take(s, &d);
        assert_true(skip == SKIP_NONE || skip == SKIP_FLOW_LIMIT);
        assert_int_equal(skip == SKIP_NONE,
                         memory >= 8192 + sizeof(struct tracked));
        heard_end(&h, "native", s);
        heard_clear(&h);
    }
}

/* Half-open flows leave after their time without a packet of their own. */
static void test_half_open_time(void **state)
{
    struct heard h;
    struct session *s = heard_new(&h, "native", 1 << 26);
    int64_t time_ns = 1000000000;

    (void)state;
    flood(s, 0, 1000, time_ns);
    uint64_t before = heard_engine("native")->held(s);
    for (uint32_t i = 0; i < LIMIT_HALF_OPEN_S + 60; i++)
        flood(s, 5000, 1, time_ns += 1000000000);
    assert_true(heard_engine("native")->held(s) <
                before - 900 * sizeof(struct tracked));
    heard_end(&h, "native", s);
    heard_clear(&h);
}

/* One packet of the far future ages nobody. */
static void test_no_storm(void **state)
{
    struct heard h;
    struct session *s = heard_new(&h, "native", 1 << 26);
    int64_t time_ns = 1000000000;

    (void)state;
    flood(s, 0, 1000, time_ns);
    uint64_t before = heard_engine("native")->held(s);
    flood(s, 5000, 1, time_ns + 10ll * 365 * 86400 * 1000000000);
    flood(s, 5001, 1, time_ns);
    flood(s, 5002, 1, INT64_MAX);
    flood(s, 5003, 1, INT64_MIN);
    assert_true(heard_engine("native")->held(s) >= before);
    heard_end(&h, "native", s);
    heard_clear(&h);
}

/* The same addresses and ports of two tenants are two flows. */
static void test_tenants(void **state)
{
    struct heard h;
    struct session *s = heard_new(&h, "native", 1 << 26);
    struct talk t;

    (void)state;
    talk_upload(&t, UPLOAD, 1448);
    for (size_t i = 0; i < t.count; i += 2) {
        struct talk_packet p = t.p[i];
        p.tenant = 5;
        talk_insert(&t, i, p);
    }
    talk_play(&t, "native", s, 1);
    heard_end(&h, "native", s);
    assert_int_equal(h.flows, 2);
    for (int i = 0; i < 2; i++)
        assert_int_equal(heard_is(&h.flow[i]->stream[DIR_CLIENT],
                                  t.text[DIR_CLIENT], UPLOAD, 0),
                         UPLOAD);
    heard_clear(&h);
    talk_clear(&t);
}

/* 5 GB in one flow: places do not wrap. */
static void test_five_gigabytes(void **state)
{
    struct heard h;
    struct session *s = heard_new(&h, "native", 1 << 26);
    const uint64_t step = 60u << 20;
    struct wire_plan plan = {.from = {"10.0.0.1", 1234},
                             .to = {"10.0.0.2", 80},
                             .seen = {1, 1, 0},
                             .seq = 99,
                             .flags = WIRE_SYN};
    struct datagram d;

    (void)state;
    wire_tcp(&plan, room, &d);
    assert_int_equal(heard_engine("native")->take(s, &d), SKIP_NONE);
    for (uint64_t place = 0; place < 5ull << 30; place += step) {
        const struct wire_end from = plan.from;
        plan.seen.number++;
        plan.seen.time_ns += 1000000000;
        plan.flags = WIRE_ACK;
        plan.seq = (uint32_t)(100 + place);
        plan.bytes = SPAN("0123456789");
        wire_tcp(&plan, room, &d);
        assert_int_equal(heard_engine("native")->take(s, &d), SKIP_NONE);
        struct wire_plan ack = plan;
        ack.from = plan.to;
        ack.to = from;
        ack.ack = plan.seq + 10;
        ack.seq = 7;
        ack.bytes.len = 0;
        ack.seen.time_ns += 500000000;
        wire_tcp(&ack, room, &d);
        assert_int_equal(heard_engine("native")->take(s, &d), SKIP_NONE);
    }
    heard_end(&h, "native", s);
    assert_int_equal(h.flows, 1);
    const struct heard_stream *up = &h.flow[0]->stream[DIR_CLIENT];
    uint64_t steps = ((5ull << 30) + step - 1) / step;
    assert_int_equal(up->len, steps * 10);
    assert_int_equal(up->gap_bytes, (steps - 1) * (step - 10));
    assert_true(up->gap_bytes + up->len > 1ull << 32);
    heard_clear(&h);
}

/* Those used least leave when they are asked to, and are counted. */
static void test_shed(void **state)
{
    struct heard h;
    struct session *s = heard_new(&h, "native", 1 << 26);
    const struct session_engine *e = heard_engine("native");
    struct talk t;

    (void)state;
    talk_upload(&t, UPLOAD, 1448);
    struct talk half = t;
    half.count = t.count / 2;
    flood(s, 0, 700, t.p[0].time_ns - 5000000000);
    talk_play(&half, "native", s, 1);
    assert_true(e->shed(s, 8));
    assert_int_equal(h.counters.flows_evicted, 88);
    for (int i = 0; i < 20; i++)
        assert_true(e->shed(s, 8));
    half.p = t.p + half.count;
    half.count = t.count - half.count;
    talk_play(&half, "native", s, 1000);
    assert_int_equal(
        heard_is(&h.flow[0]->stream[DIR_CLIENT], t.text[DIR_CLIENT], UPLOAD, 0),
        UPLOAD);
    while (e->shed(s, 1))
        continue;
    assert_false(e->shed(s, 8));
    heard_end(&h, "native", s);
    heard_clear(&h);
    talk_clear(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_size_of_a_flow),
        cmocka_unit_test(test_upload_survives_a_flood),
        cmocka_unit_test(test_eviction_of_live_flows),
        cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_half_open_time),
        cmocka_unit_test(test_no_storm),
        cmocka_unit_test(test_tenants),
        cmocka_unit_test(test_five_gigabytes),
        cmocka_unit_test(test_shed),
    };
    return cmocka_run_group_tests_name("session/flows", tests, NULL, NULL);
}
