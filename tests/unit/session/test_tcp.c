// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_tcp.c - session/tcp.c: headers, flags, roles, and when a flow ends.
 */
#include "outflow/limits.h"
#include "rows.h"
#include "session/tcp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
    MEMORY = 1 << 26,
    SMALL = 5000, /* bytes of an upload */
};

static const int64_t ns_of_s = 1000000000;
static uint8_t room[WIRE_ROOM];

/* A segment with ten bytes of payload and two words of options. */
static struct datagram segment(void)
{
    const struct wire_plan plan = {.from = {"10.0.0.1", 40000},
                                   .to = {"10.0.0.2", 80},
                                   .seen = {1, 1, 0},
                                   .seq = 100,
                                   .flags = WIRE_ACK,
                                   .options = 2,
                                   .bytes = SPAN("0123456789")};
    struct datagram d;

    wire_tcp(&plan, room, &d);
    return d;
}

static void test_header(void **state)
{
    static const struct {
        const char *what;
        uint8_t offset;  /* the header's length field */
        size_t captured; /* bytes of the segment, of 38 */
        enum skip skip;
        size_t bytes, cut; /* payload */
    } rows[] = {
        {"whole", 7, 38, SKIP_NONE, 10, 0},
        {"header too short", 4, 38, SKIP_MALFORMED, 0, 0},
        {"no header at all", 0, 38, SKIP_MALFORMED, 0, 0},
        {"header longer than the segment", 15, 38, SKIP_MALFORMED, 0, 0},
        {"payload cut", 7, 31, SKIP_NONE, 3, 7},
        {"options cut", 7, 25, SKIP_NONE, 0, 10},
        {"header cut", 7, 19, SKIP_TRUNCATED, 0, 0},
        {"nothing captured", 7, 0, SKIP_TRUNCATED, 0, 0},
        {"header to the end", 9, 38, SKIP_NONE, 2, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct datagram d = segment();
        struct segment seg;

        room[12] = (uint8_t)(rows[i].offset << 4);
        d.payload.len = rows[i].captured;
        d.cut = (uint32_t)(38 - rows[i].captured);
        assert_int_equal(tcp_parse(&d, &seg), rows[i].skip);
        if (rows[i].skip != SKIP_NONE)
            continue;
        assert_int_equal(seg.bytes.len, rows[i].bytes);
        assert_int_equal(seg.cut, rows[i].cut);
    }
    struct datagram d = segment();
    struct segment seg;
    d.payload.len = 10;
    assert_int_equal(tcp_parse(&d, &seg), SKIP_MALFORMED);
}

static void test_who_opened(void **state)
{
    static const struct {
        uint16_t src, dst;
        bool sender;
    } rows[] = {
        {40000, 80, true},    {80, 40000, false},   {40000, 3306, true},
        {3306, 40000, false}, {50000, 40000, true}, {3306, 8080, true},
        {25, 25, true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct endpoints e = {.src = rows[i].src, .dst = rows[i].dst};
        assert_int_equal(sender_opened(&e), rows[i].sender);
    }
}

/* Play t alone; h is to be cleared. */
static void play(struct heard *h, const struct talk *t)
{
    struct session *s = heard_new(h, "native", MEMORY);

    talk_play(t, "native", s, 1);
    heard_end(h, "native", s);
}

static void test_close_by_fin(void **state)
{
    struct heard h;
    struct talk t;

    (void)state;
    talk_upload(&t, SMALL, 1448);
    play(&h, &t);
    assert_int_equal(h.flow[0]->why, CLOSE_END);
    assert_true(h.flow[0]->stream[DIR_CLIENT].ended);
    assert_true(h.flow[0]->stream[DIR_SERVER].ended);
    assert_int_equal(h.flow[0]->flow.id, 1);
    assert_int_equal(h.counters.flows_one_way, 0);
    heard_clear(&h);
    talk_clear(&t);
}

/* One side ended and was acknowledged: that is told before the flow ends. */
static void test_half_closed(void **state)
{
    struct heard h;
    struct talk t;

    (void)state;
    talk_upload(&t, SMALL, 1448);
    t.count -= 2; /* the server's FIN, and the last ACK */
    struct talk_packet ack = t.p[t.count - 1];
    ack.dir = DIR_SERVER;
    ack.flags = WIRE_ACK;
    ack.seq = t.isn[DIR_SERVER] + 700;
    ack.ack = t.p[t.count - 1].seq + 1;
    struct session *s = heard_new(&h, "native", MEMORY);
    talk_play(&t, "native", s, 1);
    assert_false(h.flow[0]->stream[DIR_CLIENT].ended);
    talk_insert(&t, t.count, ack);
    struct talk last = t;
    last.p = t.p + t.count - 1;
    last.count = 1;
    talk_play(&last, "native", s, 100);
    assert_true(h.flow[0]->stream[DIR_CLIENT].ended);
    assert_false(h.flow[0]->stream[DIR_SERVER].ended);
    assert_false(h.flow[0]->closed);
    heard_end(&h, "native", s);
    assert_int_equal(h.flow[0]->why, CLOSE_FLUSH);
    heard_clear(&h);
    talk_clear(&t);
}

/* A RST closes when nothing follows it for a while, or at the end. */
static void test_reset(void **state)
{
    (void)state;
    for (int later = 0; later < 2; later++) {
        struct heard h;
        struct talk t;

        talk_upload(&t, SMALL, 1448);
        t.count -= 3;
        struct talk_packet rst = t.p[t.count - 1];
        rst.flags = WIRE_RST;
        talk_insert(&t, t.count, rst);
        struct session *s = heard_new(&h, "native", MEMORY);
        talk_play(&t, "native", s, 1);
        assert_false(h.flow[0]->closed);
        if (later) {
            struct talk other = t;
            other.count = 5;
            other.port = 999;
            for (size_t i = 0; i < other.count; i++)
                other.p[i].time_ns += 2 * LIMIT_RESET_S * ns_of_s;
            for (int n = 0; n < 40; n++) { /* packets move the clock */
                for (size_t i = 0; i < other.count; i++)
                    other.p[i].time_ns += ns_of_s;
                talk_play(&other, "native", s, 100);
            }
            assert_true(h.flow[0]->closed);
        }
        heard_end(&h, "native", s);
        assert_int_equal(h.flow[0]->why, CLOSE_END);
        heard_clear(&h);
        talk_clear(&t);
    }
}

/* A flow first met by its server's bytes, on ports that tell nothing. */
static void test_roles_by_syn(void **state)
{
    struct heard h;
    struct talk t;

    (void)state;
    talk_upload(&t, SMALL, 1448);
    t.port = 70; /* below 80: the server's would be the client's */
    talk_move(&t, 0, 6);
    talk_drop(&t, 0); /* the SYN/ACK */
    talk_pace(&t, 1000);
    play(&h, &t);
    assert_int_equal(h.flows, 1);
    assert_int_equal(h.flow[0]->flow.port[DIR_CLIENT], 70);
    assert_int_equal(h.flow[0]->stream[DIR_CLIENT].len, SMALL);
    assert_false(h.flow[0]->flow.midstream);
    heard_clear(&h);
    talk_clear(&t);
}

/* The answer to a SYN that was not met says who opened the flow. */
static void test_roles_by_answer(void **state)
{
    struct heard h;
    struct talk t;

    (void)state;
    talk_upload(&t, SMALL, 1448);
    t.port = 70;
    talk_drop(&t, 0);
    play(&h, &t);
    assert_int_equal(h.flow[0]->flow.port[DIR_CLIENT], 70);
    assert_int_equal(h.flow[0]->flow.port[DIR_SERVER], 80);
    heard_clear(&h);
    talk_clear(&t);
}

static void test_one_way(void **state)
{
    struct heard h;
    struct talk t;

    (void)state;
    talk_upload(&t, SMALL, 1448);
    talk_drop_side(&t, DIR_SERVER);
    play(&h, &t);
    assert_int_equal(h.counters.flows_one_way, 1);
    heard_clear(&h);
    talk_clear(&t);
}

/* Without payload nobody hears of a flow. */
static void test_no_payload(void **state)
{
    struct heard h;
    struct talk t;

    (void)state;
    talk_upload(&t, SMALL, 1448);
    t.count = 3;
    play(&h, &t);
    assert_int_equal(h.flows, 0);
    assert_int_equal(h.counters.flows, 1);
    assert_int_equal(h.counters.missing_bytes, 0);
    heard_clear(&h);
    talk_clear(&t);
}

/* What comes for a closed flow is known for what it is. */
static void test_stragglers(void **state)
{
    struct heard h;
    struct talk t;

    (void)state;
    talk_upload(&t, SMALL, 1448);
    size_t count = t.count;
    for (size_t i = 0; i < count; i++)
        talk_insert(&t, t.count, t.p[i]);
    play(&h, &t);
    assert_int_equal(h.flows, 1);
    assert_int_equal(h.counters.flows, 1);
    assert_int_equal(h.counters.duplicate_bytes, SMALL + 700);
    assert_int_equal(h.counters.payload_bytes, SMALL + 700);
    heard_clear(&h);
    talk_clear(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_header),
        cmocka_unit_test(test_who_opened),
        cmocka_unit_test(test_close_by_fin),
        cmocka_unit_test(test_half_closed),
        cmocka_unit_test(test_reset),
        cmocka_unit_test(test_roles_by_syn),
        cmocka_unit_test(test_roles_by_answer),
        cmocka_unit_test(test_one_way),
        cmocka_unit_test(test_no_payload),
        cmocka_unit_test(test_stragglers),
    };
    return cmocka_run_group_tests_name("session/tcp", tests, NULL, NULL);
}
