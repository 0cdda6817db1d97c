// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * strings.h - many short texts, found by number: a workbook's strings.
 *
 * What it takes is on the account of held parts. It must not know where
 * texts come from.
 */
#ifndef DECODE_DOCUMENT_STRINGS_H
#define DECODE_DOCUMENT_STRINGS_H

#include "decode/held.h"

struct strings {
    struct held_share *share; /* borrowed, may be NULL */
    uint8_t *text;            /* owned: all, one behind the other */
    size_t len, room;
    uint64_t *end; /* owned: of each in text */
    uint32_t count, places;
};

/* None yet; takes no memory. */
void strings_init(struct strings *s, struct held_share *share);

/* Add one behind the others (copied); false at a limit or without memory. */
bool strings_add(struct strings *s, struct span text) MUST_USE;

/* The i-th, valid until the next is added; empty when there is none. */
struct span strings_at(const struct strings *s, uint32_t i);

/* Forget all and give the memory back. */
void strings_clear(struct strings *s);

#endif
