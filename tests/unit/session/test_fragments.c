// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_fragments.c - session/fragments.c: one row per way to cut a datagram.
 */
#include "outflow/limits.h"
#include "outflow/session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "outflow/compiler.h"
#include "support/wire.h"

enum {
    SIZE = 4000, /* payload bytes of the datagram */
    PARTS = 16,
    MEMORY = 1 << 20,
};

struct cut {
    uint32_t from, to;
    bool other;      /* of a datagram with other bytes */
    uint32_t lack;   /* bytes at its end not captured */
    uint32_t late_s; /* seconds after the one before */
};

struct row {
    const char *name;
    struct cut cut[PARTS];
    bool v6;
    bool incomplete;
    uint32_t cut_off; /* bytes of the end that are not there */
    bool two;         /* the other copies make a second datagram */
};

static const struct row rows[] = {
    {.name = "in order", .cut = {{0, 1480}, {1480, 2960}, {2960, SIZE}}},
    {.name = "IPv6",
     .v6 = true,
     .cut = {{0, 1480}, {1480, 2960}, {2960, SIZE}}},
    {.name = "last first", .cut = {{2960, SIZE}, {1480, 2960}, {0, 1480}}},
    {.name = "one alone, as IPv6 allows", .v6 = true, .cut = {{0, SIZE}}},
    {.name = "one is missing",
     .incomplete = true,
     .cut = {{0, 1480}, {2960, SIZE}}},
    {.name = "the last is missing",
     .incomplete = true,
     .cut = {{0, 1480}, {1480, 2960}}},
    {.name = "copies that are the same",
     .cut = {{0, 1480}, {0, 1480}, {1480, 2960}, {1480, 2960}, {2960, SIZE}}},
    {.name = "overlapping, the same bytes",
     .cut = {{0, 1480}, {800, 2960}, {1600, 3200}, {2400, SIZE}}},
    {.name = "a copy with other bytes",
     .two = true,
     .cut =
         {{0, 1480}, {1480, 2960}, {800, 2960, .other = true}, {2960, SIZE}}},
    {.name = "a fragment within another",
     .cut = {{0, 2960}, {800, 1600}, {2960, SIZE}}},
    {.name = "teardrop: the second ends inside the first",
     .cut = {{0, 2960}, {24, 28}, {2960, SIZE}}},
    {.name = "tiny", .cut = {{0, 8}, {8, 16}, {16, 24}, {24, 32}, {32, SIZE}}},
    {.name = "the end is not captured",
     .cut_off = 100,
     .cut = {{0, 1480}, {1480, 2960}, {2960, SIZE, .lack = 100}}},
    {.name = "nothing behind a lack is of use",
     .cut_off = SIZE - 1400,
     .cut = {{0, 1480, .lack = 80}, {1480, 2960}, {2960, SIZE}}},
    {.name = "within a minute",
     .cut = {{0, 1480}, {1480, 2960}, {2960, SIZE, .late_s = 59}}},
    {.name = "after a minute",
     .incomplete = true,
     .cut = {{0, 1480}, {1480, 2960}, {2960, SIZE, .late_s = 61}}},
};

struct stage {
    uint8_t first[WIRE_ROOM];
    uint8_t second[WIRE_ROOM];
    struct datagram whole, other;
    struct counters counters;
    struct fragments *f;
};

static struct stage *stage_new(bool v6, uint64_t memory)
{
    struct stage *st = calloc(1, sizeof(*st));
    uint8_t text[SIZE];
    const struct wire_plan plan = {
        .from = {v6 ? "2001:db8::1" : "10.0.0.1", 5},
        .to = {v6 ? "2001:db8::2" : "10.0.0.2", 6},
        .seen = {1000000000, 1, 0},
        .bytes = {text, SIZE - 8},
    };

    assert_non_null(st);
    wire_text(text, sizeof(text), 1);
    wire_udp(&plan, st->first, &st->whole);
    wire_text(text, sizeof(text), 2);
    wire_udp(&plan, st->second, &st->other);
    st->f = fragments_new(memory, &st->counters);
    assert_non_null(st->f);
    return st;
}

static void stage_free(struct stage *st)
{
    fragments_free(st->f);
    free(st);
}

/* Hand over one fragment, in memory of its own size. */
static bool give(struct stage *st, const struct cut *c, int64_t *time_ns,
                 struct datagram *whole)
{
    const struct datagram *of = c->other ? &st->other : &st->whole;
    struct datagram part = wire_fragment(of, c->from, c->to, 77);
    size_t len = part.payload.len - c->lack;
    uint8_t *exact = malloc(len);

    assert_non_null(exact);
    memcpy(exact, part.payload.ptr, len);
    part.payload = (struct span){exact, len};
    part.cut = c->lack;
    *time_ns += c->late_s * 1000000000ll;
    part.seen.time_ns = *time_ns;
    st->counters.packets++;
    bool done = fragments_take(st->f, &part, true, whole);
    free(exact);
    return done;
}

static void check_whole(const struct stage *st, const struct row *row,
                        const struct datagram *whole)
{
    size_t len = SIZE - row->cut_off;

    assert_false(whole->fragment);
    assert_int_equal(whole->v6, row->v6);
    assert_int_equal(whole->payload.len, len);
    assert_int_equal(whole->cut, row->cut_off);
    assert_memory_equal(whole->payload.ptr, st->first, len);
}

static void test_row(void **state)
{
    const struct row *row = *state;
    struct stage *st = stage_new(row->v6, MEMORY);
    struct datagram whole, other;
    int64_t time_ns = 1000000000;
    bool done = false;

    for (size_t i = 0; i < PARTS && row->cut[i].to > 0; i++) {
        assert_false(done);
        done = give(st, &row->cut[i], &time_ns, &whole);
    }
    assert_int_equal(done, !row->incomplete);
    if (done) {
        check_whole(st, row, &whole);
        assert_int_equal(fragments_other(st->f, &other), row->two);
        if (row->two) {
            assert_int_equal(other.payload.len, SIZE);
            assert_memory_equal(other.payload.ptr, st->first, 800);
            assert_memory_equal(other.payload.ptr + 800, st->second + 800,
                                2160);
        }
        assert_false(fragments_other(st->f, &other));
    }
    fragments_flush(st->f);
    const struct counters *c = &st->counters;
    assert_int_equal(c->packets_used, done ? c->packets : 0);
    assert_int_equal(c->packets_skipped[SKIP_FRAGMENT], done ? 0 : c->packets);
    stage_free(st);
}

static void test_ping_of_death(void **state)
{
    struct stage *st = stage_new(false, MEMORY);
    struct datagram part = wire_fragment(&st->whole, 0, 1480, 1);
    struct datagram whole;

    (void)state;
    part.frag_at = 65528;
    assert_false(fragments_take(st->f, &part, true, &whole));
    part.frag_at = 0;
    part.payload.len = 0;
    assert_false(fragments_take(st->f, &part, true, &whole));
    assert_int_equal(st->counters.packets_skipped[SKIP_MALFORMED], 2);
    stage_free(st);
}

/* A million datagrams that never become whole, and one that does. */
static void test_flood(void **state)
{
    struct stage *st = stage_new(false, MEMORY);
    struct datagram whole;

    (void)state;
    for (uint32_t i = 0; i < 1000000; i++) {
        struct datagram part = wire_fragment(&st->whole, 0, 8, i);
        memcpy(part.src.b + 12, &i, sizeof(i));
        assert_false(fragments_take(st->f, &part, true, &whole));
    }
    uint64_t lost = st->counters.packets_skipped[SKIP_FRAGMENT_LIMIT];
    assert_true(lost > 900000);
    struct datagram part = wire_fragment(&st->whole, 0, 1480, 77);
    assert_false(fragments_take(st->f, &part, true, &whole));
    part = wire_fragment(&st->whole, 1480, SIZE, 77);
    assert_true(fragments_take(st->f, &part, true, &whole));
    assert_memory_equal(whole.payload.ptr, st->first, SIZE);
    assert_int_equal(st->counters.packets_used, 2);
    fragments_flush(st->f);
    assert_int_equal(st->counters.packets_skipped[SKIP_FRAGMENT_LIMIT] +
                         st->counters.packets_skipped[SKIP_FRAGMENT],
                     1000000);
    stage_free(st);
}

/* Datagrams are told apart by addresses, number, tenant and protocol. */
static void test_keys(void **state)
{
    struct stage *st = stage_new(false, MEMORY);
    struct datagram whole;

    (void)state;
    for (int what = 0; what < 5; what++) {
        struct datagram a = wire_fragment(&st->whole, 0, 1480, 1);
        struct datagram b = wire_fragment(&st->whole, 1480, SIZE, 1);
        b.src.b[15] ^= what == 0;
        b.dst.b[15] ^= what == 1;
        b.frag_id ^= what == 2;
        b.tenant ^= what == 3;
        b.proto ^= what == 4;
        assert_false(fragments_take(st->f, &a, true, &whole));
        assert_false(fragments_take(st->f, &b, true, &whole));
        fragments_flush(st->f);
    }
    stage_free(st);
}

/* A worker that does not count a packet still puts it together. */
static void test_not_counted(void **state)
{
    struct stage *st = stage_new(false, MEMORY);
    struct datagram a = wire_fragment(&st->whole, 0, 1480, 1);
    struct datagram b = wire_fragment(&st->whole, 1480, SIZE, 1);
    struct datagram whole;

    (void)state;
    assert_false(fragments_take(st->f, &a, false, &whole));
    assert_true(fragments_take(st->f, &b, true, &whole));
    assert_int_equal(st->counters.packets_used, 1);
    assert_false(fragments_take(st->f, &a, false, &whole));
    fragments_flush(st->f);
    assert_int_equal(st->counters.packets_skipped[SKIP_FRAGMENT], 0);
    stage_free(st);
}

/* What a forged fragment of the datagram says and holds. */
struct forged {
    uint32_t at, len;
    bool more;
};

/* Is the true datagram among what is given after this fragment? */
static bool gives_true(struct stage *st, const struct datagram *part)
{
    struct datagram whole;
    bool found = false;

    bool done = fragments_take(st->f, part, true, &whole);
    while (done) {
        found |= whole.payload.len == SIZE &&
                 memcmp(whole.payload.ptr, st->first, SIZE) == 0;
        done = fragments_other(st->f, &whole);
    }
    return found;
}

static bool give_forged(struct stage *st, const struct forged *c)
{
    static const uint8_t junk[WIRE_ROOM];
    struct datagram part = wire_fragment(&st->whole, 0, 8, 77);

    part.frag_at = c->at;
    part.frag_more = c->more;
    part.payload = (struct span){junk, c->len};
    return gives_true(st, &part);
}

static bool give_true(struct stage *st, uint32_t from, uint32_t to)
{
    struct datagram part = wire_fragment(&st->whole, from, to, 77);

    return gives_true(st, &part);
}

/* Whatever a fragment says that no receiver got, the datagram is there. */
static void test_forged(void **state)
{
    static const struct forged forged[] = {
        {400, 200, false},   /* an end within the first fragment */
        {1480, 24, false},   /* behind it */
        {2960, 40, false},   /* before the true one */
        {2960, 1040, false}, /* a copy of the last fragment */
        {1480, 2520, false}, /* of all behind the first, see below */
        {8000, 8, false},    /* an end far behind */
        {0, 8, true},        {1480, 1480, true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(forged) * 3; i++) {
        const struct forged *c = &forged[i % COUNT(forged)];
        bool found = false;

        if (c->len == 2520 && i / COUNT(forged) == 2)
            continue; /* neither the first nor the last copies are true */
        struct stage *st = stage_new(false, MEMORY);

        for (size_t n = 0; n < 3; n++) {
            if (n == i / COUNT(forged))
                found |= give_forged(st, c);
            found |= give_true(st, (uint32_t)n * 1480,
                               n == 2 ? SIZE : (uint32_t)(n + 1) * 1480);
        }
        assert_true(found);
        fragments_flush(st->f);
        assert_int_equal(st->counters.packets_used +
                             st->counters.packets_skipped[SKIP_FRAGMENT],
                         4);
        stage_free(st);
    }
}

/* Fragments that come twice are no datagram that lacks its first. */
static void test_repeated(void **state)
{
    struct stage *st = stage_new(false, MEMORY);
    struct datagram a = wire_fragment(&st->whole, 0, 1480, 1);
    struct datagram b = wire_fragment(&st->whole, 1480, SIZE, 1);
    struct datagram whole;

    (void)state;
    assert_false(fragments_take(st->f, &a, true, &whole));
    assert_false(fragments_take(st->f, &a, true, &whole));
    assert_true(fragments_take(st->f, &b, true, &whole));
    assert_false(fragments_take(st->f, &b, true, &whole));
    assert_int_equal(st->counters.packets_used, 4);
    /* a second later the number is another datagram's */
    b.seen.time_ns += 1000000000;
    assert_false(fragments_take(st->f, &b, true, &whole));
    fragments_flush(st->f);
    assert_int_equal(st->counters.packets_skipped[SKIP_FRAGMENT], 1);
    stage_free(st);
}

/* Only the newest whole datagrams are kept, and in the same memory. */
static void test_kept(void **state)
{
    struct stage *st = stage_new(false, MEMORY);
    struct datagram whole;

    (void)state;
    for (uint32_t i = 0; i < 1000; i++) {
        struct datagram a = wire_fragment(&st->whole, 0, 1480, i);
        struct datagram b = wire_fragment(&st->whole, 1480, SIZE, i);
        struct datagram old = wire_fragment(&st->whole, 1480, SIZE, i - 500);

        assert_false(fragments_take(st->f, &a, true, &whole));
        assert_true(fragments_take(st->f, &b, true, &whole));
        if (i >= 500)
            assert_false(fragments_take(st->f, &old, true, &whole));
    }
    fragments_flush(st->f);
    assert_int_equal(st->counters.packets_used, 2000);
    assert_int_equal(st->counters.packets_skipped[SKIP_FRAGMENT] +
                         st->counters.packets_skipped[SKIP_FRAGMENT_LIMIT],
                     500);
    stage_free(st);
}

int main(void)
{
    static struct CMUnitTest tests[COUNT(rows) + 7] = {
        cmocka_unit_test(test_ping_of_death),
        cmocka_unit_test(test_flood),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_not_counted),
        cmocka_unit_test(test_forged),
        cmocka_unit_test(test_repeated),
        cmocka_unit_test(test_kept),
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        tests[7 + i].name = rows[i].name;
        tests[7 + i].test_func = test_row;
        tests[7 + i].initial_state = (void *)(uintptr_t)&rows[i];
    }
    return cmocka_run_group_tests_name("session/fragments", tests, NULL, NULL);
}
