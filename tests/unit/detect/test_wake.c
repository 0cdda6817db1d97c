// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_wake.c - detect/wake.c: rows of a known table among other lines.
 */
#include "support/spec.h"

#include <stdlib.h>
#include <string.h>

#include "collect.h"
#include "make.h"

enum { APART_MOST = 100 };

/* Lines with numbers, none of them of a customer. */
static bool add_others(struct buf *out, size_t count, uint32_t *seed)
{
    bool ok = true;

    for (size_t i = 0; i < count; i++) {
        unsigned n = make_below(seed, 90000) + 10000;
        ok = ok &&
             (n % 3 == 0
                  ? buf_printf(out, "ts=16500%08u level=info took %u ms\n",
                               n * 17, n % 900)
                  : buf_printf(out, "%u;16500%08u;SKU-%u;%u.5;ok;hall %u\n", n,
                               n * 31, n, n % 77, n % 9));
    }
    return ok;
}

/* A table, and each of its rows again behind so many other lines. */
static bool scatter(struct span table, size_t apart, struct buf *out)
{
    uint32_t seed = 7;
    struct span line;
    bool ok = buf_add(out, table);

    (void)span_cut(&table, '\n', &line); /* the header */
    while (ok && span_cut(&table, '\n', &line))
        ok = add_others(out, apart ? apart : make_below(&seed, APART_MOST),
                        &seed) &&
             buf_add(out, line) && buf_add_byte(out, '\n');
    return ok;
}

struct wake_case {
    const char *name;
    const char *columns;
    size_t apart; /* lines between two rows; 0: by chance */
};

static struct wake_case cases[] = {
    {"every second line", "name account card address phone email dob", 1},
    {"a row in a hundred lines", "name account card address phone email", 100},
    {"rows at places of chance", "name email account dob", 0},
    {"rows known by their phones", "name phone account address", 0},
};

static void rows_among_others_are_found(void **state)
{
    const struct wake_case *c = *state;
    const struct make how = {.seed = 3, .columns = c->columns, .rows = 200};
    const size_t pieces[] = {SIZE_MAX, 1448, 61};
    struct counters counters = {0};
    struct detect *d = collect_detect(NULL, 0, &counters);
    struct collected *found = calloc(2, sizeof(*found));
    struct buf table, text;

    buf_init(&table, MAKE_CAP);
    buf_init(&text, MAKE_CAP);
    make_table(&how, &table);
    assert_true(scatter(buf_span(&table), c->apart, &text));
    for (size_t i = 0; i < COUNT(pieces); i++) {
        collect(d, buf_span(&text), pieces[i], &found[i > 0]);
        assert_int_equal(found[i > 0].count, 2 * how.rows);
        assert_int_equal(collected_customers(&found[i > 0]), how.rows);
        assert_true(collected_same(&found[0], &found[i > 0]));
    }
    buf_clear(&table);
    buf_clear(&text);
    free(found);
    collect_end(d);
}

static void another_table_with_its_header_is_one(void **state)
{
    (void)state;
    const struct make one = {
        .seed = 3, .columns = "name account email", .rows = 40};
    const struct make two = {
        .seed = 9, .columns = "account name email", .rows = 40};
    struct counters counters = {0};
    struct detect *d = collect_detect(NULL, 0, &counters);
    struct collected *found = calloc(1, sizeof(*found));
    struct buf text;
    uint32_t seed = 5;

    buf_init(&text, MAKE_CAP);
    make_table(&one, &text);
    assert_true(add_others(&text, 200, &seed));
    make_table(&two, &text);
    collect(d, buf_span(&text), SIZE_MAX, found);
    assert_int_equal(collected_customers(found), one.rows + two.rows);
    for (size_t i = 0; i < found->count; i++)
        assert_int_equal(found->record[i].fields,
                         collect_fields("person_name account_number email"));
    buf_clear(&text);
    free(found);
    collect_end(d);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 1];
    size_t n = 0;

    SPEC_TABLE(tests, n, cases, rows_among_others_are_found);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(
        another_table_with_its_header_is_one);
    return SPEC_RUN("detect/wake", tests, n);
}
