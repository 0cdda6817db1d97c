// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * xls.c - sheets of Excel 5 to 2003: globals first, then cells.
 *
 *     BOF globals: CODEPAGE DATEMODE FORMAT* XF* BOUNDSHEET* SST EXTSST EOF
 *     BOF sheet: ROW* (LABELSST RK MULRK NUMBER FORMULA STRING ...)* EOF
 *
 * Strings that a hole swallowed are missing; those behind it are found by
 * the places that EXTSST tells.
 */
#include "decode/document/xls.h"

#include <stdlib.h>
#include <string.h>

#include "decode/document/biff.h"
#include "decode/document/codepage.h"
#include "decode/document/number.h"
#include "decode/document/strings.h"

enum {
    XLS_FORMULA = 0x0006,
    XLS_EOF = 0x000a,
    XLS_DATEMODE = 0x0022,
    XLS_FILEPASS = 0x002f,
    XLS_CODEPAGE = 0x0042,
    XLS_BOUNDSHEET = 0x0085,
    XLS_MULRK = 0x00bd,
    XLS_RSTRING = 0x00d6,
    XLS_XF = 0x00e0,
    XLS_SST = 0x00fc,
    XLS_LABELSST = 0x00fd,
    XLS_EXTSST = 0x00ff,
    XLS_NUMBER = 0x0203,
    XLS_LABEL = 0x0204,
    XLS_BOOLERR = 0x0205,
    XLS_STRING = 0x0207,
    XLS_RK = 0x027e,
    XLS_FORMAT = 0x041e,
    XLS_BOF = 0x0809,
};

enum {
    BIFF8 = 0x0600,
    BOF_GLOBALS = 0x0005,
    BOF_SHEET = 0x0010,
    BOF_MACROS = 0x0040,
    XF_MOST = 65536,       /* what a cell can name */
    SHEETS_MOST = 1024,    /* four times what Excel 97 allowed */
    CELL_MOST = 256 << 10, /* 65,535 characters */
};

struct sheet {
    uint32_t place; /* of its BOF */
    uint32_t name;  /* in names */
};

struct xls {
    struct biff b;
    struct cells *rows;
    bool wide; /* BIFF8 */
    bool from_1904;
    bool closed; /* encrypted */
    bool in_sheet;
    uint64_t place; /* of its BOF */
    unsigned depth; /* of substreams */
    enum charset charset;
    struct strings sst;
    uint32_t strings; /* that there should be; 0: not known */
    struct strings names;
    struct sheet *sheets; /* owned */
    uint32_t sheet_count;
    struct number_format *formats; /* owned, by number of the format */
    uint32_t format_count;
    uint16_t *xfs; /* owned: format of each */
    uint32_t xf_count;
    uint64_t row; /* of a formula whose text follows */
    uint32_t column;
    struct buf text; /* a cell's */
};

/* Room for one more element; false without memory, or at most of them. */
static bool grow(void **list, uint32_t count, size_t each, uint32_t most)
{
    if (count >= most)
        return false;
    if ((count & (count - 1)) != 0)
        return true;
    void *more = realloc(*list, (count > 0 ? count * 2 : 1) * each);
    if (more == NULL)
        return false;
    *list = more;
    return true;
}

/* --- globals --- */

/* A text of the record at hand, in either form. */
static struct span text_take(struct xls *x, struct biff_text *t, uint32_t len)
{
    buf_reset(&x->text);
    bool fine = x->wide ? biff_string(t, len, &x->text)
                        : biff_bytes(t, len, x->charset, &x->text);
    x->rows->refused |= !fine;
    return buf_span(&x->text);
}

static void take_sheet(struct xls *x)
{
    struct biff_text t = biff_text_of(&x->b, 0);
    uint32_t place = biff_number(&t, 4);

    (void)biff_number(&t, 2);
    uint32_t len = biff_number(&t, 1);
    struct span name = text_take(x, &t, len);
    if (!grow((void **)&x->sheets, x->sheet_count, sizeof(*x->sheets),
              SHEETS_MOST) ||
        !strings_add(&x->names, name))
        return;
    x->sheets[x->sheet_count++] = (struct sheet){place, x->names.count - 1};
}

static void take_format(struct xls *x)
{
    enum { MOST = 4096 };
    struct biff_text t = biff_text_of(&x->b, 0);
    uint32_t id = biff_number(&t, 2);
    uint32_t len = biff_number(&t, x->wide ? 2 : 1);
    struct span code = text_take(x, &t, len);

    while (x->format_count <= id && id < MOST) {
        if (!grow((void **)&x->formats, x->format_count, sizeof(*x->formats),
                  MOST))
            return;
        x->formats[x->format_count] = number_builtin(x->format_count);
        x->format_count++;
    }
    if (id < x->format_count)
        x->formats[id] = number_format_of(code);
}

static void take_xf(struct xls *x)
{
    struct reader r = reader_over(x->b.body);

    reader_skip(&r, 2);
    if (grow((void **)&x->xfs, x->xf_count, sizeof(*x->xfs), XF_MOST))
        x->xfs[x->xf_count++] = reader_u16le(&r);
}

static void take_codepage(struct xls *x)
{
    struct reader r = reader_over(x->b.body);

    x->charset = codepage_find(reader_u16le(&r));
}

/* --- shared strings --- */

/* Strings from t on, at most up to number last; false: t failed. */
static bool sst_run(struct xls *x, struct biff_text *t, uint32_t last)
{
    while (x->sst.count < last) {
        uint32_t len = biff_number(t, 2);
        buf_reset(&x->text);
        bool fine = biff_string(t, len, &x->text);
        if (t->failed)
            return false;
        if (!fine || !strings_add(&x->sst, buf_span(&x->text))) {
            x->rows->refused = true;
            return false;
        }
    }
    return true;
}

/* Text at a place of the stream, so far inside its record. */
static struct biff_text text_at(const struct xls *x, uint32_t place,
                                uint32_t inside)
{
    struct biff_text head = {.s = x->b.s, .at = place - inside, .left = 4};
    struct biff_text t = {.s = x->b.s, .at = place};

    head.failed = inside < 4 || place < inside;
    (void)biff_number(&head, 2);
    uint32_t end = biff_number(&head, 2) + 4;
    t.left = end > inside ? end - inside : 0;
    t.failed = head.failed;
    return t;
}

static void take_sst(struct xls *x)
{
    struct biff_text t = biff_text_of(&x->b, 4);

    x->strings = biff_number(&t, 4);
    (void)sst_run(x, &t, x->strings);
}

/* Where every so many strings begin: those behind a hole are found by it. */
static void take_extsst(struct xls *x)
{
    struct biff_text t = biff_text_of(&x->b, 0);
    uint32_t each = biff_number(&t, 2), first = 0;
    uint64_t most = x->b.s->size / 3, read = 0; /* a string has 3 bytes */
    uint32_t total =
        x->strings > 0 && x->strings < most ? x->strings : (uint32_t)most;

    while (each > 0 && first < total && x->sst.count < total &&
           read < x->b.s->size) {
        uint32_t place = biff_number(&t, 4);
        uint32_t inside = biff_number(&t, 2);
        (void)biff_number(&t, 2);
        if (t.failed || x->rows->refused)
            return;
        while (x->sst.count < first) {
            if (strings_add(&x->sst, (struct span){NULL, 0}))
                continue;
            x->rows->refused = true;
            return;
        }
        struct biff_text one = text_at(x, place, inside);
        uint32_t last = each < total - first ? first + each : total;
        if (x->sst.count == first)
            (void)sst_run(x, &one, last);
        read += one.at - place;
        first = last;
    }
}

/* --- cells --- */

static const struct number_format *format_of(const struct xls *x, unsigned xf,
                                             struct number_format *room)
{
    unsigned id = xf < x->xf_count ? x->xfs[xf] : 0;

    if (id < x->format_count)
        return x->formats + id;
    *room = number_builtin(id);
    return room;
}

/* Where a cell is, and its format. */
struct place {
    uint32_t row, column, xf;
};

static struct place place_take(struct reader *r)
{
    uint32_t row = reader_u16le(r);
    uint32_t column = reader_u16le(r);

    return (struct place){row, column, reader_u16le(r)};
}

static void put_number(struct xls *x, const struct place *at, double value)
{
    struct number_format room;
    char text[NUMBER_ROOM];
    size_t len =
        number_write(value, format_of(x, at->xf, &room), x->from_1904, text);

    cells_cell(x->rows, at->row, at->column,
               (struct span){(const uint8_t *)text, len});
}

static double double_take(struct reader *r)
{
    uint64_t bits = reader_u64le(r);
    double value;

    memcpy(&value, &bits, sizeof(value));
    return value;
}

static void cell_mulrk(struct xls *x)
{
    struct reader r = reader_over(x->b.body);
    struct place at = {.row = reader_u16le(&r)};

    at.column = reader_u16le(&r);
    while (reader_left(&r) >= 8) { /* the last two bytes: last column */
        at.xf = reader_u16le(&r);
        put_number(x, &at, number_rk(reader_u32le(&r)));
        at.column++;
    }
}

static void put_logical(struct xls *x, const struct place *at, uint8_t value)
{
    cells_cell(x->rows, at->row, at->column,
               value != 0 ? SPAN("TRUE") : SPAN("FALSE"));
}

/* A formula's value: a number, or what its last bytes tell. */
static void cell_formula(struct xls *x)
{
    enum { TEXT = 0, LOGICAL = 1, ODD = 0xffff };
    struct reader r = reader_over(x->b.body);
    struct place at = place_take(&r);
    struct reader value = r;
    uint8_t kind = reader_u8(&r);

    reader_skip(&r, 1);
    uint8_t logical = reader_u8(&r);
    reader_skip(&r, 3);
    if (reader_u16le(&r) != ODD) {
        put_number(x, &at, double_take(&value));
        return;
    }
    x->row = at.row;
    x->column = at.column;
    if (kind == LOGICAL)
        put_logical(x, &at, logical);
}

/* The text of the formula in front. */
static void cell_string(struct xls *x)
{
    struct biff_text t = biff_text_of(&x->b, 0);
    uint32_t len = biff_number(&t, 2);
    struct span text = text_take(x, &t, len);

    cells_cell(x->rows, x->row, x->column, text);
}

static void cell_label(struct xls *x)
{
    enum { FRONT = 6 };
    struct reader r = reader_over(x->b.body);
    struct place at = place_take(&r);
    struct biff_text t = biff_text_of(&x->b, FRONT);
    uint32_t len = biff_number(&t, 2);

    cells_cell(x->rows, at.row, at.column, text_take(x, &t, len));
}

static void take_cell(struct xls *x)
{
    struct reader r = reader_over(x->b.body);
    struct place at = place_take(&r);

    switch (x->b.type) {
    case XLS_LABELSST:
        cells_cell(x->rows, at.row, at.column,
                   strings_at(&x->sst, reader_u32le(&r)));
        break;
    case XLS_NUMBER:
        put_number(x, &at, double_take(&r));
        break;
    case XLS_RK:
        put_number(x, &at, number_rk(reader_u32le(&r)));
        break;
    case XLS_MULRK:
        cell_mulrk(x);
        break;
    case XLS_BOOLERR:
        at.xf = reader_u8(&r);
        if (reader_u8(&r) == 0)
            put_logical(x, &at, (uint8_t)at.xf);
        break;
    case XLS_FORMULA:
        cell_formula(x);
        break;
    case XLS_STRING:
        cell_string(x);
        break;
    case XLS_LABEL:
    case XLS_RSTRING:
        cell_label(x);
        break;
    default:
        break;
    }
}

static void take_global(struct xls *x)
{
    struct reader r = reader_over(x->b.body);

    switch (x->b.type) {
    case XLS_FILEPASS:
        x->closed = true;
        break;
    case XLS_DATEMODE:
        x->from_1904 = reader_u16le(&r) == 1;
        break;
    case XLS_CODEPAGE:
        take_codepage(x);
        break;
    case XLS_FORMAT:
        take_format(x);
        break;
    case XLS_XF:
        take_xf(x);
        break;
    case XLS_BOUNDSHEET:
        take_sheet(x);
        break;
    case XLS_SST:
        take_sst(x);
        break;
    case XLS_EXTSST:
        take_extsst(x);
        break;
    default:
        break;
    }
}

/* --- substreams --- */

/* The sheet that the stream's place is in: the last that begins before it. */
static const struct sheet *sheet_at(const struct xls *x, uint64_t place)
{
    const struct sheet *best = NULL;

    for (uint32_t i = 0; i < x->sheet_count; i++)
        if (x->sheets[i].place <= place &&
            (best == NULL || x->sheets[i].place > best->place))
            best = x->sheets + i;
    return best;
}

static void sheet_begin(struct xls *x)
{
    const struct sheet *at = sheet_at(x, x->b.from);
    struct span name = SPAN("sheet");

    if (at != NULL)
        name = strings_at(&x->names, at->name);
    x->place = at != NULL ? at->place : 0;
    x->in_sheet = true;
    cells_open(x->rows, name, "text/csv");
}

static void take_begin(struct xls *x)
{
    struct reader r = reader_over(x->b.body);
    uint16_t version = reader_u16le(&r);
    uint16_t kind = reader_u16le(&r);
    const struct sheet *at = sheet_at(x, x->b.from);

    if (at != NULL && at->place == x->b.from)
        x->depth = 0;
    x->depth++;
    if (x->depth > 1)
        return;
    if (kind == BOF_GLOBALS)
        x->wide = version >= BIFF8;
    x->in_sheet = false;
    if (kind == BOF_SHEET || kind == BOF_MACROS)
        sheet_begin(x);
}

static void take_end(struct xls *x)
{
    if (x->depth > 0)
        x->depth--;
    if (x->depth > 0)
        return;
    if (x->in_sheet)
        cells_close(x->rows, PART_WHOLE);
    x->in_sheet = false;
}

/* What holes and nonsense took of the sheet at hand. */
static void tell_lost(struct xls *x)
{
    if (x->b.lost > 0)
        cells_gap(x->rows, x->b.lost);
    cells_unread(x->rows, "xls", WHY_DAMAGED, x->b.unread);
    x->b.lost = 0;
    x->b.unread = 0;
}

/* Behind a hole: which substream is this? */
static void found_again(struct xls *x)
{
    const struct sheet *at = sheet_at(x, x->b.from);

    tell_lost(x);
    if (at == NULL || (x->in_sheet && at->place == x->place))
        return;
    x->depth = 1;
    sheet_begin(x);
}

static void take_record(struct xls *x)
{
    if (x->b.lost > 0 || x->b.unread > 0)
        found_again(x);
    if (x->b.type == XLS_BOF)
        take_begin(x);
    else if (x->b.type == XLS_EOF)
        take_end(x);
    else if (x->depth <= 1 && x->in_sheet)
        take_cell(x);
    else if (x->depth <= 1)
        take_global(x);
}

void xls_read(const struct cfb_stream *s, struct cells *rows)
{
    struct xls *x = calloc(1, sizeof(*x));

    if (x == NULL) {
        cells_unread(rows, "xls", WHY_LIMIT, s->size);
        return;
    }
    x->rows = rows;
    x->charset = CHARSET_CP1252;
    x->wide = true;
    strings_init(&x->sst, s->held->share);
    strings_init(&x->names, s->held->share);
    buf_init(&x->text, CELL_MOST);
    biff_open(&x->b, s, 0);
    while (!x->closed && !rows->refused && biff_next(&x->b))
        take_record(x);
    if (x->closed)
        cells_unread(rows, "xls", WHY_ENCRYPTED, s->size);
    else
        tell_lost(x);
    cells_close(rows, PART_CUT);
    strings_clear(&x->sst);
    strings_clear(&x->names);
    buf_clear(&x->text);
    free(x->sheets);
    free(x->formats);
    free(x->xfs);
    free(x);
}
