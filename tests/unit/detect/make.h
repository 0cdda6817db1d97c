// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * make.h - tables of invented customers, the same on every run.
 *
 * It must not make a real person's data.
 */
#ifndef TESTS_DETECT_MAKE_H
#define TESTS_DETECT_MAKE_H

#include "outflow/buf.h"

struct make {
    uint32_t seed;
    bool japanese; /* rows and header words */
    bool cp932;    /* as CP932 instead of UTF-8 */
    bool no_header;
    bool quoted;         /* quotes around every cell */
    char separator;      /* 0: comma */
    const char *newline; /* NULL: LF */
    const char *columns; /* "name account card address phone email dob ..." */
    size_t rows;
    size_t *row_end; /* NULL, or where each row ends in the bytes */
};

enum { MAKE_CAP = 4 << 20 };

/* Append the table to out (made with buf_init). */
void make_table(const struct make *how, struct buf *out);

/* A number below below, the next of seed. */
uint32_t make_below(uint32_t *seed, uint32_t below);

/* Write a live card number (a Luhn digit behind 15 random ones). */
void make_card(uint32_t *seed, const char *prefix, char out[20]);

#endif
