// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_laws.c - what holds for every part: any cut of the bytes gives the
 * same records, and a hole loses the rows it touches and no others.
 */
#include <stdlib.h>
#include <string.h>

#include "support/spec.h"
#include "unit/detect/collect.h"
#include "unit/detect/make.h"

struct law_case {
    const char *name;
    struct make how;
};

#define EVERYTHING                                                             \
    "name account card address phone email dob gender opened order quantity"

static const struct law_case cases[] = {
    {"English with a header", {.seed = 21, .columns = EVERYTHING, .rows = 70}},
    {"English without a header",
     {.seed = 22, .columns = EVERYTHING, .rows = 70, .no_header = true}},
    {"Japanese in CP932",
     {.seed = 23,
      .japanese = true,
      .cp932 = true,
      .newline = "\r\n",
      .columns = EVERYTHING,
      .rows = 70}},
    {"Japanese in UTF-8, quoted",
     {.seed = 24,
      .japanese = true,
      .quoted = true,
      .newline = "\r\n",
      .columns = EVERYTHING,
      .rows = 70}},
    {"old Macintosh line ends",
     {.seed = 25,
      .newline = "\r",
      .separator = '\t',
      .columns = EVERYTHING,
      .rows = 70}},
    {"a list of phones",
     {.seed = 26, .no_header = true, .columns = "phone", .rows = 70}},
    {"orders", {.seed = 27, .columns = "order quantity", .rows = 120}},
};

static void make_text(const struct law_case *c, struct buf *text)
{
    buf_init(text, MAKE_CAP);
    make_table(&c->how, text);
}

static void test_pieces(void **state)
{
    static const size_t pieces[] = {1, 2, 3, 5, 7, 63, 64, 65, 997, 1460};
    static struct collected whole, cut;
    const struct law_case *c = *state;
    struct detect *d = collect_detect(NULL, 0, NULL);
    struct buf text;

    make_text(c, &text);
    collect(d, buf_span(&text), SIZE_MAX, &whole);
    for (size_t i = 0; i < COUNT(pieces); i++) {
        collect(d, buf_span(&text), pieces[i], &cut);
        assert_true(collected_same(&whole, &cut));
    }
    buf_clear(&text);
    collect_end(d);
}

/* Cut in two, at every place of the first rows. */
static void test_cuts(void **state)
{
    static struct collected whole, cut;
    const struct law_case *c = *state;
    struct law_case small = *c;
    struct detect *d = collect_detect(NULL, 0, NULL);
    struct buf text;

    small.how.rows = 10;
    make_text(&small, &text);
    struct span all = buf_span(&text);
    collect(d, all, SIZE_MAX, &whole);
    for (size_t at = 1; at < all.len; at++) {
        cut.count = 0;
        struct rows *r = collect_open(d, &cut);
        collect_feed(r, span_head(all, at), SIZE_MAX);
        collect_feed(r, span_skip(all, at), SIZE_MAX);
        rows_close(r);
        assert_true(collected_same(&whole, &cut));
    }
    buf_clear(&text);
    collect_end(d);
}

/*
 * The records of rows that the hole does not touch. A row that begins where
 * it ends counts as touched: nobody can tell that it is whole. Behind its CR
 * a row is whole (slack 1).
 */
static void without_rows(const struct collected *whole, const size_t *row_end,
                         size_t slack, struct span hole, struct collected *want)
{
    size_t from = (size_t)hole.ptr, to = from + hole.len, start = row_end[0];

    want->count = 0;
    for (size_t i = 1; i < 70; i++) {
        if (to < start || from + slack >= row_end[i])
            want->record[want->count++] = whole->record[i];
        start = row_end[i];
    }
}

static void test_holes(void **state)
{
    static struct collected whole, want, have;
    static size_t row_end[70];
    const struct law_case *c = *state;
    struct law_case held = *c;
    struct detect *d = collect_detect(NULL, 0, NULL);
    struct buf text;
    uint32_t seed = 99;
    size_t slack = c->how.newline && strlen(c->how.newline) == 2;

    held.how.row_end = row_end;
    held.how.rows = 70;
    make_text(&held, &text);
    struct span all = buf_span(&text);
    collect(d, all, SIZE_MAX, &whole);
    if (whole.count < 70) {
        buf_clear(&text);
        collect_end(d);
        return;
    }
    for (int round = 0; round < 300; round++) {
        size_t from =
            row_end[0] + make_below(&seed, (uint32_t)(all.len - row_end[0]));
        size_t len = 1 + make_below(&seed, 400);
        len = from + len > all.len ? all.len - from : len;
        have.count = 0;
        struct rows *r = collect_open(d, &have);
        collect_feed(r, span_head(all, from), 1 + make_below(&seed, 1460));
        rows_gap(r, len);
        collect_feed(r, span_skip(all, from + len),
                     1 + make_below(&seed, 1460));
        rows_close(r);
        without_rows(&whole, row_end, slack,
                     (struct span){(const uint8_t *)from, len}, &want);
        /* the first row stands before every hole */
        assert_int_equal(have.count, want.count + 1);
        for (size_t i = 0; i < want.count; i++)
            assert_int_equal(have.record[i + 1].name.pseudonym,
                             want.record[i].name.pseudonym);
    }
    buf_clear(&text);
    collect_end(d);
}

int main(void)
{
    struct CMUnitTest tests[3 * COUNT(cases)];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, test_pieces);
    SPEC_TABLE(tests, count, cases, test_cuts);
    SPEC_TABLE(tests, count, cases, test_holes);
    return SPEC_RUN("detect/laws", tests, count);
}
