// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * plan.h - the phone plans of countries: the table of plans.def at work.
 *
 * Digits that a plan has room for are no phone yet: one number in ten is.
 * That takes a second sign, which the caller sees. What a plan is sure of is
 * which part of a number is dialled only inside the country, or only outside.
 *
 * It must not judge whether a number is in service.
 */
#ifndef OUTFLOW_CUSTOMER_PLAN_H
#define OUTFLOW_CUSTOMER_PLAN_H

#include "outflow/span.h"

/* The rows of the table. */
enum plan {
    PLAN_NONE = 0,
#define PLAN(id, ...) PLAN_##id,
#include "customer/plans.def"
#undef PLAN
    PLANS,
};

/* Digits of the longest number of any plan. */
enum { PLAN_DIGITS = 15 };

/* A set of plans: bit id % 64 of word id / 64. */
struct plan_set {
    uint64_t bits[2];
};

/* Plans inside of which digits (nothing else) can be dialled. */
struct plan_set plan_inside(struct span digits);

/* The plan whose country code the digits behind a + begin with. */
enum plan plan_behind_plus(struct span digits);

/*
 * The national significant number of digits in a plan: without what is
 * dialled only inside (06 in Hungary), or without the country code where no +
 * stands in front of it. Empty when the plan has no room for them.
 */
struct span plan_national(enum plan plan, struct span digits);

/* The country code of a plan, and how many digits it has. */
unsigned plan_code(enum plan plan);
size_t plan_width(enum plan plan);

/* Of the digits at one place, how many does a plan have room for? */
struct plan_place {
    unsigned some, all;
};

enum { PLAN_PLACES = 3 };

/* Leads of the numbers met, for their first three places. */
struct plan_leads {
    uint16_t met[PLAN_PLACES]; /* bits: the digits at each place */
    uint64_t pairs[2];         /* bits: the first two digits, 0 to 99 */
};

/*
 * The same for the first three places of numbers of so many digits, each
 * behind those digits that were met at the places before; of mobiles alone
 * where all pairs are of mobiles. It tries all numbers: not for rows.
 */
void plan_room(enum plan plan, size_t digits, const struct plan_leads *leads,
               struct plan_place room[PLAN_PLACES]);

#endif
