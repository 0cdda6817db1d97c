// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * xlsx.c - the parts of a workbook in XML: sheets, strings, styles, names.
 *
 * In:   parts of Office Open XML (xlsx, xlsm, xltx), transitional or strict.
 * Out:  what they say, to a book.
 * Not:  calculates nothing: of a formula its last result is given.
 * Spec: ECMA-376 part 1, 18.
 */
#include "decode/document/paper.h"

#include <string.h>

/* What t of a cell says. */
enum {
    TYPE_NUMBER = 0,
    TYPE_SHARED,
    TYPE_TEXT, /* str, inlineStr, e */
    TYPE_DATE, /* d: ISO 8601 */
    TYPE_BOOL,
};

static bool is(struct span name, struct span word)
{
    return name.len == word.len && memcmp(name.ptr, word.ptr, word.len) == 0;
}

/* "BC12": 54. SIZE_MAX: no column stands there. */
static uint32_t column_of(struct span ref, uint32_t otherwise)
{
    uint32_t column = 0;

    for (size_t i = 0; i < ref.len && i < 4; i++) {
        uint8_t letter = ref.ptr[i] & 0xdf;
        if (letter < 'A' || letter > 'Z')
            break;
        column = column * 26 + (uint32_t)(letter - 'A') + 1;
    }
    return column > 0 ? column - 1 : otherwise;
}

static uint8_t type_of(struct span word)
{
    if (word.len == 0 || *word.ptr == 'n')
        return TYPE_NUMBER;
    if (is(word, SPAN("s")))
        return TYPE_SHARED;
    if (is(word, SPAN("d")))
        return TYPE_DATE;
    return *word.ptr == 'b' ? TYPE_BOOL : TYPE_TEXT;
}

/* "_x000D_" stands for a character; in place. */
static void unescape(struct buf *text)
{
    enum { LONG = 7 };
    size_t to = 0;
    uint64_t code;

    if (span_find_run(buf_span(text), SPAN("_x")) == text->len)
        return;
    for (size_t at = 0; at < text->len; to++) {
        struct span s = span_skip(buf_span(text), at);
        bool coded = s.len >= LONG && span_starts(s, SPAN("_x")) &&
                     s.ptr[LONG - 1] == '_' &&
                     span_hex(span_slice(s, 2, 6), &code);
        text->ptr[to] = coded && code < 0x80 ? (uint8_t)code : *s.ptr;
        at += coded && code < 0x80 ? LONG : 1;
    }
    text->len = to;
}

static bool any_text(void *ctx, struct span text)
{
    struct paper *s = ctx;

    if (s->take)
        paper_text(s, text);
    return true;
}

static void nothing(struct paper *s)
{
    s->within = false;
}

static void no_gap(struct paper *s, uint64_t len)
{
    (void)s;
    (void)len;
}

/* --- sheets --- */

static void sheet_begin(struct paper *s)
{
    book_open(s->book, (struct span){s->name, s->name_len});
}

static void cell_begin(struct paper *s, const struct xml_tag *tag)
{
    struct span rest = tag->rest;
    struct xml_attribute a;
    uint64_t number;

    s->cell = (struct cell){.column = s->column[0]};
    s->type = TYPE_NUMBER;
    s->within = true;
    buf_reset(&s->text);
    while (xml_next(&rest, &a)) {
        if (a.name.len != 1)
            continue;
        if (*a.name.ptr == 'r')
            s->cell.column = column_of(a.value, s->column[0]);
        else if (*a.name.ptr == 't')
            s->type = type_of(a.value);
        else if (*a.name.ptr == 's' && span_number(a.value, &number))
            s->cell.style = (uint32_t)number;
    }
}

static void cell_end(struct paper *s)
{
    enum { DAY = 10 }; /* "2011-08-05" */
    struct cell *c = &s->cell;
    uint64_t number;

    if (!s->within)
        return;
    s->within = s->take = false;
    s->column[0] = c->column + 1;
    if (s->text.len == 0)
        return;
    c->text = buf_span(&s->text);
    switch (s->type) {
    case TYPE_NUMBER:
        paper_cell_number(s, c->text);
        break;
    case TYPE_SHARED:
        c->kind = CELL_STRING;
        if (!span_number(span_trim(c->text), &number))
            return;
        c->string = number < UINT32_MAX ? (uint32_t)number : UINT32_MAX;
        break;
    case TYPE_BOOL:
        c->text = *c->text.ptr == '1' ? SPAN("TRUE") : SPAN("FALSE");
        break;
    case TYPE_DATE:
        if (span_starts(span_skip(c->text, DAY), SPAN("T00:00:00")))
            c->text = span_head(c->text, DAY);
        break;
    default:
        unescape(&s->text);
        c->text = buf_span(&s->text);
        break;
    }
    book_cell(s->book, c);
}

/* "oddHeader" and its like. */
static bool page_text(struct span name)
{
    return name.len > 6 && (is(span_skip(name, name.len - 6), SPAN("Header")) ||
                            is(span_skip(name, name.len - 6), SPAN("Footer")));
}

static bool sheet_open(void *ctx, const struct xml_tag *tag)
{
    struct paper *s = ctx;
    struct span name = tag->name;

    if (is(name, SPAN("c")) || is(name, SPAN("cell"))) {
        cell_begin(s, tag);
    } else if (is(name, SPAN("v")) || is(name, SPAN("t"))) {
        s->take = s->within && s->hidden == 0;
    } else if (is(name, SPAN("row"))) {
        s->column[0] = 0;
        s->within = s->take = false;
        s->hidden = 0;
        book_row(s->book);
    } else if (is(name, SPAN("rPh"))) {
        s->hidden = 1;
    } else if (page_text(name)) {
        book_row(s->book);
        s->cell = (struct cell){.kind = CELL_TEXT};
        s->type = TYPE_TEXT;
        s->within = s->take = true;
        buf_reset(&s->text);
    }
    return !s->rows->refused;
}

static bool sheet_close(void *ctx, struct span name)
{
    struct paper *s = ctx;

    if (is(name, SPAN("v")) || is(name, SPAN("t")))
        s->take = false;
    else if (is(name, SPAN("c")) || is(name, SPAN("cell")) || page_text(name))
        cell_end(s);
    else if (is(name, SPAN("rPh")))
        s->hidden = 0;
    return !s->rows->refused;
}

static void sheet_gap(struct paper *s, uint64_t len)
{
    s->within = false;
    s->column[0] = 0;
    book_gap(s->book, len, s->seen);
}

static void sheet_end(struct paper *s, enum part_end how)
{
    book_close(s->book, how);
}

const struct reader reader_sheet = {
    "xlsx",    {sheet_open, sheet_close, any_text}, sheet_begin, sheet_gap,
    sheet_end,
};

/* --- shared strings --- */

static bool strings_open(void *ctx, const struct xml_tag *tag)
{
    struct paper *s = ctx;

    if (is(tag->name, SPAN("si"))) {
        buf_reset(&s->text);
        s->within = true;
        s->hidden = 0;
    } else if (is(tag->name, SPAN("t"))) {
        s->take = s->hidden == 0 && s->within;
    } else if (is(tag->name, SPAN("rPh"))) {
        s->hidden = 1;
    }
    return true;
}

static bool strings_close(void *ctx, struct span name)
{
    struct paper *s = ctx;

    if (is(name, SPAN("t"))) {
        s->take = false;
    } else if (is(name, SPAN("rPh"))) {
        s->hidden = 0;
    } else if (is(name, SPAN("si")) && s->within) {
        unescape(&s->text);
        book_string(s->book, buf_span(&s->text));
        s->within = false;
    }
    return true;
}

/* Which number the next string has is not known any more. */
static void strings_gap(struct paper *s, uint64_t len)
{
    (void)len;
    book_strings_cut(s->book);
}

static void strings_end(struct paper *s, enum part_end how)
{
    if (how != PART_WHOLE)
        book_strings_cut(s->book);
    book_strings_end(s->book);
}

const struct reader reader_strings = {
    "xlsx",      {strings_open, strings_close, any_text}, nothing, strings_gap,
    strings_end,
};

/* --- styles --- */

static bool styles_open(void *ctx, const struct xml_tag *tag)
{
    struct paper *s = ctx;
    uint8_t room[LIMIT_FORMAT_CODE];

    if (is(tag->name, SPAN("numFmt")) && !s->holed && s->hidden == 0)
        book_format(s->book, paper_number(tag, SPAN("numFmtId"), 0),
                    paper_value(tag, SPAN("formatCode"), room, sizeof(room)));
    else if (is(tag->name, SPAN("cellXfs")))
        s->within = true;
    else if (is(tag->name, SPAN("xf")) && s->within && !s->holed)
        book_style(s->book, paper_number(tag, SPAN("numFmtId"), 0));
    return true;
}

static bool styles_close(void *ctx, struct span name)
{
    struct paper *s = ctx;

    if (is(name, SPAN("cellXfs"))) {
        s->within = false;
        s->hidden = 1; /* what follows are differences */
    }
    return true;
}

static void styles_end(struct paper *s, enum part_end how)
{
    (void)how;
    book_styles_end(s->book);
}

const struct reader reader_styles = {
    "xlsx", {styles_open, styles_close, any_text}, nothing, no_gap, styles_end,
};

/* --- the workbook and its relations --- */

static void workbook_begin(struct paper *s)
{
    cells_open(s->rows, SPAN("workbook"), "text/plain");
}

static bool workbook_open(void *ctx, const struct xml_tag *tag)
{
    struct paper *s = ctx;
    uint8_t room[LIMIT_NAME], other[LIMIT_NAME];

    if (is(tag->name, SPAN("workbookPr"))) {
        struct span value =
            paper_value(tag, SPAN("date1904"), room, sizeof(room));
        s->book->from_1904 = is(value, SPAN("1")) || is(value, SPAN("true"));
    } else if (is(tag->name, SPAN("sheet"))) {
        book_name(s->book, paper_value(tag, SPAN("id"), room, sizeof(room)),
                  paper_value(tag, SPAN("name"), other, sizeof(other)));
    } else if (is(tag->name, SPAN("definedName"))) {
        buf_reset(&s->text);
        s->take = true;
    }
    return true;
}

/* A name whose value is no place in a sheet: text that somebody hid. */
static bool workbook_close(void *ctx, struct span name)
{
    struct paper *s = ctx;

    if (!is(name, SPAN("definedName")))
        return true;
    s->take = false;
    cells_text(s->rows, buf_span(&s->text));
    cells_text(s->rows, SPAN("\n"));
    return !s->rows->refused;
}

static void workbook_end(struct paper *s, enum part_end how)
{
    cells_close(s->rows, how);
    book_names_end(s->book);
}

const struct reader reader_workbook = {
    "xlsx",         {workbook_open, workbook_close, any_text},
    workbook_begin, no_gap,
    workbook_end,
};

static void relations_begin(struct paper *s)
{
    cells_open(s->rows, SPAN("links"), "text/plain");
}

/* Where a link leads to outside, a mail address also: text. */
static void link_put(struct paper *s, const struct xml_tag *tag)
{
    uint8_t room[LIMIT_LINK];
    struct span mode;

    if (!xml_value(tag, SPAN("TargetMode"), &mode) ||
        !is(mode, SPAN("External")))
        return;
    cells_text(s->rows, paper_value(tag, SPAN("Target"), room, sizeof(room)));
    cells_text(s->rows, SPAN("\n"));
}

static bool relations_open(void *ctx, const struct xml_tag *tag)
{
    struct paper *s = ctx;
    uint8_t id[LIMIT_NAME], target[LIMIT_NAME];
    struct span type;

    if (!is(tag->name, SPAN("Relationship")) ||
        !xml_value(tag, SPAN("Type"), &type) || type.len < 5)
        return true;
    link_put(s, tag);
    if (!span_eq_nocase(span_skip(type, type.len - 5), SPAN("sheet")))
        return true;
    s->within = true;
    book_relation(s->book, paper_value(tag, SPAN("Id"), id, sizeof(id)),
                  paper_value(tag, SPAN("Target"), target, sizeof(target)));
    return true;
}

static bool relations_close(void *ctx, struct span name)
{
    (void)ctx;
    (void)name;
    return true;
}

static void relations_end(struct paper *s, enum part_end how)
{
    cells_close(s->rows, how);
    if (s->within)
        book_names_end(s->book);
}

const struct reader reader_relations = {
    "xlsx",          {relations_open, relations_close, any_text},
    relations_begin, no_gap,
    relations_end,
};
