// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * text.h - parts at the bottom of the stack: their text, as UTF-8.
 *
 * Private to the chain: decoders must not include it.
 */
#ifndef DECODE_TEXT_H
#define DECODE_TEXT_H

#include "decode/node.h"

/* n is text from here on: tell its owner. */
void text_begin(struct node *n);

/* Its next bytes, a hole in it, its end. */
void text_put(struct node *n, struct span bytes);
void text_gap(struct node *n, uint64_t len);
void text_close(struct node *n);

#endif
