// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_pool.c - ledger/pool and ledger/index: items that stay, keys found.
 */
#include "ledger/index.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void test_items_stay(void **state)
{
    struct memory memory = {0, 1 << 20};
    struct pool pool;
    uint64_t *first;

    (void)state;
    pool_init(&pool, &memory, sizeof(uint64_t));
    assert_int_equal(pool_add(&pool), 0);
    first = pool_at(&pool, 0);
    for (uint32_t i = 1; i < 10000; i++) {
        assert_int_equal(pool_add(&pool), i);
        *(uint64_t *)pool_at(&pool, i) = i;
    }
    assert_ptr_equal(pool_at(&pool, 0), first);
    assert_int_equal(*first, 0);
    assert_int_equal(*(uint64_t *)pool_at(&pool, 9999), 9999);
    pool_clear(&pool);
    assert_int_equal(memory.held, 0);
}

static void test_runs_are_not_cut(void **state)
{
    struct memory memory = {0, 1 << 20};
    struct pool pool;

    (void)state;
    pool_init(&pool, &memory, 4);
    for (uint32_t i = 0; i < 3000; i++) {
        uint32_t at = pool_run(&pool, 3);
        assert_true(at >= POOL_FIRST || at + 2 < POOL_FIRST);
        assert_ptr_equal((char *)pool_at(&pool, at) + 8,
                         pool_at(&pool, at + 2));
    }
    pool_clear(&pool);
}

static void test_memory_has_an_end(void **state)
{
    struct memory memory = {0, 100 << 10};
    struct pool pool;
    uint32_t count = 0;

    (void)state;
    pool_init(&pool, &memory, 16);
    while (pool_add(&pool) != POOL_NONE)
        count++;
    assert_int_equal(count, POOL_FIRST + 3 * POOL_ITEMS);
    assert_true(memory.held <= memory.cap);
    pool_clear(&pool);
    assert_int_equal(memory.held, 0);
}

/* Keys are numbers, items their doubles; the hash collides a lot. */
static bool double_same(const void *ctx, uint32_t i, const void *key)
{
    (void)ctx;
    return i == 2 * *(const uint32_t *)key;
}

static uint64_t double_hash(const void *ctx, uint32_t i)
{
    (void)ctx;
    return (i / 2) % 7;
}

static void test_keys_are_found(void **state)
{
    static const struct index_ops ops = {double_same, double_hash};
    struct memory memory = {0, 1 << 20};
    struct index index;

    (void)state;
    index_init(&index, &memory, &ops, NULL);
    for (uint32_t key = 0; key < 500; key++) {
        assert_int_equal(index_find(&index, key % 7, &key), POOL_NONE);
        assert_true(index_reserve(&index));
        index_put(&index, key % 7, 2 * key);
    }
    for (uint32_t key = 0; key < 500; key++)
        assert_int_equal(index_find(&index, key % 7, &key), 2 * key);
    index_clear(&index);
    assert_int_equal(memory.held, 0);
}

static void test_index_says_when_it_cannot_grow(void **state)
{
    static const struct index_ops ops = {double_same, double_hash};
    struct memory memory = {0, 300};
    struct index index;
    uint32_t key = 0;

    (void)state;
    index_init(&index, &memory, &ops, NULL);
    while (index_reserve(&index)) {
        index_put(&index, key % 7, 2 * key);
        key++;
    }
    assert_int_equal(key, 48);
    key = 47;
    assert_int_equal(index_find(&index, key % 7, &key), 94);
    index_clear(&index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_items_stay),
        cmocka_unit_test(test_runs_are_not_cut),
        cmocka_unit_test(test_memory_has_an_end),
        cmocka_unit_test(test_keys_are_found),
        cmocka_unit_test(test_index_says_when_it_cannot_grow),
    };

    return cmocka_run_group_tests_name("ledger/pool", tests, NULL, NULL);
}
