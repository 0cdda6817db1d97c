// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * sqlite_page.h - pages of an SQLite database, and the cells on them.
 *
 * A page is a node of a b-tree: rows with a number (table), or rows that are
 * their own key (index, tables WITHOUT ROWID). What does not fit a page goes
 * on in a chain of overflow pages, which is not followed here.
 *
 * It must not know what rows hold, nor where pages come from.
 * Spec: https://www.sqlite.org/fileformat2.html 1.6.
 */
#ifndef DECODE_DOCUMENT_SQLITE_PAGE_H
#define DECODE_DOCUMENT_SQLITE_PAGE_H

#include "outflow/reader.h"
#include "util/charset.h"

enum sqlite_kind {
    SQLITE_INDEX_INNER = 0x02,
    SQLITE_TABLE_INNER = 0x05,
    SQLITE_INDEX_LEAF = 0x0a,
    SQLITE_TABLE_LEAF = 0x0d,
};

/* What all pages of a database have in common. */
struct sqlite_base {
    uint32_t size;        /* of a page, 512 to 65,536 */
    uint32_t usable;      /* without what extensions reserve at its end */
    enum charset charset; /* of texts */
};

struct sqlite_page {
    struct span bytes; /* borrowed */
    uint8_t kind;      /* enum sqlite_kind */
    uint32_t head;     /* where its header begins: 0, or 100 on the first */
    uint32_t cells;
    uint32_t right; /* inner pages: the last child */
};

struct sqlite_cell {
    uint32_t from, to; /* places on the page */
    uint32_t child;    /* inner pages: what is in front of it */
    uint64_t rowid;    /* tables */
    uint64_t len;      /* bytes of its record; 0 on inner pages of tables */
    struct span local; /* those of them on the page */
    uint32_t overflow; /* first page of the others; 0: none */
};

/* The header of a database; false when it is none. */
bool sqlite_base_read(struct span head, struct sqlite_base *base);

/* The header of a page; false when it is none of a b-tree. */
bool sqlite_page_read(const struct sqlite_base *base, struct span bytes,
                      bool first, struct sqlite_page *page);

/* Its i-th cell; false when it does not lie on the page. */
bool sqlite_cell_read(const struct sqlite_base *base,
                      const struct sqlite_page *page, uint32_t i,
                      struct sqlite_cell *cell);

/* A number of one to nine bytes. */
uint64_t sqlite_varint(struct reader *r);

#endif
