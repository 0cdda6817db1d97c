// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * date.c - a day in its many written forms, as YYYY-MM-DD.
 *
 * The text is taken apart into at most three numbers and the signs between
 * them; which number is the year follows from their width and size. What
 * machines write (days since 1900, seconds since 1970) is a form of its own:
 * only a header makes such a number a day.
 */
#include "customer/date.h"

#include "customer/normal.h"
#include "customer/numeral.h"
#include "outflow/compiler.h"
#include "util/unicode.h"

enum {
    YEAR_FIRST = 1850,
    YEAR_LAST = 2100,
    PIVOT = 30,            /* two digits from here on are 19xx */
    SERIAL_ZERO = 2,       /* day 2 of a spreadsheet is 1900-01-01, with the day
                              that 1900 did not have */
    DAYS_TO_1970 = 719468, /* from 0000-03-01 */
    DAYS_TO_1900 = 693901,
    ERA_DAYS = 146097, /* of 400 years */
    DAY_SECONDS = 86400,
    LOCAL = 11 * 3600, /* midnight of UTC+12 to UTC-12 is the same day */
    STAMP = 14,        /* digits of day and time */
    ERA_CODED = 7,     /* digits of era, year, month and day */
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
    {"令和", 2018, false},  {"平成", 1988, false},   {"昭和", 1925, false},
    {"大正", 1911, false},  {"明治", 1867, false},   {"令", 2018, false},
    {"平", 1988, false},    {"昭", 1925, false},     {"大", 1911, false},
    {"明", 1867, false},    {"reiwa", 2018, false},  {"heisei", 1988, false},
    {"showa", 1925, false}, {"taisho", 1911, false}, {"meiji", 1867, false},
    {"R", 2018, true},      {"H", 1988, true},       {"S", 1925, true},
    {"T", 1911, true},      {"M", 1867, true},       {"西暦", 0, false},
};

/* Years before an era's first, by its code of JIS X 0301. */
static const unsigned coded[6] = {0, 1867, 1911, 1925, 1988, 2018};

static const struct {
    const char *word;
    uint8_t number;
} months[] = {
#define MONTH(word, number) {word, number},
#include "customer/months.def"
#undef MONTH
};

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

/* Bytes of a word in Latin letters, also those beyond ASCII. */
static size_t word_length(struct span s)
{
    size_t len = 0;

    while (len < s.len &&
           (is_letter(s.ptr[len]) ||
            (s.ptr[len] >= 0xC3 && s.ptr[len] <= 0xC5 && len + 1 < s.len)))
        len += s.ptr[len] < 0x80 ? 1 : 2;
    return len;
}

/* Words beside the numbers: 3rd, 4th, "of", the days of the week. */
static bool is_filling(struct span word, bool behind_number)
{
    static const char *const words[] = {"mon", "tue", "wed", "thu",
                                        "fri", "sat", "sun"};

    if (behind_number && word.len == 2)
        return true; /* st, nd, rd, th, de */
    for (size_t i = 0; i < COUNT(words); i++) {
        if (span_starts_nocase(word, span_of(words[i])))
            return true;
    }
    return span_eq_nocase(word, SPAN("of"));
}

/* The name of a month; other words make it no date. */
static size_t take_word(struct span s, struct parts *p)
{
    struct span word = span_head(s, word_length(s));

    for (size_t i = 0; i < COUNT(months) && word.len >= 3; i++) {
        if (p->month >= 0 || !span_starts_nocase(word, span_of(months[i].word)))
            continue;
        p->month = (int)p->count;
        add(p, months[i].number, 2);
        return word.len;
    }
    p->bad = p->bad || !is_filling(word, p->count > 0);
    return word.len;
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
        size_t len = is_digit(c)          ? take_digits(s, &p)
                     : word_length(s) > 0 ? take_word(s, &p)
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

/* One number alone: YYYYMMDD, MMDDYYYY, DDMMYYYY, YYMMDD, era and YYMMDD. */
static bool from_one(const struct parts *p, enum date_order order,
                     struct date *out)
{
    unsigned n = p->number[0], era = n / 1000000;
    bool day_first = order == DATE_DAY_FIRST;

    if (p->width[0] == ERA_CODED && !p->era && era >= 1 && era < COUNT(coded)) {
        *out =
            (struct date){coded[era] + n / 10000 % 100, n / 100 % 100, n % 100};
        return is_date(out);
    }
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
    for (int round = 0; round < 2; round++, day_first = !day_first) {
        unsigned a = n / 1000000, b = n / 10000 % 100;
        *out = day_first ? (struct date){n % 10000, b, a}
                         : (struct date){n % 10000, a, b};
        if (is_date(out))
            return true;
    }
    return false;
}

static bool from_three(const struct parts *p, enum date_order order,
                       struct date *out)
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
    bool dots = order == DATE_EITHER && p->dots;
    bool day_first =
        p->month == 1 || (p->month < 0 && (dots || order == DATE_DAY_FIRST));
    *out = day_first ? (struct date){last, n[1], n[0]}
                     : (struct date){last, n[0], n[1]};
    if (is_date(out) || p->month >= 0)
        return is_date(out);
    *out = (struct date){last, out->day, out->month};
    return is_date(out);
}

/* 19550303000000: the time is behind the day. */
static struct span without_time(struct span s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (!is_digit(s.ptr[i]))
            return s;
    }
    return s.len == STAMP ? span_head(s, 8) : s;
}

bool date_read_as(struct span text, enum date_order order, struct date *out)
{
    struct parts p = take_apart(without_time(span_trim(text)));

    if (p.bad || p.count == 0)
        return false;
    if (p.count == 1 || p.width[0] == 8)
        return from_one(&p, order, out);
    return p.count == 3 && from_three(&p, order, out);
}

bool date_read(struct span text, struct date *out)
{
    return date_read_as(text, DATE_EITHER, out);
}

enum date_order date_order_of(struct span text)
{
    struct date day, month;

    if (!date_read_as(text, DATE_DAY_FIRST, &day) ||
        !date_read_as(text, DATE_MONTH_FIRST, &month))
        return DATE_EITHER;
    struct parts p = take_apart(span_trim(text));
    bool parts = p.count == 3 && p.month < 0 && !p.era && p.width[0] <= 2 &&
                 p.number[0] <= 31;
    if (!parts || (p.number[0] <= 12 && p.number[1] <= 12))
        return DATE_EITHER;
    return p.number[0] > 12 ? DATE_DAY_FIRST : DATE_MONTH_FIRST;
}

/* The day that is so many days behind 0000-03-01. */
static struct date from_days(int64_t days)
{
    unsigned era = (unsigned)(days / ERA_DAYS);
    unsigned rest = (unsigned)(days % ERA_DAYS);
    unsigned year = (rest - rest / 1460 + rest / 36524 - rest / 146096) / 365;
    unsigned day = rest - (365 * year + year / 4 - year / 100);
    unsigned month = (5 * day + 2) / 153; /* 0: March */

    return (struct date){year + era * 400 + (month >= 10),
                         month < 10 ? month + 3 : month - 9,
                         day - (153 * month + 2) / 5 + 1};
}

static bool from_seconds(int64_t seconds, struct date *out)
{
    seconds += LOCAL;
    int64_t days =
        DAYS_TO_1970 + seconds / DAY_SECONDS - (seconds % DAY_SECONDS < 0);
    if (days < 0)
        return false;
    *out = from_days(days);
    return is_date(out);
}

bool date_number(struct span text, struct date *out)
{
    struct span s = span_trim(text);
    bool minus = span_starts(s, SPAN("-"));
    int64_t value = 0;

    s = span_skip(s, minus ? 1 : 0);
    if (s.len > 2 && span_eq(span_skip(s, s.len - 2), SPAN(".0")))
        s = span_head(s, s.len - 2);
    if (s.len < 5 || s.len > 13)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        if (!is_digit(s.ptr[i]))
            return false;
        value = value * 10 + (s.ptr[i] - '0');
    }
    if (s.len == 5 && !minus) {
        *out = from_days(DAYS_TO_1900 + value - SERIAL_ZERO);
        return is_date(out);
    }
    value = minus ? -value : value;
    return (s.len <= 10 && from_seconds(value, out)) ||
           (s.len >= 10 && from_seconds(value / 1000, out));
}

static void add_number(struct normal *n, unsigned value, unsigned unit)
{
    for (; unit > 0; unit /= 10)
        normal_byte(n, (uint8_t)('0' + value / unit % 10));
}

void date_put(const struct date *d, struct normal *n)
{
    add_number(n, d->year, 1000);
    normal_byte(n, '-');
    add_number(n, d->month, 10);
    normal_byte(n, '-');
    add_number(n, d->day, 10);
}

static bool put_text(struct normal *n, struct span text)
{
    uint8_t room[NORMAL_TEXT];
    struct span s = normal_folded(text, room);

    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] != ' ')
            normal_byte(n, s.ptr[i]);
    }
    return true;
}

/* What is no date keeps its signs but blanks: it still tells two apart. */
bool normal_date(struct normal *n, struct span text)
{
    uint8_t room[NORMAL_TEXT];
    struct span s = normal_plain(text, room);
    struct date d;

    if (!date_read(s, &d) && !date_number(s, &d))
        return put_text(n, s);
    date_put(&d, n);
    return true;
}

bool normal_date_other(struct normal *n, struct span text)
{
    uint8_t room[NORMAL_TEXT];
    struct span s = normal_plain(text, room);
    struct date usual, day, month;

    if (!date_read(s, &usual) || !date_read_as(s, DATE_DAY_FIRST, &day) ||
        !date_read_as(s, DATE_MONTH_FIRST, &month) || day.day == month.day)
        return false;
    date_put(day.day == usual.day ? &month : &day, n);
    return true;
}
