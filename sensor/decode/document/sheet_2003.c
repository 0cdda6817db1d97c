// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * sheet_2003.c - workbooks of Excel 2003 in one file of XML.
 *
 * In:   a Workbook of urn:schemas-microsoft-com:office:spreadsheet.
 * Out:  a part each Worksheet, rows as CSV.
 * Not:  formats of numbers; dates tell what they are.
 * Spec: Microsoft, XML Spreadsheet Reference (2001).
 */
#include "decode/document/paper.h"

#include <string.h>

static void workbook_begin(struct paper *s)
{
    cells_open(s->rows, SPAN("workbook"), "text/plain");
}

static void row_end(struct paper *s)
{
    cells_line(s->rows);
    if (s->aside.len > 0) {
        cells_text(s->rows, buf_span(&s->aside));
        cells_text(s->rows, SPAN("\n"));
        buf_reset(&s->aside);
    }
    s->row++;
    s->column[0] = 0;
}

static void cell_begin(struct paper *s, const struct xml_tag *tag)
{
    uint32_t index = paper_number(tag, SPAN("Index"), 0);

    if (index > 0)
        s->column[0] = index - 1;
    s->repeat = paper_number(tag, SPAN("MergeAcross"), 0);
    s->within = true;
    buf_reset(&s->text);
}

/* "String", "Number", "DateTime", "Boolean", "Error". */
static void data_begin(struct paper *s, const struct xml_tag *tag)
{
    struct span type = {0};

    (void)xml_value(tag, SPAN("Type"), &type);
    s->type = type.len > 0 ? *type.ptr : 'S';
    s->take = s->within;
}

static void cell_end(struct paper *s)
{
    static const struct number_format plain = {0};
    struct span text = buf_span(&s->text);
    char room[NUMBER_ROOM];

    if (!s->within)
        return;
    s->within = s->take = false;
    if (s->type == 'D' && span_starts(span_skip(text, 10), SPAN("T00:00")))
        text = span_head(text, 10);
    if (s->type == 'B')
        text = span_starts(text, SPAN("1")) ? SPAN("TRUE") : SPAN("FALSE");
    if (s->type == 'N')
        paper_cell_number(s, text);
    if (s->type == 'N' && s->cell.kind == CELL_NUMBER)
        text = (struct span){(const uint8_t *)room,
                             number_write(s->cell.number, &plain, false, room)};
    if (s->text.len > 0)
        cells_cell(s->rows, s->row, s->column[0], text);
    s->column[0] += 1 + s->repeat;
}

static bool workbook_open(void *ctx, const struct xml_tag *tag)
{
    struct paper *s = ctx;
    uint8_t room[LIMIT_NAME];

    if (span_eq(tag->name, SPAN("Cell"))) {
        cell_begin(s, tag);
    } else if (span_eq(tag->name, SPAN("Data"))) {
        if (!s->noting)
            data_begin(s, tag);
        s->take = true;
    } else if (span_eq(tag->name, SPAN("Row"))) {
        row_end(s);
    } else if (span_eq(tag->name, SPAN("Comment"))) {
        s->noting = true;
    } else if (span_eq(tag->name, SPAN("Worksheet"))) {
        row_end(s);
        cells_open(s->rows, paper_value(tag, SPAN("Name"), room, sizeof(room)),
                   "text/csv");
    }
    return !s->rows->refused;
}

static bool workbook_close(void *ctx, struct span name)
{
    struct paper *s = ctx;

    if (span_eq(name, SPAN("Cell"))) {
        cell_end(s);
    } else if (span_eq(name, SPAN("Data"))) {
        s->take = false;
    } else if (span_eq(name, SPAN("Comment"))) {
        s->noting = false;
    } else if (span_eq(name, SPAN("Row"))) {
        row_end(s);
    } else if (span_eq(name, SPAN("Worksheet"))) {
        row_end(s);
        cells_close(s->rows, s->holed ? PART_CUT : PART_WHOLE);
    }
    return !s->rows->refused;
}

static bool workbook_text(void *ctx, struct span text)
{
    struct paper *s = ctx;

    if (s->take)
        paper_text(s, text);
    return true;
}

static void workbook_gap(struct paper *s, uint64_t len)
{
    enum { TAGS = 8 }; /* of it one byte in so many is text */

    s->within = false;
    row_end(s);
    cells_gap(s->rows, len / TAGS);
}

static void workbook_end(struct paper *s, enum part_end how)
{
    row_end(s);
    cells_close(s->rows, how);
}

const struct reader reader_workbook_2003 = {
    "xml",          {workbook_open, workbook_close, workbook_text},
    workbook_begin, workbook_gap,
    workbook_end,
};
