// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * pivot.c - the rows that a pivot table keeps of its source.
 *
 * In:   pivotCacheDefinition (columns and their distinct values) and
 *       pivotCacheRecords (rows of them) of a workbook, in either order.
 * Out:  the rows, to a book of its own, under the names of the columns. They
 *       are there also when the sheet they came from was deleted.
 * Not:  a definition without records: distinct values tell no rows.
 * Spec: ECMA-376 part 1, 18.10.
 */
#include "decode/document/paper.h"

#include <string.h>

/* The letter of a value's element; 0: it is none. */
static char value_of(const struct xml_tag *tag)
{
    char letter = tag->name.len == 1 ? (char)*tag->name.ptr : '\0';

    return letter != '\0' && strchr("snbdemx", letter) != NULL ? letter : '\0';
}

/* What it says, references replaced; days without a time of day. */
static struct span value_text(struct paper *s, const struct xml_tag *tag,
                              char letter)
{
    enum { DAY = 10 };
    struct span value = {0};

    buf_reset(&s->text);
    if (letter == 'm' || !xml_value(tag, SPAN("v"), &value))
        return (struct span){0};
    if (letter == 'd' && span_starts(span_skip(value, DAY), SPAN("T00:00:00")))
        return span_head(value, DAY);
    value = span_head(value, LIMIT_CELL / 2);
    if (span_find(value, '&') == value.len || !buf_add(&s->text, value) ||
        !buf_add(&s->text, SPAN("more")))
        return value;
    return xml_plain(value, s->text.ptr, s->text.len);
}

/* --- the definition --- */

static void no_begin(struct paper *s)
{
    s->within = false;
}

static bool definition_open(void *ctx, const struct xml_tag *tag)
{
    struct paper *s = ctx;
    uint8_t room[LIMIT_NAME];
    char letter = value_of(tag);

    if (span_eq(tag->name, SPAN("cacheField")))
        book_column(s->book,
                    paper_value(tag, SPAN("name"), room, sizeof(room)));
    else if (span_eq(tag->name, SPAN("sharedItems")))
        s->within = true;
    else if (s->within && letter != '\0')
        book_string(s->book, value_text(s, tag, letter));
    return true;
}

static bool definition_close(void *ctx, struct span name)
{
    struct paper *s = ctx;

    if (span_eq(name, SPAN("sharedItems")))
        s->within = false;
    return true;
}

static bool no_text(void *ctx, struct span text)
{
    (void)ctx;
    (void)text;
    return true;
}

static void definition_gap(struct paper *s, uint64_t len)
{
    (void)len;
    book_strings_cut(s->book);
}

static void definition_end(struct paper *s, enum part_end how)
{
    if (how != PART_WHOLE)
        book_strings_cut(s->book);
    book_strings_end(s->book);
    book_styles_end(s->book);
    book_names_end(s->book);
    book_names_end(s->book);
}

const struct reader reader_pivot = {
    "xlsx",         {definition_open, definition_close, no_text},
    no_begin,       definition_gap,
    definition_end,
};

/* --- the records --- */

static void records_begin(struct paper *s)
{
    book_open(s->book, (struct span){s->name, s->name_len});
}

static void record_value(struct paper *s, const struct xml_tag *tag,
                         char letter)
{
    struct span text = value_text(s, tag, letter);
    uint64_t number = 0;

    s->cell = (struct cell){.kind = CELL_TEXT, .text = text};
    if (letter == 'n')
        paper_cell_number(s, text);
    if (letter == 'x') {
        s->cell.kind = CELL_STRING;
        s->cell.string = span_number(text, &number) && number < UINT32_MAX
                             ? (uint32_t)number
                             : UINT32_MAX;
    }
    s->cell.column = s->column[0]++;
    if (text.len > 0)
        book_cell(s->book, &s->cell);
}

static bool records_open(void *ctx, const struct xml_tag *tag)
{
    struct paper *s = ctx;
    char letter = value_of(tag);

    if (span_eq(tag->name, SPAN("r"))) {
        book_row(s->book);
        s->column[0] = 0;
    } else if (letter != '\0') {
        record_value(s, tag, letter);
    }
    return !s->rows->refused;
}

static bool records_close(void *ctx, struct span name)
{
    (void)name;
    return !((struct paper *)ctx)->rows->refused;
}

/* Which column the next value is of is not known before the next row. */
static void records_gap(struct paper *s, uint64_t len)
{
    s->column[0] = LIMIT_COLUMNS;
    book_gap(s->book, len, s->seen);
}

static void records_end(struct paper *s, enum part_end how)
{
    book_close(s->book, how);
}

const struct reader reader_pivot_rows = {
    "xlsx",        {records_open, records_close, no_text},
    records_begin, records_gap,
    records_end,
};
