// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * token.h - the words and signs of a settings text, with their lines.
 *
 * It must not know how they may follow one another; scan.c does.
 */
#ifndef OUTFLOW_CONF_TOKEN_H
#define OUTFLOW_CONF_TOKEN_H

#include "outflow/span.h"

enum token_kind {
    TOKEN_END = 0, /* of the text */
    TOKEN_NAME,
    TOKEN_TEXT,    /* "..." */
    TOKEN_NUMBER,  /* or what begins like one */
    TOKEN_FLAG,    /* true, false */
    TOKEN_MARK,    /* one of = : ; , ( ) [ ] { } */
    TOKEN_INCLUDE, /* @include and the rest of its line */
    TOKEN_BAD,     /* a byte that begins nothing, a text without end */
};

struct token {
    enum token_kind kind;
    size_t from, to; /* bytes of the text */
    unsigned line;   /* from 1 */
};

struct tokens {
    char *text; /* borrowed; blanked out in places */
    size_t len;
    size_t at;     /* bytes passed */
    unsigned line; /* of text[at] */
};

enum number_kind {
    NUMBER_BAD = 0, /* 12x, 1-2 */
    NUMBER_FITS,    /* whole or not, within 2^31-1 when whole */
    NUMBER_LARGE,   /* whole and beyond */
};

enum { TOKEN_SHOWN = 64 };

/* The next token, blanks and comments passed over. */
struct token tokens_next(struct tokens *t);

/* Put blanks over bytes [from, to), newlines stay. */
void tokens_blank(struct tokens *t, size_t from, size_t to);

/* The line of the first byte that is not UTF-8, or 0. */
unsigned tokens_not_utf8(const struct tokens *t);

/* Its bytes; valid as long as the text. */
struct span token_span(const struct tokens *t, const struct token *token);

/* How a message calls it, cut to what fits. Gives out. */
const char *token_text(const struct tokens *t, const struct token *token,
                       char out[TOKEN_SHOWN]);

/* What kind of number is a TOKEN_NUMBER? */
enum number_kind tokens_number(const struct tokens *t,
                               const struct token *token);

#endif
