// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * csv.c - rows and cells of separated files (RFC 4180, and what exists).
 */
#include "output/csv.h"

#include <string.h>

#include "outflow/limits.h"

enum { CHUNK = 64 << 10 };

bool csv_open(struct csv *c, const char *path)
{
    *c = (struct csv){.sep = ','};
    buf_init(&c->hold, LIMIT_TABLE_ROW + 2 * CHUNK);
    c->file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rbe");
    return c->file != NULL;
}

void csv_close(struct csv *c)
{
    if (c->file && c->file != stdin)
        (void)fclose(c->file);
    c->file = NULL;
    buf_clear(&c->hold);
}

bool csv_rewind(struct csv *c)
{
    if (fseek(c->file, 0, SEEK_SET) != 0)
        return false;
    buf_reset(&c->hold);
    c->used = 0;
    c->ended = false;
    return true;
}

bool csv_failed(const struct csv *c)
{
    return ferror(c->file) != 0 || c->short_;
}

/* False when there is nothing more to read, or no room for it. */
static bool refill(struct csv *c)
{
    uint8_t chunk[CHUNK];
    size_t got;

    if (c->ended || c->hold.len >= LIMIT_TABLE_ROW)
        return false;
    got = fread(chunk, 1, sizeof(chunk), c->file);
    c->ended = got < sizeof(chunk);
    c->short_ = !buf_add(&c->hold, (struct span){chunk, got});
    c->ended = c->ended || c->short_;
    return got > 0 && !c->short_;
}

/* Bytes of the row at the front of s with its line end, 0: not all there. */
static size_t row_length(struct span s, uint8_t sep, bool ended)
{
    bool quoted = false, cell_begins = true;

    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.ptr[i];
        bool last = i + 1 == s.len;
        if (c == '"' && (quoted || cell_begins)) {
            quoted = !quoted; /* a doubled quote closes and opens again */
            cell_begins = quoted ? false : true;
            continue;
        }
        if (quoted)
            continue;
        if (c == '\n')
            return i + 1;
        if (c == '\r' && (last ? ended : s.ptr[i + 1] != '\n'))
            return i + 1;
        cell_begins = c == sep;
    }
    return ended && !quoted ? s.len : 0;
}

/* The row ends at the first line end, whatever the quotes say. */
static size_t plain_length(struct span s)
{
    size_t len = span_find(s, '\n');

    return len < s.len ? len + 1 : s.len;
}

bool csv_row(struct csv *c, struct span *row)
{
    size_t len = 0;
    bool more = true;

    buf_drop(&c->hold, c->used);
    c->used = 0;
    while (len == 0 && more) {
        struct span s = buf_span(&c->hold);
        len = row_length(s, c->sep, c->ended);
        if (len == 0)
            more = refill(c);
    }
    struct span s = buf_span(&c->hold);
    if (len == 0)
        len = row_length(s, c->sep, c->ended);
    if (len == 0)
        len = plain_length(s);
    *row = span_head(s, len);
    c->used = len;
    return len > 0;
}

struct span csv_line(struct span row)
{
    if (row.len > 0 && row.ptr[row.len - 1] == '\n')
        row.len--;
    if (row.len > 0 && row.ptr[row.len - 1] == '\r')
        row.len--;
    return row;
}

/*
 * Take the cell at *at off the bytes, in place: the quotes go, a doubled one
 * stays once. Gives the cell's length; *at is behind its separator.
 */
static size_t take_cell(uint8_t *bytes, size_t len, uint8_t sep, size_t *at)
{
    size_t from = *at, to = from, i = from;
    bool quoted = i < len && bytes[i] == '"';

    i += quoted ? 1 : 0;
    for (; i < len; i++) {
        if (quoted && bytes[i] == '"') {
            bool doubled = i + 1 < len && bytes[i + 1] == '"';
            quoted = doubled;
            i += doubled ? 1 : 0;
            if (!doubled)
                continue;
        } else if (!quoted && bytes[i] == sep) {
            break;
        }
        bytes[to++] = bytes[i];
    }
    *at = i + 1;
    return to - from;
}

size_t csv_cells(struct span line, uint8_t sep, struct buf *scratch,
                 struct span *cells, size_t max)
{
    size_t count = 0, at = 0;

    buf_reset(scratch);
    if (!buf_add(scratch, line) || !scratch->ptr)
        return 0;
    while (at <= line.len && count < max) {
        size_t from = at;
        size_t len = take_cell(scratch->ptr, line.len, sep, &at);
        cells[count++] = (struct span){scratch->ptr + from, len};
    }
    return count;
}
