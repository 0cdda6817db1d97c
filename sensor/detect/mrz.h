// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * mrz.h - machine-readable zones of passports, visas and identity cards.
 *
 * It must not judge who issued one.
 */
#ifndef OUTFLOW_DETECT_MRZ_H
#define OUTFLOW_DETECT_MRZ_H

#include "outflow/span.h"

/*
 * Is text a zone whose check digits hold: TD1 (3 lines of 30), TD2 (2 of
 * 36), TD3 (2 of 44), or their line with the numbers alone; blanks and line
 * ends do not count? number is then the document's number inside of text.
 */
bool mrz_read(struct span text, struct span *number);

#endif
