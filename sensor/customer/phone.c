// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * phone.c - the national significant number of a phone, as it may be written.
 *
 * +81 3-1234-5678, 0081 3 1234 5678, 010-81-3-1234-5678 and 03-1234-5678 are
 * one phone. The country is not kept: a number without a prefix does not say
 * it, and the same number must give the same form with and without one.
 *
 * It must not judge whether a number is in service.
 */
#include "customer/normal.h"

#include <string.h>

#include "customer/plan.h"
#include "outflow/compiler.h"
#include "util/unicode.h"

enum {
    DIGITS_MAX = 24,  /* digits of any way to dial a number */
    NUMBER_LEAST = 6, /* digits of a national number; shorter is a service */
    NUMBER_MOST = 15, /* E.164 */
    STOP_WORD = 7,    /* digits after which a word ends the number */
    STOP_SLASH = 9,   /* digits after which "/" begins another number */
};

struct dialled {
    uint8_t digit[DIGITS_MAX]; /* '0' to '9' */
    size_t len;
    bool plus;
    bool ended; /* something behind the number was met */
    bool bad;   /* too many digits, or words inside */
};

static const struct {
    uint16_t code;
    uint8_t least, most;
} countries[] = {
#define PHONE(code, least, most) {code, least, most},
#include "customer/phones.def"
#undef PHONE
};

static const struct span exits[] = {
#define EXIT(digits) {(const uint8_t *)(digits), sizeof(digits) - 1},
#include "customer/phones.def"
#undef EXIT
};

static bool is_mark(uint32_t c)
{
    return c == '-' || c == '.' || c == ' ' || c == '(' || c == ')' ||
           c == '\t' || c == '[' || c == ']' || c == '_' ||
           (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0x30FC ||
           c == 0xA0;
}

static void take(struct dialled *d, uint32_t c)
{
    if (c >= '0' && c <= '9') {
        if (d->len < DIGITS_MAX)
            d->digit[d->len++] = (uint8_t)c;
        else
            d->bad = true;
    } else if (c == '+' && d->len == 0) {
        d->plus = true;
    } else if (c == '/') {
        d->ended = d->len >= STOP_SLASH;
    } else if (!is_mark(c) && d->len > 0) {
        d->ended = d->len >= STOP_WORD;
        d->bad = !d->ended;
    }
}

static struct dialled dialled_read(struct span s)
{
    struct dialled d = {.len = 0};

    while (s.len > 0 && !d.ended && !d.bad) {
        uint32_t code = s.ptr[0];
        size_t len = code < 0x80 ? 1 : unicode_decode(s, &code);
        take(&d, code);
        s = (struct span){s.ptr + len, s.len - len};
    }
    return d;
}

static struct span without_zeros(struct span s)
{
    while (s.len > 0 && s.ptr[0] == '0')
        s = span_skip(s, 1);
    return s;
}

/*
 * What is behind the country code, without a trunk 0. False when no code
 * fits, or when the number would have the wrong length and strict is set.
 */
static bool behind_country(struct span s, bool strict, struct span *national)
{
    unsigned head[4] = {0};

    for (size_t i = 0; i < 3; i++)
        head[i + 1] = i < s.len ? head[i] * 10 + (s.ptr[i] - '0') : 0;
    for (size_t i = 0; i < COUNT(countries); i++) {
        unsigned code = countries[i].code;
        size_t width = code >= 100 ? 3 : code >= 10 ? 2 : 1;
        if (s.len <= width || head[width] != code)
            continue;
        *national = without_zeros(span_skip(s, width));
        return !strict || (national->len >= countries[i].least &&
                           national->len <= countries[i].most);
    }
    return false;
}

/* Written with what is dialled to leave a country? */
static bool behind_exit(struct span s, struct span *national)
{
    for (size_t i = 0; i < COUNT(exits); i++) {
        if (span_starts(s, exits[i]) &&
            behind_country(span_skip(s, exits[i].len), true, national))
            return true;
    }
    return false;
}

/* Digits alone that begin with a country code: only where it is certain. */
static bool behind_bare_code(struct span s, struct span *national)
{
    bool north =
        s.len == 11 && s.ptr[0] == '1' && s.ptr[1] >= '2' && s.ptr[4] >= '2';
    bool japan = s.len >= 11 && s.ptr[0] == '8' && s.ptr[1] == '1';
    bool russia = s.len == 11 && s.ptr[0] == '7' && s.ptr[1] >= '3';

    if (s.len == 11 && s.ptr[0] == '8' &&
        (s.ptr[1] == '4' || s.ptr[1] == '9' || s.ptr[1] == '3')) {
        *national = span_skip(s, 1); /* 8 is Russia's trunk prefix */
        return true;
    }
    return (north || japan || russia || s.len >= 12) &&
           behind_country(s, true, national);
}

bool normal_phone(struct normal *n, struct span text)
{
    uint8_t room[NORMAL_TEXT];
    struct dialled d = dialled_read(normal_plain(text, room));
    struct span all = {d.digit, d.len};
    struct span national = all;
    bool found;

    if (d.bad)
        return false;
    if (d.plus)
        found = behind_country(all, false, &national);
    else if (all.len > 0 && all.ptr[0] == '0')
        found = behind_exit(all, &national);
    else
        found = behind_bare_code(all, &national);
    if (!found)
        national = without_zeros(all);
    if (national.len < NUMBER_LEAST || national.len > NUMBER_MOST)
        return false;
    normal_bytes(n, national);
    return true;
}

/*
 * Plans whose national form normal_phone does not know from that of others:
 * those with another trunk prefix than 0, those with their code and no +.
 */
static bool other_of(struct span all, struct span *national)
{
    static const uint8_t trunks[] = {PLAN_HU, PLAN_LT, PLAN_BY, PLAN_MX};

    for (size_t i = 0; i < COUNT(trunks); i++) {
        *national = plan_national((enum plan)trunks[i], all);
        if (national->len > 0 && national->len < all.len)
            return true;
    }
    enum plan plan = plan_behind_plus(all);
    *national = plan_national(plan, all);
    return national->len > 0 && national->len < all.len;
}

bool normal_phone_other(struct normal *n, struct span text)
{
    uint8_t room[NORMAL_TEXT];
    struct dialled d = dialled_read(normal_plain(text, room));
    struct span all = {d.digit, d.len}, national;
    struct normal first = {.len = 0};

    if (d.bad || d.plus || !other_of(all, &national) ||
        !normal_phone(&first, text))
        return false;
    national = without_zeros(national);
    struct span known = {first.bytes, first.len};
    if (span_eq(known, national) || !span_eq(known, without_zeros(all)))
        return false; /* what stands in front was told by the number alone */
    normal_bytes(n, national);
    return true;
}
