// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * book.c - sheets that wait, and their cells.
 *
 * A cell that waits is one byte of its kind and of how many columns it is
 * behind the last one, then what its kind needs, numbers seven bits a byte.
 * A row that holds eight strings takes some 40 bytes.
 */
#include "decode/document/book.h"

#include <stdlib.h>
#include <string.h>

#include "outflow/compiler.h"

/* What a byte of a sheet that waits begins. */
enum held_kind { HELD_ROW = CELL_INTEGER + 1, HELD_GAP };

enum {
    KIND_BITS = 3,
    NEAR_MOST = 31, /* columns told in the first byte; this: further on */
    VARINT_MOST = 10,
    HEAD_MOST = 1 + 3 * VARINT_MOST, /* all of a cell but its text */
    CELL_GUESS = 12,                 /* bytes of a string where none is known */
};

struct sheet {
    struct sheet *next;
    struct pages cells;
    uint32_t column; /* behind the last cell */
    uint8_t part_len;
    enum part_end how;
    uint8_t part[LIMIT_NAME];
};

struct format {
    uint32_t id;
    struct number_format how;
};

void book_init(struct book *b, struct cells *rows, struct held_share *share)
{
    *b = (struct book){
        .own = {LIMIT_HELD, LIMIT_HELD}, .rows = rows, .kind = "xlsx"};
    share = share != NULL ? share : &b->own;
    pages_init(&b->strings, share);
    pages_init(&b->places, share);
    pages_init(&b->styles, share);
    buf_init(&b->formats, LIMIT_FORMATS * sizeof(struct format));
    buf_init(&b->names, LIMIT_SHEET_NAMES);
    buf_init(&b->relations, LIMIT_SHEET_NAMES);
    buf_init(&b->columns, LIMIT_SHEET_NAMES);
    buf_init(&b->bases, LIMIT_COLUMNS * sizeof(uint32_t));
}

/* --- numbers of seven bits a byte, the lowest first --- */

static size_t varint_put(uint8_t *to, uint64_t value)
{
    size_t len = 0;

    for (; value >= 0x80; value >>= 7)
        to[len++] = (uint8_t)(value | 0x80);
    to[len++] = (uint8_t)value;
    return len;
}

static uint64_t varint_take(struct span *from)
{
    uint64_t value = 0;

    for (unsigned shift = 0; from->len > 0 && shift < 64; shift += 7) {
        uint8_t byte = *from->ptr;
        *from = span_skip(*from, 1);
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            break;
    }
    return value;
}

/* --- strings --- */

void book_string(struct book *b, struct span text)
{
    uint32_t place;

    if (b->strings_cut)
        return;
    text = span_head(text, LIMIT_CELL);
    uint8_t *at = pages_room(&b->strings, text.len + VARINT_MOST);
    uint8_t *index = pages_room(&b->places, sizeof(place));
    if (at == NULL || index == NULL) {
        b->strings_cut = b->full = true;
        return;
    }
    place = pages_place(&b->strings);
    memcpy(index, &place, sizeof(place));
    pages_took(&b->places, sizeof(place));
    size_t len = varint_put(at, text.len);
    if (text.len > 0)
        memcpy(at + len, text.ptr, text.len);
    pages_took(&b->strings, len + text.len);
    b->string_count++;
    b->string_bytes += text.len;
}

void book_strings_end(struct book *b)
{
    b->strings_known = true;
}

void book_strings_cut(struct book *b)
{
    b->strings_cut = true;
}

void book_column(struct book *b, struct span name)
{
    const struct span base = {(const uint8_t *)&b->string_count,
                              sizeof(b->string_count)};

    if (b->strings_cut || !buf_add(&b->bases, base))
        return;
    name = span_head(name, span_find(name, 0));
    (void)(buf_add(&b->columns, name) && buf_add_byte(&b->columns, 0));
}

/* The number of a cell's string; UINT32_MAX: there is none. */
static uint32_t string_of(const struct book *b, const struct cell *cell)
{
    size_t at = (size_t)cell->column * sizeof(uint32_t);
    uint32_t base;

    if (b->bases.len == 0)
        return cell->string;
    if (at + sizeof(base) > b->bases.len || cell->string > UINT32_MAX / 2)
        return UINT32_MAX;
    memcpy(&base, b->bases.ptr + at, sizeof(base));
    return base + cell->string;
}

/* The i-th shared string; false: it is not known. */
static bool string_at(const struct book *b, uint32_t i, struct span *text)
{
    enum { EACH = PAGE_ROOM / sizeof(uint32_t) };
    uint32_t place;

    if (i >= b->string_count)
        return false;
    struct span index = pages_page(&b->places, i / EACH);
    index = span_slice(index, i % EACH * sizeof(place),
                       (i % EACH + 1) * sizeof(place));
    if (index.len < sizeof(place))
        return false;
    memcpy(&place, index.ptr, sizeof(place));
    *text = pages_at(&b->strings, place);
    uint64_t len = varint_take(text);
    *text = span_head(*text, len);
    return true;
}

/* --- styles --- */

void book_format(struct book *b, uint32_t id, struct span code)
{
    const struct format f = {id, number_format_of(code)};

    b->full |=
        !buf_add(&b->formats, (struct span){(const uint8_t *)&f, sizeof(f)});
}

static struct number_format format_find(const struct book *b, uint32_t id)
{
    struct format f;

    for (size_t at = 0; at < b->formats.len; at += sizeof(f)) {
        memcpy(&f, b->formats.ptr + at, sizeof(f));
        if (f.id == id)
            return f.how;
    }
    return number_builtin(id);
}

void book_style(struct book *b, uint32_t format)
{
    const struct number_format how = format_find(b, format);
    uint8_t *at = b->style_count < LIMIT_STYLES
                      ? pages_room(&b->styles, sizeof(how))
                      : NULL;

    if (at == NULL)
        return;
    memcpy(at, &how, sizeof(how));
    pages_took(&b->styles, sizeof(how));
    b->style_count++;
}

void book_styles_end(struct book *b)
{
    b->styles_known = true;
}

static struct number_format style_at(const struct book *b, uint32_t i)
{
    enum { EACH = PAGE_ROOM / sizeof(struct number_format) };
    struct number_format how = {0};
    struct span page = pages_page(&b->styles, i / EACH);
    struct span one =
        span_slice(page, i % EACH * sizeof(how), (i % EACH + 1) * sizeof(how));

    if (i < b->style_count && one.len == sizeof(how))
        memcpy(&how, one.ptr, sizeof(how));
    return how;
}

/* --- names --- */

/* Add a pair; a NUL in one of them would end it. */
static void pair_add(struct buf *to, struct span first, struct span second)
{
    first = span_head(first, span_find(first, 0));
    second = span_head(second, span_find(second, 0));
    if (to->cap - to->len < first.len + second.len + 2)
        return;
    (void)(buf_add(to, first) && buf_add_byte(to, 0) && buf_add(to, second) &&
           buf_add_byte(to, 0));
}

static bool pair_next(struct span *rest, struct span *first,
                      struct span *second)
{
    bool one = span_find(*rest, 0) < rest->len;

    if (!one)
        return false;
    *first = span_head(*rest, span_find(*rest, 0));
    *rest = span_skip(*rest, first->len + 1);
    *second = span_head(*rest, span_find(*rest, 0));
    *rest = span_skip(*rest, second->len + 1);
    return true;
}

void book_name(struct book *b, struct span id, struct span name)
{
    pair_add(&b->names, id, name);
}

void book_relation(struct book *b, struct span id, struct span target)
{
    pair_add(&b->relations, id, target);
}

void book_names_end(struct book *b)
{
    if (b->names_known < 2)
        b->names_known++;
}

/* Is it the target of a relation: do their last steps agree? */
static bool part_is(struct span part, struct span target)
{
    while (target.len > 0 && (*target.ptr == '/' || *target.ptr == '.'))
        target = span_skip(target, 1);
    return target.len > 0 && target.len <= part.len &&
           span_eq_nocase(span_skip(part, part.len - target.len), target);
}

/* "xl/worksheets/sheet1.xml": "sheet1". */
static struct span part_base(struct span part)
{
    size_t at = part.len;

    while (at > 0 && part.ptr[at - 1] != '/' && part.ptr[at - 1] != '\\')
        at--;
    part = span_skip(part, at);
    return span_head(part, span_find(part, '.'));
}

/* The name of the sheet of that part. */
static struct span sheet_name(const struct book *b, struct span part)
{
    struct span base = part_base(part), digits = base;
    struct span rest = buf_span(&b->relations);
    struct span id = {0}, first, second;
    uint64_t number = 0, i = 0;

    while (id.len == 0 && pair_next(&rest, &first, &second))
        if (part_is(part, second))
            id = first;
    if (span_starts_nocase(base, SPAN("sheet")))
        digits = span_skip(base, 5);
    if (id.len > 0 || !span_number(digits, &number))
        number = 0;
    rest = buf_span(&b->names);
    while (pair_next(&rest, &first, &second)) {
        i++;
        if (second.len > 0 && (id.len > 0 ? span_eq(first, id) : i == number))
            return second;
    }
    return base.len > 0 ? base : SPAN("sheet");
}

/* --- cells that are put --- */

static void put_text(struct book *b, uint32_t column, struct span text)
{
    if (text.len == 0)
        return;
    b->put += text.len + 1;
    cells_cell(b->rows, b->row, column, text);
}

static void put_number(struct book *b, const struct cell *cell, double value)
{
    const struct number_format how = style_at(b, cell->style);
    char text[NUMBER_ROOM];
    size_t len = number_write(value, &how, b->from_1904, text);

    put_text(b, cell->column, (struct span){(const uint8_t *)text, len});
}

/* Whole numbers are exact also where a double is not. */
static void put_integer(struct book *b, const struct cell *cell)
{
    enum { DIGITS = 20 };
    const struct number_format how = style_at(b, cell->style);
    uint64_t left = cell->integer < 0 ? 0 - (uint64_t)cell->integer
                                      : (uint64_t)cell->integer;
    uint8_t text[DIGITS + 1];
    size_t at = sizeof(text);

    if (how.kind != NUMBER_PLAIN) {
        put_number(b, cell, (double)cell->integer);
        return;
    }
    do {
        text[--at] = (uint8_t)('0' + left % 10);
        left /= 10;
    } while (left > 0);
    if (cell->integer < 0)
        text[--at] = '-';
    put_text(b, cell->column, (struct span){text + at, sizeof(text) - at});
}

static void put_cell(struct book *b, const struct cell *cell)
{
    struct span text;

    switch (cell->kind) {
    case CELL_TEXT:
        put_text(b, cell->column, cell->text);
        break;
    case CELL_STRING:
        if (string_at(b, string_of(b, cell), &text))
            put_text(b, cell->column, text);
        else
            b->lost++;
        break;
    case CELL_NUMBER:
        put_number(b, cell, cell->number);
        break;
    case CELL_INTEGER:
        put_integer(b, cell);
        break;
    }
}

static void put_open(struct book *b, struct span part)
{
    struct span columns = buf_span(&b->columns), name;

    b->row = b->lost = b->put = 0;
    cells_open(b->rows, sheet_name(b, part), "text/csv");
    for (uint32_t i = 0; span_cut(&columns, 0, &name); i++)
        put_text(b, i, name);
}

/* As much text a byte as its part gave so far; a quarter before that. */
static void put_gap(struct book *b, uint64_t missing, uint64_t seen)
{
    double each = b->put > 0 && seen > 0 ? (double)b->put / (double)seen : 0.25;
    uint64_t len = (uint64_t)((double)missing * each) + 1;

    cells_gap(b->rows, len);
}

/* Tell the strings that are not there, and end it. */
static void put_close(struct book *b, enum part_end how)
{
    uint64_t each = b->string_count > 0 ? b->string_bytes / b->string_count + 1
                                        : CELL_GUESS;

    if (b->lost > 0) {
        cells_gap(b->rows, b->lost * each);
        how = PART_CUT;
    }
    cells_close(b->rows, how);
    if (b->lost > 0 && b->full)
        cells_unread(b->rows, b->kind, WHY_LIMIT, b->lost * each);
    b->lost = 0;
}

/* --- cells that wait --- */

/* The bytes of a cell but its text; gives how many. */
static size_t hold_head(const struct sheet *s, const struct cell *cell,
                        uint8_t *to)
{
    uint32_t ahead = cell->column - s->column;
    uint32_t near = ahead < NEAR_MOST ? ahead : NEAR_MOST;
    size_t len = 0;

    to[len++] = (uint8_t)(near << KIND_BITS | (unsigned)cell->kind);
    if (near == NEAR_MOST)
        len += varint_put(to + len, ahead);
    switch (cell->kind) {
    case CELL_TEXT:
        len += varint_put(to + len, cell->text.len);
        break;
    case CELL_STRING:
        len += varint_put(to + len, cell->string);
        break;
    case CELL_NUMBER:
        len += varint_put(to + len, cell->style);
        memcpy(to + len, &cell->number, sizeof(cell->number));
        len += sizeof(cell->number);
        break;
    case CELL_INTEGER:
        len += varint_put(to + len, cell->style);
        len += varint_put(to + len, (uint64_t)cell->integer << 1 ^
                                        (uint64_t)(cell->integer >> 63));
        break;
    }
    return len;
}

static bool hold_cell(struct sheet *s, const struct cell *cell)
{
    struct cell c = *cell;

    if (c.column < s->column)
        c.column = s->column;
    c.text = span_head(c.text, LIMIT_CELL);
    size_t text = c.kind == CELL_TEXT ? c.text.len : 0;
    uint8_t *at = pages_room(&s->cells, HEAD_MOST + text);
    if (at == NULL)
        return false;
    size_t len = hold_head(s, &c, at);
    if (text > 0)
        memcpy(at + len, c.text.ptr, text);
    pages_took(&s->cells, len + text);
    s->column = c.column + 1;
    return true;
}

/* A row or a gap. */
static bool hold_mark(struct sheet *s, enum held_kind kind, uint64_t missing,
                      uint64_t seen)
{
    uint8_t *at = pages_room(&s->cells, HEAD_MOST);
    size_t len = 0;

    if (at == NULL)
        return false;
    at[len++] = (uint8_t)kind;
    if (kind == HELD_GAP) {
        len += varint_put(at + len, missing);
        len += varint_put(at + len, seen);
    }
    pages_took(&s->cells, len);
    s->column = 0;
    return true;
}

/* The rest of a cell of which first is the first byte. */
static struct cell cell_take(uint8_t first, uint32_t column, struct span *from)
{
    struct cell c = {.kind = first & ((1 << KIND_BITS) - 1)};
    uint32_t ahead = first >> KIND_BITS;
    uint64_t zigzag, len;

    if (ahead == NEAR_MOST)
        ahead = (uint32_t)varint_take(from);
    c.column = column + ahead;
    switch (c.kind) {
    case CELL_TEXT:
        len = varint_take(from);
        c.text = span_head(*from, len);
        *from = span_skip(*from, len);
        break;
    case CELL_STRING:
        c.string = (uint32_t)varint_take(from);
        break;
    case CELL_NUMBER:
        c.style = (uint32_t)varint_take(from);
        memcpy(&c.number, from->ptr, sizeof(c.number));
        *from = span_skip(*from, sizeof(c.number));
        break;
    case CELL_INTEGER:
        c.style = (uint32_t)varint_take(from);
        zigzag = varint_take(from);
        c.integer = (int64_t)(zigzag >> 1 ^ (0 - (zigzag & 1)));
        break;
    }
    return c;
}

/* Put a page of a sheet that waited; column is carried over. */
static void page_put(struct book *b, struct span page, uint32_t *column)
{
    while (page.len > 0 && !b->rows->refused) {
        uint8_t first = *page.ptr;

        page = span_skip(page, 1);
        if ((first & ((1 << KIND_BITS) - 1)) <= CELL_INTEGER) {
            struct cell c = cell_take(first, *column, &page);
            put_cell(b, &c);
            *column = c.column + 1;
            continue;
        }
        *column = 0;
        b->row++;
        if (first == HELD_GAP) {
            uint64_t missing = varint_take(&page);
            put_gap(b, missing, varint_take(&page));
        }
    }
}

/* Put a sheet that waited; it may still be open. */
static void sheet_put(struct book *b, struct sheet *s)
{
    uint32_t column = 0;

    put_open(b, (struct span){s->part, s->part_len});
    for (uint32_t i = 0; i < s->cells.count; i++) {
        page_put(b, pages_page(&s->cells, i), &column);
        pages_drop(&s->cells, i);
    }
}

/* Put all that wait; the last one stays open if it is. */
static void sheets_put(struct book *b)
{
    while (b->sheets != NULL) {
        struct sheet *s = b->sheets;

        sheet_put(b, s);
        if (s != b->sheet)
            put_close(b, s->how);
        b->sheets = s->next;
        pages_clear(&s->cells);
        free(s);
    }
    b->sheet = NULL;
}

/* --- sheets --- */

void book_open(struct book *b, struct span part)
{
    struct sheet **last = &b->sheets;
    bool known = b->strings_known && b->styles_known;

    book_close(b, PART_CUT);
    b->sheet = known || b->full ? NULL : calloc(1, sizeof(*b->sheet));
    if (b->sheet == NULL) {
        put_open(b, part);
        return;
    }
    part = part.len < LIMIT_NAME ? part
                                 : span_skip(part, part.len - LIMIT_NAME + 1);
    b->sheet->part_len = (uint8_t)part.len;
    if (part.len > 0)
        memcpy(b->sheet->part, part.ptr, part.len);
    pages_init(&b->sheet->cells, b->strings.share);
    while (*last != NULL)
        last = &(*last)->next;
    *last = b->sheet;
}

/* No memory for more: go on without what is not known yet. */
static void book_give_up(struct book *b)
{
    b->full = true;
    sheets_put(b);
}

void book_row(struct book *b)
{
    if (b->sheet != NULL && hold_mark(b->sheet, HELD_ROW, 0, 0))
        return;
    if (b->sheet != NULL)
        book_give_up(b);
    b->row++;
}

void book_cell(struct book *b, const struct cell *cell)
{
    if (b->sheet != NULL && hold_cell(b->sheet, cell))
        return;
    if (b->sheet != NULL)
        book_give_up(b);
    put_cell(b, cell);
}

void book_gap(struct book *b, uint64_t missing, uint64_t seen)
{
    if (b->sheet != NULL && hold_mark(b->sheet, HELD_GAP, missing, seen))
        return;
    if (b->sheet != NULL)
        book_give_up(b);
    b->row++;
    put_gap(b, missing, seen);
}

void book_close(struct book *b, enum part_end how)
{
    if (b->sheet != NULL)
        b->sheet->how = how;
    else
        put_close(b, how);
    b->sheet = NULL;
}

void book_settle(struct book *b)
{
    if (b->strings_known && b->styles_known && b->names_known >= 2)
        sheets_put(b);
}

void book_end(struct book *b)
{
    sheets_put(b);
}

void book_clear(struct book *b)
{
    while (b->sheets != NULL) {
        struct sheet *s = b->sheets;
        b->sheets = s->next;
        pages_clear(&s->cells);
        free(s);
    }
    b->sheet = NULL;
    pages_clear(&b->strings);
    pages_clear(&b->places);
    pages_clear(&b->styles);
    buf_clear(&b->formats);
    buf_clear(&b->names);
    buf_clear(&b->relations);
    buf_clear(&b->columns);
    buf_clear(&b->bases);
}
