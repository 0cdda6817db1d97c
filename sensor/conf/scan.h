// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * scan.h - look over a settings text before libconfig sees it.
 *
 * libconfig stops at the first repeated name, wraps numbers over 2^31-1
 * without a word, opens whatever @include names, loses the line of a string
 * in a list, refuses arrays of two types, and leaks on some syntax errors. So
 * the text is checked first: what can be mended is blanked out and reported, so
 * that every other error is found in the same run.
 *
 * It must not know any setting.
 */
#ifndef OUTFLOW_CONF_SCAN_H
#define OUTFLOW_CONF_SCAN_H

#include "conf/script.h"

/*
 * A number that was reported already stands as this in the mended text, so
 * that nobody complains about it twice. No number that fits is written so.
 */
#define SCAN_SPENT "0x80000000"

struct lines {
    unsigned *at; /* owned; the line of each value, parents first */
    size_t count;
};

/*
 * Check the text of s and mend it in place. False when it is no settings
 * text (the first such place is reported) and must not be parsed; out gets
 * the line of every value left, to be released with free(out->at).
 */
bool scan_text(struct script *s, struct lines *out, struct problems *problems);

#endif
