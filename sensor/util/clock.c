// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * clock.c - RFC 3339 times.
 *
 * Calendar arithmetic is done here (proleptic Gregorian), so that neither
 * locale nor time zone of the machine can change a result.
 */
#include "util/clock.h"

#include <stdio.h>

#include "outflow/reader.h"

static const int64_t second = 1000000000;

/* Days since 1970-01-01 of a date. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t of_era = year - era * 400;
    int64_t shifted = month + (month > 2 ? -3 : 9);
    int64_t of_year = (153 * shifted + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year -
           719468;
}

struct date {
    int64_t year, month, day;
};

static struct date date_of(int64_t days)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t of_era = days - era * 146097;
    int64_t year =
        (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t shifted = (5 * of_year + 2) / 153;
    int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;

    return (struct date){year + era * 400 + (month <= 2), month,
                         of_year - (153 * shifted + 2) / 5 + 1};
}

const char *clock_text(int64_t time_ns, char out[CLOCK_TEXT])
{
    int64_t seconds = time_ns / second, part = time_ns % second;
    if (part < 0) {
        part += second;
        seconds--;
    }
    int64_t days = seconds / 86400, left = seconds % 86400;
    if (left < 0) {
        left += 86400;
        days--;
    }
    struct date d = date_of(days);

    snprintf(out, CLOCK_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ",
             (int)d.year, (int)d.month, (int)d.day, (int)(left / 3600),
             (int)(left / 60 % 60), (int)(left % 60), (int)(part / 1000));
    return out;
}

/* Exactly len digits and, unless 0, the byte behind them. */
static bool take_number(struct reader *r, size_t len, char behind,
                        int64_t *value)
{
    uint64_t n = 0;
    struct span digits = reader_take(r, len);

    if (!reader_ok(r) || !span_number(digits, &n))
        return false;
    if (behind != 0 && reader_u8(r) != (uint8_t)behind)
        return false;
    *value = (int64_t)n;
    return true;
}

/* ".123" behind the seconds, as nanoseconds; 0 when there is none. */
static bool take_fraction(struct reader *r, int64_t *ns)
{
    int64_t unit = second / 10;

    *ns = 0;
    if (reader_peek(r, 0) != '.')
        return true;
    reader_skip(r, 1);
    size_t digits = 0;
    for (; reader_left(r) > 0; digits++) {
        uint8_t c = reader_peek(r, 0);
        if (c < '0' || c > '9')
            break;
        *ns += (c - '0') * unit;
        unit /= 10;
        reader_skip(r, 1);
    }
    return digits > 0;
}

/* "Z" or "+09:00", as seconds east, and nothing behind. */
static bool take_offset(struct reader *r, int64_t *east)
{
    int64_t hours = 0, minutes = 0;
    uint8_t sign = reader_u8(r);

    *east = 0;
    if (sign == 'Z' || sign == 'z')
        return reader_left(r) == 0;
    if ((sign != '+' && sign != '-') || !take_number(r, 2, ':', &hours) ||
        !take_number(r, 2, 0, &minutes) || hours > 23 || minutes > 59)
        return false;
    *east = (hours * 60 + minutes) * (sign == '+' ? 60 : -60);
    return reader_left(r) == 0;
}

bool clock_parse(struct span text, int64_t *time_ns)
{
    struct reader r = reader_over(text);
    int64_t year, month, day, hour, minute, sec, fraction, east;

    if (!take_number(&r, 4, '-', &year) || !take_number(&r, 2, '-', &month) ||
        !take_number(&r, 2, 0, &day))
        return false;
    uint8_t between = reader_u8(&r);
    if (between != 'T' && between != 't' && between != ' ')
        return false;
    if (!take_number(&r, 2, ':', &hour) || !take_number(&r, 2, ':', &minute) ||
        !take_number(&r, 2, 0, &sec) || !take_fraction(&r, &fraction) ||
        !take_offset(&r, &east))
        return false;
    struct date back = date_of(days_of(year, month, day));
    if (back.month != month || back.day != day || hour > 23 || minute > 59 ||
        sec > 60 || year < 1700 || year > 2250)
        return false;

    int64_t seconds = days_of(year, month, day) * 86400 + hour * 3600 +
                      minute * 60 + sec - east;
    *time_ns = seconds * second + fraction;
    return true;
}
