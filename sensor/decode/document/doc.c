// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * doc.c - pieces of text, put together in order.
 *
 * The header (FIB) names the piece table (CLX): text is in runs of bytes of
 * code page 1252 or of UTF-16, anywhere in the stream. A cell ends with 07,
 * and so does a row; which of them it is, the paragraph's properties tell.
 */
#include "decode/document/doc.h"

#include <stdlib.h>

#include "outflow/reader.h"
#include "util/charset.h"

enum {
    MAGIC = 0xa5ec,
    FIB_97 = 0x00c1, /* from here on UTF-16 and a table stream */
    FLAG_ENCRYPTED = 1 << 8,
    FLAG_TABLE_1 = 1 << 9, /* which of two table streams */
    PLACE_PAPX = 0x0102,   /* in the FIB: bin table of paragraphs */
    PLACE_CLX = 0x01a2,
    PIECE_PRC = 1, /* of a CLX: properties, then the pieces */
    PIECE_TABLE = 2,
    PAGE = 512,              /* of paragraph properties */
    SPRM_ROW_END = 0x2417,   /* the paragraph ends a row */
    SPRM_ELSEWHERE = 0x6646, /* properties are in the data stream */
    SPRM_ELSEWHERE_95 = 0x6645,
    ELSEWHERE_MOST = 1024, /* bytes of them: the ones we want come first */
    BUDGET = 8,            /* those of all paragraphs: times the document */
    FIELD_BEGIN = 0x13,
    FIELD_MIDDLE = 0x14,
    FIELD_END = 0x15,
    CELL = 0x07,
};

#define NONE   UINT32_MAX
#define NARROW (UINT32_C(1) << 30) /* of a piece's place: one byte each */

struct doc {
    const struct cfb_stream *main, *table, *data;
    struct cells *cells;
    uint64_t budget; /* bytes of the data stream that may still be read */
    uint32_t *ends;  /* owned, sorted: where paragraphs that end rows end */
    size_t end_count, end_room;
    unsigned fields; /* instructions we are in */
    bool tab;        /* a cell ended */
    uint32_t high;   /* first half of a surrogate pair */
};

static uint32_t number_at(const struct cfb_stream *s, uint64_t at, size_t len)
{
    uint8_t bytes[4];
    struct reader r = reader_over((struct span){bytes, sizeof(bytes)});

    if (cfb_read(s, at, bytes, len) < len)
        return 0;
    return (uint32_t)reader_le(&r, len);
}

struct span doc_table(const struct cfb_stream *main)
{
    return (number_at(main, 10, 2) & FLAG_TABLE_1) != 0 ? SPAN("1Table")
                                                        : SPAN("0Table");
}

/* --- paragraphs that end rows --- */

static bool end_add(struct doc *d, uint32_t place)
{
    if (d->end_count == d->end_room) {
        size_t room = d->end_room > 0 ? d->end_room * 2 : 64;
        uint32_t *ends = realloc(d->ends, room * sizeof(*ends));
        if (ends == NULL)
            return false;
        d->ends = ends;
        d->end_room = room;
    }
    d->ends[d->end_count++] = place;
    return true;
}

/* Bytes of the operand of a property (sprm), by its type. */
static size_t operand_len(uint16_t sprm, struct reader *r)
{
    static const uint8_t lens[8] = {1, 1, 2, 4, 2, 2, 0, 3};
    enum { TABLE = 0xd608, TABS = 0xc615 };

    if (sprm >> 13 != 6)
        return lens[sprm >> 13];
    if (sprm == TABLE)
        return reader_u16le(r) - 1U;
    size_t len = reader_u8(r);
    return sprm == TABS && len == 255 ? reader_left(r) : len;
}

/* The value of the first such property of a paragraph; NONE: there is none. */
static uint32_t property_find(struct span properties, uint16_t wanted,
                              uint16_t other)
{
    struct reader r = reader_over(properties);

    while (reader_left(&r) >= 3) {
        uint16_t sprm = reader_u16le(&r);
        if (sprm == wanted || sprm == other)
            return (uint32_t)reader_le(&r, operand_len(sprm, &r));
        reader_skip(&r, operand_len(sprm, &r));
    }
    return NONE;
}

/* Do the properties of a paragraph say that it ends a row? */
static bool ends_row(struct doc *d, struct span properties)
{
    uint8_t bytes[ELSEWHERE_MOST];
    uint32_t at = property_find(properties, SPRM_ELSEWHERE, SPRM_ELSEWHERE_95);

    if (at != NONE && d->budget >= ELSEWHERE_MOST) {
        size_t len = number_at(d->data, at, 2);
        len = len < ELSEWHERE_MOST ? len : ELSEWHERE_MOST;
        len = cfb_read(d->data, at + UINT64_C(2), bytes, len);
        d->budget -= len;
        properties = (struct span){bytes, len};
    }
    return property_find(properties, SPRM_ROW_END, SPRM_ROW_END) == 1;
}

/* The properties of the i-th paragraph of a page. */
static struct span properties_of(struct span page, uint32_t count, uint32_t i)
{
    enum { EACH = 13, STYLE = 2 };
    struct reader r = reader_over(span_skip(page, (count + 1) * 4 + i * EACH));
    size_t at = reader_u8(&r) * 2U;

    if (at == 0)
        return (struct span){NULL, 0};
    r = reader_over(span_skip(page, at));
    size_t words = reader_u8(&r);
    size_t len = words > 0 ? words * 2 - 1 : reader_u8(&r) * 2U;
    return span_skip(reader_upto(&r, len), STYLE);
}

/* A page of paragraph properties: the places where each begins, and ends. */
static bool page_read(struct doc *d, uint32_t number)
{
    uint8_t bytes[PAGE];
    struct span page = {bytes, sizeof(bytes)};

    if (cfb_read(d->main, (uint64_t)number * PAGE, bytes, PAGE) < PAGE ||
        !cfb_whole(d->main, (uint64_t)number * PAGE, PAGE))
        return true;
    uint32_t count = bytes[PAGE - 1];
    if ((count + 1) * 4 + count * 13 > PAGE)
        return true;
    for (uint32_t i = 0; i < count; i++) {
        struct reader r = reader_over(span_skip(page, (i + 1) * 4U));
        if (ends_row(d, properties_of(page, count, i)) &&
            !end_add(d, reader_u32le(&r)))
            return false;
    }
    return true;
}

static int compare(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

/* All pages: places of text, then as many numbers of pages. */
static void paragraphs_read(struct doc *d)
{
    uint32_t at = number_at(d->main, PLACE_PAPX, 4);
    uint32_t len = number_at(d->main, PLACE_PAPX + 4, 4);
    uint32_t count = len >= 4 ? (len - 4) / 8 : 0;
    uint64_t most = d->main->size / PAGE;
    bool fine = true;

    for (uint32_t i = 0; i < count && i < most && fine; i++) {
        uint64_t place = at + (count + UINT64_C(1)) * 4 + i * UINT64_C(4);
        fine = page_read(d, number_at(d->table, place, 4));
    }
    if (d->end_count > 1)
        qsort(d->ends, d->end_count, sizeof(*d->ends), compare);
}

/* --- text --- */

static void put_code(struct doc *d, uint32_t code)
{
    uint8_t utf8[8];

    if (d->tab && code != '\n')
        cells_text(d->cells, SPAN("\t"));
    d->tab = false;
    cells_text(d->cells, (struct span){utf8, charset_put(code, utf8)});
}

/* The end of a cell; of a row, if its paragraph says so. */
static void take_cell(struct doc *d, uint64_t end)
{
    uint32_t place = (uint32_t)end;

    if (d->end_count > 0 && bsearch(&place, d->ends, d->end_count,
                                    sizeof(*d->ends), compare) != NULL) {
        d->tab = false;
        put_code(d, '\n');
        return;
    }
    if (d->tab)
        cells_text(d->cells, SPAN("\t"));
    d->tab = true;
}

/* One character, which ends at place end of the stream. */
static void take_code(struct doc *d, uint32_t code, uint64_t end)
{
    if (code == FIELD_BEGIN)
        d->fields++;
    else if (code == FIELD_MIDDLE || code == FIELD_END)
        d->fields = 0;
    else if (d->fields > 0)
        return;
    else if (code == CELL)
        take_cell(d, end);
    else if (code == '\r' || code == '\v' || code == '\f')
        put_code(d, '\n');
    else if (code == 0x1e) /* a hyphen that breaks no line */
        put_code(d, '-');
    else if (code >= 0x20 || code == '\t')
        put_code(d, code);
}

/* A unit of UTF-16. */
static void take_unit(struct doc *d, uint32_t unit, uint64_t end)
{
    uint32_t high = d->high;

    d->high = (unit & 0xfc00) == 0xd800 ? unit : 0;
    if ((unit & 0xfc00) == 0xdc00 && high != 0)
        unit = 0x10000 + ((high & 0x3ff) << 10) + (unit & 0x3ff);
    else if ((unit & 0xf800) == 0xd800)
        return;
    take_code(d, unit, end);
}

/* Bytes that are there: characters of code page 1252, or units of two. */
static void run_put(struct doc *d, uint64_t at, struct span run, bool narrow)
{
    struct reader r = reader_over(run);
    uint32_t code;

    while (reader_left(&r) > 0) {
        struct span one = reader_take(&r, narrow ? 1 : 2);
        uint64_t end = at + run.len - reader_left(&r);
        if (!narrow && one.len == 2)
            take_unit(d, one.ptr[0] | (uint32_t)one.ptr[1] << 8, end);
        else if (narrow && charset_decode(CHARSET_CP1252, one, &code) > 0)
            take_code(d, code, end);
    }
}

/* Text at a place of the stream. */
static void text_put(struct doc *d, uint64_t at, uint64_t len, bool narrow)
{
    while (len > 0 && !d->cells->refused) {
        struct span run = cfb_run(d->main, at, len < PAGE ? (size_t)len : PAGE);
        run.len -= narrow || run.len == 1 ? 0 : run.len % 2;
        if (run.len == 0)
            break;
        if (cfb_whole(d->main, at, run.len)) {
            run_put(d, at, run, narrow);
        } else {
            cells_gap(d->cells, run.len);
            d->tab = false;
        }
        at += run.len;
        len -= run.len;
    }
}

/* The pieces: places in the text, then where each is. */
static void pieces_put(struct doc *d, uint64_t at, uint32_t len)
{
    enum { EACH = 8 };
    uint32_t count = len >= 4 ? (len - 4) / (4 + EACH) : 0;
    uint64_t places = at + (count + UINT64_C(1)) * 4, left = d->main->size * 2;

    for (uint32_t i = 0; i < count && left > 0; i++) {
        uint32_t from = number_at(d->table, at + i * UINT64_C(4), 4);
        uint32_t to = number_at(d->table, at + (i + UINT64_C(1)) * 4, 4);
        uint32_t fc = number_at(d->table, places + (uint64_t)i * EACH + 2, 4);
        bool narrow = (fc & NARROW) != 0;
        uint64_t place = narrow ? (fc & (NARROW - 1)) / 2 : fc & (NARROW - 1);
        uint64_t bytes =
            to > from ? (to - from) * (narrow ? UINT64_C(1) : 2) : 0;
        bytes = bytes < left ? bytes : left; /* pieces may overlap */
        left -= bytes;
        text_put(d, place, bytes, narrow);
    }
}

/* The piece table; false when it is not there. */
static bool clx_put(struct doc *d)
{
    uint64_t at = number_at(d->main, PLACE_CLX, 4);
    uint64_t end = at + number_at(d->main, PLACE_CLX + 4, 4);

    while (at < end && at < d->table->size && cfb_whole(d->table, at, 5)) {
        uint32_t kind = number_at(d->table, at, 1);
        if (kind == PIECE_TABLE) {
            pieces_put(d, at + 5, number_at(d->table, at + 1, 4));
            return true;
        }
        if (kind != PIECE_PRC)
            return false;
        at += 3 + number_at(d->table, at + 1, 2);
    }
    return false;
}

/* Is it text of one byte a character? The other kind has zeros, or gaps. */
static bool narrow_is(const struct cfb_stream *s, uint64_t at)
{
    uint8_t bytes[PAGE];
    size_t len = cfb_read(s, at, bytes, sizeof(bytes));
    size_t odd = 0;

    for (size_t i = 0; i < len; i++)
        odd += bytes[i] == 0;
    return odd == 0;
}

/* Text in one run, as the header tells it: its pieces are not known. */
static void plain_put(struct doc *d)
{
    uint32_t from = number_at(d->main, 0x18, 4);
    uint32_t to = number_at(d->main, 0x1c, 4);

    if (to > from)
        text_put(d, from, to - from, narrow_is(d->main, from));
}

void doc_read(const struct doc_streams *streams, struct cells *cells)
{
    const struct cfb_stream *main = &streams->main;
    struct doc d = {.main = main,
                    .table = &streams->table,
                    .data = &streams->data,
                    .cells = cells,
                    .budget = main->size * BUDGET};
    uint32_t version = number_at(main, 2, 2);

    if (number_at(main, 0, 2) != MAGIC) {
        cells_unread(cells, "doc", WHY_DAMAGED, main->size);
        return;
    }
    if ((number_at(main, 10, 2) & FLAG_ENCRYPTED) != 0) {
        cells_unread(cells, "doc", WHY_ENCRYPTED, main->size);
        return;
    }
    cells_open(cells, SPAN("doc"), "text/plain");
    if (version >= FIB_97)
        paragraphs_read(&d);
    if (version < FIB_97 || !clx_put(&d))
        plain_put(&d);
    cells_close(cells, PART_WHOLE);
    free(d.ends);
}
