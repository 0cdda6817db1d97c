// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * number.h - our own identifiers: the setting numbers.
 *
 * A pattern is literals, classes ([0-9A-Z]), \d, and after each of them ?,
 * {n} or {n,m}; or an expression (expression.h). It stands for a whole value.
 * Matching takes one step a byte.
 *
 * It must not accept what it does not understand.
 */
#ifndef OUTFLOW_DETECT_NUMBER_H
#define OUTFLOW_DETECT_NUMBER_H

#include "outflow/detect.h"

struct numbers; /* the patterns, ready to match */

/* NULL and a problem each where a pattern or check is not understood. */
struct numbers *numbers_new(const struct number_rule *rules, size_t count,
                            struct problems *problems);
void numbers_free(struct numbers *n);

/* Are there any? */
bool numbers_any(const struct numbers *n);

/* May any of them have letters? Then words with digits are looked at too. */
bool numbers_letters(const struct numbers *n);

/*
 * The type of the first rule that value is (as it stands, or without single
 * blanks and dashes); FIELD_NONE when it is none. like: a pattern fits,
 * whether its check holds or not; may be NULL.
 */
enum field_type numbers_match(const struct numbers *n, struct span value,
                              bool *like);

#endif
