// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * letters.h - how well characters, one behind the other, look like writing.
 *
 * A reading of bytes in some charset is a row of characters: the right one
 * gives the frequent signs of a language, and words whose letters some
 * language has together, in a case that words have. It must not know bytes
 * or charsets.
 */
#ifndef OUTFLOW_UTIL_LETTERS_H
#define OUTFLOW_UTIL_LETTERS_H

#include <stdbool.h>
#include <stdint.h>

enum { LETTERS_LANGUAGES = 32 };

/* A reading as it is judged: zeroed at its begin but for pairs. */
struct letters {
    bool pairs;          /* signs have two bytes: none is there by chance */
    int64_t sum;         /* of the values of characters */
    uint32_t signs;      /* characters above ASCII */
    uint32_t word_mask;  /* languages that have all letters of the word */
    uint32_t word_value; /* of letters of another script */
    uint32_t last;       /* the character in front */
    uint32_t same;       /* times the last one came in a row */
    uint16_t word_high;  /* letters above ASCII in it */
    uint8_t word_script; /* enum script of its letters above ASCII */
    bool word_any;       /* it has letters */
    bool word_ascii;     /* it has ASCII letters */
    bool word_lower;     /* the last letter was lower case */
    bool word_odd;       /* no word: its case, its letters */
    bool pending;        /* a symbol right behind a letter */
    uint32_t language[LETTERS_LANGUAGES]; /* letters each could explain */
};

/* The next character; code 0: bytes that are none. */
void letters_add(struct letters *l, uint32_t code);

/* How much it looks like writing: about -1000 to 400, a right one from 150. */
int letters_score(struct letters *l);

/* Is it a letter or sign that a word or a price may well have? */
bool letters_usual(uint32_t code);

#endif
