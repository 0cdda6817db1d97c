// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * mask.h - what may be shown of the value that named a customer.
 *
 * It must not show more than PCI DSS 3.4.1 allows of a card, or more than two
 * digits of anything else.
 */
#ifndef OUTFLOW_CUSTOMER_MASK_H
#define OUTFLOW_CUSTOMER_MASK_H

#include "outflow/record.h"

/*
 * The mask of a normal form: cards first 6 and last 4, other numbers the
 * last 2, all else "***". The normal form, not the text, so that every
 * written form of a value has the same mask.
 */
void mask_make(enum name_kind kind, struct span normal, char out[RECORD_MASK]);

#endif
