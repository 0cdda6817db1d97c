// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_engines.c - both engines hear the same of any conversation.
 *
 * Uploads are mutated at random (repeatably); whatever that makes of them,
 * native and nids must tell the same bytes, holes, copies and ends. And laws
 * that hold for each: disorder alone changes nothing; what is heard of an
 * honest stream is its text with holes; missing is what was dropped.
 */
#include "talk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
    ROUNDS = 150,
    MEMORY = 1 << 26,
};

static uint64_t rnd;

static uint32_t pick(uint32_t below)
{
    return wire_random(&rnd) % below;
}

static uint8_t junk[4096];

/* One random change that may be a forgery. */
static void mutate(struct talk *t)
{
    size_t i = pick((uint32_t)t->count);
    struct talk_packet p = t->p[i];

    switch (pick(12)) {
    case 0:
        talk_drop(t, i);
        break;
    case 1:
        talk_move(t, i, pick((uint32_t)t->count));
        break;
    case 2:
        talk_insert(t, pick((uint32_t)t->count), p);
        break;
    case 3:
        t->p[i].flags = (uint8_t)pick(64);
        break;
    case 4:
        t->p[i].seq += pick(9) == 0 ? pick(UINT32_MAX) : pick(5000);
        break;
    case 5:
        t->p[i].ack += pick(9) == 0 ? pick(UINT32_MAX) : pick(5000);
        break;
    case 6:
        t->p[i].wrong_sum = true;
        break;
    case 7:
        t->p[i].cut = t->p[i].len > 0 ? pick(t->p[i].len) : 0;
        break;
    case 8:
        t->p[i].time_ns += (int64_t)pick(20000) * 1000000000;
        break;
    case 9:
        p.bytes = junk;
        p.cut = 0;
        p.len = p.len < sizeof(junk) ? p.len : 0;
        talk_insert(t, i + pick(2), p);
        break;
    case 10:
        p.bytes = junk;
        p.cut = 0;
        p.len = pick(3000);
        p.seq += pick(3000);
        talk_insert(t, i, p);
        break;
    default:
        p.flags = pick(2) ? WIRE_SYN : WIRE_RST;
        p.cut = 0;
        p.len = 0;
        p.seq += pick(100000);
        talk_insert(t, i, p);
        break;
    }
}

static void play(struct heard *h, const char *engine, const struct talk *t)
{
    struct session *s = heard_new(h, engine, MEMORY);

    talk_play(t, engine, s, 1);
    heard_end(h, engine, s);
}

static void check_same_stream(const struct heard_stream *a,
                              const struct heard_stream *b)
{
    assert_int_equal(a->len, b->len);
    if (a->len > 0)
        assert_memory_equal(a->bytes, b->bytes, a->len);
    assert_int_equal(a->gaps, b->gaps);
    for (size_t i = 0; i < a->gaps; i++) {
        assert_int_equal(a->gap[i].at, b->gap[i].at);
        assert_int_equal(a->gap[i].len, b->gap[i].len);
    }
    assert_int_equal(a->last_number, b->last_number);
    assert_int_equal(a->ended, b->ended);
}

static void check_same(const struct heard *a, const struct heard *b)
{
    assert_int_equal(a->flows, b->flows);
    for (size_t i = 0; i < a->flows; i++) {
        check_same_stream(&a->flow[i]->stream[0], &b->flow[i]->stream[0]);
        check_same_stream(&a->flow[i]->stream[1], &b->flow[i]->stream[1]);
        assert_int_equal(a->flow[i]->why, b->flow[i]->why);
        assert_int_equal(a->flow[i]->flow.id, b->flow[i]->flow.id);
    }
    assert_int_equal(a->copies, b->copies);
    for (size_t i = 0; i < a->copies; i++) {
        assert_int_equal(a->copy[i].len, b->copy[i].len);
        assert_memory_equal(a->copy[i].text, b->copy[i].text, a->copy[i].len);
    }
    assert_memory_equal(&a->counters, &b->counters, sizeof(a->counters));
}

static void test_differential(void **state)
{
    (void)state;
    memset(junk, '#', sizeof(junk));
    for (uint64_t round = 1; round <= ROUNDS; round++) {
        struct heard native, nids;
        struct talk t;

        rnd = round;
        talk_upload(&t, 20000 + pick(60000), 100 + pick(1400));
        if (pick(4) == 0)
            talk_again(&t, pick(UINT32_MAX));
        for (uint32_t n = pick(40); n > 0; n--)
            mutate(&t);
        play(&native, "native", &t);
        play(&nids, "nids", &t);
        check_same(&native, &nids);
        heard_clear(&native);
        heard_clear(&nids);
        talk_clear(&t);
    }
}

/* Any order within 60 packets, and repetition, change nothing. */
static void test_any_order(void **state)
{
    (void)state;
    for (uint64_t round = 1; round <= ROUNDS; round++) {
        struct heard h;
        struct talk t;

        rnd = round;
        talk_upload(&t, 20000 + pick(60000), 100 + pick(1400));
        for (size_t i = 0; i < t.count; i++) {
            if (pick(8) == 0)
                talk_move(&t, i, i > 60 ? i - pick(60) : 0);
            if (pick(20) == 0)
                talk_insert(&t, i, t.p[i]);
        }
        talk_pace(&t, 1000);
        play(&h, round % 2 ? "native" : "nids", &t);
        assert_int_equal(h.flows, 1);
        for (int dir = 0; dir < 2; dir++)
            assert_int_equal(
                heard_is(&h.flow[0]->stream[dir], t.text[dir], t.len[dir], 0),
                t.len[dir]);
        assert_int_equal(h.counters.missing_bytes, 0);
        assert_int_equal(h.copies, 0);
        heard_clear(&h);
        talk_clear(&t);
    }
}

/* Data packets dropped at random: what is missing is known to the byte. */
static void test_any_loss(void **state)
{
    (void)state;
    for (uint64_t round = 1; round <= ROUNDS; round++) {
        struct heard h;
        struct talk t;
        uint64_t dropped = 0;

        rnd = round;
        talk_upload(&t, 20000 + pick(60000), 100 + pick(1400));
        for (size_t i = 0; i < t.count; i++) {
            if (t.p[i].len == 0 || pick(10) > 0)
                continue;
            dropped += t.p[i].len;
            talk_drop(&t, i);
        }
        play(&h, round % 2 ? "native" : "nids", &t);
        assert_int_equal(h.counters.missing_bytes, dropped);
        for (size_t i = 0; i < h.flows; i++)
            for (int dir = 0; dir < 2; dir++)
                heard_is(&h.flow[i]->stream[dir], t.text[dir], t.len[dir], 0);
        assert_int_equal(h.data_bytes + dropped, t.len[0] + t.len[1]);
        heard_clear(&h);
        talk_clear(&t);
    }
}

static void test_names(void **state)
{
    (void)state;
    assert_non_null(session_engine_find(SPAN("native")));
    assert_non_null(session_engine_find(SPAN("nids")));
    assert_null(session_engine_find(SPAN("Native")));
    assert_null(session_engine_find(SPAN("")));
}

/* libnids is one to a process. */
static void test_one_nids(void **state)
{
    struct heard h;
    struct session *s = heard_new(&h, "nids", MEMORY);
    const struct session_settings set = {.memory = MEMORY,
                                         .counters = &h.counters};

    (void)state;
    assert_null(heard_engine("nids")->new_(&set));
    heard_end(&h, "nids", s);
    heard_clear(&h);
}

/* What libnids keeps has its share of the memory; streams still go on. */
static void test_nids_memory(void **state)
{
    enum { FLOWS = 200, SMALL = 3 << 20 };
    struct heard h;
    struct session *s = heard_new(&h, "nids", SMALL);
    struct talk t;

    (void)state;
    talk_upload(&t, 20000, 1448);
    size_t half = t.count / 2;
    for (size_t i = 0; i < FLOWS * 2; i++) {
        struct talk part = t;
        part.port = (uint16_t)(1000 + i % FLOWS);
        part.p += i < FLOWS ? 0 : half;
        part.count = i < FLOWS ? half : t.count - half;
        talk_play(&part, "nids", s, i * t.count);
        assert_true(heard_engine("nids")->held(s) <= SMALL);
    }
    heard_end(&h, "nids", s);
    assert_int_equal(h.flows, FLOWS);
    for (size_t i = 0; i < FLOWS; i++)
        assert_int_equal(heard_is(&h.flow[i]->stream[DIR_CLIENT],
                                  t.text[DIR_CLIENT], t.len[DIR_CLIENT], 0),
                         t.len[DIR_CLIENT]);
    heard_clear(&h);
    talk_clear(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nids_memory), cmocka_unit_test(test_names),
        cmocka_unit_test(test_one_nids),    cmocka_unit_test(test_any_order),
        cmocka_unit_test(test_any_loss),    cmocka_unit_test(test_differential),
    };
    return cmocka_run_group_tests_name("session/engines", tests, NULL, NULL);
}
