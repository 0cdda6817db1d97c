// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * book.h - a workbook: its strings and styles, and sheets that wait for them.
 *
 * Readers of xlsx and xlsb tell what they meet, in whatever order the parts
 * of the file stand. A sheet is put cell by cell when strings and styles are
 * known; before that its cells are kept, a few bytes each. When the account
 * is at its end, sheets are put without what is not known, and what is lost
 * by it is told as unread.
 *
 *     book_string ... book_strings_end      xl/sharedStrings
 *     book_format, book_style ... _end      xl/styles
 *     book_name, book_relation              xl/workbook and its relations
 *     book_open (row cell ...) ... _close   a sheet
 *     book_end                              no more parts will come
 *
 * All text is UTF-8. It must not know how any of it is written.
 */
#ifndef DECODE_DOCUMENT_BOOK_H
#define DECODE_DOCUMENT_BOOK_H

#include "decode/document/number.h"
#include "decode/document/pages.h"
#include "decode/document/cells.h"

struct sheet; /* one that waits */

struct book {
    struct held_share own; /* where no account is given */
    struct cells *rows;    /* where text goes; borrowed */
    const char *kind;      /* "xlsx", "xlsb": of notes; static */
    struct pages strings;  /* shared ones: length, bytes */
    struct pages places;   /* the place of each, 4 bytes */
    uint32_t string_count; /* strings held, */
    uint64_t string_bytes; /* and bytes of all of them */
    struct buf formats;    /* struct format, by no order */
    struct pages styles;   /* struct number_format of each */
    uint32_t style_count;  /* styles held */
    struct buf names;      /* "id\0name\0" of sheets, in order */
    struct buf relations;  /* "id\0part\0" */
    struct buf columns;    /* of a pivot's rows: "name\0", */
    struct buf bases;      /* and the number of each one's first string */
    struct sheet *sheets;  /* that wait, in order; owned */
    struct sheet *sheet;   /* the last of them, while it is open */
    uint64_t row;          /* of the open sheet */
    uint64_t lost;         /* cells of it whose string is not known */
    uint64_t put;          /* bytes of its text so far */
    bool strings_known;    /* all that there will be */
    bool strings_cut;      /* no more can be told apart */
    bool styles_known;
    uint8_t names_known; /* 2: names and relations */
    bool from_1904;      /* days count from 1904 */
    bool full;           /* the account came to its end */
};

enum cell_kind {
    CELL_TEXT = 0, /* text */
    CELL_STRING,   /* the string-th shared string */
    CELL_NUMBER,   /* number, as style says */
    CELL_INTEGER,  /* integer, as style says */
};

struct cell {
    enum cell_kind kind;
    uint32_t column; /* from 0 */
    uint32_t style;  /* from 0: cellXfs, BrtXF */
    uint32_t string;
    double number;
    int64_t integer;
    struct span text;
};

/* Nothing is known yet; rows is borrowed until book_clear. */
void book_init(struct book *b, struct cells *rows, struct held_share *share);

/* The next shared string; all were told; the next ones are missing. */
void book_string(struct book *b, struct span text);
void book_strings_end(struct book *b);
void book_strings_cut(struct book *b);

/* A format's code by its id; the format id of the next style; all told. */
void book_format(struct book *b, uint32_t id, struct span code);
void book_style(struct book *b, uint32_t format);
void book_styles_end(struct book *b);

/* A sheet's relation id and name; a relation's id and target; all of one
 * of the two were told. */
void book_name(struct book *b, struct span id, struct span name);
void book_relation(struct book *b, struct span id, struct span target);
void book_names_end(struct book *b);

/*
 * A column begins whose cells count strings from the next one on; its name
 * stands above the rows.
 */
void book_column(struct book *b, struct span name);

/* A sheet begins: the name of its part. */
void book_open(struct book *b, struct span part);

/* A row begins; a cell of it, columns rising. */
void book_row(struct book *b);
void book_cell(struct book *b, const struct cell *cell);

/* missing bytes of its part are missing, seen bytes of it came before. */
void book_gap(struct book *b, uint64_t missing, uint64_t seen);

/* It ended. */
void book_close(struct book *b, enum part_end how);

/* Put what waits if all of it is known now; whatever is known. */
void book_settle(struct book *b);
void book_end(struct book *b);

/* Give back all it holds. */
void book_clear(struct book *b);

#endif
