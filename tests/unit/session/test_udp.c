// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_udp.c - session/udp.c: datagrams become messages of flows.
 */
#include "heard.h"
#include "outflow/limits.h"
#include "support/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum {
    MEMORY = 1 << 24,
};

static uint8_t room[WIRE_ROOM];

static const struct wire_end host = {"10.0.0.1", 40000};
static const struct wire_end server = {"10.0.0.2", 53};

/* Give one message to the engine; what becomes of it. */
static enum skip say(struct session *s, const struct wire_plan *plan)
{
    struct datagram d;

    wire_udp(plan, room, &d);
    return heard_engine("native")->take(s, &d);
}

static void test_two_ways(void **state)
{
    struct heard h;
    struct session *s = heard_new(&h, "native", MEMORY);
    struct wire_plan ask = {
        .from = host, .to = server, .seen = {1000, 1, 0}, .bytes = SPAN("ask")};
    struct wire_plan answer = {.from = server,
                               .to = host,
                               .seen = {2000, 2, 0},
                               .bytes = SPAN("answer")};

    (void)state;
    assert_int_equal(say(s, &ask), SKIP_NONE);
    assert_int_equal(say(s, &answer), SKIP_NONE);
    heard_end(&h, "native", s);
    assert_int_equal(h.flows, 1);
    assert_int_equal(h.messages, 2);
    assert_int_equal(h.message_bytes, 9);
    assert_int_equal(h.counters.payload_bytes, 9);
    assert_int_equal(h.flow[0]->flow.port[DIR_CLIENT], 40000);
    assert_int_equal(h.flow[0]->flow.id, 1);
    assert_int_equal(h.counters.flows_one_way, 0);
    heard_clear(&h);
}

static void test_answer_first(void **state)
{
    struct heard h;
    struct session *s = heard_new(&h, "native", MEMORY);
    struct wire_plan answer = {.from = server,
                               .to = host,
                               .seen = {2000, 2, 0},
                               .bytes = SPAN("answer")};

    (void)state;
    assert_int_equal(say(s, &answer), SKIP_NONE);
    heard_end(&h, "native", s);
    assert_int_equal(h.flow[0]->flow.port[DIR_SERVER], 53);
    heard_clear(&h);
}

static void test_cut(void **state)
{
    struct heard h;
    struct session *s = heard_new(&h, "native", MEMORY);
    struct wire_plan plan = {.from = host,
                             .to = server,
                             .seen = {1, 1, 0},
                             .bytes = SPAN("0123456789"),
                             .cut = 4};

    (void)state;
    assert_int_equal(say(s, &plan), SKIP_NONE);
    plan.cut = 15; /* not even the header is there */
    assert_int_equal(say(s, &plan), SKIP_TRUNCATED);
    heard_end(&h, "native", s);
    assert_int_equal(h.message_bytes, 6);
    assert_int_equal(h.counters.missing_bytes, 4);
    heard_clear(&h);
}

static void test_lengths(void **state)
{
    static const struct {
        uint8_t high, low; /* of the length field */
        enum skip skip;
        uint64_t bytes;
    } rows[] = {
        {0, 18, SKIP_NONE, 10},    /* right */
        {0, 14, SKIP_NONE, 6},     /* padding behind it */
        {0, 8, SKIP_NONE, 0},      /* empty */
        {0, 7, SKIP_MALFORMED, 0}, /* less than a header */
        {0, 0, SKIP_NONE, 10},     /* a jumbogram's */
        {9, 9, SKIP_NONE, 10},     /* more than there is */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct heard h;
        struct session *s = heard_new(&h, "native", MEMORY);
        struct wire_plan plan = {.from = host,
                                 .to = server,
                                 .seen = {1, 1, 0},
                                 .bytes = SPAN("0123456789")};
        struct datagram d;

        wire_udp(&plan, room, &d);
        room[4] = rows[i].high;
        room[5] = rows[i].low;
        assert_int_equal(heard_engine("native")->take(s, &d), rows[i].skip);
        heard_end(&h, "native", s);
        assert_int_equal(h.message_bytes, rows[i].bytes);
        heard_clear(&h);
    }
}

static void test_idle(void **state)
{
    struct heard h;
    struct session *s = heard_new(&h, "native", MEMORY);
    struct wire_plan plan = {
        .from = host, .to = server, .seen = {1, 1, 0}, .bytes = SPAN("x")};

    (void)state;
    assert_int_equal(say(s, &plan), SKIP_NONE);
    plan.seen.time_ns += (LIMIT_UDP_IDLE_S - 1) * 1000000000ll;
    assert_int_equal(say(s, &plan), SKIP_NONE);
    plan.seen.time_ns += (LIMIT_UDP_IDLE_S + 1) * 1000000000ll;
    plan.seen.number = 3;
    assert_int_equal(say(s, &plan), SKIP_NONE);
    heard_end(&h, "native", s);
    assert_int_equal(h.flows, 2);
    assert_int_equal(h.flow[0]->why, CLOSE_IDLE);
    assert_int_equal(h.flow[1]->why, CLOSE_FLUSH);
    heard_clear(&h);
}

static void test_other_protocols(void **state)
{
    struct heard h;
    struct session *s = heard_new(&h, "native", MEMORY);
    struct wire_plan plan = {.from = host, .to = server, .seen = {1, 1, 0}};
    struct datagram d;

    (void)state;
    wire_udp(&plan, room, &d);
    d.proto = 132;
    assert_int_equal(heard_engine("native")->take(s, &d), SKIP_PROTOCOL);
    heard_end(&h, "native", s);
    assert_int_equal(h.flows, 0);
    heard_clear(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_ways), cmocka_unit_test(test_answer_first),
        cmocka_unit_test(test_cut),      cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_idle),     cmocka_unit_test(test_other_protocols),
    };
    return cmocka_run_group_tests_name("session/udp", tests, NULL, NULL);
}
