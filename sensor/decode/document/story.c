// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * story.c - running text and tables of docx, pptx, comments, drawings.
 *
 * In:   parts of Office Open XML with paragraphs of p, r, t and tables of
 *       tbl, tr, tc, in whatever namespace; Word 2003 XML.
 * Out:  a paragraph a line, a row of a table a line of CSV.
 * Not:  formats, numbers of lists, fields are not worked out. What was
 *       deleted with changes tracked is given: it leaves with the file.
 * Spec: ECMA-376 part 1, 17 and 21.
 *
 * A table in a table's cell: its rows stand before what follows in the row
 * around it, which then begins a line of its own.
 */
#include "decode/document/paper.h"

#include <string.h>

#include "outflow/compiler.h"

enum { SPAN_MOST = 64 }; /* columns a cell goes over, that are believed */

enum word {
    WORD_NONE = 0,
    WORD_TEXT,
    WORD_PARAGRAPH,
    WORD_TAB,
    WORD_BREAK,
    WORD_HYPHEN,
    WORD_TABLE,
    WORD_ROW,
    WORD_CELL,
    WORD_SPAN,
    WORD_BOX,
    WORD_HIDDEN,
};

static const struct {
    struct span name;
    enum word word;
} words[] = {
    {SPAN_INIT("t"), WORD_TEXT},
    {SPAN_INIT("delText"), WORD_TEXT},
    {SPAN_INIT("text"), WORD_TEXT}, /* comments of slides and sheets */
    {SPAN_INIT("p"), WORD_PARAGRAPH},
    {SPAN_INIT("comment"), WORD_PARAGRAPH},
    {SPAN_INIT("cm"), WORD_PARAGRAPH},
    {SPAN_INIT("threadedComment"), WORD_PARAGRAPH},
    {SPAN_INIT("tab"), WORD_TAB},
    {SPAN_INIT("ptab"), WORD_TAB},
    {SPAN_INIT("br"), WORD_BREAK},
    {SPAN_INIT("cr"), WORD_BREAK},
    {SPAN_INIT("noBreakHyphen"), WORD_HYPHEN},
    {SPAN_INIT("tbl"), WORD_TABLE},
    {SPAN_INIT("tr"), WORD_ROW},
    {SPAN_INIT("tc"), WORD_CELL},
    {SPAN_INIT("gridSpan"), WORD_SPAN},
    {SPAN_INIT("txbxContent"), WORD_BOX},
    {SPAN_INIT("Fallback"), WORD_HIDDEN}, /* the same once more */
    {SPAN_INIT("tabs"), WORD_HIDDEN},     /* where tabs are, none is */
    {SPAN_INIT("rPh"), WORD_HIDDEN},
};

static enum word word_of(struct span name)
{
    for (size_t i = 0; i < COUNT(words); i++)
        if (span_eq(name, words[i].name))
            return words[i].word;
    return WORD_NONE;
}

/* The paragraph is complete: a line, or another one of its cell. */
static void line_end(struct paper *s)
{
    if (s->text.len == 0)
        return;
    if (s->cells > 0) {
        paper_text(s, SPAN("\n"));
        return;
    }
    cells_text(s->rows, buf_span(&s->text));
    cells_text(s->rows, SPAN("\n"));
    buf_reset(&s->text);
}

/*
 * The first cell of a row waits in aside: a row of one cell is no table but
 * a frame around text, and its lines stay lines.
 */
static void first_put(struct paper *s)
{
    if (s->aside.len > 0)
        cells_cell(s->rows, s->row, 0, buf_span(&s->aside));
    buf_reset(&s->aside);
}

/* The cell's text so far is a cell of the row. */
static void cell_put(struct paper *s)
{
    uint32_t *column = paper_column(s);
    struct span text = span_trim(buf_span(&s->text));

    if (*column == 0 && s->aside.len == 0) {
        (void)!buf_add(&s->aside, text);
    } else {
        first_put(s);
        cells_cell(s->rows, s->row, *column, text);
    }
    buf_reset(&s->text);
    *column += s->repeat;
    s->repeat = 1;
}

static void row_end(struct paper *s)
{
    if (s->aside.len > 0 && *paper_column(s) > 1) {
        first_put(s);
    } else if (s->aside.len > 0) {
        cells_line(s->rows);
        cells_text(s->rows, buf_span(&s->aside));
        cells_text(s->rows, SPAN("\n"));
        buf_reset(&s->aside);
    }
    cells_line(s->rows);
}

/* What stands around a table or a box so far ends here. */
static void outer_end(struct paper *s)
{
    if (s->cells > 0 && s->text.len > 0) {
        uint32_t column = *paper_column(s);
        cell_put(s);
        *paper_column(s) = column; /* its cell goes on behind it */
    } else {
        line_end(s);
    }
    if (s->tables > 0)
        row_end(s);
    s->row++;
}

static void story_begin(struct paper *s)
{
    s->repeat = 1;
    cells_open(s->rows, paper_base(s), "text/plain");
}

static void cell_end(struct paper *s)
{
    if (s->cells == 0)
        return;
    cell_put(s);
    s->cells--;
}

static void table_begin(struct paper *s)
{
    outer_end(s);
    s->tables++;
    *paper_column(s) = 0;
}

static void table_end(struct paper *s)
{
    row_end(s);
    s->row++;
    if (s->tables > 0)
        s->tables--;
}

static void row_begin(struct paper *s)
{
    buf_reset(&s->text);
    s->row++;
    *paper_column(s) = 0;
}

static bool story_open(void *ctx, const struct xml_tag *tag)
{
    struct paper *s = ctx;
    enum word word = word_of(tag->name);
    uint32_t columns;

    if (word == WORD_HIDDEN)
        s->hidden++;
    if (s->hidden > 0 && word != WORD_HIDDEN)
        return true;
    switch (word) {
    case WORD_TEXT:
        s->take = true;
        break;
    case WORD_TAB:
        paper_text(s, SPAN("\t"));
        break;
    case WORD_BREAK:
        paper_text(s, SPAN("\n"));
        break;
    case WORD_HYPHEN:
        paper_text(s, SPAN("-"));
        break;
    case WORD_TABLE:
        table_begin(s);
        break;
    case WORD_ROW:
        row_begin(s);
        break;
    case WORD_CELL:
        s->cells++;
        s->repeat = 1;
        break;
    case WORD_SPAN:
        columns = paper_number(tag, SPAN("val"), 1);
        s->repeat = columns > 0 && columns < SPAN_MOST ? columns : 1;
        break;
    case WORD_BOX:
        line_end(s);
        break;
    default:
        break;
    }
    return !s->rows->refused;
}

static bool story_close(void *ctx, struct span name)
{
    struct paper *s = ctx;
    enum word word = word_of(name);

    if (word == WORD_HIDDEN && s->hidden > 0)
        s->hidden--;
    if (s->hidden > 0)
        return true;
    switch (word) {
    case WORD_TEXT:
        s->take = false;
        break;
    case WORD_PARAGRAPH:
    case WORD_BOX:
        line_end(s);
        break;
    case WORD_CELL:
        cell_end(s);
        break;
    case WORD_ROW:
        row_end(s);
        break;
    case WORD_TABLE:
        table_end(s);
        break;
    default:
        break;
    }
    return !s->rows->refused;
}

static bool story_text(void *ctx, struct span text)
{
    struct paper *s = ctx;

    if (!s->take || s->hidden > 0)
        return true;
    if (s->cells == 0 && s->text.len + text.len > s->text.cap) {
        cells_text(s->rows, buf_span(&s->text));
        buf_reset(&s->text);
    }
    paper_text(s, text);
    return !s->rows->refused;
}

/* A third of such XML and more is its tags. */
static void story_gap(struct paper *s, uint64_t len)
{
    enum { TAGS = 8 };

    s->cells = 0;
    row_end(s);
    s->row++;
    cells_gap(s->rows, len / TAGS);
}

static void story_end(struct paper *s, enum part_end how)
{
    s->cells = 0;
    line_end(s);
    row_end(s);
    cells_close(s->rows, how);
}

const struct reader reader_story = {
    "docx",    {story_open, story_close, story_text}, story_begin, story_gap,
    story_end,
};
