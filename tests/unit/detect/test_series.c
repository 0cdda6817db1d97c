// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_series.c - columns of JSON one after another make the rows they
 * stand for, however long they are and wherever the bytes are cut.
 *
 * detect/series.c and packed.c.
 */
#include <string.h>

#include "support/spec.h"
#include "unit/detect/collect.h"
#include "unit/detect/make.h"

#define CARD1 "4539148803436467"
#define CARD2 "3530111333300000"
#define CARD3 "6011000990139424"
#define NAMES "\"name\":[\"Jerry Price\",\"Mary Reed\"]"
#define CARDS "\"card_no\":[\"" CARD1 "\",\"" CARD2 "\"]"

#define MORE_NAMES "\"name\": [\"Jerry Price\", \"Mary Reed\", \"Ann Hall\"], "
#define MORE_CARDS "\"card_no\": [\"" CARD1 "\", \"" CARD2 "\", \"" CARD3 "\"]}"

struct series_case {
    const char *name;
    const char *text;
    size_t records;
    const char *fields; /* of every record */
};

static const struct series_case cases[] = {
    {"columns of two rows", "{" NAMES "," CARDS "}", 2,
     "person_name card_number"},
    {"numbers as numbers",
     "{" NAMES ",\"card_no\":[" CARD1 "," CARD2 "],\"x\":[null,true]}", 2,
     "person_name card_number"},
    {"rows under their numbers",
     "{\"name\":{\"0\":\"Jerry Price\",\"1\":\"Mary Reed\"},"
     "\"card_no\":{\"0\":" CARD1 ",\"1\":" CARD2 "}}",
     2, "person_name card_number"},
    {"columns as Python writes them",
     "{'name': ['Jerry Price', \"Mary O'Hara\"], 'card_no': ['" CARD1
     "', '" CARD2 "']}",
     2, "person_name card_number"},
    {"escapes in keys and cells",
     "{\"\\u6c0f\\u540d\":[\"\\u4f50\\u85e4 \\u8302\",\"\\u6797 "
     "\\u4e00\\u90ce\"],"
     "\"card_no\":[\"" CARD1 "\",\"" CARD2 "\"]}",
     2, "person_name card_number"},
    {"inside of an answer",
     "{\"status\":\"ok\",\"data\":{\"count\":2," NAMES "," CARDS
     "},\"took\":3}",
     2, "person_name card_number"},
    {"an object a line",
     "{" NAMES "," CARDS "}\n{\"name\":[\"Ann Hall\",\"Bob Hay\"],"
     "\"card_no\":[\"6011000990139424\",\"5500005555555559\"]}\n",
     4, "person_name card_number"},
    {"words beside columns that are longer",
     "{\"tags\":[\"a\",\"b\",\"c\"]," NAMES "," CARDS "}", 1,
     "person_name card_number"},
    {"a customer with two lists of words",
     "{\"tags\":[\"a\",\"b\"],\"roles\":[\"x\",\"y\"],"
     "\"name\":\"Jerry Price\",\"card_no\":\"" CARD1 "\"}",
     1, "person_name card_number"},
    {"a list in front of rows",
     "{\"fields\":[\"id\",\"no\"],\"rows\":[{\"name\":\"Jerry Price\","
     "\"card_no\":\"" CARD1 "\"}]}",
     1, "person_name card_number"},
    {"customers under numbers",
     "{\"101\":{\"name\":\"Jerry Price\",\"card_no\":\"" CARD1
     "\"},\"102\":{\"name\":\"Mary Reed\",\"card_no\":\"" CARD2 "\"}}",
     2, "person_name card_number"},
    {"one row of columns",
     "{\"name\":[\"Jerry Price\"],\"card_no\":[" CARD1 "]}", 1,
     "person_name card_number"},
    {"figures of a chart",
     "{\"time\":[1312506123456,1312506133456,1312506143456],"
     "\"value\":[12345678,12345679,12345680],\"unit\":[\"ms\",\"ms\",\"s\"]}",
     0, ""},
    {"orders",
     "{\"order\":[\"4000001000000000\",\"4000001000000001\"],"
     "\"product\":[\"Pencil\",\"Blue Chair\"],\"count\":[3,1]}",
     0, ""},
    {"a quote that became another sign",
     "{" MORE_NAMES "\"tint\": [\"Rome7, \"Paris\", \"Bern\"], " MORE_CARDS, 3,
     "person_name card_number"},
    {"a sign that became a quote",
     "{" MORE_NAMES "\"tint\": [\"Ro\"e\", \"Paris\", \"Bern\"], " MORE_CARDS,
     3, "person_name card_number"},
    {"a first quote that became another sign",
     "{" MORE_NAMES "\"tint\": [\"Rome\", xParis\", \"Bern\"], " MORE_CARDS, 3,
     "person_name card_number"},
    {"a last quote that became another sign",
     "{" MORE_NAMES "\"tint\": [\"Rome\", \"Paris\", \"Bern7], " MORE_CARDS, 3,
     "person_name card_number"},
    {"a comma that became another sign",
     "{" MORE_NAMES "\"tint\": [\"Rome\"< \"Paris\", \"Bern\"], " MORE_CARDS, 3,
     "person_name card_number"},
    {"a comma that became a quote",
     "{" MORE_NAMES "\"tint\": [\"Rome\"\" \"Paris\", \"Bern\"], " MORE_CARDS,
     3, "person_name card_number"},
    {"a column's end that became another sign",
     "{" MORE_NAMES "\"tint\": [\"Rome\", \"Paris\", \"Bern\"7, " MORE_CARDS, 3,
     "person_name card_number"},
};

static void test_case(void **state)
{
    const struct series_case *c = *state;

    collect_expect(span_of(c->text), c->records, c->fields);
}

static void test_cuts(void **state)
{
    const struct series_case *c = *state;

    collect_cuts(span_of(c->text));
}

enum { ROWS = 900, LONG = 2500, NOTE = 2000 };

/* The cell of a row: names, live cards, numbers, notes of one length. */
static void add_cell(struct buf *b, size_t column, uint32_t row)
{
    static const char *const first[] = {"Anna", "James", "Mary", "Peter"};
    static const char *const family[] = {"Smith", "Jones", "Miller", "Reed"};
    uint32_t seed = row * 7919 + 17;
    char card[20];
    bool good = true;

    switch (column) {
    case 0:
        good = buf_printf(b, "\"%s %s\"", first[row % 4], family[row / 4 % 4]);
        break;
    case 1:
        make_card(&seed, "453914", card);
        good = buf_printf(b, "\"%s\"", card);
        break;
    case 2:
        good = buf_printf(b, "\"user%u@b.example\"", (unsigned)row);
        break;
    default:
        good = buf_printf(b, "\"%0*u\"", NOTE, (unsigned)row);
    }
    assert_true(good);
}

/* Where columns begin goes to at, unless it is NULL. */
static void make_columns(struct buf *b, size_t columns, uint32_t rows,
                         size_t *at)
{
    static const char *const names[] = {"name", "card_no", "mail", "note"};

    buf_init(b, 16 << 20);
    for (size_t i = 0; i < columns; i++) {
        if (at)
            at[i] = b->len;
        assert_true(buf_printf(b, "%s\"%s\": [", i ? ", " : "{", names[i]));
        for (uint32_t row = 0; row < rows; row++) {
            assert_true(row == 0 || buf_add(b, SPAN(", ")));
            add_cell(b, i, row);
        }
        assert_true(buf_add(b, SPAN("]")));
    }
    assert_true(buf_add(b, SPAN("}")));
}

static void test_long_columns_make_rows(void **state)
{
    static const size_t pieces[] = {1, 997, 1460, 40000};
    static struct collected whole, cut;
    struct detect *d = collect_detect(NULL, 0, NULL);
    uint32_t fields = collect_fields("person_name card_number email");
    struct buf text;

    (void)state;
    make_columns(&text, 3, ROWS, NULL);
    collect(d, buf_span(&text), SIZE_MAX, &whole);
    assert_int_equal(whole.count, ROWS);
    for (size_t i = 0; i < whole.count; i++)
        assert_int_equal(whole.record[i].fields, fields);
    for (size_t i = 0; i < COUNT(pieces); i++) {
        collect(d, buf_span(&text), pieces[i], &cut);
        assert_true(collected_same(&whole, &cut));
    }
    buf_clear(&text);
    collect_end(d);
}

static void test_columns_without_an_end(void **state)
{
    static struct collected found;
    struct detect *d = collect_detect(NULL, 0, NULL);
    struct buf text;

    (void)state;
    make_columns(&text, 2, ROWS, NULL);
    for (size_t less = 1; less < 100; less += 7) {
        collect(d, span_head(buf_span(&text), text.len - less), 1460, &found);
        assert_in_range(found.count, ROWS - less / 20 - 1, ROWS);
    }
    buf_clear(&text);
    collect_end(d);
}

/* Records of other names than the whole's: by the mail, without the card. */
static size_t count_others(const struct collected *whole,
                           const struct collected *have)
{
    size_t others = 0;

    for (size_t i = 0; i < have->count; i++) {
        size_t k = 0;
        while (k < whole->count && whole->record[k].name.pseudonym !=
                                       have->record[i].name.pseudonym)
            k++;
        others += k == whole->count;
    }
    return others;
}

static void test_a_hole_costs_what_it_holds(void **state)
{
    static struct collected whole, have;
    struct detect *d = collect_detect(NULL, 0, NULL);
    size_t at[3];
    uint32_t seed = 5;
    struct buf text;

    (void)state;
    make_columns(&text, 3, ROWS, at);
    struct span all = buf_span(&text);
    collect(d, all, SIZE_MAX, &whole);
    for (int round = 0; round < 60; round++) {
        /* in the cards and behind: the names before them are no customers */
        size_t from = at[1] + make_below(&seed, (uint32_t)(all.len - at[1]));
        size_t len = 1 + make_below(&seed, 900);
        len = from + len > all.len ? all.len - from : len;
        have.count = 0;
        struct rows *r = collect_open(d, &have);
        collect_feed(r, span_head(all, from), 1 + make_below(&seed, 1460));
        rows_gap(r, len);
        collect_feed(r, span_skip(all, from + len),
                     1 + make_below(&seed, 1460));
        rows_close(r);
        bool joint = from < at[2] + 20 && from + len > at[2] - 20;
        assert_in_range(have.count, ROWS - (joint ? ROWS : len / 20 + 2), ROWS);
        if (!joint)
            assert_in_range(count_others(&whole, &have), 0, len / 20 + 2);
    }
    buf_clear(&text);
    collect_end(d);
}

static void test_rows_beyond_the_limit_are_judged_alone(void **state)
{
    static struct collected found;
    struct counters counters = {0};
    struct detect *d = collect_detect(NULL, 0, &counters);
    struct buf text;

    (void)state;
    make_columns(&text, 4, LONG, NULL);
    collect(d, buf_span(&text), 40000, &found);
    assert_int_equal(collected_customers(&found), LONG);
    assert_true(counters.unread_inside > 0);
    buf_clear(&text);
    collect_end(d);
}

int main(void)
{
    struct CMUnitTest tests[2 * COUNT(cases) + 4];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, test_case);
    SPEC_TABLE(tests, count, cases, test_cuts);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(test_long_columns_make_rows);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(test_columns_without_an_end);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(test_a_hole_costs_what_it_holds);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(
        test_rows_beyond_the_limit_are_judged_alone);
    return SPEC_RUN("detect/series", tests, count);
}
