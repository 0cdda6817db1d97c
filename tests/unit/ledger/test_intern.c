// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_intern.c - ledger/intern and ledger/mask: texts kept once and small.
 */
#include "ledger/intern.h"
#include "ledger/mask.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

static void test_equal_runs_are_one(void **state)
{
    struct memory memory = {0, 1 << 22};
    struct intern t;
    const char *first;
    char text[40];

    (void)state;
    intern_init(&t, &memory);
    first = intern_name(&t, "drop.example");
    for (int i = 0; i < 5000; i++) {
        snprintf(text, sizeof(text), "name %d", i);
        assert_non_null(intern_name(&t, text));
    }
    assert_ptr_equal(intern_name(&t, "drop.example"), first);
    assert_string_equal(first, "drop.example");
    assert_int_equal((uintptr_t)intern_name(&t, "drop.exampl") % 16, 0);
    assert_ptr_not_equal(intern_name(&t, "drop.exampl"), first);
    assert_int_equal(intern_text(&t, "name 7"), intern_text(&t, "name 7"));
    assert_string_equal(intern_at(&t, intern_text(&t, "name 7")), "name 7");
    intern_clear(&t);
    assert_int_equal(memory.held, 0);
}

static void test_long_runs_have_a_chunk_of_their_own(void **state)
{
    static uint8_t bytes[100000];
    const struct span run = {bytes, sizeof(bytes)};
    struct memory memory = {0, 1 << 20};
    struct intern t;
    uint32_t number;

    (void)state;
    intern_init(&t, &memory);
    number = intern_bytes(&t, run);
    assert_memory_equal(intern_at(&t, number), bytes, sizeof(bytes));
    assert_string_equal(intern_name(&t, "behind it"), "behind it");
    assert_int_equal(intern_bytes(&t, run), number);
    memory.cap = memory.held;
    bytes[0] = 1;
    assert_int_equal(intern_bytes(&t, run), POOL_NONE);
    intern_clear(&t);
}

static void test_common_masks_are_packed(void **state)
{
    static const char *const masks[] = {
        "", "***", "353011******1234", "**********12", "+** ** 12", "X-0*9"};
    char back[RECORD_MASK];
    uint64_t packed = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(masks); i++) {
        assert_true(mask_pack(masks[i], &packed));
        mask_unpack(packed, back);
        assert_string_equal(back, masks[i]);
    }
    assert_false(mask_pack("12345678901234567", &packed));
    assert_false(mask_pack("ab***", &packed));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equal_runs_are_one),
        cmocka_unit_test(test_long_runs_have_a_chunk_of_their_own),
        cmocka_unit_test(test_common_masks_are_packed),
    };

    return cmocka_run_group_tests_name("ledger/intern", tests, NULL, NULL);
}
