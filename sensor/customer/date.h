// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * date.h - a day, as people write it.
 *
 * It must not know what the day is for.
 */
#ifndef OUTFLOW_CUSTOMER_DATE_H
#define OUTFLOW_CUSTOMER_DATE_H

#include "outflow/span.h"

struct date {
    unsigned year, month, day; /* of the Gregorian calendar, from 1 */
};

/* What stands first where a day and a month could both be meant. */
enum date_order {
    DATE_EITHER = 0, /* with dots the day, else the month */
    DATE_DAY_FIRST,
    DATE_MONTH_FIRST,
};

/*
 * Read a date: 1955-03-03, 1955/3/3, 1955.3.3, 19550303, 550303, 3/3/1955
 * (month first, unless only the other way is a date; with dots day first),
 * 3 Mar 1955, March 3, 1955, 1955年3月3日, 昭和30年3月3日, S30.3.3, 3300303
 * (JIS X 0301). Years of two digits from 30 on are of the 20th century. A
 * time may follow. text is NFKC. False when it is no date of the years 1850
 * to 2100.
 */
bool date_read(struct span text, struct date *out);

/* The same, in a column where the order is known. */
bool date_read_as(struct span text, enum date_order order, struct date *out);

/* Which order does this date show (31/12/1980)? */
enum date_order date_order_of(struct span text);

/*
 * A day as machines write it: days since 1900 of a spreadsheet (five digits),
 * seconds or milliseconds since 1970. False when it is none.
 */
bool date_number(struct span text, struct date *out);

struct normal;

/* Append YYYY-MM-DD. */
void date_put(const struct date *d, struct normal *n);

#endif
