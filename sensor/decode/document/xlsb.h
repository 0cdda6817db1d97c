// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * xlsb.h - the binary parts of an xlsb workbook, read as they come.
 *
 * A part is records: type (1 or 2 bytes of 7 bits), length (1 to 4 of them),
 * body. What they tell goes to the book. Behind a hole where the next record
 * begins is not known, and the rest of the part is told as unread.
 *
 * It must not know archives.
 * Spec: [MS-XLSB] 2.1.4, 2.3, 2.4.
 */
#ifndef DECODE_DOCUMENT_XLSB_H
#define DECODE_DOCUMENT_XLSB_H

#include "decode/document/book.h"

enum xlsb_part {
    XLSB_NONE = 0,
    XLSB_BOOK,
    XLSB_SHEET,
    XLSB_STRINGS,
    XLSB_STYLES,
};

struct xlsb {
    struct book *book; /* borrowed */
    uint8_t part;      /* enum xlsb_part */
    uint8_t have;      /* bytes of the record's head */
    bool body;         /* the head is read */
    bool lost;         /* a hole was met */
    bool cells;        /* styles: those of cells follow */
    uint32_t type;
    uint32_t len;       /* bytes of the body still to come */
    uint32_t column;    /* of the next cell, where it does not say */
    uint64_t seen;      /* bytes of the part */
    uint64_t closed;    /* bytes behind a hole */
    struct buf record;  /* the body, if it matters */
    struct buf text[2]; /* of it, as UTF-8 */
};

/* Which part begins so? *more: it may, there are too few bytes. */
enum xlsb_part xlsb_find(struct span head, bool *more);

/* Nothing open; the book is borrowed until xlsb_clear. */
void xlsb_init(struct xlsb *x, struct book *book);

/* A part begins, with its name in the archive. */
void xlsb_open(struct xlsb *x, enum xlsb_part part, struct span name);

/* Its bytes; false when the sink refused. */
bool xlsb_feed(struct xlsb *x, struct span bytes);
void xlsb_gap(struct xlsb *x, uint64_t len);
void xlsb_close(struct xlsb *x, enum part_end how);
void xlsb_clear(struct xlsb *x);

#endif
