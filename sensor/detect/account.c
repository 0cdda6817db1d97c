// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * account.c - numbers of accounts, customers, members.
 *
 * In: a cell. Out: may it be one, by header (fits) or as one of a column
 * (sure is never: the column's facts say so in columns.c).
 * Not: which bank's.
 */
#include "detect/detectors.h"

enum { ACCOUNT_MIN = 4, ACCOUNT_MAX = 34 };

static bool account_sure(const struct cell *c)
{
    (void)c;
    return false;
}

static bool account_fits(const struct cell *c)
{
    struct span s = c->narrow;
    size_t signs = 0;

    if (c->wide > 0 || s.len > ACCOUNT_MAX || c->digits < ACCOUNT_MIN ||
        c->letters > c->digits)
        return false;
    for (size_t i = 0; i < s.len; i++)
        signs += s.ptr[i] == '-' || s.ptr[i] == ' ' || s.ptr[i] == '/';
    return c->digits + c->letters + signs == s.len && signs <= 6;
}

const struct detector detector_ACCOUNT = {account_sure, account_fits};
