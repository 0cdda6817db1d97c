// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * split.c - lines of a table into rows and cells.
 *
 * A named hot loop: indexes inside the span it is given. Rows are cut out of
 * raw bytes: LF, CR, quotes, comma, semicolon and tab are never part of a
 * character of UTF-8 or CP932; cells are split after conversion.
 */
#include "detect/split.h"

#include <string.h>

#include "outflow/limits.h"
#include "util/unicode.h"

bool split_line(struct span text, bool last, struct split_row *line)
{
    const uint8_t *lf = text.len ? memchr(text.ptr, '\n', text.len) : NULL;
    size_t end = lf ? (size_t)(lf - text.ptr) : text.len;
    const uint8_t *cr = end ? memchr(text.ptr, '\r', end) : NULL;

    if (cr) {
        size_t at = (size_t)(cr - text.ptr);
        if (at + 1 == text.len && !last)
            return false;
        *line = (struct split_row){at, at + 1};
        if (lf && at + 1 == end)
            line->next = end + 1;
        return true;
    }
    if (!lf && (!last || text.len == 0))
        return false;
    *line = (struct split_row){end, lf ? end + 1 : end};
    return true;
}

/* Place behind the quote that closes a cell opened before from; 0: none. */
static size_t close_quote(struct span text, const struct dialect *how,
                          size_t from)
{
    size_t limit =
        from + LIMIT_QUOTED < text.len ? from + LIMIT_QUOTED : text.len;

    while (from < limit) {
        const uint8_t *q = memchr(text.ptr + from, how->quote, limit - from);
        if (!q)
            return 0;
        size_t at = (size_t)(q - text.ptr) + 1;
        if (at == text.len)
            return at;
        uint8_t next = text.ptr[at];
        if (next == how->separator || next == '\n' || next == '\r' ||
            (how->wrapped && (next == ']' || next == ')' || next == '}')))
            return at;
        from = next == how->quote ? at + 1 : at;
    }
    return 0;
}

/* Blanks in front of an opening quote are not part of the cell. */
static size_t before_quote(struct span text, const struct dialect *how,
                           size_t at, size_t len)
{
    size_t quote = at;

    while (quote < len && text.ptr[quote] == ' ')
        quote++;
    return quote < len && text.ptr[quote] == how->quote ? quote : at;
}

/* Has a cell of the line text[0, len) an open quote, and where? */
static bool open_quote(struct span text, const struct dialect *how, size_t len,
                       size_t *inside)
{
    size_t at = 0;

    while (at < len) {
        at = before_quote(text, how, at, len);
        if (text.ptr[at] == how->quote) {
            size_t behind = close_quote(span_head(text, len), how, at + 1);
            if (behind == 0) {
                *inside = at + 1;
                return true;
            }
            at = behind;
        }
        const uint8_t *sep =
            at < len ? memchr(text.ptr + at, how->separator, len - at) : NULL;
        if (!sep)
            return false;
        at = (size_t)(sep - text.ptr) + 1;
    }
    return false;
}

bool split_row(struct span text, const struct dialect *how, bool last,
               struct split_row *row)
{
    struct split_row line;
    size_t inside;

    if (!split_line(text, last, row))
        return false;
    if (how->separator == 0 || how->quote == 0 ||
        !memchr(text.ptr, how->quote, row->len))
        return true;
    line = *row;
    while (open_quote(text, how, line.len, &inside)) {
        size_t behind = close_quote(text, how, inside);
        struct span rest = span_skip(text, behind);
        if (behind == 0) {
            /* not closed: wait for it, or take the quote as a sign */
            if (last || text.len - inside >= LIMIT_QUOTED)
                return true;
            return false;
        }
        if (!split_line(rest, last, &line))
            return false;
        line.len += behind;
        line.next += behind;
    }
    *row = line;
    return true;
}

static void add_cell(struct split_cells *found, struct span *cells, size_t max,
                     struct span cell)
{
    if (found->count < max)
        cells[found->count] = cell;
    found->count++;
}

/* The next separator from at on that is not hidden; row.len: none. */
static size_t find_sign(struct span row, const struct dialect *how, size_t at)
{
    while (at < row.len) {
        const uint8_t *sep = memchr(row.ptr + at, how->separator, row.len - at);
        if (!sep)
            return row.len;
        at = (size_t)(sep - row.ptr);
        if (!how->escapes || at == 0 || row.ptr[at - 1] != '\\')
            return at;
        at++;
    }
    return row.len;
}

static struct split_cells by_sign(struct span row, const struct dialect *how,
                                  struct span *cells, size_t max)
{
    struct split_cells found = {0, false};
    size_t at = 0;

    for (;;) {
        size_t from = how->quote ? before_quote(row, how, at, row.len) : at;
        if (how->quote && from < row.len && row.ptr[from] == how->quote) {
            size_t to = close_quote(row, how, from + 1);
            found.damaged = found.damaged || to == 0;
            if (to > 0 && (to == row.len || row.ptr[to] == how->separator)) {
                add_cell(&found, cells, max, span_slice(row, from + 1, to - 1));
                if (to >= row.len)
                    return found;
                at = to + 1;
                continue;
            }
        }
        size_t end = find_sign(row, how, at);
        add_cell(&found, cells, max, span_slice(row, at, end));
        if (end >= row.len)
            return found;
        at = end + 1;
    }
}

/* U+2502, U+2503 and U+FF5C: three bytes each. */
static size_t bar_len(struct span s)
{
    static const struct span bars[] = {
        {(const uint8_t *)"\xE2\x94\x82", 3},
        {(const uint8_t *)"\xE2\x94\x83", 3},
        {(const uint8_t *)"\xE2\x95\x91", 3},
    };

    for (size_t i = 0; i < sizeof(bars) / sizeof(bars[0]); i++) {
        if (span_starts(s, bars[i]))
            return bars[i].len;
    }
    return 0;
}

static struct split_cells by_bar(struct span row, struct span *cells,
                                 size_t max)
{
    struct split_cells found = {0, false};
    size_t from = 0;

    for (size_t at = 0; at < row.len; at++) {
        size_t len = row.ptr[at] >= 0x80 ? bar_len(span_skip(row, at)) : 0;
        if (len == 0)
            continue;
        add_cell(&found, cells, max, span_slice(row, from, at));
        from = at + len;
        at = from - 1;
    }
    add_cell(&found, cells, max, span_skip(row, from));
    return found;
}

static struct split_cells by_blanks(struct span row, struct span *cells,
                                    size_t max)
{
    struct split_cells found = {0, false};
    size_t from = 0, at = 0;

    row = span_trim(row);
    while (at < row.len) {
        size_t end = at;
        while (end < row.len && row.ptr[end] == ' ')
            end++;
        if (end - at >= 2) {
            add_cell(&found, cells, max, span_slice(row, from, at));
            from = end;
        }
        at = end > at ? end : at + 1;
    }
    add_cell(&found, cells, max, span_skip(row, from));
    return found;
}

unsigned split_width(const struct dialect *how, uint32_t code)
{
    return how->wide && code >= 0x1100 && unicode_width(code) == 2 ? 2 : 1;
}

/* Where a row is while it is cut by places. */
struct walk {
    size_t at, run; /* bytes: here, and the word that goes on here */
    unsigned column, run_column;
    bool blank;
};

/* One sign on. */
static void walk_on(struct walk *w, const struct dialect *how, struct span row)
{
    uint32_t code;
    size_t used = unicode_decode(span_skip(row, w->at), &code);
    bool blank = code == ' ' || code == 0x3000;

    if (w->blank && !blank) {
        w->run = w->at;
        w->run_column = w->column;
    }
    w->blank = blank;
    w->column += split_width(how, code);
    w->at += used;
}

static struct split_cells by_place(struct span row, const struct dialect *how,
                                   struct span *cells, size_t max)
{
    struct split_cells found = {0, false};
    struct walk w = {.blank = true};
    size_t from = 0;

    for (unsigned next = 1; next < how->places; next++) {
        while (w.at < row.len && w.column < how->place[next])
            walk_on(&w, how, row);
        /* a number that is longer than those of the sample were */
        bool early = !w.blank && w.at < row.len && row.ptr[w.at] != ' ' &&
                     w.run_column >= how->gap[next] && w.run > from;
        size_t to = early ? w.run : w.at;
        add_cell(&found, cells, max, span_slice(row, from, to));
        from = to;
    }
    add_cell(&found, cells, max, span_skip(row, from));
    return found;
}

/* Without the brackets that rows stand in. */
static struct span unwrapped(struct span row)
{
    row = span_trim(row);
    while (row.len > 0 && memchr("-[({ ", row.ptr[0], 5))
        row = span_skip(row, 1);
    while (row.len > 0 && memchr("])};, ", row.ptr[row.len - 1], 6))
        row = span_head(row, row.len - 1);
    return row;
}

struct split_cells split_cells(struct span row, const struct dialect *how,
                               struct span *cells, size_t max)
{
    switch ((enum split_how)how->how) {
    case SPLIT_SIGN:
        break;
    case SPLIT_BAR:
        return by_bar(row, cells, max);
    case SPLIT_BLANKS:
        return by_blanks(row, cells, max);
    case SPLIT_PLACES:
        return by_place(row, how, cells, max);
    }
    if (how->separator == 0) {
        cells[0] = row;
        return (struct split_cells){1, false};
    }
    return by_sign(how->wrapped ? unwrapped(row) : row, how, cells, max);
}
