// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_split.c - detect/split.c: rows and cells of every usual dialect.
 */
#include <stdlib.h>
#include <string.h>

#include "detect/split.h"
#include "outflow/limits.h"
#include "support/spec.h"

struct split_case {
    const char *name;
    const char *text;
    char separator;
    size_t len;  /* of the first row */
    size_t next; /* where the second begins */
    const char *cells[5];
};

static const struct split_case cases[] = {
    {"plain cells", "a,b,c\nd", ',', 5, 6, {"a", "b", "c"}},
    {"CR LF ends a row", "a,b\r\nc", ',', 3, 5, {"a", "b"}},
    {"CR alone ends a row", "a,b\rc", ',', 3, 4, {"a", "b"}},
    {"empty cells stay", ",a,,\n", ',', 4, 5, {"", "a", "", ""}},
    {"quotes hide separators", "\"a,b\",c\n", ',', 7, 8, {"a,b", "c"}},
    {"quotes hide line ends", "\"a\nb\",c\n", ',', 7, 8, {"a\nb", "c"}},
    {"doubled quotes stay inside",
     "\"a\"\"b\",c\n",
     ',',
     8,
     9,
     {"a\"\"b", "c"}},
    {"a quote inside a word is a sign",
     "5\" pipe,c\n",
     ',',
     9,
     10,
     {"5\" pipe", "c"}},
    {"tabs", "a\tb\n", '\t', 3, 4, {"a", "b"}},
    {"semicolons", "a;b,c\n", ';', 5, 6, {"a", "b,c"}},
    {"bars", "a|b\n", '|', 3, 4, {"a", "b"}},
    {"no separator makes one cell", "a,b\n", 0, 3, 4, {"a,b"}},
    {"blanks before a quote", "a, \"b,c\"\n", ',', 8, 9, {"a", "b,c"}},
    {"the last row needs no line end", "a,b", ',', 3, 3, {"a", "b"}},
    {"an empty quoted cell", "\"\",b\n", ',', 4, 5, {"", "b"}},
    {"a quoted cell at the end", "a,\"b\"\n", ',', 5, 6, {"a", "b"}},
};

static const struct dialect commas = {.separator = ',', .quote = '"'};

static void test_case(void **state)
{
    const struct split_case *c = *state;
    struct span text = span_of(c->text), cells[5];
    struct split_row row;
    const struct dialect how = {.separator = (uint8_t)c->separator,
                                .quote = '"'};
    size_t want = 0;

    assert_true(split_row(text, &how, true, &row));
    assert_int_equal(row.len, c->len);
    assert_int_equal(row.next, c->next);
    struct split_cells have =
        split_cells(span_head(text, row.len), &how, cells, 5);
    while (want < 5 && c->cells[want])
        want++;
    assert_int_equal(have.count, want);
    assert_false(have.damaged);
    for (size_t i = 0; i < want; i++)
        assert_true(span_eq(cells[i], span_of(c->cells[i])));
}

/* Until the row is whole the answer is: not yet. */
static void test_cut(void **state)
{
    const struct split_case *c = *state;
    const struct dialect how = {.separator = (uint8_t)c->separator,
                                .quote = '"'};
    struct split_row row;

    for (size_t cut = 0; cut < c->len; cut++)
        assert_false(
            split_row(span_head(span_of(c->text), cut), &how, false, &row) &&
            row.len != c->len);
}

static void test_an_open_quote_is_a_sign_at_the_limit(void **state)
{
    size_t len = LIMIT_QUOTED + 64;
    uint8_t *text = malloc(len);
    struct split_row row;

    (void)state;
    assert_non_null(text);
    memset(text, 'x', len);
    memcpy(text, "a,\"b\nc,d\n", 9);
    assert_false(split_row((struct span){text, 100}, &commas, false, &row));
    assert_true(split_row((struct span){text, len}, &commas, false, &row));
    assert_int_equal(row.len, 4);
    free(text);
}

static void test_a_million_columns_are_counted(void **state)
{
    size_t len = 1000000;
    uint8_t *text = malloc(len);
    struct span cells[4];

    (void)state;
    assert_non_null(text);
    memset(text, ',', len);
    assert_int_equal(
        split_cells((struct span){text, len}, &commas, cells, 4).count,
        len + 1);
    free(text);
}

static void test_dialects(void **state)
{
    static const struct {
        const char *row;
        struct dialect how;
        const char *cells[4];
    } rows[] = {
        {"'a,b','c'", {.separator = ',', .quote = '\''}, {"a,b", "c"}},
        {"a\\,b,c",
         {.separator = ',', .quote = '"', .escapes = true},
         {"a\\,b", "c"}},
        {"│ a │ b │", {.how = SPLIT_BAR}, {"", " a ", " b ", ""}},
        {"a b  c   d", {.how = SPLIT_BLANKS}, {"a b", "c", "d"}},
        {"佐藤 123 x",
         {.how = SPLIT_PLACES,
          .wide = true,
          .places = 3,
          .place = {0, 5, 9},
          .gap = {0, 4, 8}},
         {"佐藤 ", "123 ", "x"}},
        {"ab12345 x",
         {.how = SPLIT_PLACES, .places = 2, .place = {0, 4}, .gap = {0, 3}},
         {"ab12", "345 x"}},
        {"ab 12345 x",
         {.how = SPLIT_PLACES, .places = 2, .place = {0, 5}, .gap = {0, 2}},
         {"ab ", "12345 x"}},
    };
    struct span cells[4];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t want = 0;
        while (want < 4 && rows[i].cells[want])
            want++;
        struct split_cells have =
            split_cells(span_of(rows[i].row), &rows[i].how, cells, 4);
        assert_int_equal(have.count, want);
        for (size_t k = 0; k < want; k++)
            assert_true(span_eq(cells[k], span_of(rows[i].cells[k])));
    }
}

int main(void)
{
    struct CMUnitTest tests[2 * COUNT(cases) + 3];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, test_case);
    SPEC_TABLE(tests, count, cases, test_cut);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(
        test_an_open_quote_is_a_sign_at_the_limit);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(test_a_million_columns_are_counted);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_dialects);
    return SPEC_RUN("detect/split", tests, count);
}
