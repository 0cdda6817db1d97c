// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * xlsb.c - records of sheets, strings, styles and the workbook.
 */
#include "decode/document/xlsb.h"

#include <string.h>

#include "outflow/reader.h"
#include "util/charset.h"

enum {
    BRT_ROW = 0,
    BRT_BLANK = 1,
    BRT_RK = 2,
    BRT_BOOL = 4,
    BRT_REAL = 5,
    BRT_TEXT = 6,
    BRT_STRING = 7,
    BRT_FORMULA_TEXT = 8,
    BRT_FORMULA_REAL = 9,
    BRT_FORMULA_BOOL = 10,
    BRT_FORMULA_ERROR = 11,
    BRT_SHORT = 11, /* 12 to 18: 1 to 7 without their column */
    BRT_SHORT_LAST = 18,
    BRT_ITEM = 19,
    BRT_FORMAT = 44,
    BRT_XF = 47,
    BRT_RICH = 62, /* a cell with a formatted text */
    BRT_WORKBOOK = 153,
    BRT_SHEET = 156,
    BRT_CELL_XFS = 617,
    BRT_CELL_XFS_END = 618,
};

enum {
    HEAD_MOST = 6,           /* two bytes of type, four of length */
    RECORD_MOST = 256 << 10, /* a text of 32,767 characters and its runs */
    NO_TEXT = -1,            /* of a length: the text is missing */
};

enum xlsb_part xlsb_find(struct span head, bool *more)
{
    static const struct {
        uint8_t begin[3]; /* the first record, which has no body but SST's */
        uint8_t part;
    } parts[] = {
        {{0x83, 0x01, 0x00}, XLSB_BOOK},
        {{0x81, 0x01, 0x00}, XLSB_SHEET},
        {{0x9f, 0x01, 0x08}, XLSB_STRINGS},
        {{0x96, 0x02, 0x00}, XLSB_STYLES},
    };

    for (size_t i = 0; i < COUNT(parts); i++) {
        struct span want =
            span_head((struct span){parts[i].begin, 3}, head.len);
        if (!span_starts(head, want))
            continue;
        *more |= want.len < 3;
        return want.len == 3 ? (enum xlsb_part)parts[i].part : XLSB_NONE;
    }
    return XLSB_NONE;
}

void xlsb_init(struct xlsb *x, struct book *book)
{
    memset(x, 0, sizeof(*x));
    x->book = book;
    buf_init(&x->record, RECORD_MOST);
    buf_init(&x->text[0], RECORD_MOST * 2);
    buf_init(&x->text[1], RECORD_MOST * 2);
}

void xlsb_clear(struct xlsb *x)
{
    buf_clear(&x->record);
    buf_clear(&x->text[0]);
    buf_clear(&x->text[1]);
}

void xlsb_open(struct xlsb *x, enum xlsb_part part, struct span name)
{
    x->part = (uint8_t)part;
    x->have = 0;
    x->body = false;
    x->lost = false;
    x->cells = false;
    x->type = 0;
    x->len = 0;
    x->seen = 0;
    x->closed = 0;
    x->book->kind = "xlsb";
    buf_reset(&x->record);
    if (part == XLSB_SHEET)
        book_open(x->book, name);
}

/* --- what records tell --- */

/* A text behind its number of characters, as UTF-8 in text[which]. */
static struct span text_take(struct xlsb *x, struct reader *r, int which)
{
    uint32_t len = reader_u32le(r);
    struct buf *text = &x->text[which];

    buf_reset(text);
    if ((int32_t)len == NO_TEXT || len > RECORD_MOST / 2)
        return buf_span(text);
    struct span wide = reader_take(r, len * 2U);
    if (!charset_text(CHARSET_UTF16LE, wide, text))
        buf_reset(text);
    return buf_span(text);
}

static double real_take(struct reader *r)
{
    uint64_t bits = reader_u64le(r);
    double value;

    memcpy(&value, &bits, sizeof(value));
    return value;
}

/* Is it a cell with a value? *type is then the one that has a column, too. */
static bool cell_is(uint32_t *type, bool *placed)
{
    *placed = *type <= BRT_FORMULA_ERROR || *type == BRT_RICH;
    if (*type > BRT_SHORT && *type <= BRT_SHORT_LAST)
        *type -= BRT_SHORT;
    return *type >= BRT_BLANK &&
           (*type < BRT_FORMULA_ERROR || *type == BRT_RICH);
}

/* The value of a cell; false when it has none. */
static bool value_take(struct xlsb *x, uint32_t type, struct reader *r,
                       struct cell *c)
{
    switch (type) {
    case BRT_RK:
        c->kind = CELL_NUMBER;
        c->number = number_rk(reader_u32le(r));
        return true;
    case BRT_REAL:
    case BRT_FORMULA_REAL:
        c->kind = CELL_NUMBER;
        c->number = real_take(r);
        return true;
    case BRT_BOOL:
    case BRT_FORMULA_BOOL:
        c->text = reader_u8(r) != 0 ? SPAN("TRUE") : SPAN("FALSE");
        return true;
    case BRT_STRING:
        c->kind = CELL_STRING;
        c->string = reader_u32le(r);
        return true;
    case BRT_RICH:
        reader_skip(r, 1);
        c->text = text_take(x, r, 0);
        return true;
    case BRT_TEXT:
    case BRT_FORMULA_TEXT:
        c->text = text_take(x, r, 0);
        return true;
    default:
        return false;
    }
}

static void take_cell(struct xlsb *x, uint32_t type, struct reader r)
{
    struct cell c = {.kind = CELL_TEXT};
    bool placed;

    if (!cell_is(&type, &placed))
        return;
    c.column = placed ? reader_u32le(&r) : x->column;
    c.style = (uint32_t)reader_le(&r, 3);
    reader_skip(&r, 1);
    x->column = c.column + 1;
    if (value_take(x, type, &r, &c) && reader_ok(&r))
        book_cell(x->book, &c);
}

static void take_sheet_record(struct xlsb *x, struct reader r)
{
    if (x->type == BRT_ROW) {
        x->column = 0;
        book_row(x->book);
    } else {
        take_cell(x, x->type, r);
    }
}

static void take_book_record(struct xlsb *x, struct reader r)
{
    if (x->type == BRT_WORKBOOK)
        x->book->from_1904 = (reader_u32le(&r) & 1) != 0;
    if (x->type != BRT_SHEET)
        return;
    reader_skip(&r, 8);
    struct span id = text_take(x, &r, 0);
    struct span name = text_take(x, &r, 1);
    if (reader_ok(&r))
        book_name(x->book, id, name);
}

static void take_style_record(struct xlsb *x, struct reader r)
{
    uint32_t id;

    switch (x->type) {
    case BRT_FORMAT:
        id = reader_u16le(&r);
        book_format(x->book, id, text_take(x, &r, 0));
        break;
    case BRT_CELL_XFS:
    case BRT_CELL_XFS_END:
        x->cells = x->type == BRT_CELL_XFS;
        break;
    case BRT_XF:
        reader_skip(&r, 2);
        if (x->cells)
            book_style(x->book, reader_u16le(&r));
        break;
    default:
        break;
    }
}

static void take_record(struct xlsb *x)
{
    struct reader r = reader_over(buf_span(&x->record));

    switch (x->part) {
    case XLSB_SHEET:
        take_sheet_record(x, r);
        break;
    case XLSB_BOOK:
        take_book_record(x, r);
        break;
    case XLSB_STYLES:
        take_style_record(x, r);
        break;
    default:
        reader_skip(&r, 1);
        if (x->type == BRT_ITEM)
            book_string(x->book, text_take(x, &r, 0));
        break;
    }
}

/* --- records --- */

/* Is the body of such a record looked at? */
static bool matters(const struct xlsb *x)
{
    switch (x->part) {
    case XLSB_SHEET:
        return x->type <= BRT_SHORT_LAST || x->type == BRT_RICH;
    case XLSB_BOOK:
        return x->type == BRT_WORKBOOK || x->type == BRT_SHEET;
    case XLSB_STYLES:
        return x->type == BRT_FORMAT || x->type == BRT_XF;
    default:
        return x->type == BRT_ITEM;
    }
}

static void record_end(struct xlsb *x)
{
    take_record(x);
    buf_reset(&x->record);
    x->body = false;
    x->have = 0;
}

/* A byte of a head: two of the type at most, four of the length. */
static void head_byte(struct xlsb *x, uint8_t byte)
{
    enum { TYPE_DONE = 2 };
    uint32_t part = byte & 0x7f;

    if (x->have == 0) {
        x->type = part;
        x->len = 0;
    } else if (x->have == 1) {
        x->type |= part << 7;
    } else {
        x->len |= part << (7 * (x->have - TYPE_DONE));
    }
    x->have++;
    if (x->have <= TYPE_DONE) {
        if ((byte & 0x80) == 0)
            x->have = TYPE_DONE;
        return;
    }
    x->body = (byte & 0x80) == 0 || x->have == HEAD_MOST;
    if (x->body && x->len == 0)
        record_end(x);
}

/* Bytes of a body; gives how many. */
static size_t body_take(struct xlsb *x, struct span bytes)
{
    struct span piece = span_head(bytes, x->len);
    size_t room = RECORD_MOST - x->record.len;

    if (matters(x) && !buf_add(&x->record, span_head(piece, room)))
        x->book->rows->refused = true;
    x->len -= (uint32_t)piece.len;
    if (x->len == 0)
        record_end(x);
    return piece.len;
}

bool xlsb_feed(struct xlsb *x, struct span bytes)
{
    x->seen += bytes.len;
    if (x->lost)
        x->closed += bytes.len;
    while (bytes.len > 0 && !x->lost && !x->book->rows->refused) {
        size_t used = 1;
        if (x->body)
            used = body_take(x, bytes);
        else
            head_byte(x, bytes.ptr[0]);
        bytes = span_skip(bytes, used);
    }
    return !x->book->rows->refused;
}

void xlsb_gap(struct xlsb *x, uint64_t len)
{
    if (x->body && x->len > len) { /* inside a record */
        x->len -= (uint32_t)len;
        x->type = UINT32_MAX;
    } else {
        x->lost = true;
    }
    if (x->part == XLSB_STRINGS)
        book_strings_cut(x->book);
    if (x->part == XLSB_SHEET)
        book_gap(x->book, len, x->seen);
}

void xlsb_close(struct xlsb *x, enum part_end how)
{
    if (x->closed > 0)
        cells_unread(x->book->rows, "xlsb", WHY_DAMAGED, x->closed);
    if (x->part == XLSB_SHEET)
        book_close(x->book, how);
    else if (x->part == XLSB_STRINGS)
        book_strings_end(x->book);
    else if (x->part == XLSB_STYLES)
        book_styles_end(x->book);
    else if (x->part == XLSB_BOOK)
        book_names_end(x->book);
    x->part = XLSB_NONE;
}
