// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * table.h - the columns of a separated table and what they are.
 *
 * It must not split text.
 */
#ifndef OUTFLOW_DETECT_TABLE_H
#define OUTFLOW_DETECT_TABLE_H

#include "detect/detectors.h"
#include "detect/national.h"
#include "detect/plans.h"
#include "detect/split.h"
#include "detect/state.h"

struct column {
    struct claim claim; /* by its header word */
    uint8_t type;       /* enum field_type; FIELD_NONE: no field */
    uint8_t proof;      /* enum field_proof */
    bool loose;         /* values need only fit */
    bool own;           /* by the setting numbers */
    bool base64;        /* its cells are coded so */
    bool day_first;     /* 3/4/1980 is in April */
    uint8_t national;   /* enum national: which national_id; 0 any */
    uint8_t plan;       /* enum plan: of its phones, where it is certain */
    uint16_t seen;      /* long numbers or ids by shape of late */
    uint16_t valid;     /* of them, live cards or valid ids */
};

struct table {
    struct dialect how;
    bool header;     /* had a header row */
    uint16_t births; /* the column of births and 1; 0: none */
    uint16_t count;  /* columns */
    uint32_t idle;   /* rows since the last record */
    uint32_t block;  /* rows since the last empty line */
    uint32_t drowsy; /* it was woken: records until it stays awake */
    struct column column[];
};

/* A table of count columns without types; NULL without memory. */
struct table *table_new(const struct dialect *how, size_t count);

/* A bit of the grid beside the looks: a word of names.def. */
enum { KNOWN = 15 };

_Static_assert((int)LOOKS <= (int)KNOWN, "the grid has 16 bits a cell");

#define LOOK_BIT(look) ((uint16_t)(1U << (look)))

/* facts.c: what a column of a sample is made of. */
struct facts {
    uint16_t filled;   /* cells that are not empty */
    uint16_t sure[16]; /* by enum look */
    uint16_t fits[16];
    uint16_t longs;          /* 13 to 19 digits */
    uint16_t own;            /* match the setting numbers */
    uint16_t even;           /* 7 to 12 digits, as many signs as the first */
    uint16_t rising;         /* one more than the row before */
    uint16_t plain;          /* digits alone */
    uint16_t japan, america; /* plain digits of a national phone number */
    uint16_t day_first, month_first; /* dates that can be only that */
    uint64_t areas;                  /* area codes met */
    uint16_t distinct;               /* about */
    uint16_t year_first, year_last;
    uint16_t shape; /* signs of the first number */
    uint8_t own_type;
    uint64_t seen[4];            /* hashes met */
    uint64_t number;             /* of the row before */
    bool books;                  /* ISBN-10s that end in X */
    uint8_t national[NATIONALS]; /* valid, by row of nationals.def */
    uint16_t routing, bic;       /* bank.h */
    bool denied;                 /* its first cell says: no field of ours */
    struct plans_facts plans;    /* as phones */
};

/* Take the cells of row number row of a sample into facts and the grid. */
void facts_add(struct detect *d, struct facts *facts, size_t row,
               const struct span *cells, size_t count);

/*
 * Do so many rows show that no more of them are needed to say: nobody? No
 * header claims anything, and no cell is a value of a customer by itself.
 */
bool facts_hopeless(const struct table *t, const struct facts *facts,
                    size_t rows);

/*
 * Decide what the columns are; gives how much they say, 0 when the
 * table names no customers as far as these rows show.
 */
unsigned columns_decide(const struct grid *grid, struct table *t,
                        struct facts *facts, size_t rows);

/*
 * The fields of a row (cells as split) into fields (LIMIT_COLUMNS of them);
 * gives how many. plain holds cells that were written in a code.
 */
size_t table_fields(struct detect *d, struct table *t, struct span *cells,
                    size_t count, struct field *fields);

#endif
