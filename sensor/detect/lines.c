// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * lines.c - the first signs of a part, the rows of its table, and the rests
 * of lines that are too long.
 *
 * A table stays known when its rows end: it sleeps, and rows of its shape
 * wake it.
 *
 * It must not decide what columns are.
 */
#include <string.h>

#include "detect/cell.h"
#include "detect/readers.h"
#include "detect/series.h"
#include "detect/split.h"
#include "detect/table.h"
#include "detect/undo.h"

enum {
    IDLE_ROWS = 64, /* rows without a record, then the table sleeps */
    WIDE = 4,       /* columns of a table whose rests are told */
    BLOCK_ROWS = 8, /* fewer rows between empty lines are no table */
    BRIEF_ROWS = 4, /* the same when a row has just woken it */
    START_BLANKS = 64,
    START_MARKUP = 256, /* bytes that tell pages from data */
};

/* The first sign that is not blank from at on; false: not there yet. */
static bool first_sign(const struct rows *r, uint32_t *at, uint8_t *sign)
{
    uint32_t end = *at + START_BLANKS;

    for (*sign = 0; *at < r->len && *at < end; (*at)++) {
        *sign = r->bytes[*at];
        if (!cell_is_blank(*sign))
            return true;
        *sign = 0;
    }
    return *at == end || r->last;
}

static enum text_kind kind_of(uint8_t first, uint8_t second)
{
    if (first == '{' &&
        (second == '"' || second == '\'' || second == '}' || second == 0))
        return TEXT_JSON;
    if (first == '[' && (second == '{' || second == '[' || second == '"'))
        return TEXT_JSON; /* or a section of TOML: see start_read */
    if (first == '<' && (second == '!' || second == '?' || second == '/' ||
                         (uint8_t)((second | 0x20) - 'a') <= 'z' - 'a'))
        return TEXT_MARKUP;
    return TEXT_LINES;
}

/* Elements that pages begin with, not data. */
static bool is_page_word(struct span name)
{
    static const char *const words[] = {
        "html", "head",  "body",   "table", "div",  "p",     "span",
        "tr",   "ul",    "ol",     "h1",    "h2",   "h3",    "script",
        "meta", "dl",    "a",      "b",     "form", "title", "style",
        "img",  "br",    "center", "font",  "link", "main",  "section",
        "td",   "tbody", "thead",  "th",    "hr"};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (span_eq_nocase(name, span_of(words[i])))
            return true;
    }
    return false;
}

/* Is the markup a page, by its first element? <?xml may be in front. */
static bool is_page(struct span text)
{
    bool xml = false;

    while (text.len > 0) {
        text = span_skip(text, span_find(text, '<') + 1);
        size_t n = 0;
        while (n < text.len && !memchr(" >/\t\r\n", text.ptr[n], 6))
            n++;
        struct span name = span_head(text, n);
        xml = xml || (name.len > 0 && name.ptr[0] == '?');
        if (name.len == 0 || name.ptr[0] == '?')
            continue;
        if (name.ptr[0] != '!')
            return is_page_word(name);
        if (span_eq_nocase(name, SPAN("!doctype")))
            return span_starts_nocase(span_trim(span_skip(text, n)),
                                      SPAN("html"));
    }
    return !xml;
}

/* A first tag ends, or another begins: the sign was no damaged byte. */
static bool is_markup(struct span front)
{
    return !cell_is_letter(front.ptr[1]) || span_find(front, '>') < front.len ||
           span_find(span_skip(front, 1), '<') < front.len - 1;
}

bool start_read(struct rows *r)
{
    static const uint8_t mark[] = {0xEF, 0xBB, 0xBF};
    uint32_t at = 0, bom = 0;
    uint8_t first, second = 0;

    while (bom < 3 && bom < r->len && r->bytes[bom] == mark[bom])
        bom++;
    if (bom < 3 && bom == r->len && !r->last)
        return false;
    at = bom == 3 ? 3 : 0;
    if (!first_sign(r, &at, &first))
        return false;
    at += first != 0;
    if (strchr("{[<", first) && first && !first_sign(r, &at, &second))
        return false;
    r->kind = (uint8_t)kind_of(first, second);
    if (first == '[' && second == '[') {
        if (r->len <= at + 1 && !r->last)
            return false;
        uint8_t third = r->len > at + 1 ? r->bytes[at + 1] : 0;
        if ((uint8_t)((third | 0x20) - 'a') <= 'z' - 'a')
            r->kind = TEXT_LINES;
    }
    if (r->kind == TEXT_MARKUP) {
        if (r->len < START_MARKUP && !r->last)
            return false;
        struct span front = rows_span(r, at - 1, START_MARKUP);
        r->kind = span_starts_nocase(front, SPAN("<?php")) ||
                          (front.len == START_MARKUP && !is_markup(front))
                      ? TEXT_LINES
                  : is_page(front) ? TEXT_MARKUP
                                   : TEXT_XML;
    }
    if (bom == 3) /* it is no part of the first cell */
        memset(r->bytes, '\n', bom);
    r->row = r->at = bom == 3 ? 3 : 0;
    r->settled = r->row;
    r->reading = READ_SEEK;
    if (r->kind == TEXT_JSON && first == '{')
        series_begin(r, r->at);
    return true;
}

bool skip_read(struct rows *r)
{
    for (; r->at < r->len; r->at++) {
        uint8_t c = r->bytes[r->at];
        if (c == '\n' || c == '\r') {
            r->row = ++r->at;
            r->reading = r->table ? READ_TABLE : READ_SEEK;
            return true;
        }
        rows_unread(r, 1);
    }
    r->row = r->at;
    return false;
}

/* Is the end of the row surely not there? Remembers how far it looked. */
static bool no_end(struct rows *r)
{
    uint32_t from = r->at > r->row ? r->at : r->row;
    struct span rest = rows_span(r, from, r->len);

    if (r->last || r->len - r->row >= LIMIT_ROW)
        return false;
    if (rest.len > 0 &&
        (memchr(rest.ptr, '\n', rest.len) || memchr(rest.ptr, '\r', rest.len)))
        return false;
    r->at = r->len;
    return true;
}

/* After a hole a row must have the shape of the others to be believed. */
static bool passes(struct rows *r, const struct split_cells *found)
{
    bool good = found->count == r->table->count && !found->damaged;

    if (r->wary && !good)
        return false;
    r->wary = false;
    return r->table->header || found->count == r->table->count;
}

/* A line of few cells below a wide table: its total, not a customer. */
static bool is_rest(const struct table *t, size_t cells)
{
    return t->count >= WIDE && cells * 2 < t->count;
}

/* One row; false when it is the header of another table. */
static bool take_row(struct rows *r, struct split_row *cut,
                     const struct moment *seen)
{
    struct detect *d = r->detect;
    struct table *t = r->table;
    struct span raw = rows_span(r, r->row, r->row + (uint32_t)cut->len);
    struct split_cells found;
    size_t count = 0;

    struct span row = rows_utf8(r, raw);
    d->signs = undo_signs(row);
    found = split_cells(row, &t->how, d->grid->cells, LIMIT_COLUMNS);
    if (found.count > LIMIT_COLUMNS)
        found.count = LIMIT_COLUMNS;
    if (passes(r, &found) && !is_rest(t, found.count))
        count =
            table_fields(d, t, d->grid->cells, found.count, d->grid->fields);
    if (rows_put(r, d->grid->fields, count, seen)) {
        t->drowsy -= t->drowsy > 0;
        t->idle = 0;
        return true;
    }
    t->idle++;
    return count > 0 || r->row < r->inner || !sample_header(r, raw);
}

/* A quoted cell over several lines that does not fit was no quoted cell. */
static void check_lines(struct rows *r, struct span text, bool last,
                        struct split_row *cut)
{
    struct split_row line;
    struct span row = span_head(text, cut->len);

    if (!split_line(text, last, &line) || line.next >= cut->next)
        return;
    struct split_cells found =
        split_cells(row, &r->table->how, r->detect->grid->cells, LIMIT_COLUMNS);
    if (found.count != r->table->count || found.damaged)
        *cut = line;
}

/* An empty line below many rows without a header may part two tables. */
static bool is_parted(struct rows *r, size_t len)
{
    struct table *t = r->table;
    bool parted = len == 0 && !t->header && t->block >= BLOCK_ROWS;

    t->block = len == 0 ? 0 : t->block + 1;
    return parted;
}

bool table_read(struct rows *r)
{
    while (r->row < r->len && !r->refused) {
        if (no_end(r))
            return false;
        bool last;
        struct span text = rows_ahead(r, r->row, &last);
        struct split_row cut;
        bool whole = split_row(text, &r->table->how, last, &cut);
        if (!whole && text.len < LIMIT_ROW)
            return false;
        if (!whole)
            cut = (struct split_row){text.len, text.len};
        check_lines(r, text, last, &cut);
        uint32_t next = r->row + (uint32_t)cut.next;
        if (cut.len > 0 && !take_row(r, &cut, rows_moment(r, next))) {
            r->inner = r->row + 1; /* no header again */
            if (sample_begin(r, r->row))
                return true;
        }
        r->row = r->at = next;
        if (is_parted(r, cut.len) && sample_begin(r, next)) {
            r->afresh = true;
            return true;
        }
        if (!whole) {
            r->reading = READ_SKIP;
            return true;
        }
        if (r->table->idle >= (r->table->drowsy ? BRIEF_ROWS : IDLE_ROWS)) {
            r->table->idle = 0;
            if (r->table->drowsy == 0)
                r->rest = 0;
            rows_seek(r, next);
            return true;
        }
    }
    return false;
}
