// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * office.c - which entries of a zip belong to an office file, and its ends.
 *
 * In:   entries of an archive, offered by their first bytes.
 * Out:  text of sheets and documents; entries that are encrypted are told.
 * Not:  the names of entries decide nothing but the names of what is put,
 *       and whether an entry that ought to be XML is encrypted.
 * Spec: ECMA-376 part 2; OASIS OpenDocument 1.3 part 2.
 */
#include "decode/document/office.h"

#include <stdlib.h>

#include "decode/document/paper.h"
#include "outflow/limits.h"
#include "decode/document/xlsb.h"

enum open_entry {
    ENTRY_NONE = 0,
    ENTRY_XML,    /* paper reads it */
    ENTRY_BINARY, /* xlsb does */
    ENTRY_TYPE,   /* "mimetype" of OpenDocument: passed over */
    ENTRY_SEALED, /* encrypted: counted */
};

/* Rows that a pivot table keeps: a book of their own. */
struct pivot {
    struct pivot *next;
    uint64_t number; /* in the names of its parts */
    struct book book;
};

struct office {
    struct book book;
    struct pivot *pivots; /* at most LIMIT_PIVOTS; owned */
    struct held_share *share;
    struct cells rows;
    struct paper paper;
    struct xlsb xlsb;
    enum open_entry entry;
    uint64_t bytes;  /* of the open entry */
    uint64_t missed; /* and of holes in it */
    bool odf;        /* its mimetype is OpenDocument's */
    bool sealed;     /* an entry of it was encrypted */
};

struct office *office_new(const struct hint *hint)
{
    struct office *o = calloc(1, sizeof(*o));

    if (o == NULL)
        return NULL;
    cells_init(&o->rows, NULL);
    o->share = hint->held;
    book_init(&o->book, &o->rows, o->share);
    xlsb_init(&o->xlsb, &o->book);
    o->paper.book = &o->book;
    o->paper.rows = &o->rows;
    return o;
}

void office_free(struct office *o)
{
    if (o == NULL)
        return;
    paper_clear(&o->paper);
    xlsb_clear(&o->xlsb);
    while (o->pivots != NULL) {
        struct pivot *p = o->pivots;
        o->pivots = p->next;
        book_clear(&p->book);
        free(p);
    }
    book_clear(&o->book);
    cells_clear(&o->rows);
    free(o);
}

/* "xl/pivotCache/pivotCacheRecords12.xml": 12. */
static uint64_t part_number(struct span name)
{
    uint64_t number = 0;
    size_t to = name.len;

    while (to > 0 && (name.ptr[to - 1] < '0' || name.ptr[to - 1] > '9'))
        to--;
    size_t from = to;
    while (from > 0 && name.ptr[from - 1] >= '0' && name.ptr[from - 1] <= '9')
        from--;
    return span_number(span_slice(name, from, to), &number) ? number : 0;
}

/* The book that a part is of. */
static struct book *book_of(struct office *o, const struct reader *reader,
                            struct span name)
{
    struct pivot **at = &o->pivots;
    uint64_t number = part_number(name);
    size_t count = 0;

    if (reader != &reader_pivot && reader != &reader_pivot_rows)
        return &o->book;
    for (; *at != NULL; at = &(*at)->next, count++)
        if ((*at)->number == number)
            return &(*at)->book;
    *at = count < LIMIT_PIVOTS ? calloc(1, sizeof(**at)) : NULL;
    if (*at == NULL)
        return NULL;
    (*at)->number = number;
    book_init(&(*at)->book, &o->rows, o->share);
    return &(*at)->book;
}

/* "content.xml": one that is XML in any OpenDocument that can be read. */
static bool named_xml(struct span name)
{
    struct span end = SPAN(".xml");

    return name.len > end.len &&
           span_eq_nocase(span_skip(name, name.len - end.len), end);
}

/*
 * Entries of an encrypted OpenDocument are noise; but its list of them
 * (META-INF/manifest.xml), which comes last, and the first, its type.
 */
static bool sealed_is(const struct office *o, struct span name,
                      struct span head)
{
    bool packed = span_eq(name, SPAN("encrypted-package"));
    struct span first = span_trim(head);

    if (!o->odf || span_starts(name, SPAN("META-INF/")) || head.len == 0)
        return false;
    if (span_starts(first, SPAN("\xef\xbb\xbf")))
        first = span_skip(first, 3);
    if (named_xml(name))
        return !span_starts(first, SPAN("<")) &&
               !span_starts(first, SPAN("\xff\xfe")) &&
               !span_starts(first, SPAN("\xfe\xff"));
    return packed || o->sealed;
}

enum match office_take(struct office *o, struct span name, struct span head,
                       bool ended)
{
    static const struct span type =
        SPAN_INIT("application/vnd.oasis.opendocument.");
    bool more = false;

    o->bytes = o->missed = 0;
    if (span_starts(head, type)) {
        o->odf = true;
        o->entry = ENTRY_TYPE;
        return MATCH_YES;
    }
    if (!ended && head.len < type.len && span_starts(type, head))
        return MATCH_MORE;
    if (sealed_is(o, name, head)) {
        o->sealed = true;
        o->entry = ENTRY_SEALED;
        return MATCH_YES;
    }
    enum xlsb_part part = xlsb_find(head, &more);
    if (part != XLSB_NONE) {
        o->entry = ENTRY_BINARY;
        xlsb_open(&o->xlsb, part, name);
        return MATCH_YES;
    }
    const struct reader *reader = paper_find(head, &more);
    if (reader == NULL)
        return more && !ended && head.len < LIMIT_PROBE ? MATCH_MORE : MATCH_NO;
    o->paper.book = book_of(o, reader, name);
    if (o->paper.book == NULL)
        return MATCH_NO;
    o->entry = ENTRY_XML;
    paper_open(&o->paper, reader, name);
    return MATCH_YES;
}

bool office_put(struct office *o, struct span bytes, struct sink *out)
{
    o->rows.out = out;
    o->bytes += bytes.len;
    if (o->entry == ENTRY_XML)
        return paper_feed(&o->paper, bytes);
    if (o->entry == ENTRY_BINARY)
        return xlsb_feed(&o->xlsb, bytes);
    return true;
}

bool office_gap(struct office *o, uint64_t len, struct sink *out)
{
    o->rows.out = out;
    o->missed += len;
    if (o->entry == ENTRY_XML)
        paper_gap(&o->paper, len);
    if (o->entry == ENTRY_BINARY)
        xlsb_gap(&o->xlsb, len);
    return !o->rows.refused;
}

bool office_close(struct office *o, enum part_end how, struct sink *out)
{
    o->rows.out = out;
    if (o->entry == ENTRY_XML) {
        paper_close(&o->paper, how);
        book_settle(o->paper.book);
    } else if (o->entry == ENTRY_BINARY) {
        xlsb_close(&o->xlsb, how);
        book_settle(o->paper.book);
    } else if (o->entry == ENTRY_SEALED) {
        cells_unread(&o->rows, "odf", WHY_ENCRYPTED, o->bytes);
    }
    o->entry = ENTRY_NONE;
    return !o->rows.refused;
}

bool office_end(struct office *o, struct sink *out)
{
    o->rows.out = out;
    if (o->entry != ENTRY_NONE && !office_close(o, PART_CUT, out))
        return false;
    book_end(&o->book);
    for (struct pivot *p = o->pivots; p != NULL; p = p->next)
        book_end(&p->book);
    return !o->rows.refused;
}
