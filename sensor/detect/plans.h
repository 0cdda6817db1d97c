// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * plans.h - columns of phones told by the plans of countries.
 *
 * Order numbers have as many digits as phones. What tells a column of phones
 * from them is that every value is one that the plan of a single country has
 * room for while its leading digits differ, that they are written in groups,
 * or that others of the column have that country's code in front.
 *
 * It must not keep values.
 */
#ifndef OUTFLOW_DETECT_PLANS_H
#define OUTFLOW_DETECT_PLANS_H

#include "customer/plan.h"
#include "detect/cell.h"
#include "outflow/buf.h"

/* What a column's numbers are by the plans. */
struct plans_facts {
    uint16_t phones;  /* numbers that may be phones */
    uint16_t grouped; /* of them, in three groups or more, without a code */
    uint16_t paired;  /* of them, in two */
    uint16_t coded;   /* of them, with a country code behind a + */
    uint16_t bare;    /* of them, with one and no + */
    struct plan_leads leads; /* of those without a code */
    uint8_t longest;         /* digits of the longest without a code */
    uint8_t code, bare_code; /* enum plan of all of those; PLANS: of several */
    uint8_t fits[PLANS];     /* of those without a code, by plan */
};

/* Plain digits as the national numbers of Japan and North America are. */
struct plans_plain {
    bool japan, america;
    uint8_t area; /* of North America, hashed to 0 to 63 */
};

struct plans_plain plans_plain(const uint8_t *digits, size_t count);

/* Take a cell that may be a phone into the facts of its column. */
void plans_add(struct plans_facts *f, const struct cell *c);

/*
 * How surely the column of so many filled cells is one of phones, in bits:
 * 0 when no plan has room for nearly all of them. digits: by the digits
 * alone, not by how they are written.
 */
unsigned plans_say(const struct plans_facts *f, unsigned filled, bool digits);

/*
 * The country of a column that is one of phones, where it is certain: all
 * codes in it are of one country, or all numbers fit one plan alone.
 */
enum plan plans_country(const struct plans_facts *f);

/*
 * text, or where the plan has something else in front of the number than a
 * trunk 0, its number behind + and the country code in plain (which keeps
 * it).
 */
struct span plans_written(struct buf *plain, enum plan plan, struct span text);

#endif
