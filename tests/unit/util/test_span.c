// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_span.c - util/span.c and reader.h: cutting, searching, reading.
 */
#include "support/spec.h"

#include "outflow/reader.h"

struct cut_case {
    const char *name;
    const char *text;
    size_t from, to;
    const char *want;
};

static const struct cut_case cuts[] = {
    {"a slice inside is what it says", "abcdef", 1, 3, "bc"},
    {"a slice past the end is cut to what is there", "abc", 2, 9, "c"},
    {"a slice that begins past the end is empty", "abc", 9, 12, ""},
    {"a slice that ends before it begins is empty", "abc", 2, 1, ""},
};

static void test_cut(void **state)
{
    const struct cut_case *c = *state;
    struct span got = span_slice(span_of(c->text), c->from, c->to);

    assert_true(span_eq(got, span_of(c->want)));
}

struct number_case {
    const char *name;
    const char *text;
    bool hex, good;
    uint64_t want;
};

static const struct number_case numbers[] = {
    {"decimal digits are a number", "1024", false, true, 1024},
    {"the largest number is read", "18446744073709551615", false, true,
     UINT64_MAX},
    {"one more than the largest is refused", "18446744073709551616", false,
     false, 0},
    {"an empty text is no number", "", false, false, 0},
    {"a sign is no digit", "-1", false, false, 0},
    {"a blank behind is refused", "1 ", false, false, 0},
    {"hexadecimal in either case", "fFfF", true, true, 0xFFFF},
    {"seventeen hexadecimal digits are too many", "10000000000000000", true,
     false, 0},
    {"g is no hexadecimal digit", "g", true, false, 0},
};

static void test_number(void **state)
{
    const struct number_case *c = *state;
    uint64_t got = 0;
    bool good = c->hex ? span_hex(span_of(c->text), &got)
                       : span_number(span_of(c->text), &got);

    assert_int_equal(good, c->good);
    if (good)
        assert_true(got == c->want);
}

static void pieces_are_cut_at_a_separator(void **state)
{
    struct span rest = SPAN("a,,b"), piece;

    (void)state;
    assert_true(span_cut(&rest, ',', &piece) && span_eq(piece, SPAN("a")));
    assert_true(span_cut(&rest, ',', &piece) && span_eq(piece, SPAN("")));
    assert_true(span_cut(&rest, ',', &piece) && span_eq(piece, SPAN("b")));
    assert_false(span_cut(&rest, ',', &piece));
}

static void case_is_ignored_where_asked(void **state)
{
    (void)state;
    assert_true(
        span_starts_nocase(SPAN("Content-Type: x"), SPAN("content-type:")));
    assert_false(span_starts(SPAN("Content"), SPAN("content")));
    assert_false(span_starts_nocase(SPAN("Con"), SPAN("content")));
    assert_true(span_eq_nocase(SPAN("aB"), SPAN("Ab")));
    assert_false(span_eq_nocase(SPAN("aB"), SPAN("Abc")));
}

static void searching_gives_the_length_when_nothing_is_found(void **state)
{
    (void)state;
    assert_int_equal(span_find(SPAN("abc"), 'c'), 2);
    assert_int_equal(span_find(SPAN("abc"), 'd'), 3);
    assert_int_equal(span_find((struct span){0}, 'd'), 0);
    assert_int_equal(span_find_run(SPAN("abcab"), SPAN("ca")), 2);
    assert_int_equal(span_find_run(SPAN("abcab"), SPAN("cb")), 5);
    assert_true(span_eq(span_trim(SPAN(" \ta b\r\n")), SPAN("a b")));
    assert_true(span_compare(SPAN("a"), SPAN("ab")) < 0);
    assert_true(span_compare(SPAN("b"), SPAN("ab")) > 0);
    assert_int_equal(span_compare(SPAN("ab"), SPAN("ab")), 0);
}

static void integers_are_read_in_both_byte_orders(void **state)
{
    struct reader r = reader_over(SPAN("\1\2\3\4\5\6\7\10"));
    struct reader s = r;

    (void)state;
    assert_int_equal(reader_u8(&r), 1);
    assert_int_equal(reader_u16be(&r), 0x0203);
    assert_int_equal(reader_u24be(&r), 0x040506);
    assert_int_equal(reader_u16le(&r), 0x0807);
    assert_true(reader_ok(&r) && reader_left(&r) == 0);
    assert_true(reader_u64be(&s) == UINT64_C(0x0102030405060708));
    s = reader_over(SPAN("\1\2\3\4\5\6\7\10"));
    assert_true(reader_u64le(&s) == UINT64_C(0x0807060504030201));
}

static void reading_past_the_end_fails_for_good(void **state)
{
    struct reader r = reader_over(SPAN("\1\2"));

    (void)state;
    assert_int_equal(reader_u32be(&r), 0);
    assert_false(reader_ok(&r));
    assert_int_equal(reader_u8(&r), 0);
    assert_false(reader_ok(&r));
    assert_int_equal(reader_take(&r, 0).len, 0);
}

static void peeking_takes_nothing(void **state)
{
    struct reader r = reader_over(SPAN("ab"));

    (void)state;
    assert_int_equal(reader_peek(&r, 1), 'b');
    assert_int_equal(reader_peek(&r, 2), 0);
    assert_true(reader_ok(&r));
    assert_int_equal(reader_upto(&r, 9).len, 2);
    assert_int_equal(reader_upto(&r, 9).len, 0);
    assert_true(reader_ok(&r));
    reader_skip(&r, 1);
    assert_false(reader_ok(&r));
}

int main(void)
{
    struct CMUnitTest tests[64] = {
        cmocka_unit_test(pieces_are_cut_at_a_separator),
        cmocka_unit_test(case_is_ignored_where_asked),
        cmocka_unit_test(searching_gives_the_length_when_nothing_is_found),
        cmocka_unit_test(integers_are_read_in_both_byte_orders),
        cmocka_unit_test(reading_past_the_end_fails_for_good),
        cmocka_unit_test(peeking_takes_nothing),
    };
    size_t count = 6;

    SPEC_TABLE(tests, count, cuts, test_cut);
    SPEC_TABLE(tests, count, numbers, test_number);
    return SPEC_RUN("util/span", tests, count);
}
