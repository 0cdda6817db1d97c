// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * check.h - check digits of numbers.
 *
 * It must not know whose numbers they are.
 */
#ifndef OUTFLOW_DETECT_CHECK_H
#define OUTFLOW_DETECT_CHECK_H

#include "outflow/span.h"

/* Each takes the signs of a number alone, check digit last. */
bool check_none(struct span s);

/* ISO/IEC 7812-1: every second digit from the right doubled. */
bool check_luhn(struct span s);

/* GS1: weights 1 and 3 in turn from the right, the check digit's is 1. */
bool check_mod10(struct span s);

/* Weights 2 to 7 in turn from the right; 10 is written X or 0, 11 as 0. */
bool check_mod11(struct span s);

/* ISO 7064 MOD 97-10: the whole number leaves 1; letters are 10 to 35. */
bool check_mod97(struct span s);

/* Verhoeff 1969, over the dihedral group D5. */
bool check_verhoeff(struct span s);

/* The check of that name, or NULL. */
bool (*check_find(const char *name))(struct span s);

#endif
