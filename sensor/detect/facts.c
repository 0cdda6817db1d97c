// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * facts.c - what the cells of a column are, counted over a sample.
 *
 * Every cell of a sample comes by here once; columns.c decides by the counts.
 * It must not keep values.
 */
#include <string.h>

#include "customer/date.h"
#include "detect/bank.h"
#include "detect/detectors.h"
#include "detect/labels.h"
#include "detect/names.h"
#include "detect/readers.h"
#include "detect/table.h"
#include "outflow/compiler.h"

enum { FEW = 8 }; /* rows that nothing is seen in are enough of them */

static uint64_t hash_text(struct span s)
{
    uint64_t h = labels_hash(s);

    return h ^ h >> 29;
}

/* Plain digits as the national numbers of Japan and North America are. */
static void facts_phone(struct facts *f, const uint8_t *digits, size_t count)
{
    struct plans_plain p = plans_plain(digits, count);

    f->japan = (uint16_t)(f->japan + p.japan);
    f->america = (uint16_t)(f->america + p.america);
    f->areas |= p.america ? UINT64_C(1) << p.area : 0;
}

static void facts_number(struct facts *f, const struct cell *c)
{
    uint8_t digits[LONG_MAX];
    uint64_t value = 0;
    size_t count = cell_digits(c->narrow, digits, LONG_MAX);

    if (c->letters > 0 || c->wide > 0 || count > LONG_MAX)
        return;
    f->longs = (uint16_t)(f->longs + (count >= LONG_MIN));
    if (f->shape == 0)
        f->shape = (uint16_t)c->narrow.len;
    f->even = (uint16_t)(f->even + (count >= 7 && count <= 12 &&
                                    c->narrow.len == f->shape &&
                                    c->narrow.len - count <= 3));
    f->plain = (uint16_t)(f->plain + (count == c->narrow.len));
    facts_phone(f, digits, count == c->narrow.len ? count : 0);
    for (size_t i = 0; i < count; i++)
        value = value * 10 + (uint64_t)(digits[i] - '0');
    f->rising = (uint16_t)(f->rising + (value == f->number + 1));
    f->number = value;
}

static void facts_year(struct facts *f, const struct cell *c)
{
    uint16_t year = (uint16_t)dates_year(c);

    if (f->year_first == 0 || year < f->year_first)
        f->year_first = year;
    if (year > f->year_last)
        f->year_last = year;
}

static void facts_order(struct facts *f, const struct cell *c)
{
    /* 31/12/1980 and its like alone tell anything */
    if (c->narrow.len < 6 ||
        (cell_is_digit(c->narrow.ptr[1]) && cell_is_digit(c->narrow.ptr[2])))
        return;
    enum date_order order = date_order_of(c->narrow);

    f->day_first = (uint16_t)(f->day_first + (order == DATE_DAY_FIRST));
    f->month_first = (uint16_t)(f->month_first + (order == DATE_MONTH_FIRST));
}

/* Which rows of nationals.def the cell can be. */
static void facts_national(struct facts *f, const struct cell *c,
                           uint16_t *sure, uint16_t *fits)
{
    struct national_look look = national_look(c);

    f->books = f->books || (c->digits == 9 && c->letters == 1 &&
                            (c->narrow.ptr[c->narrow.len - 1] | 0x20) == 'x');
    for (uint64_t left = look.valid; left; left &= left - 1)
        f->national[__builtin_ctzll(left)]++;
    if (look.valid & national_checked) {
        *fits |= LOOK_BIT(LOOK_NATIONAL);
        f->fits[LOOK_NATIONAL]++;
    }
    if (look.sure) {
        *sure |= LOOK_BIT(LOOK_NATIONAL);
        f->sure[LOOK_NATIONAL]++;
    }
}

static void facts_cell(struct detect *d, struct facts *f, const struct cell *c,
                       uint16_t *sure, uint16_t *fits)
{
    uint64_t hash = hash_text(c->text);
    uint64_t bit = UINT64_C(1) << (hash & 63);

    f->filled++;
    f->distinct = (uint16_t)(f->distinct + !(f->seen[hash >> 6 & 3] & bit));
    f->seen[hash >> 6 & 3] |= bit;
    for (unsigned look = 0; look < LOOKS; look++) {
        const struct detector *one = detector_at((enum look)look);
        if (look == LOOK_NATIONAL || !one->fits(c))
            continue;
        *fits |= LOOK_BIT(look);
        f->fits[look]++;
        if (!one->sure(c))
            continue;
        *sure |= LOOK_BIT(look);
        f->sure[look]++;
    }
    if (c->digits > 0) {
        facts_number(f, c);
        facts_national(f, c, sure, fits);
    }
    if (*fits & LOOK_BIT(LOOK_PHONE))
        plans_add(&f->plans, c);
    f->routing = (uint16_t)(f->routing + bank_is_routing(c));
    f->bic = (uint16_t)(f->bic + bank_is_bic(c));
    if (*sure & LOOK_BIT(LOOK_DATES))
        facts_year(f, c);
    if (*fits & LOOK_BIT(LOOK_DATES))
        facts_order(f, c);
    if (*sure & LOOK_BIT(LOOK_PERSON)
            ? names_known(c)
            : *fits & LOOK_BIT(LOOK_PERSON) && names_single(c)) {
        *sure |= LOOK_BIT(KNOWN);
        f->sure[KNOWN]++;
    }
    enum field_type own = numbers_match(d->numbers, c->narrow, NULL);
    if (own != FIELD_NONE) {
        f->own++;
        f->own_type = (uint8_t)own;
    }
}

/* A row read as the first may be a header that named nobody. */
static void facts_header(struct detect *d, struct facts *f,
                         const struct cell *c)
{
    if (c->digits == 0 && c->letters + c->wide > 1)
        f->denied = header_find(d->header, c->text).force == CLAIM_NOT;
}

void facts_add(struct detect *d, struct facts *facts, size_t row,
               const struct span *cells, size_t count)
{
    uint8_t room[CELL_ROOM];
    struct cell c;

    for (size_t i = 0; i < count && i < LIMIT_COLUMNS; i++) {
        uint16_t *sure = &d->grid->sure[row][i];
        uint16_t *fits = &d->grid->fits[row][i];
        *sure = *fits = 0;
        cell_make(&c, cells[i], room);
        if (c.text.len > 0)
            facts_cell(d, &facts[i], &c, sure, fits);
        if (row == 0)
            facts_header(d, &facts[i], &c);
    }
    for (size_t i = count; i < LIMIT_COLUMNS; i++)
        d->grid->sure[row][i] = d->grid->fits[row][i] = 0;
}

bool facts_hopeless(const struct table *t, const struct facts *facts,
                    size_t rows)
{
    static const uint8_t telling[] = {LOOK_CARD,  LOOK_IBAN,   LOOK_NATIONAL,
                                      LOOK_EMAIL, LOOK_PHONE,  LOOK_PERSON,
                                      KNOWN,      LOOK_ADDRESS};

    if (rows < FEW || t->header)
        return false;
    for (size_t i = 0; i < t->count; i++) {
        const struct facts *f = &facts[i];
        bool claimed = t->column[i].claim.force >= CLAIM_WEAK;
        if (claimed || f->own > 0 || f->japan == rows || f->america == rows)
            return false;
        for (size_t k = 0; k < COUNT(telling); k++) {
            if (f->sure[telling[k]] > 0)
                return false;
        }
    }
    return true;
}
