// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * date.c - a day in its many written forms, as YYYY-MM-DD.
 *
 * The text is taken apart into at most three numbers and the signs between
 * them; which number is the year follows from their width and size.
 */
#include "customer/date.h"

#include "customer/normal.h"
#include "customer/numeral.h"
#include "outflow/compiler.h"
#include "util/unicode.h"

enum {
    YEAR_FIRST = 1850,
    YEAR_LAST = 2100,
    PIVOT = 30, /* two digits from here on are 19xx */
};

struct parts {
    unsigned number[3];
    uint8_t width[3]; /* digits it was written with */
    size_t count;
    unsigned era; /* year before the era's first, 0: none */
    int month;    /* which number came as a month's name, -1: none */
    bool dots;    /* a full stop between numbers */
    bool bad;
};

static const struct {
    const char *word;
    unsigned before; /* year before its first year */
    bool letter;
} eras[] = {
    {"令和", 2018, false}, {"平成", 1988, false}, {"昭和", 1925, false},
    {"大正", 1911, false}, {"明治", 1867, false}, {"R", 2018, true},
    {"H", 1988, true},     {"S", 1925, true},     {"T", 1911, true},
    {"M", 1867, true},
};

static const char months[12][4] = {"jan", "feb", "mar", "apr", "may", "jun",
                                   "jul", "aug", "sep", "oct", "nov", "dec"};

static bool is_letter(uint8_t c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

/* An era at the front: a word, or its letter with a number behind. */
static struct span take_era(struct span s, struct parts *p)
{
    if (s.len == 0 || is_digit(s.ptr[0]))
        return s;
    for (size_t i = 0; i < COUNT(eras); i++) {
        struct span word = span_of(eras[i].word);
        if (!span_starts_nocase(s, word))
            continue;
        struct span rest = span_skip(s, word.len);
        if (eras[i].letter && rest.len > 0 && rest.ptr[0] == '.')
            rest = span_skip(rest, 1);
        if (eras[i].letter && (rest.len == 0 || !is_digit(rest.ptr[0])))
            continue;
        p->era = eras[i].before;
        return rest;
    }
    return s;
}

static void add(struct parts *p, unsigned number, size_t width)
{
    if (p->count >= 3)
        return;
    p->number[p->count] = number;
    p->width[p->count++] = (uint8_t)(width < 99 ? width : 99);
}

static size_t take_digits(struct span s, struct parts *p)
{
    unsigned value = 0;
    size_t len = 0;

    for (; len < s.len && is_digit(s.ptr[len]); len++)
        value = len < 9 ? value * 10 + (s.ptr[len] - '0') : value;
    add(p, value, len);
    return len;
}

/* The name of a month; other words make it no date. */
static size_t take_word(struct span s, struct parts *p)
{
    size_t len = 0;

    while (len < s.len && is_letter(s.ptr[len]))
        len++;
    for (unsigned m = 0; m < 12 && len >= 3; m++) {
        if (span_starts_nocase(s,
                               (struct span){(const uint8_t *)months[m], 3}) &&
            p->month < 0) {
            p->month = (int)p->count;
            add(p, m + 1, 2);
            return len;
        }
    }
    bool ordinal = p->count > 0 && len == 2; /* 3rd, 4th */
    p->bad = p->bad || !ordinal;
    return len;
}

static size_t take_other(struct span s, struct parts *p)
{
    uint32_t code;
    unsigned value = 0;
    size_t len = numeral_read(s, &value);

    if (len > 0) {
        add(p, value, value >= 100 ? 4 : 2);
        return len;
    }
    len = unicode_decode(s, &code);
    if (code == 0x5143) /* 元: the first year */
        add(p, 1, 1);
    else if (code == '(') /* another reading of the year */
        len = span_find(s, ')') + 1;
    else if (code != '-' && code != '/' && code != '.' && code != ',' &&
             code != ' ' && code != 0x5E74 && code != 0x6708 &&
             code != 0x65E5 && code != '\'' && (code < 0x2010 || code > 0x2015))
        p->bad = true; /* not 年 月 日 or a mark between numbers */
    if (code == '.')
        p->dots = true;
    return len;
}

static struct parts take_apart(struct span s)
{
    struct parts p = {.month = -1};

    s = take_era(s, &p);
    while (s.len > 0 && p.count < 3 && !p.bad) {
        uint8_t c = s.ptr[0];
        size_t len = is_digit(c)    ? take_digits(s, &p)
                     : is_letter(c) ? take_word(s, &p)
                                    : take_other(s, &p);
        s = span_skip(s, len);
    }
    return p;
}

static bool is_date(const struct date *d)
{
    static const uint8_t days[12] = {31, 29, 31, 30, 31, 30,
                                     31, 31, 30, 31, 30, 31};

    return d->year >= YEAR_FIRST && d->year <= YEAR_LAST && d->month >= 1 &&
           d->month <= 12 && d->day >= 1 && d->day <= days[d->month - 1];
}

static unsigned full_year(unsigned year, size_t width)
{
    if (width > 2)
        return year;
    return year + (year >= PIVOT ? 1900 : 2000);
}

/* One number alone: YYYYMMDD, MMDDYYYY, DDMMYYYY or YYMMDD. */
static bool from_one(const struct parts *p, struct date *out)
{
    unsigned n = p->number[0];

    if (p->width[0] == 6) {
        unsigned year = n / 10000;
        *out = (struct date){p->era ? p->era + year : full_year(year, 2),
                             n / 100 % 100, n % 100};
        return is_date(out);
    }
    if (p->width[0] != 8 || p->era)
        return false;
    *out = (struct date){n / 10000, n / 100 % 100, n % 100};
    if (is_date(out))
        return true;
    *out = (struct date){n % 10000, n / 1000000, n / 10000 % 100};
    if (is_date(out))
        return true;
    *out = (struct date){n % 10000, n / 10000 % 100, n / 1000000};
    return is_date(out);
}

static bool from_three(const struct parts *p, struct date *out)
{
    const unsigned *n = p->number;
    unsigned last = full_year(n[2], p->width[2]);

    if (p->era) {
        *out = (struct date){n[0] + p->era, n[1], n[2]};
        return is_date(out);
    }
    if (p->width[0] >= 3 || n[0] > 31) {
        *out = (struct date){full_year(n[0], p->width[0]), n[1], n[2]};
        return is_date(out);
    }
    bool day_first = p->month == 1 || (p->month < 0 && p->dots);
    *out = day_first ? (struct date){last, n[1], n[0]}
                     : (struct date){last, n[0], n[1]};
    if (is_date(out) || p->month >= 0)
        return is_date(out);
    *out = (struct date){last, out->day, out->month};
    return is_date(out);
}

bool date_read(struct span text, struct date *out)
{
    struct parts p = take_apart(span_trim(text));

    if (p.bad || p.count == 0)
        return false;
    if (p.count == 1 || p.width[0] == 8)
        return from_one(&p, out);
    return p.count == 3 && from_three(&p, out);
}

static void add_number(struct normal *n, unsigned value, unsigned unit)
{
    for (; unit > 0; unit /= 10)
        normal_byte(n, (uint8_t)('0' + value / unit % 10));
}

/* What is no date keeps its letters and digits: it still tells two apart. */
bool normal_date(struct normal *n, struct span text)
{
    uint8_t room[NORMAL_TEXT];
    struct span s = normal_plain(text, room);
    struct date d;

    if (!date_read(s, &d))
        return normal_add(n, FIELD_PERSON_NAME, s);
    add_number(n, d.year, 1000);
    normal_byte(n, '-');
    add_number(n, d.month, 10);
    normal_byte(n, '-');
    add_number(n, d.day, 10);
    return true;
}
