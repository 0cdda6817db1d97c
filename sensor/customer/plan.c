// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * plan.c - the phone plans of countries, as plans.def lists them.
 *
 * It must not allocate.
 */
#include "customer/plan.h"

#include <string.h>

#include "outflow/compiler.h"

enum { DIGITS_LEAST = 7, CODE_WIDTH = 3, THOUSAND = 1000 };

/* Bits least to most. */
#define BITS(least, most) ((2U << (most)) - (1U << (least)))

static const struct {
    const char *code, *trunk, *numbers;
} rows[PLANS] = {
#define PLAN(id, code, trunk, lengths, firsts, numbers)                        \
    [PLAN_##id] = {#code, trunk, numbers},
#include "customer/plans.def"
#undef PLAN
};

static const char *const mobiles[PLANS] = {
#define MOBILES(id, numbers) [PLAN_##id] = (numbers),
#include "customer/plans.def"
#undef MOBILES
};

/* What passes over most rows. */
static const struct {
    uint16_t lengths, firsts;
} kinds[PLANS] = {
#define PLAN(id, code, trunk, lengths, firsts, numbers)                        \
    [PLAN_##id] = {lengths, firsts},
#include "customer/plans.def"
#undef PLAN
};

/* The row of each country code. */
static const uint8_t by_code[THOUSAND] = {
#define PLAN(id, code, ...) [code] = PLAN_##id,
#include "customer/plans.def"
#undef PLAN
};

_Static_assert(PLANS <= 128, "a bit for each row");

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Is digit one of those in brackets? at is moved behind them. */
static bool one_of(const char **at, char digit)
{
    const char *p = *at + 1;
    bool found = false;

    for (; *p != ']'; p++) {
        if (p[1] == '-') {
            found = found || (digit >= p[0] && digit <= p[2]);
            p += 2;
        } else {
            found = found || digit == *p;
        }
    }
    *at = p + 1;
    return found;
}

/* One or two decimal digits. */
static size_t take_length(const char **at)
{
    size_t value = 0;

    while (is_digit(**at))
        value = value * 10 + (size_t)(*(*at)++ - '0');
    return value;
}

/* Are digits of the kind that at stands before? at is moved behind it. */
static bool number_fits(const char **at, struct span digits)
{
    bool fits = true;
    size_t i = 0;

    while (**at != ':') {
        char digit = i < digits.len ? (char)digits.ptr[i] : 0;
        if (**at == '[')
            fits = one_of(at, digit) && fits;
        else
            fits = *(*at)++ == digit && fits;
        i++;
    }
    (*at)++;
    size_t least = take_length(at), most = least;
    if (**at == '-') {
        (*at)++;
        most = take_length(at);
    }
    *at += **at == ' ';
    return fits && digits.len >= least && digits.len <= most;
}

static bool any_fits(const char *numbers, struct span digits)
{
    while (numbers && *numbers) {
        if (number_fits(&numbers, digits))
            return true;
    }
    return false;
}

static bool may_fit(enum plan plan, struct span digits)
{
    return (kinds[plan].lengths >> digits.len & 1) &&
           (kinds[plan].firsts >> (digits.ptr[0] - '0') & 1);
}

static bool row_fits(enum plan plan, struct span digits)
{
    return digits.len <= PLAN_DIGITS && may_fit(plan, digits) &&
           any_fits(rows[plan].numbers, digits);
}

/* Behind the trunk prefix, written in front of it again, or as they stand. */
static bool is_national(enum plan plan, struct span digits)
{
    uint8_t room[PLAN_DIGITS];
    size_t trunk = strlen(rows[plan].trunk);

    if (digits.len > PLAN_DIGITS - trunk)
        return false;
    memcpy(room, rows[plan].trunk, trunk);
    memcpy(room + trunk, digits.ptr, digits.len);
    return row_fits(plan, digits) ||
           row_fits(plan, (struct span){room, trunk + digits.len});
}

/* Digits with the country code in front, and no +. */
static bool behind_code(enum plan plan, struct span digits, struct span *rest)
{
    struct span code = span_of(rows[plan].code);

    *rest = digits;
    if (!span_starts(digits, code))
        return false;
    *rest = span_skip(digits, code.len);
    return is_national(plan, *rest);
}

struct plan_set plan_inside(struct span digits)
{
    struct plan_set found = {{0, 0}};

    if (digits.len < DIGITS_LEAST || digits.len > PLAN_DIGITS)
        return found;
    for (unsigned id = 1; id < PLANS; id++) {
        if (may_fit((enum plan)id, digits) && row_fits((enum plan)id, digits))
            found.bits[id / 64] |= UINT64_C(1) << id % 64;
    }
    return found;
}

enum plan plan_behind_plus(struct span digits)
{
    unsigned code = 0;

    for (size_t i = 0; i < CODE_WIDTH && i < digits.len; i++) {
        code = code * 10 + (unsigned)(digits.ptr[i] - '0');
        if (by_code[code] != PLAN_NONE)
            return (enum plan)by_code[code];
    }
    return PLAN_NONE;
}

struct span plan_national(enum plan plan, struct span digits)
{
    struct span trunk = span_of(plan ? rows[plan].trunk : ""), rest;

    if (row_fits(plan, digits))
        return trunk.len > 0 && span_starts(digits, trunk)
                   ? span_skip(digits, trunk.len)
                   : digits;
    if (plan && behind_code(plan, digits, &rest))
        return rest;
    return (struct span){digits.ptr, 0};
}

unsigned plan_code(enum plan plan)
{
    unsigned code = 0;

    for (const char *at = rows[plan].code; at && *at; at++)
        code = code * 10 + (unsigned)(*at - '0');
    return code;
}

size_t plan_width(enum plan plan)
{
    return span_of(rows[plan].code).len;
}

/* The first three digits of a number of which the rest does not matter. */
static void set_lead(uint8_t *number, unsigned lead)
{
    number[0] = (uint8_t)('0' + lead / 100);
    number[1] = (uint8_t)('0' + lead / 10 % 10);
    number[2] = (uint8_t)('0' + lead % 10);
}

/* The numbers that count: those of mobiles when nothing else was met. */
static const char *numbers_of(enum plan plan, size_t digits,
                              const struct plan_leads *leads, uint8_t *number)
{
    uint64_t none[2] = {leads->pairs[0], leads->pairs[1]};

    if (!mobiles[plan])
        return rows[plan].numbers;
    for (unsigned lead = 0; lead < THOUSAND; lead++) {
        set_lead(number, lead);
        if (any_fits(mobiles[plan], (struct span){number, digits}))
            none[lead / 640] &= ~(UINT64_C(1) << (lead / 10 % 64));
    }
    return none[0] | none[1] ? rows[plan].numbers : mobiles[plan];
}

void plan_room(enum plan plan, size_t digits, const struct plan_leads *leads,
               struct plan_place room[PLAN_PLACES])
{
    bool ten = false, hundred = false;
    uint8_t number[PLAN_DIGITS];

    memset(number, '2', sizeof(number));
    memset(room, 0, sizeof(*room) * PLAN_PLACES);
    room[0].all = 10;
    if (digits > PLAN_DIGITS)
        return;
    const char *numbers = numbers_of(plan, digits, leads, number);
    for (unsigned i = 0; i < THOUSAND; i++) {
        bool first_met = leads->met[0] >> (i / 100) & 1;
        bool second_met = first_met && (leads->met[1] >> (i / 10 % 10) & 1);
        ten = ten && i % 100 != 0;
        hundred = hundred && i % 10 != 0;
        set_lead(number, i);
        if (!any_fits(numbers, (struct span){number, digits}))
            continue;
        room[0].some += !ten;
        room[1].some += first_met && !hundred;
        room[2].some += second_met;
        room[1].all += first_met && !ten ? 10 : 0;
        room[2].all += second_met && !hundred ? 10 : 0;
        ten = hundred = true;
    }
}
