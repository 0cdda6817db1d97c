// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_bits.c - numbers come back as they were put, and end where they end.
 */
#include "ledger/bits.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>

static const uint64_t values[] = {
    0,          1,          2,          15,         16,        17,
    255,        256,        65535,      65536,      1u << 31,  UINT32_MAX,
    1ull << 32, 1ull << 55, 1ull << 56, 1ull << 63, UINT64_MAX};

static void test_numbers_come_back(void **state)
{
    struct buf b;
    struct bits_out out = {.to = &b};
    struct bits_in in;

    (void)state;
    buf_init(&b, 1 << 16);
    for (size_t i = 0; i < COUNT(values); i++) {
        bits_put(&out, i, 5);
        bits_put(&out, values[i], 64);
        bits_put_number(&out, values[i]);
        bits_put_signed(&out, (int64_t)values[i]);
        bits_put_count(&out, (uint32_t)values[i] | 1);
    }
    bits_put_bytes(&out, SPAN("a name"));
    bits_finish(&out);
    assert_false(out.failed);
    in = bits_over(buf_span(&b));
    for (size_t i = 0; i < COUNT(values); i++) {
        assert_int_equal(bits_get(&in, 5), i);
        assert_true(bits_get_wide(&in) == values[i]);
        assert_true(bits_get_number(&in) == values[i]);
        assert_true(bits_get_signed(&in) == (int64_t)values[i]);
        assert_int_equal(bits_get_count(&in), (uint32_t)values[i] | 1);
    }
    char text[8];
    assert_int_equal(bits_get_bytes(&in, text, sizeof(text) - 1), 6);
    assert_string_equal(text, "a name");
    assert_false(in.failed);
    assert_true(bits_left(&in) < 8);
    (void)bits_get(&in, 8);
    assert_true(in.failed);
    buf_clear(&b);
}

static void check_set(const uint64_t *set, size_t count)
{
    struct buf b;
    struct bits_out out = {.to = &b};
    struct bits_in in;
    bool memory = true;
    uint64_t *got;
    size_t have;

    buf_init(&b, 1 << 20);
    bits_put(&out, 5, 3);
    bits_put_set(&out, set, count);
    bits_finish(&out);
    in = bits_over(buf_span(&b));
    assert_int_equal(bits_get(&in, 3), 5);
    got = bits_get_set(&in, &have, &memory);
    assert_false(in.failed);
    assert_int_equal(have, count);
    if (count > 0)
        assert_memory_equal(got, set, count * sizeof(*set));
    free(got);
    for (size_t len = 0; len + 1 < b.len; len++) {
        in = bits_over((struct span){b.ptr, len});
        (void)bits_get(&in, 3);
        free(bits_get_set(&in, &have, &memory));
        assert_true(in.failed);
    }
    buf_clear(&b);
}

static void test_sets_come_back_however_they_are_spread(void **state)
{
    uint64_t even[300], lumps[300];

    (void)state;
    for (uint64_t i = 0; i < 300; i++) {
        even[i] = i * (UINT64_MAX / 300) + i * i;
        lumps[i] = i < 150 ? i : UINT64_MAX - 300 + i;
    }
    check_set(NULL, 0);
    check_set(values, COUNT(values));
    check_set(even, 300);
    check_set(lumps, 300);
    check_set((const uint64_t[]){0}, 1);
    check_set((const uint64_t[]){UINT64_MAX}, 1);
}

static void test_evenly_spread_numbers_take_few_bits(void **state)
{
    uint64_t even[1024];
    struct buf b;
    struct bits_out out = {.to = &b};

    (void)state;
    for (uint64_t i = 0; i < 1024; i++)
        even[i] = (i << 54) + (i * 0x9E3779B97F4A7C15 >> 11);
    buf_init(&b, 1 << 20);
    bits_put_set(&out, even, 1024);
    bits_finish(&out);
    assert_in_range(b.len, 1024 * 54 / 8, 1024 * 57 / 8);
    buf_clear(&b);
}

static void test_a_full_buffer_is_remembered(void **state)
{
    struct buf b;
    struct bits_out out = {.to = &b};

    (void)state;
    buf_init(&b, 2);
    bits_put(&out, 1, 16);
    assert_false(out.failed);
    bits_put(&out, 1, 8);
    assert_true(out.failed);
    buf_clear(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_come_back),
        cmocka_unit_test(test_sets_come_back_however_they_are_spread),
        cmocka_unit_test(test_evenly_spread_numbers_take_few_bits),
        cmocka_unit_test(test_a_full_buffer_is_remembered),
    };

    return cmocka_run_group_tests_name("ledger/bits", tests, NULL, NULL);
}
