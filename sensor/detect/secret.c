// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * secret.c - security codes of cards, and PINs.
 *
 * In: a cell. Out: may it be one under a header that says so. Never sure by
 * the value: three digits are anything.
 */
#include "detect/detectors.h"

static bool secret_sure(const struct cell *c)
{
    (void)c;
    return false;
}

static bool security_fits(const struct cell *c)
{
    return c->digits == c->narrow.len && c->digits >= 3 && c->digits <= 4;
}

static bool pin_fits(const struct cell *c)
{
    return c->digits == c->narrow.len && c->digits >= 4 && c->digits <= 12;
}

const struct detector detector_SECURITY = {secret_sure, security_fits};
const struct detector detector_PIN = {secret_sure, pin_fits};
