// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * words.h - texts numbered from 0, each kept once.
 *
 * Users, groups, mail addresses and domains are looked up for each batch;
 * a hash table finds their numbers. Only the operator's files put words in,
 * so that nobody on the wire can fill or slow it.
 *
 * It must not know what the words mean.
 */
#ifndef OUTFLOW_IDENTITY_WORDS_H
#define OUTFLOW_IDENTITY_WORDS_H

#include "outflow/compiler.h"
#include "outflow/span.h"

#define WORD_NONE UINT32_MAX

struct words {
    char *text;      /* owned; all words, each NUL ended */
    size_t len;      /* bytes of text used */
    size_t room;     /* bytes of text taken */
    size_t *at;      /* owned; where word i begins in text */
    uint32_t count;  /* words */
    uint32_t *slots; /* owned; number + 1, 0 where free */
    uint32_t size;   /* slots, a power of two */
};

/* The number of word, put in when it is new; WORD_NONE without memory. */
uint32_t words_put(struct words *w, struct span word) MUST_USE;

/* The number of word, or WORD_NONE. */
uint32_t words_find(const struct words *w, struct span word);

/* The i-th word; valid until the next words_put. */
const char *words_at(const struct words *w, uint32_t i);

/* Release what w holds. */
void words_clear(struct words *w);

#endif
