// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * postal.c - postal codes.
 *
 * In: a cell. Out: is it a Japanese code with its mark or dash (sure), may
 * it be any country's under a header (fits). Not: which country's.
 */
#include "detect/detectors.h"

/* U+3012, the postal mark. */
static const struct span mark = {(const uint8_t *)"\xE3\x80\x92", 3};

static bool postal_sure(const struct cell *c)
{
    struct span s = c->narrow;

    if (span_starts(s, mark))
        return c->digits == 7;
    return s.len == 8 && c->digits == 7 && s.ptr[3] == '-';
}

static bool postal_fits(const struct cell *c)
{
    struct span s = c->narrow;

    if (postal_sure(c))
        return true;
    size_t dash = span_find(s, '-') < s.len ? 1 : 0;
    return s.len >= 3 && s.len <= 10 && c->digits >= 2 && c->wide == 0 &&
           dash + c->digits + c->letters + c->blanks >= s.len;
}

const struct detector detector_POSTAL = {postal_sure, postal_fits};
