// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * number.c - formats of spreadsheets, and what they make of numbers.
 */
#include "decode/document/number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    DAYS_MOST = 2958466, /* 31 December 9999 and its night */
    DAY_S = 86400,
    LEAP_1900 = 60, /* a day that never was: 29 February 1900 */
    DAYS_1904 = 1462,
    EPOCH = 25569, /* 1 January 1970 */
};

/* What stands in a code behind a character that is none of the format. */
static size_t literal_len(struct span s)
{
    switch (s.ptr[0]) {
    case '\\':
    case '_':
    case '*':
        return 2;
    case '"':
        return span_find(span_skip(s, 1), '"') + 2;
    case '[':
        return span_find(s, ']') + 1;
    default:
        return 0;
    }
}

/* Letters of dates in the first section of a code. */
struct letters {
    bool day;   /* d, y, or the eras g and e */
    bool month; /* m, which is a minute beside h and s */
    bool time;
    bool digits; /* 0 # ? . or the exponent's E */
};

static void letter_count(struct letters *l, uint8_t byte)
{
    switch (byte | 0x20) {
    case 'd':
    case 'y':
    case 'g':
        l->day = true;
        return;
    case 'm':
        l->month = true;
        return;
    case 'h':
    case 's':
        l->time = true;
        return;
    default:
        break;
    }
    l->digits |= byte == '0' || byte == '#' || byte == '?';
}

static struct letters letters_of(struct span code)
{
    struct letters l = {0};

    while (code.len > 0 && code.ptr[0] != ';') {
        size_t skip = literal_len(code);
        uint8_t next = code.len > 1 ? code.ptr[1] | 0x20 : 0;

        if (code.ptr[0] == '[' && (next == 'h' || next == 's' || next == 'm'))
            l.time = true;
        if (skip == 0)
            letter_count(&l, code.ptr[0]);
        code = span_skip(code, skip > 0 ? skip : 1);
    }
    return l;
}

/* The literal bytes at the front of a code, and how many bytes tell them. */
static struct span literal_of(struct span code, size_t *len)
{
    *len = literal_len(code);
    switch (code.ptr[0]) {
    case '\\':
        return span_slice(code, 1, 2);
    case '"':
        return span_slice(code, 1, *len - 1);
    case '-':
    case '(':
    case ')':
    case ' ':
    case '/':
        *len = 1;
        return span_head(code, 1);
    default: /* a character that no format knows, unquoted */
        *len = *len == 0 && code.ptr[0] >= 0x80 ? 1 : *len;
        return span_head(code, code.ptr[0] >= 0x80 ? 1 : 0);
    }
}

/*
 * Digits in places, as in "000-0000": every '0' of it is shown. Anything
 * that calculates, or shows nothing of a number, is no mask.
 */
static bool mask_of(struct span code, struct number_format *f)
{
    size_t at = 0, zeros = 0, len;

    while (code.len > 0 && code.ptr[0] != ';') {
        struct span put = literal_of(code, &len);
        if (code.ptr[0] == '0' || code.ptr[0] == '#') {
            zeros += code.ptr[0] == '0';
            put = span_head(code, 1);
            len = 1;
        } else if (len == 0 || memchr(put.ptr, '0', put.len) != NULL ||
                   memchr(put.ptr, '#', put.len) != NULL) {
            return false;
        }
        if (at + put.len >= sizeof(f->mask))
            return false;
        memcpy(f->mask + at, put.ptr, put.len);
        at += put.len;
        code = span_skip(code, len);
    }
    f->mask[at] = '\0';
    return zeros > 1;
}

/* The section for large numbers: "[<=999]000;000-0000" means the last. */
static struct span section_of(struct span code)
{
    struct span next;

    while (span_starts(code, SPAN("[<"))) {
        next = span_skip(code, span_find(code, ';') + 1);
        if (next.len == 0)
            break;
        code = next;
    }
    return code;
}

struct number_format number_format_of(struct span code)
{
    struct number_format f = {0};

    code = section_of(code);
    struct letters l = letters_of(code);

    if (span_starts_nocase(code, SPAN("general")) || code.len == 0)
        return f;
    bool date = l.day || (l.month && !l.time);
    if (date)
        f.kind = l.time ? NUMBER_STAMP : NUMBER_DATE;
    else if (l.time)
        f.kind = NUMBER_TIME;
    else if (l.digits && mask_of(code, &f))
        f.kind = NUMBER_MASK;
    return f;
}

struct number_format number_builtin(unsigned id)
{
    struct number_format f = {0};

    if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) ||
        (id >= 34 && id <= 36) || (id >= 50 && id <= 58))
        f.kind = NUMBER_DATE; /* 34, 35, 55, 56: times in Chinese only */
    if ((id >= 18 && id <= 21) || id == 32 || id == 33 ||
        (id >= 45 && id <= 47))
        f.kind = NUMBER_TIME;
    if (id == 22)
        f.kind = NUMBER_STAMP;
    return f;
}

/* --- writing --- */

static size_t written(int made)
{
    return made > 0 && made < NUMBER_ROOM ? (size_t)made : 0;
}

/* A day of the civil calendar (Howard Hinnant's days_from_civil, undone). */
static void civil(int64_t days, int *year, int *month, int *day)
{
    days += 719468;
    int64_t era = days / 146097;
    int64_t doe = days % 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;

    *day = (int)(doy - (153 * mp + 2) / 5 + 1);
    *month = (int)(mp < 10 ? mp + 3 : mp - 9);
    *year = (int)(yoe + era * 400 + (*month <= 2));
}

static size_t write_time(int64_t seconds, char *out, size_t room)
{
    int made =
        snprintf(out, room, "%02lld:%02d:%02d", (long long)(seconds / 3600),
                 (int)(seconds / 60 % 60), (int)(seconds % 60));

    return written(made);
}

static size_t write_date(double value, enum number_kind kind, bool from_1904,
                         char out[NUMBER_ROOM])
{
    int64_t seconds = (int64_t)(value * DAY_S + 0.5);
    int64_t days = kind == NUMBER_DATE ? (int64_t)value : seconds / DAY_S;
    int year, month, day;

    if (from_1904)
        days += DAYS_1904;
    else if (days < LEAP_1900)
        days++;
    civil(days - EPOCH, &year, &month, &day);
    size_t len =
        written(snprintf(out, NUMBER_ROOM, "%04d-%02d-%02d", year, month, day));
    if (kind == NUMBER_DATE)
        return len;
    out[len++] = ' ';
    return len + write_time(seconds % DAY_S, out + len, NUMBER_ROOM - len);
}

static size_t write_plain(double value, char out[NUMBER_ROOM])
{
    static const double exact = 1e18; /* below, it fits an integer */

    if (value < exact && value > -exact && value == (double)(int64_t)value)
        return written(snprintf(out, NUMBER_ROOM, "%lld", (long long)value));
    return written(snprintf(out, NUMBER_ROOM, "%.15g", value));
}

/* Digits fill the places from the right; those in excess stand in front. */
static size_t write_mask(double value, const char *mask, char out[NUMBER_ROOM])
{
    char digits[NUMBER_ROOM], back[NUMBER_ROOM * 2];
    double whole = (double)(int64_t)((value < 0 ? -value : value) + 0.5);
    size_t left = written(snprintf(digits, sizeof(digits), "%.0f", whole));
    size_t at = 0, places = 0;

    for (const char *c = mask; *c != '\0'; c++)
        places += *c == '0' || *c == '#';
    for (size_t i = strlen(mask); i-- > 0;) {
        bool place = mask[i] == '0' || mask[i] == '#';
        if (!place)
            back[at++] = mask[i];
        else if (left > 0)
            back[at++] = digits[--left];
        else if (mask[i] == '0')
            back[at++] = '0';
        places -= place;
        while (place && places == 0 && left > 0)
            back[at++] = digits[--left];
    }
    if (value < 0)
        back[at++] = '-';
    for (size_t i = 0; i < at && i < NUMBER_ROOM - 1; i++)
        out[i] = back[at - 1 - i];
    at = at < NUMBER_ROOM - 1 ? at : NUMBER_ROOM - 1;
    out[at] = '\0';
    return at;
}

size_t number_write(double value, const struct number_format *format,
                    bool from_1904, char out[NUMBER_ROOM])
{
    static const double masked = 1e18;
    bool day = value >= 0 && value < DAYS_MOST;

    if (!isfinite(value)) {
        out[0] = '\0';
        return 0;
    }
    switch (format->kind) {
    case NUMBER_DATE:
    case NUMBER_STAMP:
        if (day && value >= 1)
            return write_date(value, (enum number_kind)format->kind, from_1904,
                              out);
        if (day && value == 0)
            break;
        /* fall through */
    case NUMBER_TIME:
        if (day)
            return write_time((int64_t)(value * DAY_S + 0.5), out, NUMBER_ROOM);
        break;
    case NUMBER_MASK:
        if (value < masked && value > -masked)
            return write_mask(value, format->mask, out);
        break;
    default:
        break;
    }
    return write_plain(value, out);
}

double number_rk(uint32_t rk)
{
    uint64_t bits = (uint64_t)(rk & ~UINT32_C(3)) << 32;
    double value;

    if ((rk & 2) != 0)
        value = (double)((int32_t)rk >> 2);
    else
        memcpy(&value, &bits, sizeof(value));
    return (rk & 1) != 0 ? value / 100 : value;
}
