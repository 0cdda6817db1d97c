// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * plans.c - tells columns of phones by the plans of countries.
 *
 * It must not decide that a column is one: what stands beside it does.
 */
#include "detect/plans.h"

#include "detect/detectors.h"
#include "outflow/compiler.h"

enum {
    LOCAL_MOST = 10, /* digits; more may have a country code */
    FEW = 8,         /* numbers; fewer prove nothing by their share */
    MOST = 90,       /* percent that fit a plan */
    MANY = 75,       /* percent, where they are written as phones */
    USUAL = 80,      /* percent that are written as phones */
    VARIED = 3,      /* digits at one place that show it to be free */
    PARTS = 16,      /* of a bit */
    GROUPED = 12,    /* bits that being written in three groups says */
    PAIRED = 6,      /* in two, as other numbers are, too */
    MISFIT = 4,      /* bits that a number without room takes away */
    CODED = 16,      /* bits that country codes say */
    CODES_LEAST = 2  /* of them, and one number in ten */
};

struct plans_plain plans_plain(const uint8_t *digits, size_t count)
{
    struct plans_plain p = {false, false, 0};

    p.japan =
        (count == 10 || count == 11) && digits[0] == '0' && digits[1] != '0';
    if (count == 11 && digits[0] == '1') {
        digits++;
        count--;
    }
    p.america = count == 10 && digits[0] >= '2' && digits[3] >= '2';
    if (p.america)
        p.area = (digits[0] * 10 + digits[1] * 3 + digits[2]) & 63;
    return p;
}

static void meet(uint8_t *code, enum plan plan)
{
    *code = *code == PLAN_NONE || *code == plan ? (uint8_t)plan : PLANS;
}

static void meet_leads(struct plan_leads *leads, const uint8_t *digits)
{
    unsigned pair = (unsigned)(digits[0] - '0') * 10 + (digits[1] - '0');

    for (size_t i = 0; i < PLAN_PLACES; i++)
        leads->met[i] |= (uint16_t)(1U << (unsigned)(digits[i] - '0'));
    leads->pairs[pair / 64] |= UINT64_C(1) << pair % 64;
}

/* (351) 912 345 678 has its code in a group of its own. */
static bool is_apart(const struct phone_look *look, enum plan plan)
{
    struct span digits = {look->digits, look->count};

    return look->grouped && plan && look->first == plan_width(plan) &&
           plan_national(plan, digits).len > 0;
}

void plans_add(struct plans_facts *f, const struct cell *c)
{
    struct phone_look look;

    if (!phone_look(c, &look))
        return;
    struct span digits = {look.digits, look.count};
    struct plan_set fits = {{0, 0}};
    if (!look.plus)
        fits = plan_inside(digits);
    bool none = (fits.bits[0] | fits.bits[1]) == 0;
    bool longer = look.plus || digits.len > LOCAL_MOST;
    enum plan plan = none && longer ? plan_behind_plus(digits) : PLAN_NONE;
    f->phones++;
    if (look.plus || is_apart(&look, plan)) {
        f->coded++;
        meet(&f->code, plan ? plan : PLANS);
        return;
    }
    f->grouped = (uint16_t)(f->grouped + (look.grouped && look.groups > 2));
    f->paired = (uint16_t)(f->paired + (look.grouped && look.groups == 2));
    meet_leads(&f->leads, digits.ptr);
    if (digits.len > f->longest)
        f->longest = (uint8_t)digits.len;
    for (unsigned word = 0; word < 2; word++) {
        for (uint64_t left = fits.bits[word]; left; left &= left - 1)
            f->fits[word * 64 + (unsigned)__builtin_ctzll(left)]++;
    }
    if (plan && plan_national(plan, digits).len > 0) {
        f->bare++;
        meet(&f->bare_code, plan);
    }
}

/*
 * Of the whole, so many parts of a bit that some of it says: the binary
 * logarithm of their ratio, whole bits first, then its digits by squaring.
 */
static unsigned says(unsigned some, unsigned all)
{
    const uint64_t two = UINT64_C(2) << 32; /* 32 bits behind the point */
    uint64_t ratio = some ? ((uint64_t)all << 32) / some : 0;
    unsigned parts = 0;

    for (; ratio >= two; ratio /= 2)
        parts += PARTS;
    for (unsigned digit = PARTS / 2; digit > 0; digit /= 2) {
        ratio = (ratio >> 16) * (ratio >> 16);
        if (ratio >= two) {
            parts += digit;
            ratio /= 2;
        }
    }
    return parts;
}

/*
 * What a place says: each number there is a draw of its own only where the
 * digits differ, for account numbers begin alike.
 */
static unsigned place_says(uint16_t met, unsigned numbers, unsigned parts)
{
    unsigned digits = (unsigned)__builtin_popcount(met);

    return (digits >= VARIED ? numbers : digits) * parts;
}

static unsigned plan_says(const struct plans_facts *f, enum plan plan)
{
    struct plan_place room[PLAN_PLACES];
    unsigned parts = 0;

    plan_room(plan, f->longest, &f->leads, room);
    for (size_t i = 0; i < PLAN_PLACES; i++)
        parts += place_says(f->leads.met[i], f->phones - (unsigned)f->coded,
                            says(room[i].some, room[i].all));
    return parts / PARTS;
}

/* The country of the codes, where they are enough and of one. */
static enum plan coded_plan(const struct plans_facts *f)
{
    bool enough =
        f->coded >= CODES_LEAST && cell_share(f->coded, f->phones, 10);

    return enough && f->code < PLANS ? (enum plan)f->code : PLAN_NONE;
}

/* The plan that has room for most of them, the first of several. */
static enum plan best_plan(const struct plans_facts *f)
{
    unsigned best = PLAN_NONE;

    for (unsigned id = 1; id < PLANS; id++) {
        if (f->fits[id] > (best ? f->fits[best] : 0))
            best = id;
    }
    return (enum plan)best;
}

/* Do all numbers without a code begin with a trunk 0? */
static bool is_zero_led(const struct plans_facts *f)
{
    return f->leads.met[0] == 1;
}

/* What the ways to write say that other numbers are not written in. */
static unsigned writing_says(const struct plans_facts *f, enum plan plan)
{
    unsigned plain = f->phones - (unsigned)f->coded;
    bool pairs = cell_share(f->grouped + (unsigned)f->paired, plain, USUAL);

    /* the usual groups of their ten digits are certain by themselves */
    if (plan == PLAN_XX || plan == PLAN_MX)
        return 0;
    if (cell_share(f->grouped, plain, USUAL) || (pairs && is_zero_led(f)))
        return GROUPED;
    return pairs ? PAIRED : 0;
}

unsigned plans_say(const struct plans_facts *f, unsigned filled, bool digits)
{
    enum plan code = coded_plan(f), plan = code ? code : best_plan(f);
    unsigned written = writing_says(f, plan);
    unsigned fits = f->fits[plan] + (code ? f->coded : 0U);
    unsigned sum = code ? CODED : 0;

    if (plan == PLAN_NONE || f->phones < FEW ||
        !cell_share(f->phones, filled, USUAL) ||
        !cell_share(fits, f->phones, code || written ? MANY : MOST))
        return 0;
    sum += plan_says(f, plan) + (digits ? 0 : written);
    unsigned less = (f->phones - fits) * (is_zero_led(f) ? 1 : MISFIT);
    return sum > less ? sum - less : 0;
}

enum plan plans_country(const struct plans_facts *f)
{
    unsigned plain = f->phones - f->coded;
    enum plan only = PLAN_NONE;

    if (coded_plan(f) != PLAN_NONE)
        return coded_plan(f);
    if (f->phones < FEW || f->code == PLANS)
        return PLAN_NONE;
    if (f->bare_code < PLANS && cell_share(f->bare, plain, MOST))
        return (enum plan)f->bare_code;
    for (unsigned id = 1; id < PLAN_DE; id++) {
        if (!cell_share(f->fits[id], plain, MOST))
            continue;
        if (only != PLAN_NONE)
            return PLAN_NONE;
        only = (enum plan)id;
    }
    return only;
}

struct span plans_written(struct buf *plain, enum plan plan, struct span text)
{
    uint8_t room[CELL_ROOM];
    struct phone_look look;
    size_t from = plain->len;
    struct cell c;

    cell_make(&c, text, room);
    if (!phone_look(&c, &look) || look.plus)
        return text;
    struct span digits = {look.digits, look.count};
    struct span national = plan_national(plan, digits);
    bool zero = digits.ptr[0] == '0' && national.len + 1 == digits.len;
    if (national.len == 0 || national.len == digits.len || zero ||
        !buf_printf(plain, "+%u%.*s", plan_code(plan), (int)national.len,
                    (const char *)national.ptr))
        return text;
    return span_skip(buf_span(plain), from);
}
