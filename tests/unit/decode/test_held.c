// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_held.c - decode/held: bytes in one piece, holes, one account.
 */
#include <stdlib.h>
#include <string.h>

#include "decode/held.h"
#include "outflow/limits.h"
#include "support/bytes.h"
#include "support/spec.h"

static void held_on(struct held *h, struct held_share *share)
{
    held_open(h, &(struct hint){.held = share});
}

static void bytes_in_any_pieces_are_one(void **state)
{
    enum { LEN = 300000 };
    struct held_share share = {.most = 1 << 20, .left = 1 << 20};
    struct held h;
    uint8_t *all = malloc(LEN);

    (void)state;
    assert_non_null(all);
    for (size_t i = 0; i < LEN; i++)
        all[i] = (uint8_t)(i * 7 + i / 251);
    for (size_t step = 1; step < LEN; step = step * 5 + 1) {
        held_on(&h, &share);
        for (size_t at = 0; at < LEN; at += step)
            assert_true(held_add(
                &h, span_head((struct span){all + at, LEN - at}, step)));
        assert_int_equal(held_span(&h).len, LEN);
        assert_memory_equal(held_span(&h).ptr, all, LEN);
        assert_true(share.left <= (1 << 20) - LEN);
        held_clear(&h);
        assert_int_equal(share.left, 1 << 20);
    }
    free(all);
}

static void holes_are_zeros_and_listed(void **state)
{
    struct held h;

    (void)state;
    held_on(&h, NULL);
    assert_true(held_add(&h, SPAN("ab")) && held_gap(&h, 2));
    assert_true(held_gap(&h, 1) && held_add(&h, SPAN("c")));
    assert_true(held_gap(&h, 4));
    assert_true(span_eq(held_span(&h), SPAN("ab\0\0\0c\0\0\0\0")));
    assert_int_equal(held_known(&h), 3);
    assert_int_equal(h.hole_count, 2);
    assert_true(held_whole(&h, 0, 2) && held_whole(&h, 5, 1));
    assert_false(held_whole(&h, 1, 2) || held_whole(&h, 4, 2));
    assert_false(held_whole(&h, 5, 2) || held_whole(&h, 0, 6));
    assert_true(held_whole(&h, 3, 0));
    assert_false(held_whole(&h, 10, 1) || held_whole(&h, 11, 0));
    held_clear(&h);
}

static void too_many_holes_grow_together(void **state)
{
    struct held h;

    (void)state;
    held_on(&h, NULL);
    for (size_t i = 0; i < LIMIT_HELD_HOLES + 10; i++)
        assert_true(held_add(&h, SPAN("x")) && held_gap(&h, 1));
    assert_int_equal(h.hole_count, LIMIT_HELD_HOLES);
    assert_int_equal(held_known(&h), LIMIT_HELD_HOLES);
    assert_false(held_whole(&h, h.len - 2, 1));
    held_clear(&h);
}

static void a_document_has_its_limit(void **state)
{
    struct held_share share = {.most = 6, .left = 1 << 20};
    struct held h;

    (void)state;
    held_on(&h, &share);
    assert_true(held_add(&h, SPAN("12345")));
    assert_false(held_add(&h, SPAN("67")) || held_gap(&h, 2));
    assert_false(held_gap(&h, UINT64_MAX));
    assert_true(held_add(&h, SPAN("6")));
    assert_true(span_eq(held_span(&h), SPAN("123456")));
    held_clear(&h);
}

static void all_documents_share_one_account(void **state)
{
    struct held_share share = {.most = 1 << 20, .left = 9000};
    static const uint8_t some[5000];
    struct held first, second;

    (void)state;
    held_on(&first, &share);
    held_on(&second, &share);
    assert_true(held_add(&first, (struct span){some, 5000}));
    assert_false(held_add(&second, (struct span){some, 5000}));
    assert_true(held_take(&share, 4000));
    assert_false(held_take(&share, 1));
    held_give(&share, 4000);
    held_clear(&first);
    assert_true(held_add(&second, (struct span){some, 5000}));
    held_clear(&second);
    assert_int_equal(share.left, 9000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_in_any_pieces_are_one),
        cmocka_unit_test(holes_are_zeros_and_listed),
        cmocka_unit_test(too_many_holes_grow_together),
        cmocka_unit_test(a_document_has_its_limit),
        cmocka_unit_test(all_documents_share_one_account),
    };

    return cmocka_run_group_tests_name("decode/held", tests, NULL, NULL);
}
