// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * expression.h - regular expressions for values, by libhyperscan.
 *
 * The patterns of our own numbers that number.c cannot match itself. Matching
 * takes one step a byte whatever the pattern; those that would grow too large
 * or repeat a repeat are refused when they are read.
 *
 * It must not search text: an expression stands for a whole value.
 */
#ifndef OUTFLOW_DETECT_EXPRESSION_H
#define OUTFLOW_DETECT_EXPRESSION_H

#include "outflow/span.h"

struct expression;

enum { EXPRESSION_WHY = 128 }; /* bytes of a reason */

/*
 * Literals, classes, ( ) and (?: ), |, ., \d \w \s and their opposites, and
 * ? * + {n} {n,} {n,m} behind each. NULL and what is wanted in why.
 */
struct expression *expression_new(const char *pattern,
                                  char why[EXPRESSION_WHY]);
void expression_free(struct expression *e);

/* Is the whole of value (256 bytes at most) what the pattern says? */
bool expression_matches(const struct expression *e, struct span value);

/*
 * Does the library find what a plain loop finds, in one piece and in many?
 * Builds of it are known that lose matches; such a one is not to be used.
 */
bool expression_trusted(char why[EXPRESSION_WHY]);

#endif
