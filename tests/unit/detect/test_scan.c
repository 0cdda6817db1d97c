// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_scan.c - detect/scan*.c: every version gives the same masks.
 */
#include <string.h>

#include "detect/scan.h"
#include "support/spec.h"

enum { BLOCKS = 64 };

/*
 * Every byte value at every place of a block, in a fixed disorder; of every
 * second seed mostly bytes that matter, to make runs of them.
 */
static void fill(uint8_t *bytes, size_t len, uint32_t seed)
{
    static const char dense[] = "0123456789012345@a\r\n\xEF\xBC\x90\x82\x50 _";
    bool all = seed & 1;

    for (size_t i = 0; i < len; i++) {
        seed = seed * 1664525U + 1013904223U;
        uint8_t byte = (uint8_t)(seed >> 24);
        bytes[i] = all ? byte : (uint8_t)dense[byte % (sizeof(dense) - 1)];
    }
}

static void test_versions_agree(void **state)
{
    static uint8_t bytes[BLOCKS * SCAN_BLOCK + SCAN_BLOCK];
    static struct scan_block want[BLOCKS], have[BLOCKS];
    const struct scan_isa *isa;

    (void)state;
    for (uint32_t seed = 1; seed < 200; seed++) {
        fill(bytes, sizeof(bytes), seed);
        size_t shift = seed % SCAN_BLOCK;
        scan_at(0)->blocks(bytes + shift, BLOCKS, seed & 15, want);
        for (size_t i = 1; (isa = scan_at(i)) != NULL; i++) {
            if (!isa->usable())
                continue;
            memset(have, 0xAA, sizeof(have));
            isa->blocks(bytes + shift, BLOCKS, seed & 15, have);
            assert_memory_equal(want, have, sizeof(want));
        }
    }
}

static void test_masks_name_their_bytes(void **state)
{
    uint8_t bytes[SCAN_BLOCK];
    struct scan_block b;

    (void)state;
    for (unsigned c = 0; c < 256; c++) {
        unsigned at = c % 62 + 1;
        memset(bytes, ' ', sizeof(bytes));
        bytes[at] = (uint8_t)c;
        scan_best()->blocks(bytes, 1, 0, &b);
        uint64_t bit = UINT64_C(1) << at;
        assert_int_equal(b.newline, c == '\n' || c == '\r' ? bit : 0);
        assert_int_equal(b.cr, c == '\r' ? bit : 0);
        assert_int_equal(b.signs, 0);
    }
}

struct near_case {
    const char *text;
    bool sign; /* is its middle one */
};

static void test_some_signs_are_known_by_their_neighbours(void **state)
{
    static const struct near_case cases[] = {
        {"a@b", true},        {"1@Z", true},       {"_@-", true},
        {".@b", false},       {"a@ ", false},      {"a\xEF\xBC", true},
        {"a\xEF\xBB", false}, {"a\x82\x4F", true}, {"a\x82\x58", true},
        {"a\x82\x59", false},
    };
    uint8_t bytes[SCAN_BLOCK];
    struct scan_block b;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        memset(bytes, ' ', sizeof(bytes));
        memcpy(bytes + 9, cases[i].text, 3);
        scan_best()->blocks(bytes, 1, 0, &b);
        assert_int_equal(b.signs, (uint64_t)cases[i].sign << 10);
    }
}

static void test_signs_at_the_edge_count(void **state)
{
    uint8_t bytes[SCAN_BLOCK];
    struct scan_block b;

    (void)state;
    memset(bytes, 'x', sizeof(bytes));
    bytes[0] = bytes[63] = '@';
    scan_best()->blocks(bytes, 1, 0, &b);
    assert_int_equal(b.signs, 1 | UINT64_C(1) << 63);
    bytes[63] = 0x82;
    scan_best()->blocks(bytes, 1, 0, &b);
    assert_int_equal(b.signs, 1 | UINT64_C(1) << 63);
}

/* Digits cut by a block's edge, run by run. */
static void test_the_fourth_digit_is_a_sign(void **state)
{
    uint8_t bytes[2 * SCAN_BLOCK];
    struct scan_block b[2];

    (void)state;
    for (size_t from = 0; from < 100; from++) {
        for (size_t len = 1; len < 20; len++) {
            memset(bytes, ' ', sizeof(bytes));
            memset(bytes + from, '7', len);
            scan_best()->blocks(bytes, 2, 0, b);
            size_t at = from + 3;
            uint64_t want[2] = {0, 0};
            if (len >= 4)
                want[at / 64] = UINT64_C(1) << at % 64;
            assert_int_equal(b[0].signs, want[0]);
            assert_int_equal(b[1].signs, want[1]);
        }
    }
    memset(bytes, ' ', sizeof(bytes));
    bytes[0] = '7';
    scan_best()->blocks(bytes, 1, 14, b);
    assert_int_equal(b[0].signs, 1);
    scan_best()->blocks(bytes, 1, 15, b);
    assert_int_equal(b[0].signs, 0);
}

static void test_the_best_is_usable(void **state)
{
    (void)state;
    assert_true(scan_best()->usable());
    assert_null(scan_at(99));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_versions_agree),
        cmocka_unit_test(test_masks_name_their_bytes),
        cmocka_unit_test(test_some_signs_are_known_by_their_neighbours),
        cmocka_unit_test(test_signs_at_the_edge_count),
        cmocka_unit_test(test_the_fourth_digit_is_a_sign),
        cmocka_unit_test(test_the_best_is_usable),
    };

    return cmocka_run_group_tests_name("detect/scan", tests, NULL, NULL);
}
