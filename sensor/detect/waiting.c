// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * waiting.c - cards in running text, until it is certain that they are.
 *
 * One random number in ten passes Luhn, so a card outside of a table counts
 * by the share of live cards among all numbers as long. Until enough of them
 * were seen, the records wait (as pseudonyms, not as values).
 *
 * It must not hold more than LIMIT_WAITING records.
 */
#include <stdlib.h>

#include "detect/detectors.h"
#include "detect/readers.h"
#include "detect/token.h"

enum {
    ENOUGH = 8, /* long numbers that tell by their share */
    CERTAIN = 90,
    DOUBT = 50,
    SLIDE = 256,
    LINE_FIELDS = 16,
};

struct waiting {
    size_t count;
    struct {
        struct record record;
        bool backed; /* by another field, or by how it was written */
    } row[LIMIT_WAITING];
};

void waiting_free(struct rows *r)
{
    free(r->waiting);
    r->waiting = NULL;
}

void waiting_list_free(struct rows *r)
{
    free(r->list);
    r->list = NULL;
}

static void give_list(struct rows *r)
{
    r->listed = true;
    for (size_t i = 0; i < r->list->count; i++)
        rows_give(r, &r->list->row[i].record);
    waiting_list_free(r);
}

void waiting_list(struct rows *r, const struct field *fields, size_t count,
                  const struct moment *seen)
{
    struct record record;

    if (r->listed) {
        rows_put(r, fields, count, seen);
        return;
    }
    if (!r->list)
        r->list = calloc(1, sizeof(*r->list));
    if (!r->list || !customer_record(r->detect->key, fields, count, &record))
        return;
    record.first = record.last = *seen;
    for (size_t i = 0; i < r->list->count; i++) {
        if (r->list->row[i].record.name.pseudonym == record.name.pseudonym)
            return;
    }
    r->list->row[r->list->count++].record = record;
    if (r->list->count >= ENOUGH)
        give_list(r);
}

void waiting_long(struct rows *r, bool valid)
{
    if (r->long_seen == SLIDE) {
        r->long_seen /= 2;
        r->long_valid /= 2;
    }
    r->long_seen++;
    r->long_valid = (uint16_t)(r->long_valid + valid);
}

static bool reaches(const struct rows *r, unsigned percent)
{
    return r->long_valid * 100U >= r->long_seen * percent;
}

static void settle(struct rows *r, bool all, bool backed)
{
    struct waiting *w = r->waiting;

    for (size_t i = 0; w && i < w->count; i++) {
        if (all || (backed && w->row[i].backed))
            rows_give(r, &w->row[i].record);
    }
    if (w)
        w->count = 0;
}

void waiting_settle(struct rows *r, bool last)
{
    if (r->long_seen >= ENOUGH) {
        r->cards = reaches(r, r->cards ? DOUBT : CERTAIN);
        if (r->cards || last || !reaches(r, DOUBT))
            settle(r, r->cards, false);
    } else if (last) {
        settle(r, r->long_valid >= 3 && reaches(r, 100), reaches(r, DOUBT));
    }
    if (r->waiting && (r->waiting->count == 0 || last))
        waiting_free(r);
}

void waiting_put(struct rows *r, const struct field *fields, size_t count,
                 bool backed, const struct moment *seen)
{
    struct record record;

    if (r->waiting && r->waiting->count == LIMIT_WAITING)
        waiting_settle(r, false);
    if (r->cards) {
        rows_put(r, fields, count, seen);
        return;
    }
    if (!r->waiting)
        r->waiting = calloc(1, sizeof(*r->waiting));
    if (!r->waiting || r->waiting->count == LIMIT_WAITING ||
        !customer_record(r->detect->key, fields, count, &record))
        return;
    record.first = record.last = *seen;
    r->waiting->row[r->waiting->count].record = record;
    r->waiting->row[r->waiting->count++].backed = backed;
}

/* The fields found so far in a line. */
struct found {
    struct field fields[LINE_FIELDS];
    size_t count;
    bool card, backed;
};

static void put_found(struct rows *r, struct found *f,
                      const struct moment *seen)
{
    if (f->card)
        waiting_put(r, f->fields, f->count, f->backed, seen);
    if (f->card)
        *f = (struct found){.count = 0};
}

static void find_number(struct rows *r, struct span line, const struct token *t,
                        struct found *f, const struct moment *seen)
{
    struct span card;
    struct field *next = &f->fields[f->count];

    if (token_card(line, t, &card)) {
        if (f->card) {
            put_found(r, f, seen);
            next = &f->fields[f->count];
        }
        *next = (struct field){FIELD_CARD_NUMBER, PROOF_SHAPE, card};
        f->card = true;
        f->backed = f->count > 0 || span_find(card, ' ') < card.len ||
                    span_find(card, '-') < card.len;
    } else if (token_phone(line, t)) {
        *next = (struct field){FIELD_PHONE, PROOF_SHAPE,
                               span_slice(line, t->from, t->to)};
        f->backed = true;
    } else {
        return;
    }
    f->count++;
}

/*
 * The cards of the line that ends at end, each a row of its own, with the
 * e-mails and phones up to the next card.
 */
void waiting_line(struct rows *r, uint32_t end)
{
    struct span line = rows_span(r, r->row, end);
    const struct moment *seen = rows_moment(r, end);
    struct found f = {.count = 0};
    struct token t;

    waiting_settle(r, false);
    for (size_t i = 0; i < line.len && f.count < LINE_FIELDS;) {
        bool email = line.ptr[i] == '@';
        if (!email && !cell_is_digit(line.ptr[i])) {
            i++;
            continue;
        }
        enum token_find found = email ? token_email(line, i, true, &t)
                                      : token_number(line, i, true, &t);
        if (found == TOKEN_FOUND && email) {
            f.fields[f.count++] = (struct field){
                FIELD_EMAIL, PROOF_SHAPE, span_slice(line, t.from, t.to)};
            f.backed = true;
        } else if (found == TOKEN_FOUND) {
            find_number(r, line, &t, &f, seen);
        }
        i = found == TOKEN_FOUND && t.to > i ? t.to : i + 1;
        while (!email && found != TOKEN_FOUND && i < line.len &&
               cell_is_digit(line.ptr[i]))
            i++;
    }
    put_found(r, &f, seen);
    /* a sample that began before it would put its rows again */
    if (r->settled < end)
        r->settled = end;
    waiting_settle(r, false);
}
