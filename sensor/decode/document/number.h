// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * number.h - numbers of spreadsheets as the person who opens them sees them.
 *
 * A sheet holds a date as days and a postal code as 1234567; its format
 * makes 2024-03-07 and 123-4567 of them. Formats are told apart once and
 * kept small, for every cell names one.
 *
 * It must not know files: format codes come as UTF-8, days as they stand.
 * Spec: ECMA-376 18.8.30 (codes and numbers of formats), 18.17.4 (dates).
 */
#ifndef DECODE_DOCUMENT_NUMBER_H
#define DECODE_DOCUMENT_NUMBER_H

#include "outflow/span.h"

enum number_kind {
    NUMBER_PLAIN = 0,
    NUMBER_DATE,  /* a day */
    NUMBER_TIME,  /* time of day, or a duration */
    NUMBER_STAMP, /* both */
    NUMBER_MASK,  /* digits in places: "000-0000" */
};

enum { NUMBER_MASK_ROOM = 23, NUMBER_ROOM = 64 };

struct number_format {
    uint8_t kind;                /* enum number_kind */
    char mask[NUMBER_MASK_ROOM]; /* '0' a digit, '#' one if there is any,
                                    else itself; ends with NUL */
};

/* What a format code (UTF-8) makes of numbers. */
struct number_format number_format_of(struct span code);

/* What the built-in format of that number does. */
struct number_format number_builtin(unsigned id);

/*
 * The value as text: whole numbers exactly, dates as ISO 8601. from_1904:
 * days count from 1904, not 1900. Gives its length; ends with NUL.
 */
size_t number_write(double value, const struct number_format *format,
                    bool from_1904, char out[NUMBER_ROOM]);

/*
 * The value of an RK number of Excel's binary files: 30 bits of a double or
 * a whole number, maybe hundredths of it. Spec: [MS-XLS] 2.5.218.
 */
double number_rk(uint32_t rk);

#endif
