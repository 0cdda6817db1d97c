// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * national_check.h - the checks of national identifiers.
 *
 * It must not know shapes: a check is given signs of its row's shape.
 */
#ifndef OUTFLOW_DETECT_NATIONAL_CHECK_H
#define OUTFLOW_DETECT_NATIONAL_CHECK_H

#include "outflow/span.h"

/* A check's own figures: a weight a sign (0 to 9, A for 10), and modulus. */
struct weights {
    const char *of;
    unsigned modulus;
};

/*
 * Each takes the letters and digits of an identifier (letters small or
 * capital as written), of a shape that nationals.def gives for it. The
 * sources stand there.
 */
#define NATIONAL_CHECK(name)                                                   \
    bool national_##name(struct span s, struct weights w)

NATIONAL_CHECK(any);
NATIONAL_CHECK(luhn);
NATIONAL_CHECK(mod10);
NATIONAL_CHECK(verhoeff);

/* The weighted sum of all digits is a multiple of the modulus. */
NATIONAL_CHECK(weighted);

/* Modulus less the rest stands behind the weighted digits, 10 and 11 as 0. */
NATIONAL_CHECK(check_zero);

NATIONAL_CHECK(document);
NATIONAL_CHECK(licence);
NATIONAL_CHECK(us_ssn);
NATIONAL_CHECK(us_itin);
NATIONAL_CHECK(gb_nino);
NATIONAL_CHECK(jp_licence);
NATIONAL_CHECK(de_steuer);
NATIONAL_CHECK(fr_nir);
NATIONAL_CHECK(it_cf);
NATIONAL_CHECK(es_dni);
NATIONAL_CHECK(se_pnr);
NATIONAL_CHECK(pl_pesel);
NATIONAL_CHECK(be_nn);
NATIONAL_CHECK(br_twice);
NATIONAL_CHECK(in_pan);
NATIONAL_CHECK(cn_id);
NATIONAL_CHECK(kr_rrn);
NATIONAL_CHECK(tw_id);
NATIONAL_CHECK(hk_id);
NATIONAL_CHECK(sg_nric);
NATIONAL_CHECK(nz_ird);
NATIONAL_CHECK(za_id);
NATIONAL_CHECK(mx_curp);
NATIONAL_CHECK(mx_rfc);

#endif
