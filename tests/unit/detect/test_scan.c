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
    static const char dense[] =
        "0123456789012345@a\r\n.-\xEF\xBC\x90\x82\x50 _";
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
        struct scan_before first = {0, 0, 0};
        scan_at(0)->blocks(bytes + shift, BLOCKS, &first, want);
        for (size_t i = 1; (isa = scan_at(i)) != NULL; i++) {
            if (!isa->usable())
                continue;
            memset(have, 0xAA, sizeof(have));
            struct scan_before before = {0, 0, 0};
            isa->blocks(bytes + shift, BLOCKS, &before, have);
            assert_memory_equal(&before, &first, sizeof(first));
            assert_memory_equal(want, have, sizeof(want));
        }
    }
}

/* Blocks behind nothing. */
static void look(const uint8_t *bytes, size_t count, struct scan_block *out)
{
    struct scan_before before = {0, 0, 0};

    scan_best()->blocks(bytes, count, &before, out);
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
        look(bytes, 1, &b);
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
        look(bytes, 1, &b);
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
    look(bytes, 1, &b);
    assert_int_equal(b.signs, 1 | UINT64_C(1) << 63);
    bytes[63] = 0x82;
    look(bytes, 1, &b);
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
            look(bytes, 2, b);
            size_t at = from + 3;
            uint64_t want[2] = {0, 0};
            if (len >= 4)
                want[at / 64] = UINT64_C(1) << at % 64;
            assert_int_equal(b[0].signs, want[0]);
            assert_int_equal(b[1].signs, want[1]);
        }
    }
}

/* Text behind text that begins at every place of a block. */
static void test_groups_of_digits_are_a_sign(void **state)
{
    static const struct {
        const char *text;
        int at; /* of its sign, -1: none */
    } cases[] = {
        {"605 825 979", 9},      {"12 34 56 78", 10},
        {"01.23.45.67.89", 10},  {"123-45-67", 8},
        {"02/123.45.67", 8},     {"+33 1 23 45 67 89", 16},
        {"12 34 56 7 89", -1},   {"12 34  56 78 90", -1},
        {"12-05-70", -1},        {"12,34,56,78", -1},
        {"a12 b34 c56 d78", -1}, {"10.0.0.138", -1},
        {"605 825 97 84 11", 9},
    };
    uint8_t bytes[3 * SCAN_BLOCK];
    struct scan_block b[3];

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        for (size_t from = 0; from < 100; from++) {
            memset(bytes, 'x', sizeof(bytes));
            memcpy(bytes + from, cases[i].text, strlen(cases[i].text));
            look(bytes, 3, b);
            uint64_t want[3] = {0, 0, 0};
            size_t at = from + (size_t)cases[i].at;
            if (cases[i].at >= 0)
                want[at / 64] = UINT64_C(1) << at % 64;
            for (size_t k = 0; k < 3; k++)
                assert_int_equal(b[k].signs, want[k]);
        }
    }
}

/* Blocks that begin anywhere, behind any others, show the same signs. */
static void test_signs_hang_on_no_place_of_a_block(void **state)
{
    static const char dense[] = "0011223344556789  --./.x";
    uint8_t bytes[6 * SCAN_BLOCK];
    struct scan_block whole[6], part[5];
    uint32_t seed = 7;

    (void)state;
    for (unsigned round = 0; round < 500; round++) {
        for (size_t i = 0; i < sizeof(bytes); i++) {
            seed = seed * 1664525U + 1013904223U;
            bytes[i] = (uint8_t)dense[(seed >> 24) % (sizeof(dense) - 1)];
        }
        unsigned shift = round % SCAN_BLOCK;
        struct scan_before before = {0, 0, 0};
        struct scan_block unused;
        uint8_t front[SCAN_BLOCK] = {0};
        look(bytes, 6, whole);
        memcpy(front + SCAN_BLOCK - shift, bytes, shift);
        scan_best()->blocks(front, 1, &before, &unused);
        scan_best()->blocks(bytes + shift, 5, &before, part);
        for (size_t i = 0; i < 5 * SCAN_BLOCK; i++)
            assert_int_equal(whole[(i + shift) / 64].signs >> (i + shift) % 64 &
                                 1,
                             part[i / 64].signs >> i % 64 & 1);
    }
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
        cmocka_unit_test(test_groups_of_digits_are_a_sign),
        cmocka_unit_test(test_signs_hang_on_no_place_of_a_block),
        cmocka_unit_test(test_the_best_is_usable),
    };

    return cmocka_run_group_tests_name("detect/scan", tests, NULL, NULL);
}
