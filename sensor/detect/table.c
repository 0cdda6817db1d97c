// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * table.c - the fields of one row of a table whose columns are known.
 *
 * Cells with an identifying value anchor a row: then its other cells need
 * only fit their columns. Without one they must show by themselves what they
 * are, so that a marketing row between customers names nobody; only a birth
 * says that the address beside it is a person's.
 *
 * It must not decide what a column is.
 */
#include "detect/table.h"

#include <stdlib.h>
#include <string.h>

#include "detect/detectors.h"
#include "detect/undo.h"

enum { SLIDE = 128 };

struct table *table_new(const struct dialect *how, size_t count)
{
    struct table *t = calloc(1, sizeof(*t) + count * sizeof(struct column));

    if (!t)
        return NULL;
    t->how = *how;
    t->count = (uint16_t)count;
    for (size_t i = 0; i < count; i++)
        t->column[i].type = FIELD_NONE;
    return t;
}

/* A column of cards or ids that turns out to be of others is dropped. */
static void revise(struct column *col, bool valid)
{
    col->seen++;
    col->valid = (uint16_t)(col->valid + valid);
    if (col->seen < SLIDE)
        return;
    if (col->valid * 2 < col->seen)
        col->type = FIELD_NONE;
    col->seen /= 2;
    col->valid /= 2;
}

/* Is the cell a value of an identifying column? */
static bool identifies(struct detect *d, struct column *col,
                       const struct cell *c, enum field_type *type)
{
    const struct detector *look = detector_at(detector_look(col->type));

    *type = col->type;
    if (col->own)
        return numbers_match(d->numbers, c->narrow, NULL) == col->type;
    if (col->type == FIELD_CARD_NUMBER) {
        bool valid = look->fits(c);
        if (c->digits >= LONG_MIN && c->digits <= LONG_MAX)
            revise(col, valid);
        return valid;
    }
    if (col->type == FIELD_NATIONAL_ID) {
        bool valid = national_valid(c, (enum national)col->national);
        if (col->proof == PROOF_SHAPE)
            revise(col, valid);
        return valid;
    }
    if (col->type == FIELD_PHONE && !col->loose)
        return phone_sure(c);
    return look->fits(c);
}

static void put(struct field *fields, size_t *count, enum field_type type,
                uint8_t proof, struct span text)
{
    fields[(*count)++] = (struct field){type, (enum field_proof)proof, text};
}

static size_t fields_identifying(struct detect *d, struct table *t,
                                 const struct span *cells, struct field *fields)
{
    uint8_t room[CELL_ROOM];
    struct cell c;
    enum field_type type;
    size_t found = 0;

    for (size_t i = 0; i < t->count; i++) {
        struct column *col = &t->column[i];
        if (!field_identifies((enum field_type)col->type) || cells[i].len == 0)
            continue;
        cell_make(&c, cells[i], room);
        if (c.text.len == 0 || !identifies(d, col, &c, &type))
            continue;
        if (type == FIELD_NATIONAL_ID)
            c.text = national_value(c.text);
        put(fields, &found, type, col->proof, c.text);
    }
    return found;
}

/* Has the row a birth under the table's header for births? */
static bool is_born(const struct table *t, const struct span *cells)
{
    uint8_t room[CELL_ROOM];
    struct cell c;

    if (t->births == 0 || cells[t->births - 1].len == 0)
        return false;
    cell_make(&c, cells[t->births - 1], room);
    const struct detector *day = detector_at(LOOK_DATES);
    return t->header ? day->fits(&c) : day->sure(&c);
}

/* Cells of the other columns that fit, or (strict) show what they are. */
static size_t fields_further(const struct table *t, const struct span *cells,
                             struct field *fields, bool strict)
{
    uint8_t room[CELL_ROOM];
    struct cell c;
    size_t found = 0;
    bool born = strict && is_born(t, cells);

    for (size_t i = 0; i < t->count; i++) {
        const struct column *col = &t->column[i];
        enum field_type type = (enum field_type)col->type;
        enum look look = detector_look(type);
        if (look == LOOKS || cells[i].len == 0 || field_identifies(type))
            continue;
        cell_make(&c, cells[i], room);
        bool believed =
            (col->loose &&
             (type == FIELD_PERSON_NAME || type == FIELD_DATE_OF_BIRTH)) ||
            (type == FIELD_ADDRESS && born && (t->header || c.digits > 0));
        const struct detector *value = detector_at(look);
        if (c.text.len > 0 && value->fits(&c) &&
            (!strict || believed || value->sure(&c)))
            put(fields, &found, type, col->proof, c.text);
    }
    return found;
}

/* Without an identifying value: a name and two things that are sure. */
static bool is_sure(const struct field *fields, size_t count)
{
    uint32_t types = 0;

    for (size_t i = 0; i < count; i++)
        types |= FIELD_BIT(fields[i].type);
    return (types & FIELD_BIT(FIELD_PERSON_NAME)) &&
           __builtin_popcount(types) >= 3;
}

/* Too many cells: an address with its own separators, not quoted. */
static bool join_address(const struct table *t, struct span *cells,
                         size_t count)
{
    size_t more = count - t->count, at = 0;

    if (count > LIMIT_COLUMNS)
        return false;
    while (at < t->count && t->column[at].type != FIELD_ADDRESS)
        at++;
    if (at == t->count)
        return false;
    const struct span *end = &cells[at + more];
    cells[at].len = (size_t)(end->ptr + end->len - cells[at].ptr);
    memmove(&cells[at + 1], &cells[at + 1 + more],
            (t->count - at - 1) * sizeof(*cells));
    return true;
}

/* Cells as they were before they were coded; days and phones in one form. */
static void undo_codes(struct detect *d, const struct table *t,
                       struct span *cells)
{
    buf_reset(&d->plain);
    for (size_t i = 0; i < t->count; i++) {
        unsigned signs = d->signs | (t->column[i].base64 ? UNDO_BASE64 : 0);
        if (signs && t->column[i].type != FIELD_NONE)
            cells[i] = undo_cell(&d->plain, cells[i], signs);
        if (t->column[i].day_first &&
            detector_look((enum field_type)t->column[i].type) == LOOK_DATES)
            cells[i] = dates_day_first(&d->plain, cells[i]);
        if (t->column[i].plan != PLAN_NONE)
            cells[i] = plans_written(&d->plain, (enum plan)t->column[i].plan,
                                     cells[i]);
    }
}

size_t table_fields(struct detect *d, struct table *t, struct span *cells,
                    size_t count, struct field *fields)
{
    if (count > t->count && cells[t->count].len > 0 &&
        !join_address(t, cells, count))
        return 0;
    for (size_t i = count; i < t->count; i++)
        cells[i] = (struct span){cells[0].ptr, 0};
    undo_codes(d, t, cells);
    size_t found = fields_identifying(d, t, cells, fields);
    if (found == 0 && !is_sure(fields, fields_further(t, cells, fields, true)))
        return 0;
    if (found > 0)
        return found + fields_further(t, cells, fields + found, false);
    return fields_further(t, cells, fields, false);
}
