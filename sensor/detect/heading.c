// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * heading.c - the line above a table that names its columns.
 *
 *     name,account_no,phone        COPY customers (name, phone) FROM stdin;
 *     名前 | 口座番号 | 電話         Name            Account     Phone
 *
 * It must not look at rows.
 */
#include <string.h>

#include "detect/readers.h"
#include "detect/shape.h"
#include "outflow/compiler.h"
#include "outflow/reader.h"

enum {
    HEADER_LINES = 6, /* lines of a sample that may be its header */
    WORDS_FIRM = 2,   /* names of fields among words between blanks */
};

static const struct dialect dialects[] = {
    {.separator = '\t', .quote = '"'}, {.separator = ',', .quote = '"'},
    {.separator = ';', .quote = '"'},  {.separator = '|', .quote = '"'},
    {.separator = '^', .quote = '"'},  {.separator = '~', .quote = '"'},
    {.separator = 0x1F, .quote = '"'}, {.separator = 0x01, .quote = '"'},
    {.separator = ':', .quote = '"'},  {.how = SPLIT_BAR},
    {.separator = ' ', .quote = '"'}, /* only below a header in quotes */
};

static const struct dialect words = {.separator = ' '};

const struct dialect *shape_dialect(size_t i)
{
    return i < COUNT(dialects) - 1 ? &dialects[i] : NULL;
}

bool shape_line(struct span *text, struct span *line)
{
    struct split_row cut;

    if (!split_line(*text, true, &cut))
        return false;
    *line = span_head(*text, cut.len);
    *text = span_skip(*text, cut.next);
    return true;
}

/* How a line reads as a header. */
struct heading {
    size_t cells;
    size_t firm;  /* cells that claim a field */
    size_t known; /* cells the dictionary knows */
};

/* The name of a column without quotes of another kind around it. */
static struct span column_name(struct span cell)
{
    cell = span_trim(cell);
    if (cell.len > 2 && (cell.ptr[0] == '\'' || cell.ptr[0] == '`') &&
        cell.ptr[cell.len - 1] == cell.ptr[0])
        cell = span_slice(cell, 1, cell.len - 1);
    return cell;
}

static struct heading heading_of(struct rows *r, struct span line,
                                 const struct dialect *how)
{
    struct span *cells = r->detect->grid->cells;
    struct heading h = {0, 0, 0};
    struct split_cells found = split_cells(line, how, cells, LIMIT_COLUMNS);

    for (size_t i = 0; i < found.count && i < LIMIT_COLUMNS; i++) {
        struct span name = column_name(cells[i]);
        if (name.len == 0 && how->separator == ' ')
            continue;
        struct claim c = header_find(r->detect->header, name);
        h.cells++;
        h.firm += c.force == CLAIM_FIRM;
        h.known += c.force != CLAIM_NONE;
    }
    h.cells = how->separator == ' ' ? h.cells : found.count;
    return h;
}

void heading_claims(struct rows *r, struct span line,
                    const struct dialect *names, struct claim *claims,
                    size_t max)
{
    struct span *cells = r->detect->grid->cells;
    struct split_cells found = split_cells(line, names, cells, LIMIT_COLUMNS);

    for (size_t i = 0; i < max; i++) {
        claims[i] = (struct claim){.type = FIELD_NONE};
        if (i < found.count)
            claims[i] = header_find(r->detect->header, column_name(cells[i]));
    }
}

/* A header names two fields, or most of its cells are words we know. */
static bool heads(const struct heading *h, const struct dialect *how)
{
    if (how->separator == ':' && h->cells < SHAPE_COLONS)
        return false;
    if (h->cells == 1)
        return h->firm == 1;
    if (h->cells == 2) /* label and value have one word that is known */
        return h->firm > 0 && h->known == 2;
    return h->firm >= 2 || (h->firm == 1 && h->known * 2 >= h->cells);
}

/* Long runs of digits and addresses stand in values, not in headers. */
static bool has_values(struct span line)
{
    size_t run = 0;

    for (size_t i = 0; i < line.len; i++) {
        run = (uint8_t)(line.ptr[i] - '0') <= 9 ? run + 1 : 0;
        if (run >= 5 || line.ptr[i] == '@')
            return true;
    }
    return false;
}

/* Bytes that no line of text has; ESC shifts charsets (ISO 2022). */
static bool has_controls(struct span line)
{
    struct reader rest = reader_over(line);

    while (reader_left(&rest) > 0) {
        uint8_t c = reader_u8(&rest);
        if ((c < 0x20 && c != '\t' && c != '\r' && c != 0x1B && c != 0x1F &&
             c != 0x01) ||
            c == 0x7F)
            return true;
    }
    return false;
}

/* The names of COPY table (names) FROM stdin, as PostgreSQL dumps them. */
static bool copy_names(struct span line, struct span *names)
{
    size_t open = span_find(line, '('), close = span_find(line, ')');

    if (!span_starts_nocase(line, SPAN("copy ")) || open >= close ||
        close == line.len)
        return false;
    *names = span_slice(line, open + 1, close);
    return span_starts_nocase(span_skip(line, close), SPAN(") from stdin"));
}

static bool words_head(const struct heading *h)
{
    return h->firm >= WORDS_FIRM && h->known * 2 >= h->cells;
}

/* Has the line what parts its cells? Blanks do where cells have quotes. */
static bool is_parted(const struct dialect *how, struct span line)
{
    if (how->how != SPLIT_SIGN)
        return true;
    if (how->separator != ' ')
        return memchr(line.ptr, how->separator, line.len);
    return line.len > 0 && line.ptr[0] == '"' &&
           span_find_run(line, SPAN("\" \"")) < line.len;
}

bool sample_header(struct rows *r, struct span line)
{
    struct span names;

    if (has_controls(line) || has_values(line) || sql_begins(line))
        return false;
    if (copy_names(line, &names))
        return true;
    for (size_t i = 0; i < COUNT(dialects); i++) {
        const struct dialect *how = &dialects[i];
        if (!is_parted(how, line))
            continue;
        struct heading h = heading_of(r, line, how);
        if (h.cells >= 2 && heads(&h, how))
            return true;
    }
    if (r->table || !memchr(line.ptr, ' ', line.len))
        return false;
    struct heading h = heading_of(r, line, &words);
    return words_head(&h);
}

/* A line that one of the separators makes a header; best grows. */
static void try_line(struct rows *r, struct span line, size_t *best,
                     struct shape *shape, const struct shape *place)
{
    static const struct dialect whole = {.separator = 0};
    const struct dialect *how;

    for (size_t i = 0; i <= COUNT(dialects); i++) {
        how = i < COUNT(dialects) ? &dialects[i] : &whole;
        if (how == &whole ? *best > 0 : !is_parted(how, line))
            continue;
        struct heading h = heading_of(r, line, how);
        if (!heads(&h, how) || h.firm * 16 + h.known <= *best)
            continue;
        if (how->how != SPLIT_SIGN && h.cells < 2)
            continue;
        *best = h.firm * 16 + h.known;
        *shape = *place;
        shape->how = shape->names = *how;
        shape->cells = h.cells;
    }
}

/* Columns of a COPY block are parted by tabs. */
static bool try_copy(struct rows *r, struct span line, struct shape *shape,
                     const struct shape *place)
{
    struct span names;

    if (!copy_names(line, &names))
        return false;
    struct heading h = heading_of(r, names, &dialects[1]);
    *shape = *place;
    shape->how = (struct dialect){.separator = '\t'};
    shape->names = dialects[1];
    shape->cells = h.cells;
    shape->heading += (size_t)(names.ptr - line.ptr);
    return heads(&h, &shape->how);
}

bool heading_find(struct rows *r, struct span text, struct shape *shape)
{
    struct span rest = text, line;
    size_t best = 0;

    for (size_t n = 0; n < HEADER_LINES && shape_line(&rest, &line); n++) {
        const struct shape place = {.header = text.len - rest.len,
                                    .heading = (size_t)(line.ptr - text.ptr)};
        if (line.len == 0 || has_values(line))
            continue;
        if (try_copy(r, line, shape, &place))
            return true;
        try_line(r, line, &best, shape, &place);
    }
    return best > 0;
}

/* Cells of a line that has no values, for a header; 0: it is none. */
static size_t name_cells(struct span line, const struct dialect *how)
{
    struct span cells[LIMIT_COLUMNS];

    if (line.len == 0 || has_values(line) || !is_parted(how, line))
        return 0;
    return split_cells(line, how, cells, LIMIT_COLUMNS).count;
}

bool heading_torn(struct span text, size_t cells, struct shape *shape)
{
    struct span rest = text, line;
    size_t before = 0, from = 0;

    if (shape->how.how != SPLIT_SIGN || shape->how.separator == 0)
        return false;
    for (size_t n = 0; n < HEADER_LINES && shape_line(&rest, &line); n++) {
        size_t here = name_cells(line, &shape->how);
        size_t both = before > 0 && here > 0 ? before + here : 0;
        if (both == cells || both == cells + 1) {
            shape->heading = from;
            shape->header = text.len - rest.len;
            shape->cells = cells;
            shape->torn = true;
            return true;
        }
        before = here;
        from = (size_t)(line.ptr - text.ptr);
    }
    return false;
}

struct span heading_mended(struct buf *plain, struct span lines,
                           const struct shape *shape)
{
    struct span rest = lines, first, second;

    buf_reset(plain);
    if (!shape_line(&rest, &first) || !shape_line(&rest, &second))
        return lines;
    bool part =
        name_cells(first, &shape->how) + name_cells(second, &shape->how) ==
        shape->cells;
    if (!buf_add(plain, first) ||
        (part && !buf_add_byte(plain, shape->how.separator)) ||
        !buf_add(plain, second))
        return lines;
    return buf_span(plain);
}

bool heading_words(struct rows *r, struct span text, struct shape *shape)
{
    struct span rest = text, line;
    size_t best = 0;

    for (size_t n = 0; n < HEADER_LINES && shape_line(&rest, &line); n++) {
        if (line.len == 0 || has_values(line))
            continue;
        struct heading h = heading_of(r, line, &words);
        if (!words_head(&h) || h.firm <= best)
            continue;
        best = h.firm;
        *shape = (struct shape){.header = text.len - rest.len,
                                .heading = (size_t)(line.ptr - text.ptr)};
    }
    return best > 0;
}
