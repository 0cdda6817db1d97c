// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_history.c - session/history.c against a plain copy of everything.
 */
#include "session/history.h"

#include "outflow/compiler.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/wire.h"

enum {
    ALL = 40000,
};

struct growth {
    const char *name;
    uint32_t cap;
    uint32_t step; /* largest addition */
};

static const struct growth growths[] = {
    {"small additions", 1000, 50},
    {"additions as large as the ring", 1000, 1000},
    {"additions larger than the ring", 500, 3000},
    {"a ring that never wraps", 60000, 700},
};

static void test_ring(void **state)
{
    const struct growth *g = *state;
    uint8_t *all = malloc(ALL);
    uint8_t *out = malloc(ALL);
    struct history *h = NULL;
    uint64_t rnd = 1;
    size_t done = 0;

    wire_text(all, ALL, 3);
    while (done < ALL) {
        size_t len = wire_random(&rnd) % g->step + 1;
        len = len > ALL - done ? ALL - done : len;
        history_add(&h, done, (struct span){all + done, len}, g->cap);
        done += len;
        assert_int_equal(h->end, done);
        assert_true(h->room <= g->cap + 64);
        assert_true(h->len == done || h->len >= g->cap / 2 || h->len >= len);
        history_copy(h, history_begin(h), h->len, out);
        assert_memory_equal(out, all + history_begin(h), h->len);
    }
    free(h);
    free(all);
    free(out);
}

static void test_differs(void **state)
{
    uint8_t all[300];
    uint8_t copy[100];
    struct history *h = NULL;
    size_t low = 0, high = 0;

    (void)state;
    wire_text(all, sizeof(all), 3);
    for (size_t i = 0; i < sizeof(all); i += 30)
        history_add(&h, i, (struct span){all + i, 30}, 128);
    const struct span span = {copy, sizeof(copy)};
    for (size_t at = 180; at < 260; at++) {
        size_t held = sizeof(all) - at < 100 ? sizeof(all) - at : 100;
        memcpy(copy, all + at, held);
        assert_false(history_differs(h, at, span, &low, &high));
        copy[7] ^= 1;
        copy[31] ^= 1;
        assert_true(history_differs(h, at, span, &low, &high));
        assert_int_equal(low, 7);
        assert_int_equal(high, 32);
    }
    /* what is no longer held differs from nothing */
    memset(copy, 0, sizeof(copy));
    assert_false(history_differs(h, 10, span, &low, &high));
    assert_false(history_differs(h, 300, span, &low, &high));
    assert_false(history_differs(NULL, 0, span, &low, &high));
    free(h);
}

static void test_reset(void **state)
{
    struct history *h = NULL;
    size_t low = 0, high = 0;

    (void)state;
    history_reset(NULL);
    history_add(&h, 0, SPAN("abcdef"), 100);
    history_reset(h);
    assert_false(history_differs(h, 0, SPAN("xbcdef"), &low, &high));
    history_add(&h, 50, SPAN("gh"), 100);
    assert_int_equal(history_begin(h), 50);
    assert_true(history_differs(h, 50, SPAN("gx"), &low, &high));
    free(h);
}

static void test_no_room(void **state)
{
    struct history *h = NULL;

    (void)state;
    history_add(&h, 0, SPAN("abc"), 0);
    assert_null(h);
    assert_int_equal(history_size(h), 0);
}

int main(void)
{
    struct CMUnitTest tests[] = {
        cmocka_unit_test(test_differs),
        cmocka_unit_test(test_reset),
        cmocka_unit_test(test_no_room),
        {0},
        {0},
        {0},
        {0},
    };
    for (size_t i = 0; i < COUNT(growths); i++) {
        tests[3 + i].name = growths[i].name;
        tests[3 + i].test_func = test_ring;
        tests[3 + i].initial_state = (void *)(uintptr_t)&growths[i];
    }
    return cmocka_run_group_tests_name("session/history", tests, NULL, NULL);
}
