// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * split.c - separated text into rows and cells.
 *
 * A named hot loop: indexes inside the span it is given. Works on raw bytes:
 * LF, CR, quote, comma, semicolon and tab are never part of a character of
 * UTF-8 or CP932, and cells are split after conversion.
 */
#include "detect/split.h"

#include <string.h>

#include "outflow/limits.h"

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
static size_t close_quote(struct span text, uint8_t separator, size_t from)
{
    size_t limit =
        from + LIMIT_QUOTED < text.len ? from + LIMIT_QUOTED : text.len;

    while (from < limit) {
        const uint8_t *q = memchr(text.ptr + from, '"', limit - from);
        if (!q)
            return 0;
        size_t at = (size_t)(q - text.ptr) + 1;
        if (at == text.len)
            return at;
        uint8_t next = text.ptr[at];
        if (next == separator || next == '\n' || next == '\r')
            return at;
        from = next == '"' ? at + 1 : at;
    }
    return 0;
}

/* Has a cell of the line text[0, len) an open quote, and where? */
static bool open_quote(struct span text, uint8_t separator, size_t len,
                       size_t *inside)
{
    size_t at = 0;

    while (at < len) {
        if (text.ptr[at] == '"') {
            size_t behind =
                close_quote(span_head(text, len), separator, at + 1);
            if (behind == 0) {
                *inside = at + 1;
                return true;
            }
            at = behind;
        }
        const uint8_t *sep =
            at < len ? memchr(text.ptr + at, separator, len - at) : NULL;
        if (!sep)
            return false;
        at = (size_t)(sep - text.ptr) + 1;
    }
    return false;
}

bool split_row(struct span text, uint8_t separator, bool last,
               struct split_row *row)
{
    struct split_row line;
    size_t inside;

    if (!split_line(text, last, row))
        return false;
    if (separator == 0 || !memchr(text.ptr, '"', row->len))
        return true;
    line = *row;
    while (open_quote(text, separator, line.len, &inside)) {
        size_t behind = close_quote(text, separator, inside);
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

struct split_cells split_cells(struct span row, uint8_t separator,
                               struct span *cells, size_t max)
{
    struct split_cells found = {0, false};
    size_t at = 0;

    for (;;) {
        size_t from = at, to;
        if (at < row.len && row.ptr[at] == '"' && separator) {
            to = close_quote(row, separator, at + 1);
            found.damaged = found.damaged || to == 0;
            if (to > 0 && (to == row.len || row.ptr[to] == separator)) {
                if (found.count < max)
                    cells[found.count] = span_slice(row, from + 1, to - 1);
                found.count++;
                if (to >= row.len)
                    return found;
                at = to + 1;
                continue;
            }
        }
        const uint8_t *sep = NULL;
        if (separator && at < row.len)
            sep = memchr(row.ptr + at, separator, row.len - at);
        to = sep ? (size_t)(sep - row.ptr) : row.len;
        if (found.count < max)
            cells[found.count] = span_slice(row, from, to);
        found.count++;
        if (!sep)
            return found;
        at = to + 1;
    }
}
