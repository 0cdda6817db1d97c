// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_page.c - helper/page: a drawing in characters, and its lines.
 *
 * A page is drawn with a character a place, 6 wide and 10 high; a digit in
 * front of a line, and a bar, say how far below the line before it stands.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "helper/page.h"
#include "outflow/buf.h"
#include "support/bytes.h"
#include "support/spec.h"

struct page_case {
    const char *name;
    const char *drawing; /* "NN|text\n": NN parts of a tenth line down */
    const char *text;
};

static const struct page_case cases[] = {
    {"words stay words", "12|one two three\n", "one two three\n"},
    {"a wide gap sets cells apart", "12|one two     three\n",
     "one two\tthree\n"},
    {"an empty cell stays empty",
     "12|aaa   bbb   ccc\n"
     "12|aaa         ccc\n"
     "12|aaa   bbb\n"
     "12|aaa   bbb   ccc\n",
     "aaa\tbbb\tccc\naaa\t\tccc\naaa\tbbb\t\naaa\tbbb\tccc\n"},
    {"a title is no row",
     "12|all customers of them\n"
     "12|aaa   bbb   ccc\n"
     "12|aaa   bbb   ccc\n",
     "all customers of them\naaa\tbbb\tccc\naaa\tbbb\tccc\n"},
    {"a cell wrapped downward is one",
     "16|aaa   bbb   ccc\n"
     "16|aaa   one   ccc\n"
     "12|      two\n"
     "12|      end\n"
     "16|aaa   bbb   ccc\n",
     "aaa\tbbb\tccc\naaa\tone two end\tccc\naaa\tbbb\tccc\n"},
    {"a row in the middle of a wrapped cell is one",
     "20|aaa   bbb   ccc\n"
     "14|      one\n"
     "06|aaa         ccc\n"
     "06|      two\n"
     "14|aaa   bbb   ccc\n",
     "aaa\tbbb\tccc\naaa\tone two\tccc\naaa\tbbb\tccc\n"},
    {"right-aligned numbers are one column",
     "12|a        1     x\n"
     "12|bbbb   100     x\n"
     "12|cc   10000     x\n",
     "a\t1\tx\nbbbb\t100\tx\ncc\t10000\tx\n"},
    {"nothing is nothing", "", ""},
};

static void draw(struct page *p, const char *drawing)
{
    double y = 0;

    while (*drawing) {
        char *at;
        y += (double)strtoul(drawing, &at, 10);
        bool blank = true;
        unsigned place = 0;
        for (at++; *at != '\n'; at++, place++) {
            struct glyph g = {6.0 * place,   y,    6.0 * place + 6, y + 10,
                              (uint32_t)*at, blank};
            blank = *at == ' ';
            if (!blank)
                assert_true(page_add(p, &g));
        }
        drawing = at + 1;
    }
}

static void put(void *ctx, const char *text, size_t len)
{
    assert_true(buf_add(ctx, (struct span){(const uint8_t *)text, len}));
}

static void a_page(void **state)
{
    const struct page_case *c = *state;
    struct page *p = page_new();
    struct buf out;

    buf_init(&out, 1 << 16);
    draw(p, c->drawing);
    assert_true(page_write(p, put, &out));
    if (!span_eq(buf_span(&out), span_of(c->text)))
        print_message("have:\n%.*s", (int)out.len, (const char *)out.ptr);
    assert_true(span_eq(buf_span(&out), span_of(c->text)));
    buf_clear(&out);
    page_free(p);
}

/* Whatever the numbers are: it ends, and gives every sound character. */
static void any_places_are_survived(void **state)
{
    static const double odd[] = {0,    -1,        1e300, -1e300, INFINITY,
                                 NAN,  -INFINITY, 0.1,   5,      5.0001,
                                 1e-9, 6,         7,     100};
    struct page *p = page_new();
    unsigned turn = 1;
    struct buf out;

    (void)state;
    buf_init(&out, 1 << 20);
    for (unsigned round = 0; round < 200; round++) {
        for (unsigned i = 0; i < 40; i++) {
            double v[4];
            for (unsigned k = 0; k < 4; k++) {
                turn = turn * 1103515245 + 12345;
                v[k] = odd[(turn >> 16) % COUNT(odd)];
            }
            const struct glyph g = {v[0], v[1], v[2],
                                    v[3], turn, (turn & 1) != 0};
            assert_true(page_add(p, &g));
        }
        buf_reset(&out);
        assert_true(page_write(p, put, &out));
    }
    buf_clear(&out);
    page_free(p);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 1];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, a_page);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(any_places_are_survived);
    return SPEC_RUN("helper/page", tests, count);
}
