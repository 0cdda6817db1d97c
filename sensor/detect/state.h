// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * state.h - what the readers of a text part share.
 *
 * A part's bytes stand in a window; row, at and the other places count from
 * its front and move with it. One reader works at a time (enum reading):
 * seek.c passes over text that holds nothing; what it finds hands over to
 * sample.c and rows.c (separated tables), pairs.c (labelled lines), json.c
 * and page.c. Every decision hangs on bytes alone, never on how they came.
 *
 * It must not be included outside of detect/.
 */
#ifndef OUTFLOW_DETECT_STATE_H
#define OUTFLOW_DETECT_STATE_H

#include "detect/header.h"
#include "detect/number.h"
#include "detect/scan.h"
#include "outflow/buf.h"
#include "outflow/detect.h"
#include "outflow/limits.h"

/* Who reads on. */
enum reading {
    READ_START = 0, /* what kind of text is it */
    READ_SEEK,      /* nothing known here: pass over quickly */
    READ_SAMPLE,    /* lines held until the columns are certain */
    READ_TABLE,     /* rows of a known table */
    READ_PAIRS,     /* lines of label and value */
    READ_OBJECT,    /* JSON: an object or array whose end is to come */
    READ_PAGE,      /* markup with labels and values */
    READ_SQL,       /* tuples of statements */
    READ_SERIES,    /* JSON: columns, one after another */
    READ_SKIP,      /* the rest of a line that is too long */
};

/* What the part is, by its first signs. */
enum text_kind {
    TEXT_LINES = 0,
    TEXT_JSON,
    TEXT_MARKUP, /* pages */
    TEXT_XML,    /* markup of data */
};

/* Cells of the rows of a sample, as bit sets of looks. */
struct grid {
    uint16_t sure[LIMIT_SAMPLE_ROWS][LIMIT_COLUMNS];
    uint16_t fits[LIMIT_SAMPLE_ROWS][LIMIT_COLUMNS];
    struct span cells[LIMIT_COLUMNS + 1];
    struct field fields[LIMIT_COLUMNS];
};

struct detect {
    const struct keyed *key;
    struct counters *counters;
    struct header *header;
    struct fronts *fronts;
    struct numbers *numbers;
    const struct scan_isa *isa;
    struct grid *grid; /* of the part being fed: parts take turns */
    struct buf text;   /* a row or sample as UTF-8 */
    struct buf plain;  /* cells without their codes (undo.h) */
    unsigned signs;    /* of codes in the row being read */
    size_t packed;     /* bytes of columns held by all parts */
};

/* Numbers in running text that are certain only by their share. */
enum sharing {
    SHARE_CARD = 0, /* live cards among numbers as long */
    SHARE_OWN,      /* checks that hold among our own patterns */
    SHARES,
};

struct share {
    uint16_t seen, valid; /* sliding */
    bool sure;            /* in this part they are what they seem */
};

struct table;
struct sample;
struct labels;
struct gather;
struct page;
struct series;
struct waiting;

struct rows {
    struct detect *detect;
    struct record_sink sink;
    const struct moment *now; /* of bytes from fresh on */
    struct moment before;     /* of bytes in front of fresh */
    uint8_t *bytes;           /* the window, owned */
    uint32_t room, len;       /* bytes it has room for, and holds */
    uint32_t fresh;           /* bytes in front came with earlier calls */
    uint32_t row;             /* start of the row being read */
    uint32_t at;              /* looked at up to here */
    uint32_t hold;            /* start of a sample or an object */
    uint32_t inner, behind;   /* of it, the object known to be whole; of
                                 a table, headers tried up to there */
    uint32_t judged;          /* digits in front belong to a judged token */
    uint32_t settled;         /* no sample begins in front */
    uint32_t paired;          /* no labelled lines begin in front */
    uint16_t rest;            /* lines until weak signs count again */
    uint16_t rest_words;      /* the same for numbers between blanks */
    uint16_t depth;           /* of the object being read */
    uint16_t jp, utf;         /* rows that only CP932, UTF-8 can be */
    uint8_t failed;           /* samples that found nothing */
    uint8_t failed_words;     /* the same of those between blanks */
    uint8_t lines;            /* lines ended, the first ones */
    uint8_t reading;          /* enum reading */
    uint8_t kind;             /* enum text_kind */
    uint8_t inside;     /* quote of the string the object's reader is in */
    bool card : 1;      /* the line has a card or own number */
    bool escaped : 1;   /* behind a backslash */
    bool lost : 1;      /* bytes up to the next line end are of a lost row */
    bool wary : 1;      /* the next row must look like the table's others */
    bool last : 1;      /* no more bytes come */
    bool ended : 1;     /* a CR is the last byte and a hole follows */
    bool overlap : 1;   /* cut rows at both ends */
    bool refused : 1;   /* the sink wants no more */
    bool declared : 1;  /* CP932 by its declaration */
    bool afresh : 1;    /* the sample may be of another table than the known */
    bool words : 1;     /* the sample began at a number between blanks */
    bool content : 1;   /* lines of an address book, which may be folded */
    bool spaced : 1;    /* the line has a number between blanks */
    bool script : 1;    /* of a page, where it was looked at last */
    uint8_t beside : 2; /* an object without a sign: json.c */
    bool listed : 1;    /* rows with a phone or e-mail alone are a list */
    struct share share[SHARES];
    struct sample *sample;
    struct table *table;
    struct labels *labels;
    struct gather *gather;
    union { /* one of them reads, if any */
        struct page *page;
        struct series *series; /* while READ_SERIES */
    };
    struct waiting *waiting; /* cards */
    struct waiting *list;    /* phones and e-mails */
};

#endif
