// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_queue.c - session/queue.c: order, places, taking from both ends.
 */
#include "session/queue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void put(struct queue *q, uint64_t at, const char *text, uint32_t cut)
{
    const struct moment seen = {0};
    struct run *r = run_new(at, span_of(text), &seen);

    assert_non_null(r);
    r->cut = cut;
    assert_true(queue_put(q, queue_find(q, at), r));
}

static void test_sorted(void **state)
{
    struct queue *q = queue_new();

    (void)state;
    for (uint64_t i = 0; i < 1000; i++)
        put(q, i * 7 % 1000 * 10, "abc", 0);
    assert_int_equal(q->count, 1000);
    for (uint32_t i = 0; i < 1000; i++)
        assert_int_equal(queue_at(q, i)->at, i * 10);
    assert_null(queue_at(q, 1000));
    queue_free(q);
}

static void test_find(void **state)
{
    struct queue *q = queue_new();

    (void)state;
    assert_int_equal(queue_find(q, 5), 0);
    put(q, 10, "abc", 2); /* extent 10 to 15 */
    put(q, 20, "abc", 0);
    assert_int_equal(queue_find(q, 9), 0);
    assert_int_equal(queue_find(q, 10), 0);
    assert_int_equal(queue_find(q, 14), 0);
    assert_int_equal(queue_find(q, 15), 1);
    assert_int_equal(queue_find(q, 22), 1);
    assert_int_equal(queue_find(q, 23), 2);
    queue_free(q);
}

static void test_take_and_put_in_front(void **state)
{
    struct queue *q = queue_new();
    uint64_t empty = q->bytes;

    (void)state;
    for (uint64_t i = 0; i < 100; i++)
        put(q, i * 10, "abc", 0);
    for (uint64_t i = 0; i < 60; i++) {
        struct run *r = queue_take(q, 0);
        assert_int_equal(r->at, i * 10);
        free(r);
    }
    put(q, 595, "x", 0);
    assert_int_equal(queue_at(q, 0)->at, 595);
    for (uint64_t i = 100; i < 160; i++)
        put(q, i * 10, "abc", 0);
    assert_int_equal(q->count, 101);
    struct run *r = queue_take(q, 50);
    assert_int_equal(r->at, 1090);
    free(r);
    assert_int_equal(queue_at(q, 50)->at, 1100);
    while (q->count > 0)
        free(queue_take(q, 0));
    assert_int_equal(q->bytes, empty + q->room * sizeof(struct run *));
    queue_free(q);
}

static void test_trim(void **state)
{
    struct queue *q = queue_new();

    (void)state;
    put(q, 10, "abcdef", 0);
    queue_trim(q, 0, 2);
    assert_int_equal(queue_at(q, 0)->at, 12);
    assert_int_equal(queue_at(q, 0)->len, 4);
    assert_memory_equal(queue_at(q, 0)->bytes, "cdef", 4);
    queue_free(q);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sorted),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_take_and_put_in_front),
        cmocka_unit_test(test_trim),
    };
    return cmocka_run_group_tests_name("session/queue", tests, NULL, NULL);
}
