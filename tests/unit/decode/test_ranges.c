// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_ranges.c - decode/ranges: what is kept of files in pieces, and how
 * much of it.
 */
#include <string.h>

#include "decode/ranges.h"
#include "outflow/limits.h"
#include "support/bytes.h"
#include "support/spec.h"

static bool holds(struct ranges *all, uint64_t key, enum range_part part,
                  uint64_t place, struct span want)
{
    struct span got;

    return ranges_find(all, key, part, place, &got) && span_eq(got, want);
}

static void halves_of_lines_are_found_by_their_place(void **state)
{
    struct ranges *all = ranges_new();
    struct span got;

    (void)state;
    ranges_keep(all, 7, RANGE_HEADER, 0, SPAN("name,phone\n"));
    ranges_keep(all, 7, RANGE_TAIL, 100, SPAN("taro,0"));
    ranges_keep(all, 7, RANGE_HEAD, 200, SPAN("3\n"));
    ranges_keep(all, 7, RANGE_TAIL, 300, SPAN(""));
    assert_true(holds(all, 7, RANGE_HEADER, 0, SPAN("name,phone\n")));
    assert_true(holds(all, 7, RANGE_TAIL, 100, SPAN("taro,0")));
    assert_true(holds(all, 7, RANGE_TAIL, 300, SPAN("")));
    assert_false(ranges_find(all, 7, RANGE_HEAD, 100, &got));
    assert_false(ranges_find(all, 7, RANGE_TAIL, 101, &got));
    assert_false(ranges_find(all, 8, RANGE_TAIL, 100, &got));
    ranges_free(all);
}

static void the_oldest_makes_room(void **state)
{
    struct ranges *all = ranges_new();
    struct span got;

    (void)state;
    for (uint64_t key = 0; key <= LIMIT_RANGES; key++)
        ranges_keep(all, key, RANGE_TAIL, 1, SPAN("x"));
    assert_false(ranges_find(all, 0, RANGE_TAIL, 1, &got));
    assert_true(ranges_find(all, 1, RANGE_TAIL, 1, &got));
    for (uint64_t place = 2; place < 40; place++)
        ranges_keep(all, 1, RANGE_TAIL, place, SPAN("x"));
    assert_false(ranges_find(all, 1, RANGE_TAIL, 1, &got));
    assert_true(ranges_find(all, 1, RANGE_TAIL, 39, &got));
    ranges_free(all);
}

static void a_line_too_long_for_a_row_is_not_kept(void **state)
{
    static uint8_t line[LIMIT_SEAM + 1];
    struct ranges *all = ranges_new();
    struct span got;

    (void)state;
    ranges_keep(all, 1, RANGE_TAIL, 5, (struct span){line, sizeof(line)});
    assert_false(ranges_find(all, 1, RANGE_TAIL, 5, &got));
    ranges_keep(all, 1, RANGE_TAIL, 5, (struct span){line, LIMIT_SEAM});
    assert_true(ranges_find(all, 1, RANGE_TAIL, 5, &got));
    ranges_free(all);
}

static void a_file_is_named_by_all_that_names_it(void **state)
{
    struct flow flow = {.proto = 6};
    uint64_t key = ranges_key(&flow, DIR_CLIENT, SPAN("h"), SPAN("PUT /a"));

    (void)state;
    assert_int_equal(key,
                     ranges_key(&flow, DIR_CLIENT, SPAN("h"), SPAN("PUT /a")));
    assert_int_not_equal(
        key, ranges_key(&flow, DIR_SERVER, SPAN("h"), SPAN("PUT /a")));
    assert_int_not_equal(
        key, ranges_key(&flow, DIR_CLIENT, SPAN("i"), SPAN("PUT /a")));
    assert_int_not_equal(
        key, ranges_key(&flow, DIR_CLIENT, SPAN("h"), SPAN("PUT /b")));
    flow.tenant = 1;
    assert_int_not_equal(
        key, ranges_key(&flow, DIR_CLIENT, SPAN("h"), SPAN("PUT /a")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(halves_of_lines_are_found_by_their_place),
        cmocka_unit_test(the_oldest_makes_room),
        cmocka_unit_test(a_line_too_long_for_a_row_is_not_kept),
        cmocka_unit_test(a_file_is_named_by_all_that_names_it),
    };

    return SPEC_RUN("decode/ranges", tests, COUNT(tests));
}
