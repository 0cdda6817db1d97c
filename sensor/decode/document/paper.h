// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * paper.h - one XML part of an office file while it is read.
 *
 * A reader knows a vocabulary by its root element. It gets tags and text
 * and writes rows, or tells a book what it found. All readers go on at the
 * next element after a hole.
 *
 * It must not know archives.
 */
#ifndef DECODE_DOCUMENT_PAPER_H
#define DECODE_DOCUMENT_PAPER_H

#include "decode/document/book.h"
#include "decode/document/cells.h"
#include "util/xml.h"

enum { TABLES_DEEP = 8 }; /* tables in tables whose columns are kept apart */

struct paper;

struct reader {
    const char *kind;         /* of notes: "xlsx"; static */
    struct xml_events events; /* their ctx is the paper */
    void (*begin)(struct paper *s);
    void (*gap)(struct paper *s, uint64_t len);
    void (*end)(struct paper *s, enum part_end how);
};

struct paper {
    const struct reader *reader; /* NULL: nothing is open */
    struct book *book;           /* borrowed; NULL: of one part only */
    struct cells *rows;          /* borrowed */
    struct xml xml;
    struct buf text;              /* of the cell or paragraph */
    struct buf aside;             /* text that comes behind the row: notes */
    struct cell cell;             /* the one that is read */
    uint64_t seen;                /* bytes of the part so far */
    uint64_t row;                 /* lines of tables so far */
    uint32_t repeat;              /* the cell stands for so many */
    uint32_t column[TABLES_DEEP]; /* next one of each open table */
    uint32_t tables;              /* open ones; those too deep share the last */
    uint32_t cells;               /* open ones */
    uint8_t type;                 /* of the cell's value; the reader's own */
    uint32_t hidden;              /* open elements whose text is not wanted */
    bool take;                    /* text is wanted now */
    bool within;                  /* the reader's own: inside of what counts */
    bool noting;                  /* text goes aside */
    bool sheets;                  /* tables are sheets: a part each */
    bool holed;                   /* a hole was met */
    uint8_t value_len;            /* of value: what the cell's tag told */
    uint8_t value[NUMBER_ROOM];
    uint8_t name_len;         /* of name */
    uint8_t name[LIMIT_NAME]; /* of the part */
};

/* A reader for a document that begins so; NULL: none. *more: its root is
 * further on. */
const struct reader *paper_find(struct span head, bool *more);

/* Begin to read a part; book may be NULL for readers of whole documents. */
void paper_open(struct paper *s, const struct reader *reader, struct span name);

/* Its bytes; false: the sink refused. */
bool paper_feed(struct paper *s, struct span bytes) MUST_USE;
void paper_gap(struct paper *s, uint64_t len);
void paper_close(struct paper *s, enum part_end how);

/* Give back what it holds. */
void paper_clear(struct paper *s);

/* Text of the cell, one piece after the other; beyond LIMIT_CELL dropped. */
void paper_text(struct paper *s, struct span text);

/* The next column of the table that is read; tables too deep share one. */
uint32_t *paper_column(struct paper *s);

/* "xl/comments1.xml": "comments1". */
struct span paper_base(const struct paper *s);

/* An attribute of a tag, references replaced in room; empty: none. */
struct span paper_value(const struct xml_tag *tag, struct span name,
                        uint8_t *room, size_t size);

/* Its value as a number; otherwise if there is none. */
uint32_t paper_number(const struct xml_tag *tag, struct span name,
                      uint32_t otherwise);

/* A number's text as a cell of the paper: whole numbers stay exact. */
void paper_cell_number(struct paper *s, struct span text);

extern const struct reader reader_sheet, reader_strings, reader_styles,
    reader_workbook, reader_relations, reader_story, reader_odf,
    reader_workbook_2003, reader_pivot, reader_pivot_rows;

#endif
