// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_csv.c - output/csv.c: rows kept as they stood, cells unquoted.
 */
#include "files.h"
#include "outflow/compiler.h"
#include "outflow/limits.h"
#include "output/csv.h"

struct csv_case {
    const char *name;
    const char *in;
    const char *rows[5];
};

static const struct csv_case cases[] = {
    {"line ends of both kinds stay", "a,b\r\nc\nd", {"a,b\r\n", "c\n", "d"}},
    {"a carriage return alone ends a row", "a\rb\r", {"a\r", "b\r"}},
    {"a quoted line end belongs to the row",
     "a,\"x\ny\",b\nc\n",
     {"a,\"x\ny\",b\n", "c\n"}},
    {"doubled quotes stay inside",
     "\"a\"\"\n\"\"b\"\nc\n",
     {"\"a\"\"\n\"\"b\"\n", "c\n"}},
    {"a quote inside a cell is a quote",
     "5\" disk\nb\n",
     {"5\" disk\n", "b\n"}},
    {"an open quote does not swallow the file",
     "\"a\nb\nc\n",
     {"\"a\n", "b\n", "c\n"}},
    {"empty rows are rows", "\n\r\na\n", {"\n", "\r\n", "a\n"}},
    {"an empty file has none", "", {NULL}},
};

static void test_rows(void **state)
{
    const struct csv_case *c = *state;
    char path[FILE_PATH];
    struct csv csv;
    struct span row;

    file_make(path, span_of(c->in));
    assert_true(csv_open(&csv, path));
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < COUNT(c->rows) && c->rows[i]; i++) {
            assert_true(csv_row(&csv, &row));
            assert_true(span_eq(row, span_of(c->rows[i])));
        }
        assert_false(csv_row(&csv, &row));
        assert_false(csv_failed(&csv));
        assert_true(csv_rewind(&csv));
    }
    csv_close(&csv);
    (void)unlink(path);
}

static const struct {
    const char *line;
    uint8_t sep;
    const char *cells[4];
} splits[] = {
    {"a,b,c", ',', {"a", "b", "c"}},
    {"\"a,b\",\"c\"\"d\",", ',', {"a,b", "c\"d", ""}},
    {"a;b,c", ';', {"a", "b,c"}},
    {"a\t\"b\tc\"", '\t', {"a", "b\tc"}},
    {"5\" disk,x", ',', {"5\" disk", "x"}},
    {"\"open", ',', {"open"}},
    {"", ',', {""}},
};

static void test_cells(void **state)
{
    struct span cells[4];
    struct buf scratch;

    (void)state;
    buf_init(&scratch, 1000);
    for (size_t i = 0; i < COUNT(splits); i++) {
        size_t want = 0;
        while (want < 4 && splits[i].cells[want])
            want++;
        size_t count = csv_cells(span_of(splits[i].line), splits[i].sep,
                                 &scratch, cells, 4);
        if (splits[i].line[0])
            assert_int_equal(count, want);
        for (size_t k = 0; k < count; k++)
            assert_true(span_eq(cells[k], span_of(splits[i].cells[k])));
    }
    assert_int_equal(csv_cells(SPAN("a,b,c,d,e"), ',', &scratch, cells, 4), 4);
    buf_clear(&scratch);
    buf_init(&scratch, 3);
    assert_int_equal(csv_cells(SPAN("a,b,c"), ',', &scratch, cells, 4), 0);
    buf_clear(&scratch);
}

/* Rows across read blocks, and one longer than any row may be. */
static void test_long_files_and_rows(void **state)
{
    enum { ROWS = 20000, LONG = LIMIT_TABLE_ROW + 300000 };
    char path[FILE_PATH], want[32];
    struct csv csv;
    struct span row;
    size_t got = 0;

    (void)state;
    file_make(path, SPAN(""));
    FILE *f = fopen(path, "w");
    for (int i = 0; i < ROWS; i++)
        fprintf(f, "%d,\"x\n%d\"\r\n", i, i);
    for (int i = 0; i < LONG; i++)
        fputc('z', f);
    fclose(f);
    assert_true(csv_open(&csv, path));
    for (int i = 0; i < ROWS; i++) {
        snprintf(want, sizeof(want), "%d,\"x\n%d\"\r\n", i, i);
        assert_true(csv_row(&csv, &row));
        assert_true(span_eq(row, span_of(want)));
    }
    while (csv_row(&csv, &row))
        got += row.len;
    assert_int_equal(got, LONG);
    csv_close(&csv);
    (void)unlink(path);
}

static void test_a_missing_file_is_said(void **state)
{
    struct csv csv;

    (void)state;
    assert_false(csv_open(&csv, "/nonexistent/table.csv"));
    csv_close(&csv);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 3] = {0};

    for (size_t i = 0; i < COUNT(cases); i++) {
        tests[i] = (struct CMUnitTest){
            .name = cases[i].name,
            .test_func = test_rows,
            .initial_state = (void *)(uintptr_t)&cases[i],
        };
    }
    const struct CMUnitTest more[] = {
        cmocka_unit_test(test_cells),
        cmocka_unit_test(test_long_files_and_rows),
        cmocka_unit_test(test_a_missing_file_is_said),
    };
    memcpy(tests + COUNT(cases), more, sizeof(more));
    return cmocka_run_group_tests_name("output/csv", tests, NULL, NULL);
}
