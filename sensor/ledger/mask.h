// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * mask.h - masks of at most 16 common characters in eight bytes.
 *
 * A ledger holds one mask a customer, and almost all are digits and stars.
 */
#ifndef OUTFLOW_LEDGER_MASK_H
#define OUTFLOW_LEDGER_MASK_H

#include "outflow/compiler.h"
#include "outflow/record.h"

/* False when the mask is longer or has another character. */
bool mask_pack(const char *mask, uint64_t *packed) MUST_USE;

void mask_unpack(uint64_t packed, char mask[RECORD_MASK]);

#endif
