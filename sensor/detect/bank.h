// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * bank.h - which bank: US routing numbers and SWIFT codes.
 *
 * They name no customer and are no field of their own. What they say is that
 * the number beside them is one of an account.
 *
 * It must not see more than the cell.
 */
#ifndef OUTFLOW_DETECT_BANK_H
#define OUTFLOW_DETECT_BANK_H

#include "detect/cell.h"

/* A routing number of the American Bankers Association, digits alone. */
bool bank_is_routing(const struct cell *c);

/* A business identifier code (ISO 9362), in capitals. */
bool bank_is_bic(const struct cell *c);

#endif
