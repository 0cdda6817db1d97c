// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * normal.h - the one form of a value, however it was written.
 *
 * Values that mean the same give the same bytes (interface.md 3.1). A normal
 * form is appended to a struct normal, which begins with the class when it
 * becomes a pseudonym. Nothing here allocates.
 *
 * It must not keep or give a value to anyone but customer/.
 */
#ifndef OUTFLOW_CUSTOMER_NORMAL_H
#define OUTFLOW_CUSTOMER_NORMAL_H

#include "outflow/field.h"

enum {
    NORMAL_TEXT = 512,             /* bytes of a value that are looked at:
                                      longer ones are prose, not names */
    NORMAL_ROOM = 3 * NORMAL_TEXT, /* class, name and address */
};

struct normal {
    size_t len; /* bytes held */
    bool full;  /* something did not fit: the form is not to be used */
    uint8_t bytes[NORMAL_ROOM];
};

/* Add one byte, or some; sets full when there is no room. */
static inline void normal_byte(struct normal *n, uint8_t byte)
{
    if (n->len < NORMAL_ROOM)
        n->bytes[n->len++] = byte;
    else
        n->full = true;
}

void normal_bytes(struct normal *n, struct span bytes);

/*
 * Append the normal form of a value of that type. False when it has none:
 * nothing is left of it, it is too long, or it is no phone or e-mail at all.
 * Types that take no part in a name (gender, pin ...) have none.
 */
bool normal_add(struct normal *n, enum field_type type, struct span text);

/*
 * text without blanks at its ends in NFKC: text itself when it is ASCII,
 * else written to room (NORMAL_TEXT bytes); empty when too long.
 */
struct span normal_plain(struct span text, uint8_t *room);

/* The same, folded. */
struct span normal_folded(struct span text, uint8_t *room);

/* The forms that have a file of their own. */
bool normal_person(struct normal *n, struct span text);
bool normal_phone(struct normal *n, struct span text);
bool normal_date(struct normal *n, struct span text);
bool normal_address(struct normal *n, struct span text);

/*
 * The other day that 3/4/1980 can mean, for a table whose order of days is
 * not known; false when there is none.
 */
bool normal_date_other(struct normal *n, struct span text);

/*
 * The number that a phone is in a plan that only its table can tell: 06 20
 * 123 4567 in Hungary, 33123456789 in France; false when there is none.
 */
bool normal_phone_other(struct normal *n, struct span text);

#endif
