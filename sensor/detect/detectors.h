// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * detectors.h - what a value of each field type looks like.
 *
 * One file and one line of fields.def per detector. A detector answers for
 * one cell; that columns decide is columns.c's matter.
 *
 * It must not see more than the cell.
 */
#ifndef OUTFLOW_DETECT_DETECTORS_H
#define OUTFLOW_DETECT_DETECTORS_H

#include "detect/cell.h"
#include "outflow/buf.h"
#include "outflow/field.h"

/* A way to look at a value; types that look alike share one. */
enum look {
#define DETECTOR(id, type) LOOK_##id,
#include "detect/fields.def"
#undef DETECTOR
    LOOKS,
};

struct detector {
    /* Does the value alone say so, without any header? */
    bool (*sure)(const struct cell *c);
    /* May it stand under a header of this type? */
    bool (*fits)(const struct cell *c);
};

/* The detector of a look. */
const struct detector *detector_at(enum look look);

/* The look of a type, LOOKS when it has none. */
enum look detector_look(enum field_type type);

/* card.c: an issued range, its length and Luhn; digits alone. */
bool card_digits(struct span digits);

/* card.c: a card written plainly or in its usual groups. */
bool card_sure(const struct cell *c);

/* email.c: a whole address (RFC 5321 in its usual shape). */
bool email_valid(struct span s);

/* phone.c: written as a phone is, so that it can be nothing else. */
bool phone_sure(const struct cell *c);

enum { PHONE_DIGITS = 15 }; /* E.164 */

/* A number that may be a phone, taken apart. */
struct phone_look {
    bool plus;    /* digits begin with a country code: + or 00 was in front */
    bool grouped; /* written in groups as phones are, not as IPv4 is */
    uint8_t groups;
    uint8_t first; /* digits of its first group */
    uint8_t count;
    uint8_t digits[PHONE_DIGITS];
};

/* phone.c: false when c is no number with nothing beside it. */
bool phone_look(const struct cell *c, struct phone_look *look);

/* dates.c: the year of a date, 0 when c is none. */
unsigned dates_year(const struct cell *c);

/*
 * dates.c: text, or where it is a date of a column with the day first, that
 * date as YYYY-MM-DD in plain (which keeps it).
 */
struct span dates_day_first(struct buf *plain, struct span text);

/* person.c: letters of Japanese names only (kanji, kana). */
bool person_japanese(const struct cell *c);

/* address.c: begins with or holds a prefecture of Japan. */
bool address_japanese(const struct cell *c);

#endif
