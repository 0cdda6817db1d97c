// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * columns.c - decides what the columns of a table are.
 *
 * Bulk makes certainty: one number in ten passes Luhn, but not nine cells in
 * ten of a column. A header word says what a column should be, its values
 * whether that can be; without a header the values alone decide, the strict
 * ones first (cards, e-mails, phones), and what is only a shape (names,
 * account numbers, dates) only beside them.
 *
 * It must not keep values.
 */
#include <string.h>

#include "detect/detectors.h"
#include "detect/table.h"
#include "outflow/compiler.h"

enum {
    FEW = 8, /* fewer rows prove nothing by their share */
    MANY = 24,
    OLD = 1985,  /* births reach back, openings do not */
    AGES = 15,   /* years that births are spread over */
    AREAS = 5,   /* area codes; account numbers begin alike */
    MOST = 60,   /* percent of many long numbers; one in ten passes Luhn */
    WHOLE = 4,   /* rows with two things beside a name */
    NAMED = 30,  /* percent of a column of persons that have a known name */
    SINGLE = 60, /* the same of words alone in their cells */
    BESIDE = 12, /* bits of a plan that tell phones in rows of persons */
    ALONE = 18,  /* the same where less stands beside them */
    BANKS = 3,   /* routing numbers: one alone may pass its check by chance */
    DIGITS_LEAST = 4,
    DIGITS_MOST = 17, /* of a US account */
};

/* At least percent of all? */
/* A sample at work. */
struct judgement {
    const struct grid *grid;
    struct table *t;
    const struct facts *facts;
    size_t rows;
    uint32_t anchored; /* bit: the row has an identifying value */
    uint32_t types;    /* FIELD_BITs given so far */
    bool vouched;      /* by identifying values, not by shapes alone */
    bool bank;         /* a column says which bank */
};

static unsigned count_types(uint32_t types)
{
    return (unsigned)__builtin_popcount(types);
}

static void give(struct judgement *j, size_t column, enum field_type type,
                 enum field_proof proof)
{
    j->t->column[column].type = (uint8_t)type;
    j->t->column[column].proof = (uint8_t)proof;
    j->types |= FIELD_BIT(type);
}

/* Is the column of cards, whatever it is called? */
static bool is_cards(const struct facts *f)
{
    unsigned valid = f->sure[LOOK_CARD];

    if (f->longs < FEW)
        return valid > 0 && valid == f->longs;
    return cell_share(valid, f->longs, f->longs >= 2 * FEW ? MOST : 75);
}

static bool claim_account(struct judgement *j, size_t i, bool weak)
{
    const struct facts *f = &j->facts[i];

    unsigned strays = f->filled >= 2 * FEW ? 1 : 0; /* a row that is torn */
    if (f->longs > 1 && f->fits[LOOK_ACCOUNT] + 1U == f->filled)
        strays = 1; /* it shows: its cell is no number at all */
    if (f->longs + strays >= f->filled && f->longs > 0 && is_cards(f)) {
        give(j, i, FIELD_CARD_NUMBER, PROOF_SHAPE);
        return true;
    }
    if (weak && (!cell_share(f->even, f->filled, 90) || f->shape < 7 ||
                 cell_share(f->rising, f->filled, 80)))
        return false;
    if (f->filled > 0 && !cell_share(f->fits[LOOK_ACCOUNT], f->filled, 25))
        return false;
    give(j, i, FIELD_ACCOUNT_NUMBER, PROOF_HEADER);
    return true;
}

/* The row of nationals.def that most values are valid as. */
static enum national national_most(const struct facts *f, bool sure)
{
    unsigned best = NATIONAL_ANY_OF;

    for (unsigned id = 1; id < NATIONALS; id++) {
        if ((sure ? national_marked((enum national)id)
                  : national_shares((enum national)id)) &&
            f->national[id] > f->national[best])
            best = id;
    }
    return (enum national)best;
}

static void give_national(struct judgement *j, size_t i, enum national id,
                          enum field_proof proof)
{
    give(j, i, FIELD_NATIONAL_ID, proof);
    j->t->column[i].national = (uint8_t)id;
}

/* So many values are certain, or so many pass one check as good as all. */
static bool shape_national(struct judgement *j, size_t i, unsigned certain,
                           unsigned least)
{
    const struct facts *f = &j->facts[i];
    bool sure = f->sure[LOOK_NATIONAL] >= certain &&
                cell_share(f->sure[LOOK_NATIONAL], f->filled, 80);
    enum national id = national_most(f, sure);
    bool most = f->filled >= least && !f->books &&
                cell_share(f->distinct, f->filled, 50) &&
                !cell_share(f->rising, f->filled, 50);

    if (!cell_share(f->national[id], f->filled, 90) || (!sure && !most))
        return false;
    give_national(j, i, id, PROOF_SHAPE);
    return true;
}

static void claim_national(struct judgement *j, size_t i, struct claim claim)
{
    const struct facts *f = &j->facts[i];
    unsigned valid =
        claim.national ? f->national[claim.national] : f->fits[LOOK_NATIONAL];

    if (claim.force == CLAIM_WEAK)
        shape_national(j, i, 1, 3);
    else if (f->filled < 2 || cell_share(valid, f->filled, 25))
        give_national(j, i, (enum national)claim.national, PROOF_HEADER);
}

/* A firm word: believed unless most of its values cannot be that. */
static void claim_firm(struct judgement *j, size_t i, enum field_type type)
{
    const struct facts *f = &j->facts[i];
    enum look look = detector_look(type);

    if (type == FIELD_ACCOUNT_NUMBER) {
        claim_account(j, i, false);
        return;
    }
    if (type == FIELD_EMAIL && f->fits[LOOK_EMAIL] == 0 &&
        cell_share(f->sure[LOOK_ADDRESS], f->filled, 50))
        type = FIELD_ADDRESS;
    else if (type == FIELD_ADDRESS &&
             cell_share(f->sure[LOOK_EMAIL], f->filled, 50))
        type = FIELD_EMAIL;
    else if ((type == FIELD_CARD_NUMBER && f->longs >= FEW &&
              !cell_share(f->sure[LOOK_CARD], f->longs, 50)) ||
             (look < LOOKS && f->filled >= 2 &&
              !cell_share(f->fits[look], f->filled, 25))) {
        shape_national(j, i, 1, FEW); /* PAN is a card's and India's */
        return;
    }
    give(j, i, type, PROOF_HEADER);
    j->t->column[i].loose = true;
}

static void claim_column(struct judgement *j, size_t i)
{
    const struct facts *f = &j->facts[i];
    struct claim claim = j->t->column[i].claim;

    if (claim.type == FIELD_NATIONAL_ID)
        claim_national(j, i, claim);
    else if (claim.force == CLAIM_FIRM)
        claim_firm(j, i, (enum field_type)claim.type);
    else if (claim.force == CLAIM_WEAK && claim.type == FIELD_ACCOUNT_NUMBER)
        claim_account(j, i, true);
    else if (f->longs >= 2 * FEW &&
             cell_share(f->sure[LOOK_CARD], f->longs, 95))
        give(j, i, FIELD_CARD_NUMBER, PROOF_SHAPE);
}

/* Values that are nothing else: cards, e-mails, written phones. */
static void shape_strict(struct judgement *j, size_t i, bool named)
{
    const struct facts *f = &j->facts[i];
    unsigned few = named ? 3 : 1;

    if (is_cards(f) && (!named || f->longs >= FEW))
        give(j, i, FIELD_CARD_NUMBER, PROOF_SHAPE);
    else if (f->sure[LOOK_IBAN] >= few &&
             cell_share(f->sure[LOOK_IBAN], f->filled, 80))
        give(j, i, FIELD_IBAN, PROOF_SHAPE);
    else if (shape_national(j, i, few, FEW))
        return;
    else if (f->sure[LOOK_EMAIL] >= few &&
             cell_share(f->sure[LOOK_EMAIL], f->filled, named ? 80 : 30))
        give(j, i, FIELD_EMAIL, PROOF_SHAPE);
    else if (f->sure[LOOK_PHONE] >= few &&
             cell_share(f->sure[LOOK_PHONE], f->filled, named ? 80 : 30)) {
        give(j, i, FIELD_PHONE, PROOF_SHAPE);
        j->t->column[i].loose = cell_share(f->fits[LOOK_PHONE], f->filled, 90);
    } else if (f->own > 0 && cell_share(f->own, f->filled, 50)) {
        give(j, i, (enum field_type)f->own_type, PROOF_HEADER);
        j->t->column[i].own = true;
    }
}

/*
 * Has the row two of the things that stand beside a name? The name itself is
 * not asked for: then only rows that have one would say what the others are.
 */
static bool is_whole(const struct judgement *j, size_t row)
{
    uint16_t sure = 0;

    for (size_t i = 0; i < j->t->count; i++)
        sure |= j->grid->sure[row][i];
    return __builtin_popcount(
               sure & (LOOK_BIT(LOOK_ADDRESS) | LOOK_BIT(LOOK_DATES) |
                       LOOK_BIT(LOOK_POSTAL) | LOOK_BIT(LOOK_GENDER))) >= 2;
}

/*
 * Which rows have a strict value, or, where none has, two of a person's
 * further things: the others say nothing of the shapes.
 */
static void anchor(struct judgement *j)
{
    for (size_t i = 0; i < j->t->count; i++) {
        enum field_type type = (enum field_type)j->t->column[i].type;
        enum look look = detector_look(type);
        if (look == LOOKS || !field_identifies(type))
            continue;
        for (size_t row = 0; row < j->rows; row++) {
            uint16_t looks = type == FIELD_NATIONAL_ID ? j->grid->fits[row][i]
                                                       : j->grid->sure[row][i];
            if (looks & LOOK_BIT(look))
                j->anchored |= UINT32_C(1) << row;
        }
    }
    j->vouched = j->anchored != 0;
    for (size_t row = 0; row < j->rows && !j->vouched; row++)
        j->anchored |= is_whole(j, row) ? UINT32_C(1) << row : 0;
    if (!j->vouched && __builtin_popcount(j->anchored) < WHOLE)
        j->anchored = UINT32_MAX;
}

/* Cells of anchored rows that are sure of a look, and that are filled. */
struct anchored {
    unsigned sure, filled;
};

static struct anchored count_anchored(const struct judgement *j, size_t i,
                                      unsigned look)
{
    struct anchored n = {0, 0};

    for (size_t row = 0; row < j->rows; row++) {
        if (!(j->anchored >> row & 1))
            continue;
        n.filled += j->grid->fits[row][i] != 0;
        n.sure += j->grid->sure[row][i] >> look & 1;
    }
    return n;
}

static bool shaped(const struct judgement *j, size_t i, unsigned look,
                   unsigned percent)
{
    struct anchored n = count_anchored(j, i, look);

    return cell_share(n.sure, n.filled, percent);
}

/* Plain digits that are all numbers of one country's phones. */
static bool shape_phones(struct judgement *j, size_t i)
{
    const struct facts *f = &j->facts[i];
    bool japan = f->japan >= FEW && f->japan == f->plain &&
                 cell_share(f->plain, f->filled, 40);
    bool america = f->america >= 3 * FEW && f->america == f->plain &&
                   cell_share(f->plain, f->filled, 90) &&
                   __builtin_popcountll(f->areas) >= AREAS;

    if (!japan && !america)
        return false;
    give(j, i, FIELD_PHONE, PROOF_SHAPE);
    j->t->column[i].loose = true;
    return true;
}

/* Is there a column with the shape of names, no two alike? */
static bool may_be_named(const struct judgement *j)
{
    for (size_t i = 0; i < j->t->count; i++) {
        const struct facts *f = &j->facts[i];
        if (f->filled >= FEW &&
            cell_share(f->sure[LOOK_PERSON], f->filled, 80) &&
            cell_share(f->distinct, f->filled, 80))
            return true;
    }
    return false;
}

/* Numbers that one country's plan has room for, so surely. */
static bool shape_plans_by(struct judgement *j, unsigned need, bool digits)
{
    bool any = false;

    for (size_t i = 0; i < j->t->count; i++) {
        const struct facts *f = &j->facts[i];
        if (j->t->column[i].type != FIELD_NONE || f->denied ||
            f->plans.phones * 2 < f->filled ||
            cell_share(f->sure[LOOK_DATES], f->filled, 50) ||
            cell_share(f->rising, f->filled, 50) ||
            !cell_share(f->distinct, f->filled, 50) ||
            plans_say(&f->plans, f->filled, digits) < need)
            continue;
        give(j, i, FIELD_PHONE, PROOF_SHAPE);
        j->t->column[i].loose = any = true;
    }
    return any;
}

/*
 * Phones in rows of persons. Without a name or an e-mail beside them a birth
 * and an address vouch, or what has the shape of names; then digits that are
 * hardly anything else must.
 */
static bool shape_plans(struct judgement *j)
{
    static const uint32_t who =
        FIELD_BIT(FIELD_PERSON_NAME) | FIELD_BIT(FIELD_EMAIL) |
        FIELD_BIT(FIELD_CARD_NUMBER) | FIELD_BIT(FIELD_IBAN) |
        FIELD_BIT(FIELD_NATIONAL_ID);
    static const uint32_t home =
        FIELD_BIT(FIELD_ADDRESS) | FIELD_BIT(FIELD_DATE_OF_BIRTH);
    bool more = j->types & who & ~FIELD_BIT(FIELD_PERSON_NAME);

    if (j->types & who)
        return shape_plans_by(
            j, more || count_types(j->types) >= 2 ? BESIDE : ALONE, false);
    if ((j->types & home) == home)
        return shape_plans_by(j, ALONE, false);
    return may_be_named(j) && shape_plans_by(j, ALONE, true);
}

/*
 * Persons: by their shape where an identifying value stands beside them, else
 * also by names that people have.
 */
static bool shape_persons(struct judgement *j, size_t i)
{
    const struct facts *f = &j->facts[i];
    struct anchored n = count_anchored(j, i, LOOK_PERSON);
    unsigned known = count_anchored(j, i, KNOWN).sure;

    if (cell_share(n.sure, n.filled, 80) && j->vouched &&
        cell_share(f->distinct, f->filled, 50))
        return true;
    if (f->distinct < FEW)
        return false;
    if (cell_share(n.sure, n.filled, 80))
        return cell_share(known, n.filled, NAMED);
    /* a given or a family name alone */
    return cell_share(known, n.filled, SINGLE) &&
           cell_share(f->fits[LOOK_PERSON], f->filled, 90);
}

static void shape_weak(struct judgement *j, size_t i)
{
    const struct facts *f = &j->facts[i];

    if (f->filled == 0 || shape_phones(j, i))
        return;
    if (shaped(j, i, LOOK_DATES, 90))
        give(j, i, FIELD_DATE_OF_BIRTH, PROOF_SHAPE);
    else if (shaped(j, i, LOOK_ADDRESS, 60))
        give(j, i, FIELD_ADDRESS, PROOF_SHAPE);
    else if (shaped(j, i, LOOK_POSTAL, 90))
        give(j, i, FIELD_POSTAL_CODE, PROOF_SHAPE);
    else if (shaped(j, i, LOOK_GENDER, 90) && f->distinct <= 4)
        give(j, i, FIELD_GENDER, PROOF_SHAPE);
    else if (shape_persons(j, i))
        give(j, i, FIELD_PERSON_NAME, PROOF_SHAPE);
}

/* Dates without a header: births are old and spread, the next are openings. */
static void tell_dates(struct judgement *j)
{
    size_t birth = SIZE_MAX, opened = SIZE_MAX;

    for (size_t i = 0; i < j->t->count; i++) {
        const struct facts *f = &j->facts[i];
        if (j->t->column[i].type != FIELD_DATE_OF_BIRTH)
            continue;
        j->t->column[i].type = FIELD_NONE;
        bool old = f->year_first <= OLD &&
                   (f->year_last - f->year_first >= AGES || j->rows < FEW);
        if (old &&
            (birth == SIZE_MAX || f->year_first < j->facts[birth].year_first)) {
            opened = opened == SIZE_MAX ? birth : opened;
            birth = i;
        } else if (opened == SIZE_MAX) {
            opened = i;
        }
    }
    j->types &= ~FIELD_BIT(FIELD_DATE_OF_BIRTH);
    if (birth != SIZE_MAX)
        give(j, birth, FIELD_DATE_OF_BIRTH, PROOF_SHAPE);
    if (opened != SIZE_MAX)
        give(j, opened, FIELD_ACCOUNT_OPENED, PROOF_SHAPE);
}

/* Numbers of one length, no two alike, beside fields of customers. */
static void shape_accounts(struct judgement *j)
{
    for (size_t i = 0; i < j->t->count; i++) {
        const struct facts *f = &j->facts[i];
        if (j->t->column[i].type == FIELD_NONE && !f->denied &&
            f->filled >= FEW && cell_share(f->even, f->filled, 95) &&
            f->even == f->filled && cell_share(f->distinct, f->filled, 80) &&
            !cell_share(f->sure[LOOK_DATES], f->filled, 50) &&
            !cell_share(f->rising, f->filled, 50)) {
            give(j, i, FIELD_ACCOUNT_NUMBER, PROOF_SHAPE);
            return;
        }
    }
}

/*
 * Does the column say which bank? By its header when most values can; else
 * nearly all must, and more than one bank.
 */
static bool is_bank(const struct judgement *j, size_t i)
{
    const struct facts *f = &j->facts[i];
    const struct column *col = &j->t->column[i];
    unsigned can = f->routing > f->bic ? f->routing : f->bic;

    if (col->type != FIELD_NONE && col->type != FIELD_PERSON_NAME)
        return false;
    if (col->claim.type == FIELD_OTHER && col->claim.force == CLAIM_NOT)
        return cell_share(can, f->filled, 50);
    return can >= FEW && f->distinct >= BANKS && cell_share(can, f->filled, 90);
}

/* Plain numbers as accounts have them, which no header calls otherwise. */
static bool may_be_account(const struct judgement *j, size_t i)
{
    const struct facts *f = &j->facts[i];
    const struct column *col = &j->t->column[i];

    return col->type == FIELD_NONE && col->claim.force != CLAIM_NOT &&
           f->filled > 0 && cell_share(f->fits[LOOK_ACCOUNT], f->filled, 90) &&
           cell_share(f->plain, f->filled, 80) &&
           cell_share(f->distinct, f->filled, 80) &&
           !cell_share(f->rising, f->filled, 50) &&
           !cell_share(f->sure[LOOK_DATES], f->filled, 50);
}

/*
 * The number beside a bank is one of an account: behind it, in front of it,
 * or where a header calls it one weakly.
 */
static void shape_beside_bank(struct judgement *j)
{
    size_t bank = 0, columns = j->t->count;

    while (bank < columns && !is_bank(j, bank))
        bank++;
    if (bank == columns)
        return;
    j->t->column[bank].type = FIELD_NONE;
    j->bank = true;
    size_t places[] = {bank + 1, bank ? bank - 1 : columns};
    for (size_t k = 0; k < COUNT(places); k++) {
        if (places[k] < columns && !is_bank(j, places[k]) &&
            may_be_account(j, places[k])) {
            give(j, places[k], FIELD_ACCOUNT_NUMBER, PROOF_SHAPE);
            return;
        }
    }
}

/* Values of an identifying column that are what it says. */
static unsigned count_certain(const struct judgement *j, size_t i)
{
    const struct facts *f = &j->facts[i];
    const struct column *col = &j->t->column[i];

    if (col->type == FIELD_NATIONAL_ID)
        return col->national ? f->national[col->national]
                             : f->fits[LOOK_NATIONAL];
    return f->sure[detector_look((enum field_type)col->type)];
}

/*
 * Ids that only their share of a column tells need something of a person
 * beside them; alone they must be many without exception, for numbers of
 * companies and books have the same checks.
 */
static void doubt_nationals(struct judgement *j)
{
    static const uint32_t personal =
        FIELD_BIT(FIELD_PERSON_NAME) | FIELD_BIT(FIELD_EMAIL) |
        FIELD_BIT(FIELD_PHONE) | FIELD_BIT(FIELD_CARD_NUMBER) |
        FIELD_BIT(FIELD_IBAN) | FIELD_BIT(FIELD_DATE_OF_BIRTH);
    uint32_t types = 0;

    for (size_t i = 0; i < j->t->count; i++) {
        struct column *col = &j->t->column[i];
        const struct facts *f = &j->facts[i];
        bool told = col->proof == PROOF_HEADER || (j->types & personal) ||
                    cell_share(f->sure[LOOK_NATIONAL], f->filled, 80);
        if (col->type == FIELD_NATIONAL_ID && !told &&
            (j->t->count > 1 || f->filled < MANY ||
             count_certain(j, i) < f->filled))
            col->type = FIELD_NONE;
        if (col->type != FIELD_NONE)
            types |= FIELD_BIT(col->type);
    }
    j->types = types;
}

/* A list of one kind of value: nearly every row has one, no two alike. */
static bool is_list(const struct judgement *j)
{
    for (size_t i = 0; i < j->t->count; i++) {
        const struct facts *f = &j->facts[i];
        enum field_type type = (enum field_type)j->t->column[i].type;
        if (!field_identifies(type))
            continue;
        if (j->rows >= FEW && cell_share(f->filled, (unsigned)j->rows, 80) &&
            cell_share(count_certain(j, i), (unsigned)j->rows, 80) &&
            cell_share(f->distinct, f->filled, 70))
            return true;
    }
    return false;
}

static bool is_worth(const struct judgement *j)
{
    static const uint32_t strong =
        FIELD_BIT(FIELD_ACCOUNT_NUMBER) | FIELD_BIT(FIELD_CARD_NUMBER) |
        FIELD_BIT(FIELD_EMAIL) | FIELD_BIT(FIELD_PHONE) |
        FIELD_BIT(FIELD_IBAN) | FIELD_BIT(FIELD_NATIONAL_ID);
    static const uint32_t vague = FIELD_BIT(FIELD_GENDER) |
                                  FIELD_BIT(FIELD_DATE_OF_BIRTH) |
                                  FIELD_BIT(FIELD_ACCOUNT_OPENED);
    uint32_t naming = j->types & strong;
    bool person = j->types & FIELD_BIT(FIELD_PERSON_NAME);

    if (j->t->header)
        return naming || (person && count_types(j->types) >= 3);
    for (size_t i = 0; i < j->t->count; i++) {
        if (j->t->column[i].own)
            return true;
    }
    if (j->rows < FEW)
        return naming && count_types(j->types & ~vague) >= 2;
    if (j->types & FIELD_BIT(FIELD_CARD_NUMBER))
        return true;
    if (j->bank && (j->types & FIELD_BIT(FIELD_ACCOUNT_NUMBER)))
        return true;
    if (person)
        return count_types(j->types) >= (naming ? 2 : 3);
    return naming && (count_types(j->types) >= 3 || is_list(j));
}

/* The first column of births and 1; 0 when there is none. */
static uint16_t births_column(const struct table *t)
{
    for (uint16_t i = 0; i < t->count; i++) {
        if (t->column[i].type == FIELD_DATE_OF_BIRTH)
            return (uint16_t)(i + 1);
    }
    return 0;
}

/* How much the types say: those that identify twice. */
static unsigned weigh(uint32_t types)
{
    unsigned says = count_types(types);

    for (unsigned i = 0; i < FIELD_TYPES; i++)
        says += (types >> i & 1) && field_identifies((enum field_type)i);
    return says;
}

/* 31/12/1980 tells how 3/4/1980 is meant. */
static void tell_orders(const struct judgement *j)
{
    for (size_t i = 0; i < j->t->count; i++) {
        const struct facts *f = &j->facts[i];
        j->t->column[i].day_first = f->day_first > f->month_first;
    }
}

/* The country of phones, where it is certain. */
static void tell_plans(const struct judgement *j)
{
    for (size_t i = 0; i < j->t->count; i++) {
        if (j->t->column[i].type == FIELD_PHONE)
            j->t->column[i].plan = (uint8_t)plans_country(&j->facts[i].plans);
    }
}

/* Columns that nothing is known of yet; dates are judged together, once. */
static void shape_rest(struct judgement *j, bool dates)
{
    anchor(j);
    for (size_t i = 0; i < j->t->count; i++) {
        const struct facts *f = &j->facts[i];
        if (j->t->column[i].type == FIELD_NONE &&
            (dates || !cell_share(f->sure[LOOK_DATES], f->filled, 50)))
            shape_weak(j, i);
    }
}

/* Without a header the values alone decide. */
static void shape_columns(struct judgement *j)
{
    shape_rest(j, true);
    tell_dates(j);
    if (shape_plans(j)) /* phones vouch for the names beside them */
        shape_rest(j, false);
    doubt_nationals(j);
    shape_beside_bank(j);
    j->t->births = births_column(j->t);
    if (count_types(j->types) >= 2 && !j->bank)
        shape_accounts(j);
}

unsigned columns_decide(const struct grid *grid, struct table *t,
                        struct facts *facts, size_t rows)
{
    struct judgement j = {.grid = grid, .t = t, .facts = facts, .rows = rows};

    tell_orders(&j);
    for (size_t i = 0; i < t->count; i++) {
        if (t->column[i].claim.force != CLAIM_NONE)
            claim_column(&j, i);
        else
            shape_strict(&j, i, t->header);
    }
    t->births = births_column(t);
    if (t->header) {
        doubt_nationals(&j);
        shape_beside_bank(&j);
    } else {
        shape_columns(&j);
    }
    tell_plans(&j);
    return is_worth(&j) ? weigh(j.types) : 0;
}
