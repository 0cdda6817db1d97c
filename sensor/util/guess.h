// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * guess.h - which charset bytes are in, by what they look like.
 *
 * Strict UTF-8 comes first: other text is hardly ever well-formed UTF-8.
 * Else every charset reads the bytes, and the reading that looks most like
 * writing (letters.h) wins; a declaration weighs, but does not decide. All
 * answers are functions of the bytes given and of nothing else.
 */
#ifndef OUTFLOW_UTIL_GUESS_H
#define OUTFLOW_UTIL_GUESS_H

#include "util/charset.h"

struct guess_text {
    struct span bytes;
    enum charset declared; /* CHARSET_NONE: nothing said */
    enum charset current;  /* what text in front was in, or CHARSET_NONE */
    bool cut;              /* the last character may go on behind */
    bool trusted;          /* text in front was surely in current */
};

struct guess {
    enum charset charset;
    int score;      /* letters_score of that reading */
    uint32_t signs; /* characters above ASCII that it has */
};

/*
 * What text of bytes from 0x80 on is in, never a wide charset. It always
 * gives one; CP1252 when nothing else is any better.
 */
struct guess guess_charset(const struct guess_text *text);

/* Well-formed UTF-8 with enough characters to be nothing else? */
bool guess_is_utf8(struct span bytes, bool cut);

/* So many control bytes that no 8-bit text is like that? */
bool guess_is_binary(struct span bytes);

/* Text in 16- or 32-bit units. */
struct guess_wide {
    enum charset charset; /* CHARSET_NONE: it is not */
    uint8_t skip;         /* bytes in front of the first whole unit */
    bool sure;            /* no unit of it is odd */
    bool maybe;           /* more bytes may show that it is */
};

/* aligned: the bytes begin with a unit. */
struct guess_wide guess_wide(struct span bytes, bool aligned);

/* What a byte order mark at the front says; *len: its bytes. */
enum charset guess_mark(struct span bytes, size_t *len);

#endif
