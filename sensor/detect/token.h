// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * token.h - one number or e-mail address in running text.
 *
 * It must not look further than limits.h allows, whatever stands there.
 */
#ifndef OUTFLOW_DETECT_TOKEN_H
#define OUTFLOW_DETECT_TOKEN_H

#include "outflow/span.h"

enum { TOKEN_GROUPS = 8 };

enum token_find {
    TOKEN_NONE = 0, /* nothing that matters stands there */
    TOKEN_FOUND,
    TOKEN_MORE, /* its end has not come yet */
};

/* Digits in groups with single marks between them, or an address. */
struct token {
    size_t from, to; /* place in the text */
    size_t digits;   /* in all groups */
    size_t groups;
    uint8_t size[TOKEN_GROUPS]; /* digits of each group */
    uint8_t mark[TOKEN_GROUPS]; /* sign behind each group */
};

/*
 * Are the digits around place pos too few for a number, and is nothing
 * joined to them? Then the place behind them; 0: not known without more of a
 * look. The cheapest look of all, for most of the digits on the wire.
 */
size_t token_short(struct span text, size_t pos);

/* A member of an object of JSON whose value is digits only. */
struct member {
    struct span label; /* at most 16 letters, digits and _ */
    size_t from, to;   /* the digits' place in the text */
};

/* Is the digit at place pos part of one? It may be one when this says no. */
bool token_member(struct span text, size_t pos, struct member *m);

/*
 * The number that the digit at place pos of text is part of. Numbers that
 * are glued to letters, and those of fewer than seven digits, are none.
 */
enum token_find token_number(struct span text, size_t pos, bool last,
                             struct token *t);

/* The address around the @ at place pos. */
enum token_find token_email(struct span text, size_t pos, bool last,
                            struct token *t);

/* A group, or groups as cards have them, that is a live card. */
bool token_card(struct span text, const struct token *t, struct span *card);

/* Has it a group, or groups together, as long as a card number? */
bool token_long(const struct token *t);

/* Is it written as a phone? */
bool token_phone(struct span text, const struct token *t);

/* Is it written as an address of IPv4? */
bool token_host(const struct token *t);

/* May it be a cell of a table: an account, a day, a phone, a card? */
bool token_cell(struct span text, const struct token *t);

/*
 * A number with letters around it, as long as those of identifiers of
 * countries are, that the digit at place pos is part of.
 */
enum token_find token_lettered(struct span text, size_t pos, bool last,
                               struct token *t);

/* The word of letters, digits, - and _ around the digit at place pos. */
enum token_find token_word(struct span text, size_t pos, bool last,
                           struct token *t);

/*
 * Does it stand alone between separators of one kind or line ends? To be
 * asked when the text behind it is there: see token_unended.
 */
bool token_alone(struct span text, const struct token *t);

/* Must more bytes come before token_alone can tell? */
bool token_unended(struct span text, const struct token *t);

/* Does it stand between blanks and line ends, as in lines of fixed width? */
bool token_spaced(struct span text, const struct token *t);

/* Is it a day with two blanks or a line end on either side? */
bool token_day_apart(struct span text, const struct token *t);

/* Is it all of a value of JSON, or of an element of markup? */
bool token_value(struct span text, const struct token *t);

/*
 * The label in front of a value at place from: a word before ':' or '=', a
 * JSON key, the text of the tags before. Empty when there is none.
 */
struct span token_label(struct span text, size_t from);

#endif
