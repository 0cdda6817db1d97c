// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * odf.c - OpenDocument: sheets, texts and slides; also as one flat file.
 *
 * In:   content.xml and styles.xml of ods, odt, odp; fods, fodt, fodp; the
 *       same parts of OpenOffice.org 1.
 * Out:  of a spreadsheet a part each sheet, rows as CSV; else paragraphs as
 *       lines, and rows of tables as lines of CSV.
 * Not:  calculates nothing. Rows that are repeated are given once: they are
 *       the same row.
 * Spec: OASIS OpenDocument 1.3 part 3, 9 (tables), 19.385 (values).
 */
#include "decode/document/paper.h"

#include <string.h>

#include "outflow/compiler.h"

enum { BLANKS_MOST = 64, COLUMNS_MOST = 1 << 14 };

/* What a cell's value says it is. */
enum {
    TYPE_SHOWN = 0, /* what is shown is right */
    TYPE_NUMBER,
    TYPE_DATE,
};

enum word {
    WORD_NONE = 0,
    WORD_PARAGRAPH,
    WORD_BLANKS,
    WORD_TAB,
    WORD_BREAK,
    WORD_TABLE,
    WORD_ROW,
    WORD_CELL,
    WORD_COVERED,
    WORD_NOTE,
    WORD_SHEETS,
};

static const struct {
    struct span name;
    enum word word;
} words[] = {
    {SPAN_INIT("p"), WORD_PARAGRAPH},
    {SPAN_INIT("table-cell"), WORD_CELL},
    {SPAN_INIT("table-row"), WORD_ROW},
    {SPAN_INIT("covered-table-cell"), WORD_COVERED},
    {SPAN_INIT("s"), WORD_BLANKS},
    {SPAN_INIT("tab"), WORD_TAB},
    {SPAN_INIT("tab-stop"), WORD_TAB},
    {SPAN_INIT("line-break"), WORD_BREAK},
    {SPAN_INIT("h"), WORD_PARAGRAPH},
    {SPAN_INIT("table"), WORD_TABLE},
    {SPAN_INIT("sub-table"), WORD_TABLE},
    {SPAN_INIT("annotation"), WORD_NOTE},
    {SPAN_INIT("spreadsheet"), WORD_SHEETS},
};

static enum word word_of(struct span name)
{
    for (size_t i = 0; i < COUNT(words); i++)
        if (span_eq(name, words[i].name))
            return words[i].word;
    return WORD_NONE;
}

static void odf_begin(struct paper *s)
{
    cells_open(s->rows, paper_base(s), "text/plain");
}

/* --- cells --- */

static bool digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

/*
 * Does it show the same digits, and perhaps zeros in front: "012-345" for
 * 12345? Then it shows more than the number does; but not "12,345".
 */
static bool shows_digits(struct span shown, struct span number)
{
    size_t at = 0;

    if (span_find(shown, ',') < shown.len || number.len == 0)
        return false;
    for (size_t i = 0; i < shown.len; i++) {
        if (!digit(shown.ptr[i]) || (at == 0 && shown.ptr[i] == '0'))
            continue;
        if (at == number.len || number.ptr[at] != shown.ptr[i])
            return false;
        at++;
    }
    return at == number.len;
}

/* What its value says, where what is shown is shortened. */
static struct span cell_text(struct paper *s, char room[NUMBER_ROOM])
{
    static const struct number_format plain = {0};
    struct span shown = span_trim(buf_span(&s->text));
    struct span value = {s->value, s->value_len};

    if (s->type == TYPE_DATE)
        return value.len > 0 ? value : shown;
    if (s->type != TYPE_NUMBER || s->cell.kind == CELL_TEXT)
        return shown;
    double number =
        s->cell.kind == CELL_NUMBER ? s->cell.number : (double)s->cell.integer;
    size_t len = number_write(number, &plain, false, room);
    value = (struct span){(const uint8_t *)room, len};
    return shows_digits(shown, value) ? shown : value;
}

/* The value in a cell's tag. */
static void value_keep(struct paper *s, struct span type, struct span value)
{
    static const size_t day = 10; /* "2011-08-05T00:00:00" */

    s->type = TYPE_SHOWN;
    s->value_len = 0;
    if (span_eq(type, SPAN("float")) || span_eq(type, SPAN("currency"))) {
        s->type = TYPE_NUMBER;
        paper_cell_number(s, value);
        return;
    }
    if (!span_eq(type, SPAN("date")) || value.len > sizeof(s->value))
        return;
    if (span_starts(span_skip(value, day), SPAN("T00:00:00")))
        value = span_head(value, day);
    s->type = TYPE_DATE;
    s->value_len = (uint8_t)value.len;
    for (size_t i = 0; i < value.len; i++)
        s->value[i] = value.ptr[i] == 'T' ? ' ' : value.ptr[i];
}

static void cell_begin(struct paper *s, const struct xml_tag *tag)
{
    struct span rest = tag->rest, type = {0}, value = {0};
    struct xml_attribute a;
    uint64_t number;

    s->repeat = 1;
    while (xml_next(&rest, &a)) {
        if (span_eq(a.name, SPAN("number-columns-repeated")) &&
            span_number(a.value, &number))
            s->repeat = number < COLUMNS_MOST ? (uint32_t)number : COLUMNS_MOST;
        else if (type.len == 0 && span_eq(a.name, SPAN("value-type")))
            type = a.value;
        else if (span_eq(a.name, SPAN("value")) ||
                 span_eq(a.name, SPAN("date-value")))
            value = a.value;
    }
    s->cells++;
    buf_reset(&s->text);
    value_keep(s, type, value);
}

static void cell_end(struct paper *s)
{
    uint32_t *column = paper_column(s);
    char room[NUMBER_ROOM];

    if (s->cells == 0)
        return;
    struct span text = cell_text(s, room);
    for (uint32_t i = 0; i < s->repeat && text.len > 0; i++) {
        uint32_t at = *column + i;
        if (at < LIMIT_COLUMNS || i == 0)
            cells_cell(s->rows, s->row, at, text);
    }
    *column += s->repeat;
    s->repeat = 1;
    s->cells--;
    s->type = TYPE_SHOWN;
    buf_reset(&s->text);
}

/* Notes at cells stand behind the row. */
static void row_end(struct paper *s)
{
    cells_line(s->rows);
    if (s->aside.len > 0) {
        cells_text(s->rows, buf_span(&s->aside));
        cells_text(s->rows, SPAN("\n"));
        buf_reset(&s->aside);
    }
    s->row++;
}

static void line_end(struct paper *s)
{
    if (s->noting || s->cells > 0) {
        paper_text(s, SPAN("\n"));
        return;
    }
    if (s->text.len == 0)
        return;
    cells_text(s->rows, buf_span(&s->text));
    cells_text(s->rows, SPAN("\n"));
    buf_reset(&s->text);
}

static void table_begin(struct paper *s, const struct xml_tag *tag)
{
    uint8_t room[LIMIT_NAME];

    if (s->cells > 0) /* what stands before it in its cell */
        cell_end(s);
    row_end(s);
    if (s->sheets && s->tables == 0)
        cells_open(s->rows, paper_value(tag, SPAN("name"), room, sizeof(room)),
                   "text/csv");
    s->tables++;
    *paper_column(s) = 0;
}

static void table_end(struct paper *s)
{
    row_end(s);
    if (s->tables > 0)
        s->tables--;
    if (s->sheets && s->tables == 0)
        cells_close(s->rows, s->holed ? PART_CUT : PART_WHOLE);
}

static void blanks(struct paper *s, const struct xml_tag *tag)
{
    uint32_t count = paper_number(tag, SPAN("c"), 1);

    for (uint32_t i = 0; i < count && i < BLANKS_MOST; i++)
        paper_text(s, SPAN(" "));
}

/* --- elements --- */

static void covered(struct paper *s, const struct xml_tag *tag)
{
    cell_begin(s, tag);
    s->type = TYPE_SHOWN;
}

static bool odf_open(void *ctx, const struct xml_tag *tag)
{
    struct paper *s = ctx;

    switch (word_of(tag->name)) {
    case WORD_PARAGRAPH:
        s->take = true;
        break;
    case WORD_BLANKS:
        blanks(s, tag);
        break;
    case WORD_TAB:
        paper_text(s, SPAN("\t"));
        break;
    case WORD_BREAK:
        paper_text(s, SPAN("\n"));
        break;
    case WORD_TABLE:
        table_begin(s, tag);
        break;
    case WORD_ROW:
        row_end(s);
        s->cells = 0;
        *paper_column(s) = 0;
        break;
    case WORD_CELL:
        cell_begin(s, tag);
        break;
    case WORD_COVERED:
        covered(s, tag);
        break;
    case WORD_NOTE:
        s->noting = true;
        break;
    case WORD_SHEETS:
        s->sheets = true;
        break;
    default:
        break;
    }
    return !s->rows->refused;
}

static bool odf_close(void *ctx, struct span name)
{
    struct paper *s = ctx;

    switch (word_of(name)) {
    case WORD_PARAGRAPH:
        line_end(s);
        s->take = false;
        break;
    case WORD_CELL:
    case WORD_COVERED:
        cell_end(s);
        break;
    case WORD_ROW:
        row_end(s);
        break;
    case WORD_TABLE:
        table_end(s);
        break;
    case WORD_NOTE:
        s->noting = false;
        break;
    default:
        break;
    }
    return !s->rows->refused;
}

static bool odf_text(void *ctx, struct span text)
{
    struct paper *s = ctx;

    if (!s->take)
        return true;
    if (s->cells == 0 && s->text.len + text.len > s->text.cap) {
        cells_text(s->rows, buf_span(&s->text));
        buf_reset(&s->text);
    }
    paper_text(s, text);
    return !s->rows->refused;
}

static void odf_gap(struct paper *s, uint64_t len)
{
    enum { TAGS = 8 }; /* of it one byte in so many is text */

    s->cells = 0;
    row_end(s);
    cells_gap(s->rows, len / TAGS);
}

static void odf_end(struct paper *s, enum part_end how)
{
    s->cells = 0;
    line_end(s);
    row_end(s);
    cells_close(s->rows, how);
}

const struct reader reader_odf = {
    "odf", {odf_open, odf_close, odf_text}, odf_begin, odf_gap, odf_end,
};
