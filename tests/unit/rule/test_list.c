// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_list.c - rule/list: growing, sorting, one of equals.
 */
#include "rule/list.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

struct pair {
    int key, sum;
};

static int by_key(const void *a, const void *b)
{
    return ((const struct pair *)a)->key - ((const struct pair *)b)->key;
}

static void add_up(void *into, const void *from)
{
    ((struct pair *)into)->sum += ((const struct pair *)from)->sum;
}

static void fill(struct list *l, const int *keys, size_t count)
{
    list_init(l, sizeof(struct pair));
    for (size_t i = 0; i < count; i++) {
        struct pair *p = list_add(l);
        assert_non_null(p);
        assert_int_equal(p->sum, 0);
        *p = (struct pair){keys[i], 1};
    }
}

static void test_equals_become_one(void **state)
{
    static const int keys[] = {3, 1, 3, 2, 1, 3, 9, 9};
    static const struct pair want[] = {{1, 2}, {2, 1}, {3, 3}, {9, 2}};
    struct list l;

    (void)state;
    fill(&l, keys, COUNT(keys));
    list_unique(&l, by_key, add_up);
    assert_int_equal(l.count, COUNT(want));
    assert_memory_equal(l.ptr, want, sizeof(want));
    assert_int_equal(((struct pair *)list_last(&l))->key, 9);
    list_clear(&l);
}

static void test_nothing_is_nothing(void **state)
{
    struct list l;

    (void)state;
    fill(&l, NULL, 0);
    assert_null(list_last(&l));
    list_sort(&l, by_key);
    list_unique(&l, by_key, NULL);
    assert_int_equal(l.count, 0);
    list_clear(&l);
}

static void test_a_list_is_used_again(void **state)
{
    struct list l;
    char *ptr;

    (void)state;
    fill(&l, NULL, 0);
    for (int i = 0; i < 1000; i++)
        assert_non_null(list_add(&l));
    ptr = l.ptr;
    list_reset(&l);
    assert_int_equal(l.count, 0);
    assert_ptr_equal(list_add(&l), ptr);
    list_clear(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equals_become_one),
        cmocka_unit_test(test_nothing_is_nothing),
        cmocka_unit_test(test_a_list_is_used_again),
    };

    return cmocka_run_group_tests_name("rule/list", tests, NULL, NULL);
}
