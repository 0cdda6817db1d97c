// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * phone.c - telephone numbers: E.164, North America, Japan, and the usual
 * groups of Great Britain, France and Australia.
 *
 * In: a cell or token. Out: is it a phone by how it is written (sure), or
 * may it be one under a header or in a column of its kind (fits). Not: short
 * numbers; that a column is of one country's numbers (plans.c).
 * Spec: ITU-T E.164, NANP (NPA-NXX-XXXX), Japan's plan (0AB~J, 0A0).
 */
#include "detect/detectors.h"

#include <string.h>

#include "outflow/compiler.h"

enum {
    GROUPS = 8,
    PHONE_MIN = 7,
    PHONE_MAX = PHONE_DIGITS,
    EXTENSION_MAX = 6,
    PHONE_LONG = 9, /* digits of a whole number of most countries */
    WORDS_MAX = 24, /* letters beside a number under its header */
};

/* A number taken apart. */
struct phone {
    bool plus;  /* begins with + */
    bool round; /* its first or second group stands in ( ) */
    uint8_t digits[PHONE_MAX];
    size_t count; /* digits */
    uint8_t size[GROUPS];
    size_t groups;
    size_t dots; /* between groups */
};

/* Signs between digits: at most ") " or " (" or ")/" together. */
static bool separator_known(struct span s)
{
    static const char *const known[] = {"-",  " ",  ".",  "/",  ")",   "(",
                                        ") ", " (", ")-", "-(", ") -", " - ",
                                        ")/", "/ ", " /", "-/", ").",  ". "};

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (span_eq(s, span_of(known[i])))
            return true;
    }
    return false;
}

static bool take_group(struct phone *p, struct span *s)
{
    size_t n = 0;

    while (n < s->len && cell_is_digit(s->ptr[n]))
        n++;
    if (n == 0 || p->groups == GROUPS || p->count + n > PHONE_MAX)
        return false;
    memcpy(p->digits + p->count, s->ptr, n);
    p->count += n;
    p->size[p->groups++] = (uint8_t)n;
    *s = span_skip(*s, n);
    return true;
}

static bool take_separator(struct phone *p, struct span *s)
{
    size_t n = 0;

    while (n < s->len && !cell_is_digit(s->ptr[n]))
        n++;
    struct span sign = span_head(*s, n);
    *s = span_skip(*s, n);
    for (size_t i = 0; i < n; i++)
        p->round = p->round || sign.ptr[i] == ')';
    p->dots += n == 1 && sign.ptr[0] == '.';
    return separator_known(sign);
}

/* Without an extension behind it (x123, ext. 123, #5). */
static struct span without_extension(struct span s)
{
    static const char *const words[] = {"ext.", "ext", "x", "#"};
    size_t n = s.len;

    while (n > 0 && s.len - n <= EXTENSION_MAX && cell_is_digit(s.ptr[n - 1]))
        n--;
    struct span front = span_trim(span_head(s, n));
    for (size_t i = 0; i < COUNT(words) && n < s.len; i++) {
        struct span word = span_of(words[i]);
        if (front.len > word.len + PHONE_MIN &&
            span_eq_nocase(span_skip(front, front.len - word.len), word))
            return span_trim(span_head(front, front.len - word.len));
    }
    return s;
}

/* Without "tel:" or "TEL" in front. */
static struct span without_word(struct span s)
{
    if (!span_starts_nocase(s, SPAN("tel")))
        return s;
    s = span_skip(s, 3);
    return s.len > 0 && (s.ptr[0] == ':' || s.ptr[0] == '.')
               ? span_trim(span_skip(s, 1))
               : span_trim(s);
}

/* All of s is one number. */
static bool take_all(struct phone *p, struct span s)
{
    *p = (struct phone){.groups = 0};
    if (span_starts(s, SPAN("(+"))) {
        p->plus = true;
        s = span_skip(s, 2);
    } else if (span_starts(s, SPAN("+"))) {
        p->plus = true;
        s = span_skip(s, span_starts(s, SPAN("+(")) ? 2 : 1);
    } else if (span_starts(s, SPAN("("))) {
        s = span_skip(s, 1);
    }
    while (take_group(p, &s)) {
        if (s.len == 0)
            return p->count >= PHONE_MIN;
        if (!take_separator(p, &s))
            return false;
    }
    return false;
}

static bool phone_take(struct phone *p, const struct cell *c)
{
    if (c->wide > 0 || c->digits < PHONE_MIN ||
        c->digits > PHONE_MAX + EXTENSION_MAX || c->letters > 3)
        return false;
    return take_all(p, without_extension(without_word(c->narrow)));
}

/* NPA-NXX-XXXX at digits: area and exchange do not begin with 0 or 1. */
static bool american(const uint8_t *digits)
{
    return digits[0] >= '2' && digits[3] >= '2';
}

/* In three groups, with 1 or 001 in front of them or not. */
static bool american_groups(const struct phone *p)
{
    size_t from = 0;

    if (p->size[0] == 1 && p->digits[0] == '1')
        from = 1;
    else if (p->size[0] == 3 && p->groups == 4 &&
             memcmp(p->digits, "001", 3) == 0)
        from = 3;
    size_t group = from > 0 ? 1 : 0;
    return p->count == 10 + from && p->groups == 3 + group &&
           p->size[group] == 3 && p->size[group + 1] == 3 &&
           american(p->digits + from);
}

/* 0AB~J of ten digits, 0A0 and 0800 of eleven, written in three groups. */
static bool japanese_groups(const struct phone *p)
{
    if (p->groups != 3 || p->digits[0] != '0' || p->digits[1] == '0')
        return false;
    if (p->count == 11)
        return p->size[0] == 3 ? p->size[1] == 4
                               : p->size[0] == 4 && p->digits[1] == '8';
    if (p->count != 10)
        return false;
    return p->size[2] == 4 ? p->size[0] >= 2 && p->size[0] <= 5
                           : p->size[0] == 4 && p->size[1] == 3;
}

/* Groups as Great Britain, France and Australia write them. */
static bool national_groups(const struct phone *p)
{
    static const struct {
        uint8_t second;       /* digit behind the 0; 0: any */
        uint8_t size[GROUPS]; /* of the groups, 0 ends */
    } plans[] = {
        {'1', {5, 6}},    {'1', {5, 3, 3}}, {'1', {4, 3, 4}},
        {'2', {3, 4, 4}}, {'3', {4, 3, 4}}, {'7', {5, 6}},
        {'7', {5, 3, 3}}, {'8', {4, 3, 4}}, {0, {2, 2, 2, 2, 2}},
        {'4', {4, 3, 3}}, {0, {2, 4, 4}},
    };

    if (p->digits[0] != '0' || p->digits[1] == '0' || p->groups < 2)
        return false;
    for (size_t i = 0; i < COUNT(plans); i++) {
        if ((plans[i].second == 0 || plans[i].second == p->digits[1]) &&
            memcmp(p->size, plans[i].size, sizeof(p->size)) == 0)
            return true;
    }
    return false;
}

/* +CC ...: a country code and eight digits or more in all. */
static bool international(const struct phone *p)
{
    if (!p->plus || p->count < 8 || p->digits[0] == '0')
        return false;
    if (p->digits[0] == '1')
        return p->count == 11 && american(p->digits + 1);
    /* +404251-0740023 is a place on the globe (ISO 6709) */
    return p->groups != 2 || p->size[0] != 6 || p->size[1] != 7;
}

bool phone_sure(const struct cell *c)
{
    struct phone p;

    if (!phone_take(&p, c))
        return false;
    if (p.plus)
        return international(&p);
    return american_groups(&p) || japanese_groups(&p) || national_groups(&p);
}

/*
 * The number that s begins with, where something else stands behind it: a
 * second number, (home), extension 12.
 */
static struct span first_number(struct span s)
{
    size_t digits = 0, i = 0;

    while (i < s.len && (cell_is_digit(s.ptr[i]) ||
                         (s.ptr[i] && strchr("+-. ()/", s.ptr[i])))) {
        if (digits >= PHONE_LONG && s.ptr[i] == '/')
            break;
        digits += cell_is_digit(s.ptr[i++]);
    }
    s = span_trim(span_head(s, i));
    while (s.len > 0 && strchr("(-./", s.ptr[s.len - 1]))
        s = span_trim(span_head(s, s.len - 1));
    return s;
}

static bool phone_fits(const struct cell *c)
{
    struct phone p;

    if (phone_take(&p, c))
        return true;
    if (c->wide > WORDS_MAX || c->letters > WORDS_MAX ||
        c->digits < PHONE_MIN || c->digits > 2 * PHONE_MAX)
        return false;
    struct span first = first_number(without_word(c->narrow));
    return first.len < c->narrow.len && take_all(&p, first);
}

bool phone_look(const struct cell *c, struct phone_look *look)
{
    struct phone p;

    if (!phone_take(&p, c))
        return false;
    bool zeros = p.count > PHONE_LONG && memcmp(p.digits, "00", 2) == 0;
    size_t skip = !p.plus && zeros ? 2 : 0;
    bool quad = p.dots + 1 == p.groups && (p.groups == 2 || p.groups == 4) &&
                p.size[0] <= 3;
    *look = (struct phone_look){.plus = p.plus || zeros,
                                .grouped = p.groups > 1 && !quad,
                                .groups = (uint8_t)p.groups,
                                .first = p.size[0],
                                .count = (uint8_t)(p.count - skip)};
    memcpy(look->digits, p.digits + skip, look->count);
    return true;
}

const struct detector detector_PHONE = {phone_sure, phone_fits};
