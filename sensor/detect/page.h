// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * page.h - what the readers of markup share: page.c (HTML and the rows of
 * tables) and element.c (XML whose elements are customers).
 *
 * It must not be included outside of detect/.
 */
#ifndef OUTFLOW_DETECT_PAGE_H
#define OUTFLOW_DETECT_PAGE_H

#include "detect/gather.h"
#include "outflow/buf.h"

enum {
    PAGE_CELLS = GATHER_COLUMNS,
    PAGE_LEVELS = 16,    /* open elements whose names are known */
    PAGE_NAME = 40,      /* bytes of a name that are kept */
    PAGE_TEXT = 2 << 10, /* longer texts are prose */
};

/* An element that is open. */
struct level {
    uint8_t name[PAGE_NAME];
    uint8_t len;
    uint8_t label_len; /* of its attribute name, when that names its text */
    uint8_t label[PAGE_NAME];
    uint16_t children; /* elements inside so far */
    bool valued;       /* its attributes were cells */
};

struct page {
    struct buf text; /* cells of the row */
    struct {
        uint32_t at, len;
    } cell[PAGE_CELLS];
    size_t cells, headers;
    bool in_row, in_cell;
    bool placed;          /* XML: the row's values stand at their places */
    uint32_t idle;        /* bytes since the last known label */
    struct claim pending; /* the label whose value is to come */
    uint64_t label;
    struct buf leaf; /* text of the element that is open */
    struct level level[PAGE_LEVELS];
    int depth;     /* counts from where reading began */
    int row_depth; /* of the element that ended last and had elements */
    uint8_t row[PAGE_NAME]; /* its name */
    uint8_t row_len;        /* 0: none */
};

/* page.c: text of markup, entities decoded and blanks joined. */
struct span page_plain(struct rows *r, struct span raw);

/* page.c: the attribute at the front of *tag; false when there is none. */
bool page_attribute(struct span *tag, struct span *name, struct span *value);

/* page.c: the next cell of a row, and the end of the row. */
void page_cell(struct page *p);
void page_add(struct page *p, struct span text);
void page_row(struct rows *r, uint32_t end);

/* element.c: a tag without its brackets, and text between tags. */
void element_tag(struct rows *r, struct span tag, uint32_t end);
void element_text(struct rows *r, struct span text);
void element_end(struct rows *r, uint32_t end);

#endif
