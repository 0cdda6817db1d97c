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

/*
 * Read a date: 1955-03-03, 1955/3/3, 1955.3.3, 19550303, 550303, 3/3/1955
 * (month first, unless only the other way is a date; with dots day first),
 * 3 Mar 1955, March 3, 1955, 1955年3月3日, 昭和30年3月3日, S30.3.3. Years of
 * two digits from 30 on are of the 20th century. A time may follow. text is
 * NFKC. False when it is no date of the years 1850 to 2100.
 */
bool date_read(struct span text, struct date *out);

#endif
