// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * names.c - which customer a row is about: its strongest name and the rest.
 *
 * Runs for every row on the wire: no allocation, one HMAC a name. A name of
 * several cells (family and given name, street and town) is taken together;
 * a reading in kana beside a name in kanji is left out.
 *
 * It must not keep a value beyond the call.
 */
#include <string.h>

#include "customer/kanji.h"
#include "customer/mask.h"
#include "customer/normal.h"
#include "outflow/customer.h"
#include "util/keyed.h"
#include "util/unicode.h"

/* How a value becomes a name; NAME_* are the rows. */
static const struct {
    struct span class_;   /* with its 0x00 */
    enum field_type type; /* the value, or what stands beside the name */
    bool named;           /* together with person_name */
} kinds[NAME_KINDS] = {
    [NAME_ACCOUNT] = {{(const uint8_t *)"account", 8},
                      FIELD_ACCOUNT_NUMBER,
                      false},
    [NAME_CARD] = {{(const uint8_t *)"account", 8}, FIELD_CARD_NUMBER, false},
    [NAME_NATIONAL_ID] = {{(const uint8_t *)"national_id", 12},
                          FIELD_NATIONAL_ID,
                          false},
    [NAME_IBAN] = {{(const uint8_t *)"iban", 5}, FIELD_IBAN, false},
    [NAME_ACCOUNT_SHAPE] = {{(const uint8_t *)"account", 8},
                            FIELD_ACCOUNT_NUMBER,
                            false},
    [NAME_EMAIL] = {{(const uint8_t *)"email", 6}, FIELD_EMAIL, false},
    [NAME_PHONE] = {{(const uint8_t *)"phone", 6}, FIELD_PHONE, false},
    [NAME_BIRTH] = {{(const uint8_t *)"name+birth", 11},
                    FIELD_DATE_OF_BIRTH,
                    true},
    [NAME_ADDRESS] = {{(const uint8_t *)"name+address", 13},
                      FIELD_ADDRESS,
                      true},
    [NAME_POSTAL] = {{(const uint8_t *)"name+postal", 12},
                     FIELD_POSTAL_CODE,
                     true},
};

/* A row at work and the names found so far. */
struct naming {
    const struct keyed *key;
    const struct field *fields;
    size_t count;
    uint32_t map; /* FIELD_BITs of the row */
    bool all;     /* for the join: every way to combine cells */
    struct name *out;
    size_t found, max;
    char *mask; /* of the first name, NULL: not wanted */
};

enum field_type name_field(enum name_kind kind)
{
    if (kind >= NAME_BIRTH)
        return FIELD_PERSON_NAME;
    return kinds[kind].type;
}

static void put_name(struct naming *w, enum name_kind kind,
                     const struct normal *n)
{
    struct span message = {n->bytes, n->len};

    if (w->found >= w->max)
        return;
    uint64_t pseudonym = keyed_pseudonym(w->key, message);
    for (size_t i = 0; i < w->found; i++) {
        if (w->out[i].pseudonym == pseudonym)
            return;
    }
    if (w->found == 0 && w->mask)
        mask_make(kind, span_skip(message, kinds[kind].class_.len), w->mask);
    w->out[w->found++] = (struct name){pseudonym, (uint8_t)kind};
}

static void begin(struct normal *n, enum name_kind kind)
{
    n->len = 0;
    n->full = false;
    normal_bytes(n, kinds[kind].class_);
}

static bool is_kind(const struct field *f, enum name_kind kind)
{
    if (f->type != kinds[kind].type)
        return false;
    if (kind == NAME_ACCOUNT)
        return f->proof == PROOF_HEADER;
    return kind != NAME_ACCOUNT_SHAPE || f->proof == PROOF_SHAPE;
}

/*
 * Each value of that kind is a name. In a record the first of the strongest
 * kind names it, and others of that kind stand beside it without naming.
 */
static void name_values(struct naming *w, enum name_kind kind)
{
    struct normal n;
    bool names_it = w->found == 0;

    if (!(w->map & FIELD_BIT(kinds[kind].type)))
        return;
    for (size_t i = 0; i < w->count; i++) {
        if (!is_kind(&w->fields[i], kind))
            continue;
        begin(&n, kind);
        if (!normal_add(&n, w->fields[i].type, w->fields[i].text))
            continue;
        put_name(w, kind, &n);
        if (!w->all && names_it && w->found == 1)
            return;
        begin(&n, kind);
        if (w->all && kind == NAME_PHONE &&
            normal_phone_other(&n, w->fields[i].text))
            put_name(w, kind, &n);
    }
}

struct script {
    size_t length;
    bool kanji; /* has a kanji */
    bool kana;  /* has nothing but kana and marks */
};

static struct script script_of(struct span text)
{
    struct normal n = {.len = 0};
    struct script found = {0, false, true};

    normal_person(&n, text);
    struct span s = {n.bytes, n.len};
    while (s.len > 0) {
        uint32_t c;
        size_t len = unicode_decode(s, &c);
        found.kanji = found.kanji || kanji_is(c);
        found.kana = found.kana && kanji_is_kana(c);
        found.length++;
        s = (struct span){s.ptr + len, s.len - len};
    }
    return found;
}

/*
 * Is this name the reading of another of the row? A reading is kana and
 * longer than the kanji it reads; a given name in kana is not.
 */
static bool is_reading(const struct naming *w, size_t at)
{
    struct script own = script_of(w->fields[at].text);

    if (!own.kana)
        return false;
    for (size_t i = 0; i < w->count; i++) {
        if (i == at || w->fields[i].type != FIELD_PERSON_NAME)
            continue;
        struct script other = script_of(w->fields[i].text);
        if (other.kanji && other.length < own.length)
            return true;
    }
    return false;
}

static size_t count_type(const struct naming *w, enum field_type type)
{
    size_t count = 0;

    for (size_t i = 0; i < w->count; i++)
        count += w->fields[i].type == type ? 1 : 0;
    return count;
}

/* All cells of that type as one value. */
static bool add_together(const struct naming *w, enum field_type type,
                         struct normal *n)
{
    bool any = false, several = count_type(w, type) > 1;

    for (size_t i = 0; i < w->count; i++) {
        const struct field *f = &w->fields[i];
        if (f->type != type)
            continue;
        if (several && type == FIELD_PERSON_NAME && is_reading(w, i))
            continue;
        any = normal_add(n, type, f->text) || any;
    }
    return any && !n->full;
}

/* The who-part of a combined name and each thing that may stand beside it. */
static void name_beside(struct naming *w, enum name_kind kind,
                        const struct normal *who)
{
    enum field_type type = kinds[kind].type;
    struct normal n;

    begin(&n, kind);
    normal_bytes(&n, (struct span){who->bytes, who->len});
    normal_byte(&n, 0);
    size_t from = n.len;
    if (type == FIELD_ADDRESS) {
        if (add_together(w, type, &n))
            put_name(w, kind, &n);
        if (!w->all)
            return;
    }
    for (size_t i = 0; i < w->count; i++) {
        n.len = from;
        n.full = false;
        if (w->fields[i].type != type ||
            !normal_add(&n, type, w->fields[i].text))
            continue;
        put_name(w, kind, &n);
        if (!w->all)
            return;
        n.len = from;
        if (type == FIELD_DATE_OF_BIRTH &&
            normal_date_other(&n, w->fields[i].text))
            put_name(w, kind, &n);
    }
}

static void name_combined(struct naming *w, const struct normal *who)
{
    for (int kind = NAME_BIRTH; kind < NAME_KINDS; kind++) {
        if (w->map & FIELD_BIT(kinds[kind].type))
            name_beside(w, (enum name_kind)kind, who);
    }
}

static void name_persons(struct naming *w)
{
    struct normal who = {.len = 0};

    if (!(w->map & FIELD_BIT(FIELD_PERSON_NAME)) || w->found >= w->max)
        return;
    if (add_together(w, FIELD_PERSON_NAME, &who))
        name_combined(w, &who);
    if (!w->all || count_type(w, FIELD_PERSON_NAME) < 2)
        return;
    for (size_t i = 0; i < w->count; i++) {
        who.len = 0;
        who.full = false;
        if (w->fields[i].type == FIELD_PERSON_NAME &&
            normal_add(&who, FIELD_PERSON_NAME, w->fields[i].text))
            name_combined(w, &who);
    }
}

static void name_all(struct naming *w)
{
    w->count = w->count < FIELDS_MAX ? w->count : FIELDS_MAX;
    for (size_t i = 0; i < w->count; i++) {
        if (w->fields[i].type < FIELD_TYPES)
            w->map |= FIELD_BIT(w->fields[i].type);
    }
    for (int kind = 0; kind < NAME_BIRTH; kind++)
        name_values(w, (enum name_kind)kind);
    name_persons(w);
}

/* Without an identifying value a row needs a name and two further types. */
static bool is_record(const struct name *strongest, uint32_t map)
{
    uint32_t further =
        map & ~(FIELD_BIT(FIELD_PERSON_NAME) | FIELD_BIT(FIELD_OTHER));

    return strongest->kind < NAME_BIRTH || (further & (further - 1)) != 0;
}

bool customer_record(const struct keyed *key, const struct field *fields,
                     size_t count, struct record *out)
{
    struct name names[1 + RECORD_WEAKER] = {0};
    struct naming w = {.key = key,
                       .fields = fields,
                       .count = count,
                       .out = names,
                       .max = 1 + RECORD_WEAKER,
                       .mask = out->mask};

    name_all(&w);
    if (w.found == 0 || !is_record(&names[0], w.map))
        return false;
    out->name = names[0];
    out->weaker_count = (uint8_t)(w.found - 1);
    memcpy(out->weaker, names + 1, (w.found - 1) * sizeof(names[0]));
    out->fields = w.map;
    out->rows = 1;
    return true;
}

size_t customer_names(const struct keyed *key, const struct field *fields,
                      size_t count, struct name *out, size_t max)
{
    struct naming w = {.key = key,
                       .fields = fields,
                       .count = count,
                       .all = true,
                       .out = out,
                       .max = max};

    name_all(&w);
    return w.found;
}
