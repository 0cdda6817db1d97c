// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * paper.c - which reader reads a part, and what readers share.
 */
#include "decode/document/paper.h"

#include <stdlib.h>
#include <string.h>

#include "outflow/compiler.h"

/* Who names such elements: without it another <document> were Word's. */
static const struct span owners[] = {
    SPAN_INIT("//schemas.openxmlformats.org/"),
    SPAN_INIT("//purl.oclc.org/ooxml/"),
    SPAN_INIT("//schemas.microsoft.com/office/"),
    SPAN_INIT("urn:schemas-microsoft-com:"),
    SPAN_INIT("urn:oasis:names:tc:opendocument:"),
    SPAN_INIT("//openoffice.org/2000/"),
};

static const struct {
    struct span root;
    const struct reader *reader;
} roots[] = {
    {SPAN_INIT("worksheet"), &reader_sheet},
    {SPAN_INIT("externalLink"), &reader_sheet},
    {SPAN_INIT("dialogsheet"), &reader_sheet},
    {SPAN_INIT("macrosheet"), &reader_sheet},
    {SPAN_INIT("sst"), &reader_strings},
    {SPAN_INIT("styleSheet"), &reader_styles},
    {SPAN_INIT("workbook"), &reader_workbook},
    {SPAN_INIT("Relationships"), &reader_relations},
    {SPAN_INIT("pivotCacheDefinition"), &reader_pivot},
    {SPAN_INIT("pivotCacheRecords"), &reader_pivot_rows},
    {SPAN_INIT("document"), &reader_story},
    {SPAN_INIT("glossaryDocument"), &reader_story},
    {SPAN_INIT("hdr"), &reader_story},
    {SPAN_INIT("ftr"), &reader_story},
    {SPAN_INIT("footnotes"), &reader_story},
    {SPAN_INIT("endnotes"), &reader_story},
    {SPAN_INIT("comments"), &reader_story},
    {SPAN_INIT("ThreadedComments"), &reader_story},
    {SPAN_INIT("sld"), &reader_story},
    {SPAN_INIT("notes"), &reader_story},
    {SPAN_INIT("sldLayout"), &reader_story},
    {SPAN_INIT("sldMaster"), &reader_story},
    {SPAN_INIT("notesMaster"), &reader_story},
    {SPAN_INIT("handoutMaster"), &reader_story},
    {SPAN_INIT("cmLst"), &reader_story},
    {SPAN_INIT("wsDr"), &reader_story},
    {SPAN_INIT("dataModel"), &reader_story},
    {SPAN_INIT("wordDocument"), &reader_story},
    {SPAN_INIT("package"), &reader_story},
    {SPAN_INIT("document-content"), &reader_odf},
    {SPAN_INIT("document-styles"), &reader_odf},
    {SPAN_INIT("Workbook"), &reader_workbook_2003},
};

static bool owned(struct span head)
{
    for (size_t i = 0; i < COUNT(owners); i++)
        if (span_find_run(head, owners[i]) < head.len)
            return true;
    return false;
}

static const struct reader *root_find(const struct xml_tag *tag)
{
    if (span_eq(tag->name, SPAN("document")) &&
        span_eq(tag->prefix, SPAN("office")))
        return &reader_odf;
    for (size_t i = 0; i < COUNT(roots); i++)
        if (span_eq(tag->name, roots[i].root))
            return roots[i].reader;
    return NULL;
}

const struct reader *paper_find(struct span head, bool *more)
{
    struct xml_head h;
    int found = xml_root(head, &h);

    *more = found == 0;
    if (found <= 0)
        return NULL;
    const struct reader *reader = root_find(&h.tag);
    if (reader == NULL || owned(h.tag.rest))
        return reader;
    /* its owner may be named further on in the tag */
    *more = h.tag.rest.ptr + h.tag.rest.len == head.ptr + head.len;
    return NULL;
}

void paper_open(struct paper *s, const struct reader *reader, struct span name)
{
    struct book *book = s->book;
    struct cells *rows = s->rows;
    struct buf text = s->text, aside = s->aside;

    *s = (struct paper){.reader = reader, .book = book, .rows = rows};
    s->text = text;
    s->aside = aside;
    if (s->text.cap == 0)
        buf_init(&s->text, LIMIT_CELL);
    if (s->aside.cap == 0)
        buf_init(&s->aside, LIMIT_CELL);
    buf_reset(&s->text);
    buf_reset(&s->aside);
    if (name.len >= LIMIT_NAME)
        name = span_skip(name, name.len - LIMIT_NAME + 1);
    if (name.len > 0)
        memcpy(s->name, name.ptr, name.len);
    s->name_len = (uint8_t)name.len;
    xml_init(&s->xml, &reader->events, s);
    reader->begin(s);
}

bool paper_feed(struct paper *s, struct span bytes)
{
    bool good = xml_feed(&s->xml, bytes);

    s->seen += bytes.len;
    return good && !s->rows->refused;
}

void paper_gap(struct paper *s, uint64_t len)
{
    xml_gap(&s->xml);
    s->holed = true;
    s->take = s->noting = false;
    s->hidden = 0;
    buf_reset(&s->text);
    s->reader->gap(s, len);
}

void paper_close(struct paper *s, enum part_end how)
{
    s->reader->end(s, s->holed ? PART_CUT : how);
    xml_clear(&s->xml);
    s->reader = NULL;
}

void paper_clear(struct paper *s)
{
    xml_clear(&s->xml);
    buf_clear(&s->text);
    buf_clear(&s->aside);
    s->reader = NULL;
}

void paper_text(struct paper *s, struct span text)
{
    struct buf *to = s->noting ? &s->aside : &s->text;

    (void)!buf_add(to, span_head(text, to->cap - to->len));
}

uint32_t *paper_column(struct paper *s)
{
    size_t deep = s->tables > 0 ? s->tables - 1u : 0;

    return &s->column[deep < TABLES_DEEP ? deep : TABLES_DEEP - 1];
}

struct span paper_base(const struct paper *s)
{
    struct span name = {s->name, s->name_len};
    size_t at = name.len;

    while (at > 0 && name.ptr[at - 1] != '/' && name.ptr[at - 1] != '\\')
        at--;
    name = span_skip(name, at);
    name = span_head(name, span_find(name, '.'));
    return name.len > 0 ? name : SPAN("document");
}

struct span paper_value(const struct xml_tag *tag, struct span name,
                        uint8_t *room, size_t size)
{
    struct span value = {0};

    if (!xml_value(tag, name, &value))
        return (struct span){0};
    return xml_plain(value, room, size);
}

uint32_t paper_number(const struct xml_tag *tag, struct span name,
                      uint32_t otherwise)
{
    struct span value;
    uint64_t number;

    if (!xml_value(tag, name, &value) || !span_number(value, &number))
        return otherwise;
    return number < UINT32_MAX ? (uint32_t)number : UINT32_MAX;
}

/* Whole, and so short that it fits: "-12". */
static bool integer_of(struct span text, int64_t *value)
{
    enum { EXACT = 18 };
    bool minus = span_starts(text, SPAN("-"));
    uint64_t number;

    text = span_skip(text, minus);
    if (text.len > EXACT || !span_number(text, &number))
        return false;
    *value = minus ? -(int64_t)number : (int64_t)number;
    return true;
}

void paper_cell_number(struct paper *s, struct span text)
{
    enum { LONGEST = 40 };
    char digits[LONGEST + 1];
    char *end;

    text = span_trim(text);
    s->cell.text = text;
    s->cell.kind = CELL_INTEGER;
    if (integer_of(text, &s->cell.integer))
        return;
    s->cell.kind = CELL_TEXT;
    if (text.len == 0 || text.len > LONGEST)
        return;
    bool broken = false;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t byte = text.ptr[i];
        bool digit = byte >= '0' && byte <= '9';
        broken |= !digit;
        if (!digit && (byte == 0 || strchr("+-.eE", byte) == NULL))
            return;
    }
    memcpy(digits, text.ptr, text.len);
    digits[text.len] = '\0';
    s->cell.number = strtod(digits, &end);
    if (broken && *end == '\0') /* else digits that no double holds */
        s->cell.kind = CELL_NUMBER;
}
