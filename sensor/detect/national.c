// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * national.c - national identifiers, as nationals.def lists them.
 *
 * In: a cell. Out: which rows of the table it can be: its signs have the
 * shape, its check holds. Not: whether it is one; that takes a second sign.
 * Spec: beside each row of the table.
 *
 * It must not allocate.
 */
#include "detect/national.h"

#include <string.h>

#include "detect/detectors.h"
#include "detect/mod.h"
#include "detect/mrz.h"
#include "detect/national_check.h"

enum {
    SIGNS_LEAST = 5, /* letters and digits */
    SIGNS_MOST = 20,
    MARKS_MOST = 8,
    ZONE_LEAST = 30, /* a line of a machine-readable zone */
};

struct national_row {
    const char *country;
    enum national_sign sign;
    uint32_t lengths; /* bits */
    const char *shapes, *written, *first;
    bool (*check)(struct span s, struct weights w);
    struct weights weights;
};

static const struct national_row rows[NATIONALS] = {
#define LENGTHS(least, most)                                                   \
    ((UINT32_C(2) << (most)) - (UINT32_C(1) << (least)))
#define NATIONAL(id, country, sign, lengths, shapes, written, first, check,    \
                 weights, modulus)                                             \
    [NATIONAL_##id] = {country, sign,  lengths,          shapes,               \
                       written, first, national_##check, {weights, modulus}},
#include "detect/nationals.def"
#undef NATIONAL
};

_Static_assert(NATIONALS <= 64, "a bit for each row");

/* Rows whose check says something. */
const uint64_t national_checked = 0
#define NATIONAL(id, country, sign, ...)                                       \
    | ((sign) > SIGN_LABEL ? NATIONAL_BIT(NATIONAL_##id) : 0)
#include "detect/nationals.def"
#undef NATIONAL
    ;

static bool is_mark(uint8_t c)
{
    return c == '-' || c == ' ' || c == '.' || c == '/' || c == '+';
}

static bool sign_fits(uint8_t sign, char want)
{
    switch (want) {
    case '9':
        return cell_is_digit(sign);
    case 'A':
        return cell_is_letter(sign);
    case 'N':
        return cell_is_digit(sign) || cell_is_letter(sign);
    case '-':
        return is_mark(sign);
    default:
        return sign == (uint8_t)want;
    }
}

/* Is s one of the shapes, which '|' parts? */
static bool shape_fits(struct span s, const char *shapes)
{
    size_t i = 0;

    for (const char *at = shapes;; at++) {
        if (*at == 0 || *at == '|') {
            if (i == s.len && i > 0)
                return true;
            if (*at == 0)
                return false;
            i = 0;
        } else if (i < s.len && sign_fits(s.ptr[i], *at)) {
            i++;
        } else {
            at += strcspn(at, "|") - 1;
            i = SIZE_MAX; /* this one does not fit */
        }
    }
}

/* Letters and digits of a cell; false when it holds anything else. */
static bool take_signs(const struct cell *c, struct span *signs, uint8_t *room)
{
    struct span s = c->narrow;
    size_t marks = 0;

    if (c->wide > 0 || c->digits + c->letters < SIGNS_LEAST ||
        c->digits + c->letters > SIGNS_MOST || s.len > SIGNS_MOST + MARKS_MOST)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        uint8_t sign = s.ptr[i];
        if (cell_is_digit(sign) || cell_is_letter(sign)) {
            room[signs->len++] = sign;
            continue;
        }
        if ((!is_mark(sign) && sign != '(' && sign != ')') ||
            ++marks > MARKS_MOST)
            return false;
    }
    signs->ptr = room;
    return signs->len > 0;
}

static bool row_fits(const struct national_row *row, struct span signs)
{
    if (!(row->lengths >> signs.len & 1))
        return false;
    if (row->sign != SIGN_LABEL && !shape_fits(signs, row->shapes))
        return false;
    if (row->first[0] && !strchr(row->first, signs.ptr[0]))
        return false;
    return row->check(signs, row->weights);
}

static bool is_zone(const struct cell *c)
{
    struct span number;

    return c->text.len >= ZONE_LEAST && c->digits >= 12 &&
           memchr(c->text.ptr, '<', c->text.len) && mrz_read(c->text, &number);
}

bool national_marked(enum national id)
{
    return rows[id].sign == SIGN_MARKS || rows[id].sign >= SIGN_WRITTEN;
}

struct national_look national_look(const struct cell *c)
{
    struct national_look look = {0, 0};
    uint8_t room[SIGNS_MOST];
    struct span signs = {room, 0};

    if (is_zone(c))
        look.valid = look.sure = NATIONAL_BIT(NATIONAL_MRZ);
    else if (take_signs(c, &signs, room)) {
        for (unsigned id = 1; id < NATIONALS; id++) {
            const struct national_row *row = &rows[id];
            if (!row_fits(row, signs))
                continue;
            look.valid |= NATIONAL_BIT(id);
            if (row->sign == SIGN_ITSELF ||
                (national_marked((enum national)id) &&
                 shape_fits(c->narrow, row->written)))
                look.sure |= NATIONAL_BIT(id);
        }
    }
    return look;
}

bool national_valid(const struct cell *c, enum national id)
{
    uint8_t room[SIGNS_MOST];
    struct span signs = {room, 0};

    if (id == NATIONAL_ANY_OF)
        return (national_look(c).valid & national_checked) != 0;
    if (id == NATIONAL_MRZ)
        return is_zone(c);
    return take_signs(c, &signs, room) && row_fits(&rows[id], signs);
}

bool national_shares(enum national id)
{
    return rows[id].sign >= SIGN_SHARE;
}

const char *national_country(enum national id)
{
    return rows[id].country ? rows[id].country : "";
}

struct span national_value(struct span text)
{
    struct span number;

    if (text.len >= ZONE_LEAST && mrz_read(text, &number))
        return number;
    return text;
}

static bool national_sure(const struct cell *c)
{
    return national_look(c).sure != 0;
}

static bool national_fits(const struct cell *c)
{
    return national_valid(c, NATIONAL_ANY_OF);
}

const struct detector detector_NATIONAL = {national_sure, national_fits};
