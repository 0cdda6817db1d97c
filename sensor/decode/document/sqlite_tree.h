// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * sqlite_tree.h - rows of the b-trees of a database that is held.
 *
 * Each page is visited once, whatever points to it, and overflow pages too;
 * so loops end and the work is bounded by the file. Pages that a hole lies
 * on are read as far as their cells are there.
 *
 * It must not know what rows mean.
 */
#ifndef DECODE_DOCUMENT_SQLITE_TREE_H
#define DECODE_DOCUMENT_SQLITE_TREE_H

#include "decode/document/sqlite_page.h"
#include "decode/held.h"
#include "outflow/buf.h"

struct sqlite_tree {
    const struct held *held; /* borrowed */
    struct sqlite_base base;
    uint32_t pages;   /* that the file has */
    uint8_t *seen;    /* owned: a bit for each */
    struct buf whole; /* a record that lies on several pages */
    uint64_t lost;    /* bytes of pages that were captured and not read */
    bool holes;       /* rows are missing: a page was not there */
};

/* A row. record: as much of its len bytes as is there. False ends it all. */
struct sqlite_row {
    uint64_t rowid;
    struct span record;
    uint64_t len;
};

struct sqlite_visitor {
    void *ctx;
    bool (*row)(void *ctx, const struct sqlite_row *row);
    bool (*gap)(void *ctx, uint64_t len); /* rows are missing here */
};

/* Read the header; false when it is none, or without memory. */
bool sqlite_tree_open(struct sqlite_tree *t, const struct held *held);
void sqlite_tree_close(struct sqlite_tree *t);

/* All rows of the tree with that root; false: the visitor ended it. */
bool sqlite_tree_walk(struct sqlite_tree *t, uint32_t root,
                      const struct sqlite_visitor *v);

/* Rows of leaf pages of tables that no tree led to, and not the free list. */
bool sqlite_tree_rest(struct sqlite_tree *t, const struct sqlite_visitor *v);

#endif
