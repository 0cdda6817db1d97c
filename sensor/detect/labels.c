// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * labels.c - one row put together from labelled values.
 *
 * Lines of label and value, JSON objects and pages all name a customer value
 * by value. A row ends where a label comes a second time; or, when it holds
 * nearly all that rows hold, at the label that rows begin with, and at one that
 * comes behind empty lines alone: else a label that a byte spoilt would move
 * the values of all that follow into the row before.
 *
 * It must not hold more than one row.
 */
#include <stdlib.h>

#include "detect/detectors.h"
#include "detect/labels.h"
#include "detect/national.h"
#include "detect/readers.h"

/* Types a person can be reached by. */
#define REACH (FIELD_BIT(FIELD_EMAIL) | FIELD_BIT(FIELD_PHONE))

enum {
    ITEMS = 32,
    LABELS = 48,
    TEXT_ROOM = 8 << 10,
    STRANGER = 512,
    LEADS = 3, /* empty lines behind which the same label came */
};

struct labels {
    struct buf text; /* the values */
    struct {
        uint8_t type, proof;
        bool spare; /* counts only without another of its type */
        uint32_t at, len;
    } item[ITEMS];
    size_t items;
    uint64_t met[LABELS]; /* labels of this row */
    size_t labels;
    size_t usual;           /* labels of the row before */
    uint64_t opener;        /* its first label */
    uint64_t lead;          /* the label behind the newest empty line */
    uint8_t leads;          /* such lines in a row with the same label behind */
    bool apart;             /* an empty line came behind the newest label */
    struct claim pending;   /* of a label whose value is the next line */
    uint64_t pending_label; /* its hash */
    struct moment seen;     /* the packet that brought the last value */
};

uint64_t labels_hash(struct span label)
{
    uint64_t h = UINT64_C(0xCBF29CE484222325);

    for (size_t i = 0; i < label.len; i++)
        h = (h ^ label.ptr[i]) * UINT64_C(0x100000001B3);
    return h ? h : 1;
}

void labels_drop(struct rows *r)
{
    if (!r->labels)
        return;
    buf_reset(&r->labels->text);
    r->labels->items = r->labels->labels = 0;
}

bool labels_held(const struct rows *r)
{
    return r->labels && r->labels->items > 0;
}

void labels_free(struct rows *r)
{
    if (r->labels)
        buf_clear(&r->labels->text);
    free(r->labels);
    r->labels = NULL;
}

/*
 * Is it a customer? An account, card, id or IBAN; a person with something to
 * reach or tell them by; or what only a person has. A footer with address,
 * phone and e-mail is none.
 */
static bool is_customer(uint32_t types)
{
    uint32_t strong = FIELD_BIT(FIELD_ACCOUNT_NUMBER) |
                      FIELD_BIT(FIELD_CARD_NUMBER) | FIELD_BIT(FIELD_IBAN) |
                      FIELD_BIT(FIELD_NATIONAL_ID);
    uint32_t personal = FIELD_BIT(FIELD_DATE_OF_BIRTH) |
                        FIELD_BIT(FIELD_GENDER) |
                        FIELD_BIT(FIELD_ACCOUNT_OPENED);
    int count = __builtin_popcount(types);

    if (types & strong)
        return true;
    if (types & FIELD_BIT(FIELD_PERSON_NAME))
        return (types & REACH) || count >= 3;
    return (types & REACH) && (types & personal);
}

/* Has the row another value of the type of a spare one? */
static bool is_spare(const struct labels *l, size_t i)
{
    for (size_t k = 0; l->item[i].spare && k < l->items; k++) {
        if (l->item[k].type == l->item[i].type && (!l->item[k].spare || k < i))
            return true;
    }
    return false;
}

static bool flush(struct rows *r, bool element)
{
    struct labels *l = r->labels;
    struct field fields[ITEMS];
    struct span text = buf_span(&l->text);
    uint32_t types = 0;
    size_t count = 0;

    for (size_t i = 0; i < l->items; i++) {
        if (is_spare(l, i))
            continue;
        fields[count] = (struct field){
            (enum field_type)l->item[i].type,
            (enum field_proof)l->item[i].proof,
            span_slice(text, l->item[i].at, l->item[i].at + l->item[i].len)};
        types |= FIELD_BIT(fields[count++].type);
    }
    if (l->labels > 1) {
        l->usual = l->labels;
        l->opener = l->met[0];
    }
    bool found = is_customer(types);
    if (found)
        found = rows_put(r, fields, count, &l->seen);
    else if (element && (types & REACH)) {
        waiting_list(r, fields, count, &l->seen);
        found = true;
    }
    labels_drop(r);
    return found;
}

void labels_flush(struct rows *r)
{
    flush(r, false);
}

bool labels_flush_element(struct rows *r)
{
    return flush(r, true);
}

/* What the value is under its label; FIELD_NONE: nothing. */
static enum field_type type_of(const struct rows *r, struct claim claim,
                               const struct cell *c, enum field_proof *proof)
{
    enum field_type own = numbers_match(r->detect->numbers, c->narrow, NULL);
    enum field_type type = (enum field_type)claim.type;
    enum look look = detector_look(type);

    *proof = PROOF_HEADER;
    if (own != FIELD_NONE)
        return own;
    if (claim.force == CLAIM_FIRM && look < LOOKS) {
        if (type == FIELD_ACCOUNT_NUMBER && card_sure(c))
            return FIELD_CARD_NUMBER;
        if (type == FIELD_NATIONAL_ID
                ? national_valid(c, (enum national)claim.national)
                : detector_at(look)->fits(c))
            return type;
    }
    *proof = PROOF_SHAPE;
    if (claim.force == CLAIM_NOT)
        return FIELD_NONE;
    if (c->at && email_valid(c->narrow))
        return FIELD_EMAIL;
    return phone_sure(c) ? FIELD_PHONE : FIELD_NONE;
}

static bool labels_ready(struct rows *r)
{
    if (r->labels)
        return true;
    r->labels = calloc(1, sizeof(*r->labels));
    if (!r->labels)
        return false;
    buf_init(&r->labels->text, TEXT_ROOM);
    return true;
}

/* Does the row hold nearly all that the one before it did? */
static bool is_full(const struct labels *l)
{
    return l->usual > 2 &&
           (l->labels + 1 >= l->usual || l->labels * 4 >= l->usual * 3);
}

/* Is it a label that a row begins with? */
static bool begins_row(struct labels *l, uint64_t label)
{
    bool leads = false;

    if (l->apart) {
        l->leads = (uint8_t)(label != l->lead   ? 1
                             : l->leads < LEADS ? l->leads + 1
                                                : LEADS);
        l->lead = label;
        leads = l->leads == LEADS;
    }
    l->apart = false;
    return (leads || label == l->opener) && is_full(l);
}

static void meet(struct rows *r, uint64_t label)
{
    struct labels *l = r->labels;
    bool again = begins_row(l, label);

    for (size_t i = 0; i < l->labels && !again; i++)
        again = l->met[i] == label;
    if (again)
        labels_flush(r);
    if (l->labels < LABELS)
        l->met[l->labels++] = label;
}

bool labels_add(struct rows *r, struct claim claim, uint64_t label,
                struct span value, const struct moment *seen)
{
    uint8_t room[CELL_ROOM];
    struct cell c;
    enum field_proof proof;

    cell_make(&c, value, room);
    if (c.text.len == 0 || c.text.len > STRANGER || !labels_ready(r))
        return false;
    enum field_type type = type_of(r, claim, &c, &proof);
    if (type == FIELD_NONE)
        return false;
    if (type == FIELD_NATIONAL_ID)
        c.text = national_value(c.text);
    if (label)
        meet(r, label);
    struct labels *l = r->labels;
    uint32_t at = (uint32_t)l->text.len;
    if (l->items == ITEMS || !buf_add(&l->text, c.text))
        return false;
    l->item[l->items].type = (uint8_t)type;
    l->item[l->items].proof = (uint8_t)proof;
    l->item[l->items].spare = false;
    l->item[l->items].at = at;
    l->item[l->items++].len = (uint32_t)c.text.len;
    l->seen = *seen;
    return true;
}

void labels_apart(struct rows *r)
{
    if (labels_held(r))
        r->labels->apart = true;
}

void labels_spare(struct rows *r)
{
    if (labels_held(r))
        r->labels->item[r->labels->items - 1].spare = true;
}

void labels_pend(struct rows *r, struct claim claim, uint64_t label)
{
    if (!labels_ready(r))
        return;
    r->labels->pending = claim;
    r->labels->pending_label = label;
}

bool labels_pended(struct rows *r, struct span value, const struct moment *seen)
{
    if (!r->labels || r->labels->pending.force != CLAIM_FIRM)
        return false;
    struct claim claim = r->labels->pending;
    r->labels->pending =
        (struct claim){.force = CLAIM_NONE, .type = FIELD_NONE};
    return labels_add(r, claim, r->labels->pending_label, value, seen);
}
