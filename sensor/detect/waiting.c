// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * waiting.c - cards and our own numbers in running text, until it is certain
 * that they are.
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
        uint8_t sharing; /* enum sharing */
        bool backed;     /* by another field, or by how it was written */
    } row[LIMIT_WAITING];
};

/* By what a row counts, and whether something else in it says the same. */
struct share_of {
    enum sharing sharing;
    bool backed;
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

void waiting_seen(struct rows *r, enum sharing sharing, bool valid)
{
    struct share *s = &r->share[sharing];

    if (s->seen == SLIDE) {
        s->seen /= 2;
        s->valid /= 2;
    }
    s->seen++;
    s->valid = (uint16_t)(s->valid + valid);
}

static bool reaches(const struct share *s, unsigned percent)
{
    return s->valid * 100U >= s->seen * percent;
}

/* Give those that are certain, drop the others, of one kind. */
static void settle(struct rows *r, enum sharing sharing, bool all, bool backed)
{
    struct waiting *w = r->waiting;
    size_t left = 0;

    for (size_t i = 0; w && i < w->count; i++) {
        if (w->row[i].sharing != sharing)
            w->row[left++] = w->row[i];
        else if (all || (backed && w->row[i].backed))
            rows_give(r, &w->row[i].record);
    }
    if (w)
        w->count = left;
}

static void settle_share(struct rows *r, enum sharing sharing, bool last)
{
    struct share *s = &r->share[sharing];

    if (s->seen >= ENOUGH) {
        s->sure = reaches(s, s->sure ? DOUBT : CERTAIN);
        if (s->sure || last || !reaches(s, DOUBT))
            settle(r, sharing, s->sure, false);
    } else if (last) {
        settle(r, sharing, s->valid >= 3 && reaches(s, 100), reaches(s, DOUBT));
    }
}

void waiting_settle(struct rows *r, bool last)
{
    settle_share(r, SHARE_CARD, last);
    settle_share(r, SHARE_OWN, last);
    if (r->waiting && (r->waiting->count == 0 || last))
        waiting_free(r);
}

static void wait_or_put(struct rows *r, const struct field *fields,
                        size_t count, struct share_of of,
                        const struct moment *seen)
{
    struct record record;

    if (r->waiting && r->waiting->count == LIMIT_WAITING)
        waiting_settle(r, false);
    if (r->share[of.sharing].sure) {
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
    r->waiting->row[r->waiting->count].sharing = (uint8_t)of.sharing;
    r->waiting->row[r->waiting->count++].backed = of.backed;
}

/* The fields found so far in a line. */
struct found {
    struct field fields[LINE_FIELDS];
    size_t count;
    bool card, own; /* what makes it a row */
    bool backed;
};

static void put_found(struct rows *r, struct found *f,
                      const struct moment *seen)
{
    struct share_of of = {f->card ? SHARE_CARD : SHARE_OWN, f->backed};

    if (!f->card && !f->own)
        return;
    wait_or_put(r, f->fields, f->count, of, seen);
    *f = (struct found){.count = 0};
}

static void add_found(struct found *f, enum field_type type,
                      enum field_proof proof, struct span text)
{
    f->fields[f->count++] = (struct field){type, proof, text};
}

static void find_number(struct rows *r, struct span line, const struct token *t,
                        struct found *f, const struct moment *seen)
{
    struct span text = span_slice(line, t->from, t->to), card;
    enum field_type own = numbers_match(r->detect->numbers, text, NULL);
    bool is_card = own == FIELD_NONE && token_card(line, t, &card);

    if ((is_card && f->card) || (own != FIELD_NONE && f->own))
        put_found(r, f, seen);
    if (is_card) {
        add_found(f, FIELD_CARD_NUMBER, PROOF_SHAPE, card);
        f->card = true;
        f->backed = f->count > 1 || span_find(card, ' ') < card.len ||
                    span_find(card, '-') < card.len;
    } else if (own != FIELD_NONE) {
        add_found(f, own, PROOF_HEADER, text);
        f->own = true;
        f->backed = f->backed || f->count > 1;
    } else if (token_phone(line, t)) {
        add_found(f, FIELD_PHONE, PROOF_SHAPE, text);
        f->backed = true;
    }
}

/* An own number with letters, or a number, at the digit at place i. */
static enum token_find find_token(struct rows *r, struct span line, size_t i,
                                  struct token *t)
{
    if (numbers_letters(r->detect->numbers) &&
        token_word(line, i, true, t) == TOKEN_FOUND &&
        numbers_match(r->detect->numbers, span_slice(line, t->from, t->to),
                      NULL) != FIELD_NONE)
        return TOKEN_FOUND;
    return token_number(line, i, true, t);
}

/*
 * The cards and own numbers of the line that ends at end, each a row of its
 * own, with the e-mails and phones up to the next.
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
        enum token_find found =
            email ? token_email(line, i, true, &t) : find_token(r, line, i, &t);
        if (found == TOKEN_FOUND && email) {
            add_found(&f, FIELD_EMAIL, PROOF_SHAPE,
                      span_slice(line, t.from, t.to));
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
