// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * dates.c - days: of birth, of opening.
 *
 * In: a cell. Out: is it a day as people write it. Not: which day of a life
 * it is (columns.c), times alone. Spec: customer/date.h reads it.
 */
#include "customer/date.h"
#include "detect/detectors.h"

enum {
    DATE_TEXT = 40,
    DIGITS_MOST = 24, /* of a day, a time with fractions, and a zone */
};

unsigned dates_year(const struct cell *c)
{
    struct date day;

    if (c->digits < 3 || c->digits > DIGITS_MOST || c->narrow.len > DATE_TEXT)
        return 0;
    return date_read(c->narrow, &day) ? day.year : 0;
}

struct span dates_day_first(struct buf *plain, struct span text)
{
    uint8_t room[CELL_ROOM];
    size_t from = plain->len;
    struct date day;
    struct cell c;

    cell_make(&c, text, room);
    if (c.digits < 3 || c.narrow.len > DATE_TEXT ||
        !date_read_as(c.narrow, DATE_DAY_FIRST, &day) ||
        !buf_printf(plain, "%04u-%02u-%02u", day.year, day.month, day.day))
        return text;
    return span_skip(buf_span(plain), from);
}

/* Under a header also days and seconds that a machine counted. */
static bool dates_fits(const struct cell *c)
{
    struct date day;

    if (dates_year(c) != 0)
        return true;
    return c->digits >= 5 && c->narrow.len <= c->digits + 2U &&
           date_number(c->narrow, &day);
}

/* Without a header: a day alone, eight digits when they are no others. */
static bool dates_sure(const struct cell *c)
{
    if (c->digits < 3 || c->narrow.len > 24)
        return false;
    bool midnight = span_find_run(c->narrow, SPAN("00:00:00")) < c->narrow.len;
    unsigned year = c->digits <= 8 || midnight ? dates_year(c) : 0;
    if (year < 1900 || year > 2100)
        return false;
    if (c->narrow.len == c->digits)
        return c->digits == 8;
    return midnight || span_find(c->narrow, ':') == c->narrow.len;
}

const struct detector detector_DATES = {dates_sure, dates_fits};
