// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * page.c - labels and values on a page of markup.
 *
 *     <tr><th>Account number</th><td>5109541058</td></tr>
 *     <dt>氏名</dt><dd>佐藤 茂</dd>    <p>Phone: (504) 492-7460</p>
 *     <tr><th>Name<th>Phone ...  a table with a header row
 *
 * Begins some way before the first sign and ends when nothing known came for
 * as long. Inside a script, objects are json.c's, and the page waits.
 *
 * It must not hold more than one row of cells.
 */
#include <stdlib.h>
#include <string.h>

#include "detect/cell.h"
#include "detect/labels.h"
#include "detect/page.h"
#include "detect/readers.h"
#include "detect/undo.h"

enum {
    ROW_TEXT = 8 << 10,
    TAG_MAX = 4 << 10,
    INLINE_LABEL = 64,
    TAGS_BACK = 16, /* in front of a sign: scripts have < of their own */
};

void page_free(struct rows *r)
{
    if (r->page) {
        buf_clear(&r->page->text);
        buf_clear(&r->page->leaf);
    }
    free(r->page);
    r->page = NULL;
}

void page_drop(struct rows *r)
{
    page_free(r);
}

static bool ready(struct rows *r)
{
    if (r->page)
        return true;
    r->page = calloc(1, sizeof(*r->page));
    if (!r->page)
        return false;
    buf_init(&r->page->text, ROW_TEXT);
    buf_init(&r->page->leaf, PAGE_TEXT);
    return true;
}

/* Does the place lie in a script, as far as the tags in front of it tell? */
static bool in_script(const struct rows *r, uint32_t from, uint32_t at)
{
    struct span text = rows_span(r, from, at);

    for (int tags = 0; tags < TAGS_BACK; tags++) {
        while (text.len > 0 && text.ptr[text.len - 1] != '<')
            text.len--;
        if (text.len == 0)
            break;
        uint32_t behind = from + (uint32_t)text.len--;
        struct span tag = rows_span(r, behind, at);
        if (span_starts_nocase(tag, SPAN("script")))
            return true;
        if (tag.len > 0 && tag.ptr[0] == '/')
            return false;
    }
    return r->script;
}

bool page_begin(struct rows *r, uint32_t at)
{
    uint32_t from = at > LIMIT_PAGE ? at - LIMIT_PAGE : 0;

    from = from > r->paired ? from : r->paired;
    r->script = r->kind != TEXT_XML && in_script(r, from, at);
    if (r->script)
        return object_literal(r, at) && object_begin(r, at);
    if (!ready(r))
        return false;
    r->row = r->at = from;
    r->reading = READ_PAGE;
    return true;
}

/* Text between tags with entities decoded and blanks joined. */
struct span page_plain(struct rows *r, struct span raw)
{
    struct buf *out = &r->detect->plain;
    size_t start = out->len;
    bool blank = true;

    raw = span_trim(raw);
    while (raw.len > 0) {
        uint8_t sign[4] = {raw.ptr[0], 0, 0, 0};
        size_t len = 1,
               used = sign[0] == '&' ? undo_entity(raw, sign, &len) : 0;
        raw = span_skip(raw, used ? used : 1);
        if (sign[0] == '\n' || sign[0] == '\r' || sign[0] == '\t')
            sign[0] = ' ';
        if (sign[0] == ' ' && blank)
            continue;
        blank = sign[0] == ' ';
        if (!buf_add(out, (struct span){sign, len}))
            break;
    }
    return span_trim(span_skip(buf_span(out), start));
}

static void add_value(struct rows *r, struct claim claim, uint64_t label,
                      struct span value, uint32_t end)
{
    if (labels_add(r, claim, label, value, rows_moment(r, end)))
        r->page->idle = 0;
}

/* Label and value in one text, or one after the other. */
static void take_sequence(struct rows *r, struct span text, uint32_t end)
{
    struct page *p = r->page;
    static const struct span wide = {(const uint8_t *)"\xEF\xBC\x9A", 3};
    if (p->pending.force == CLAIM_FIRM && span_starts(text, SPAN(":")))
        text = span_trim(span_skip(text, 1)); /* <b>phone</b>: ... */
    struct span head = span_head(text, INLINE_LABEL);
    size_t colon = span_find(head, ':'), skip = 1;

    if (colon == head.len) {
        colon = span_find_run(head, wide);
        skip = 3;
    }
    struct span label = span_trim(span_head(text, colon));
    struct span value = span_trim(span_skip(text, colon + skip));
    struct claim claim = header_find(r->detect->header, label);
    if (claim.force == CLAIM_FIRM && value.len > 0) {
        add_value(r, claim, labels_hash(label), value, end);
    } else if (claim.force == CLAIM_FIRM) {
        p->pending = claim;
        p->label = labels_hash(label);
        return;
    } else if (p->pending.force == CLAIM_FIRM) {
        add_value(r, p->pending, p->label, text, end);
    }
    p->pending = (struct claim){.type = FIELD_NONE};
}

static struct span cell_at(const struct page *p, size_t i)
{
    return span_slice(buf_span(&p->text), p->cell[i].at,
                      p->cell[i].at + p->cell[i].len);
}

/* The cells of a row of a table, each at its place. */
static void take_places(struct rows *r, uint32_t end)
{
    struct page *p = r->page;

    for (size_t i = 0; i < p->cells; i++)
        gather_place(r, i, cell_at(p, i));
    if (gather_row(r, rows_moment(r, end)))
        p->idle = 0;
}

/* Cells that are labels, each with its value behind it. */
static void take_pairs(struct rows *r, const struct claim *claims, uint32_t end)
{
    struct page *p = r->page;

    for (size_t i = 0; i + 1 < p->cells; i += 2) {
        if (claims[i].force == CLAIM_FIRM)
            add_value(r, claims[i], labels_hash(cell_at(p, i)),
                      cell_at(p, i + 1), end);
    }
}

void page_row(struct rows *r, uint32_t end)
{
    struct page *p = r->page;
    struct claim claims[PAGE_CELLS];
    size_t firm = 0, odd = 0;

    for (size_t i = 0; i < p->cells; i++) {
        claims[i] = header_find(r->detect->header, cell_at(p, i));
        firm += claims[i].force == CLAIM_FIRM;
        odd += i % 2 && claims[i].force == CLAIM_FIRM;
    }
    if (firm >= 2 && odd > 0 && firm * 2 >= p->cells) {
        gather_names(r, claims, p->cells);
        p->headers = p->cells;
        p->idle = 0;
    } else if (p->cells == 1 && !p->placed) {
        take_sequence(r, cell_at(p, 0), end);
    } else if (p->headers == p->cells ||
               (firm == 0 && (p->cells > 2 || !labels_held(r)))) {
        take_places(r, end);
    } else {
        take_pairs(r, claims, end);
    }
    p->cells = 0;
    p->in_row = p->in_cell = false;
    buf_reset(&p->text);
}

void page_cell(struct page *p)
{
    p->in_cell = p->cells < PAGE_CELLS;
    if (!p->in_cell)
        return;
    p->cell[p->cells].at = (uint32_t)p->text.len;
    p->cell[p->cells++].len = 0;
}

void page_add(struct page *p, struct span text)
{
    if (!p->in_cell || p->cells == 0)
        return;
    uint32_t from = p->cell[p->cells - 1].at;
    bool fits = p->text.len == from || buf_add_byte(&p->text, ' ');
    if (fits && buf_add(&p->text, text))
        p->cell[p->cells - 1].len = (uint32_t)p->text.len - from;
}

static void take_text(struct rows *r, struct span raw, uint32_t end)
{
    struct page *p = r->page;

    if (raw.len > PAGE_TEXT || span_trim(raw).len == 0)
        return;
    buf_reset(&r->detect->plain);
    struct span text = page_plain(r, rows_utf8(r, raw));
    if (text.len == 0)
        return;
    if (r->kind == TEXT_XML)
        element_text(r, text);
    else if (p->in_row)
        page_add(p, text);
    else
        take_sequence(r, text, end);
}

bool page_attribute(struct span *tag, struct span *name, struct span *value)
{
    struct span rest = *tag;

    for (;;) {
        size_t equals = span_find(rest, '=');
        if (equals + 1 >= rest.len)
            return false;
        struct span front = span_trim(span_head(rest, equals));
        size_t from = front.len;
        while (from > 0 && !memchr(" \t\r\n\"'", front.ptr[from - 1], 6))
            from--;
        *name = span_skip(front, from);
        rest = span_trim(span_skip(rest, equals + 1));
        if (rest.len == 0)
            return false;
        uint8_t quote = rest.ptr[0];
        if (quote == '"' || quote == '\'') {
            rest = span_skip(rest, 1);
            *value = span_head(rest, span_find(rest, quote));
            rest = span_skip(rest, value->len + 1);
        } else {
            *value = span_head(rest, span_find(rest, ' '));
            rest = span_skip(rest, value->len);
        }
        *tag = rest;
        if (name->len > 0)
            return true;
    }
}

/* The value of an attribute of a tag. */
static struct span attribute(struct span tag, struct span name)
{
    struct span one, value;

    while (page_attribute(&tag, &one, &value)) {
        if (span_eq_nocase(one, name))
            return value;
    }
    return (struct span){tag.ptr, 0};
}

static bool is_tag(struct span tag, struct span name)
{
    struct span rest = span_skip(tag, name.len);

    return span_starts_nocase(tag, name) &&
           (rest.len == 0 || !cell_is_letter(rest.ptr[0]));
}

/* A tag without its brackets. */
static void take_tag(struct rows *r, struct span tag, uint32_t end)
{
    struct page *p = r->page;

    if (is_tag(tag, SPAN("tr")) || is_tag(tag, SPAN("/tr"))) {
        if (p->in_row)
            page_row(r, end);
        p->in_row = tag.ptr[0] != '/';
    } else if (is_tag(tag, SPAN("/table"))) {
        if (p->in_row)
            page_row(r, end);
        if (gather_named(r))
            gather_flush(r);
        p->headers = 0;
    } else if (p->in_row &&
               (is_tag(tag, SPAN("td")) || is_tag(tag, SPAN("th")))) {
        page_cell(p);
    } else if (is_tag(tag, SPAN("/td")) || is_tag(tag, SPAN("/th"))) {
        p->in_cell = false;
    } else if (is_tag(tag, SPAN("input"))) {
        struct span name = attribute(tag, SPAN("name"));
        struct claim claim = header_find(r->detect->header, name);
        struct span value = attribute(tag, SPAN("value"));
        buf_reset(&r->detect->plain);
        if (claim.force == CLAIM_FIRM && value.len > 0)
            add_value(r, claim, labels_hash(name),
                      page_plain(r, rows_utf8(r, value)), end);
    }
}

/* What a script holds is no text of the page. */
static void begin_script(struct rows *r)
{
    r->script = true;
    r->paired = r->judged = r->row = r->at;
    r->reading = READ_SEEK;
}

/* Nothing known for long, or the end: pass over quickly again. */
static void leave(struct rows *r)
{
    if (r->kind == TEXT_XML)
        element_end(r, r->at);
    if (r->labels)
        labels_flush(r);
    gather_flush(r);
    page_free(r);
    r->paired = r->settled = r->row = r->at;
    r->judged = r->at;
    r->reading = READ_SEEK;
}

/* Where a tag or a text ends; a section of CDATA at ]]>. */
static size_t find_end(struct span s, bool tag)
{
    static const struct span cdata = {(const uint8_t *)"<![CDATA[", 9};
    static const struct span close = {(const uint8_t *)"]]>", 3};

    if (!tag)
        return span_find(s, '<');
    if (!span_starts(s, span_head(cdata, s.len)))
        return span_find(s, '>');
    size_t end = span_find_run(s, close);
    return end < s.len ? end + 2 : s.len;
}

bool page_read(struct rows *r)
{
    while (r->at < r->len) {
        struct span rest = rows_span(r, r->at, r->len);
        bool tag = rest.ptr[0] == '<';
        size_t limit = tag ? TAG_MAX : PAGE_TEXT + 1;
        size_t end = find_end(span_head(rest, limit), tag);
        if (end == rest.len && end < limit && !r->last)
            return false;
        uint32_t from = r->at;
        r->at += (uint32_t)end + (tag && end < rest.len && end < limit);
        if (tag && r->kind == TEXT_XML)
            element_tag(r, span_slice(rest, 1, end), r->at);
        else if (tag)
            take_tag(r, span_slice(rest, 1, end), r->at);
        else
            take_text(r, span_head(rest, end), r->at);
        r->page->idle += r->at - from;
        r->row = r->at;
        if (tag && r->kind != TEXT_XML &&
            is_tag(span_skip(rest, 1), SPAN("script"))) {
            begin_script(r);
            return true;
        }
        if (r->page->idle > 2 * LIMIT_PAGE) {
            leave(r);
            return true;
        }
    }
    if (!r->last)
        return false;
    leave(r);
    return true;
}
