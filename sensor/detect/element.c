// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * element.c - elements of XML as the rows of a table.
 *
 *     <customer><name>Anna Smith</name><card>4111...</card></customer>
 *     <customer name="Anna Smith" card="4111..."/>
 *     <row><field name="name">Anna Smith</field>...</row>
 *     <Row><Cell><Data>Anna Smith</Data></Cell>...</Row>
 *
 * Elements with text alone are values. A row ends where an element of the
 * same name follows one that had elements inside; what lies between belongs
 * to one row, however deep.
 *
 * It must not know vocabularies, beyond a few words for cells.
 */
#include <string.h>

#include "detect/labels.h"
#include "detect/page.h"
#include "detect/readers.h"
#include "outflow/compiler.h"

enum { BOTH_MAX = 2 * PAGE_NAME + 1, PAIR = 2 };

static struct level *level_at(struct page *p, int depth)
{
    return &p->level[(unsigned)depth % PAGE_LEVELS];
}

/* Without the prefix of its namespace. */
static struct span local_name(struct span name)
{
    size_t colon = span_find(name, ':');

    return colon < name.len ? span_skip(name, colon + 1) : name;
}

static struct span name_of(struct span tag)
{
    size_t n = 0;

    while (n < tag.len && !memchr(" \t\r\n/", tag.ptr[n], 5))
        n++;
    return local_name(span_head(tag, n));
}

/* Names that say only that there is a value: it stands at its place. */
static bool is_place(struct span name)
{
    static const char *const words[] = {
        "cell", "data",  "td",     "th",         "v",     "c", "field",  "item",
        "col",  "value", "column", "table-cell", "entry", "p", "string", "int"};

    for (size_t i = 0; i < COUNT(words); i++) {
        if (span_eq_nocase(name, span_of(words[i])))
            return true;
    }
    return false;
}

/* What the name of an element claims, with its parent's in front first. */
static struct claim claim_of(struct rows *r, struct span name)
{
    struct page *p = r->page;
    const struct level *parent = level_at(p, p->depth - 1);
    uint8_t both[BOTH_MAX];

    if (parent->len > 0) {
        memcpy(both, parent->name, parent->len);
        both[parent->len] = ' ';
        memcpy(both + parent->len + 1, name.ptr, name.len);
        struct claim claim = header_find(
            r->detect->header, (struct span){both, parent->len + name.len + 1});
        if (claim.force != CLAIM_NONE)
            return claim;
    }
    return header_find(r->detect->header, name);
}

/* The row is whole. */
static void end_row(struct rows *r, uint32_t end)
{
    struct page *p = r->page;

    if (p->cells > 0)
        page_row(r, end);
    if (gather_row(r, rows_moment(r, end)))
        p->idle = 0;
    p->row_len = 0;
    p->placed = false;
}

void element_end(struct rows *r, uint32_t end)
{
    end_row(r, end);
}

static void set_name(uint8_t *to, uint8_t *len, struct span name)
{
    name = span_head(name, PAGE_NAME);
    memcpy(to, name.ptr, name.len);
    *len = (uint8_t)name.len;
}

/* Attributes that say how an element is to be read, not what it says. */
static bool is_form(struct span name)
{
    return span_starts_nocase(name, SPAN("xml")) ||
           span_find(name, ':') < name.len ||
           span_eq_nocase(name, SPAN("type")) ||
           span_eq_nocase(name, SPAN("class"));
}

/* Attributes are cells, or the label of the text to come. */
static void take_attributes(struct rows *r, struct span tag, bool closed)
{
    struct level *l = level_at(r->page, r->page->depth);
    struct span name, value, names[PAIR], values[PAIR], rest = tag;
    size_t count = 0;

    while (page_attribute(&rest, &name, &value)) {
        if (is_form(name))
            continue;
        if (count < PAIR) {
            names[count] = name;
            values[count] = value;
        }
        count++;
    }
    bool named = count > 0 && (span_eq_nocase(names[0], SPAN("name")) ||
                               span_eq_nocase(names[0], SPAN("key")) ||
                               span_eq_nocase(names[0], SPAN("n")));
    if (named && count == 1 && !closed) {
        set_name(l->label, &l->label_len, values[0]);
        return;
    }
    l->valued = count > 0;
    if (named && count == PAIR && span_eq_nocase(names[1], SPAN("value"))) {
        gather_cell(r, labels_hash(values[0]),
                    header_find(r->detect->header, values[0]),
                    page_plain(r, rows_utf8(r, values[1])));
        return;
    }
    for (rest = tag; page_attribute(&rest, &name, &value);) {
        if (is_form(name))
            continue;
        gather_cell(r, labels_hash(name), header_find(r->detect->header, name),
                    page_plain(r, rows_utf8(r, value)));
    }
}

static void open_element(struct rows *r, struct span tag, uint32_t end)
{
    struct page *p = r->page;
    bool closed = tag.len > 0 && tag.ptr[tag.len - 1] == '/';
    struct span name = name_of(tag);

    if (p->row_len > 0 && p->depth == p->row_depth &&
        span_eq(span_head(name, PAGE_NAME), (struct span){p->row, p->row_len}))
        end_row(r, end);
    struct level *parent = level_at(p, p->depth - 1);
    parent->children = (uint16_t)(parent->children + (parent->children < 2));
    buf_reset(&p->leaf);
    struct level *l = level_at(p, p->depth);
    *l = (struct level){.len = 0};
    set_name(l->name, &l->len, name);
    buf_reset(&r->detect->plain);
    take_attributes(r, span_skip(tag, name.len), closed);
    if (!closed) {
        p->depth++;
        return;
    }
    if (l->valued) {
        p->row_depth = p->depth;
        set_name(p->row, &p->row_len, name);
    }
}

/* An element with text alone: a value under its name, or at its place. */
static void take_leaf(struct rows *r, const struct level *l)
{
    struct page *p = r->page;
    struct span name = {l->name, l->len}, label = {l->label, l->label_len};
    struct span value = span_trim(buf_span(&p->leaf));

    if (label.len > 0) {
        gather_cell(r, labels_hash(label),
                    header_find(r->detect->header, label), value);
    } else if (is_place(name)) {
        page_cell(p);
        page_add(p, value);
        p->placed = true;
    } else {
        gather_cell(r, labels_hash(name), claim_of(r, name), value);
    }
}

static void close_element(struct rows *r, struct span name)
{
    struct page *p = r->page;

    p->depth--;
    struct level *l = level_at(p, p->depth);
    if (l->children == 0 && !l->valued)
        take_leaf(r, l);
    buf_reset(&p->leaf);
    /* around a single value there may be more than one element */
    if (l->children > 1 || l->valued || (l->children == 1 && !is_place(name))) {
        p->row_depth = p->depth;
        set_name(p->row, &p->row_len, name);
    }
}

void element_tag(struct rows *r, struct span tag, uint32_t end)
{
    static const struct span cdata = {(const uint8_t *)"![CDATA[", 8};

    if (span_starts(tag, cdata) && tag.len >= 10) {
        struct span text = span_slice(tag, 8, tag.len - 2);
        if (!buf_add(&r->page->leaf, rows_utf8(r, text)))
            buf_reset(&r->page->leaf);
    } else if (tag.len > 0 && tag.ptr[0] == '/') {
        close_element(r, name_of(span_skip(tag, 1)));
    } else if (tag.len > 0 && tag.ptr[0] != '!' && tag.ptr[0] != '?') {
        open_element(r, tag, end);
    }
}

void element_text(struct rows *r, struct span text)
{
    if (!buf_add(&r->page->leaf, text))
        buf_reset(&r->page->leaf);
}
