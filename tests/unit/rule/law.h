// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * law.h - judging by books gives what judging one whole ledger gives.
 */
#ifndef TESTS_RULE_LAW_H
#define TESTS_RULE_LAW_H

#include "rule/world.h"

/* Batches by number; one may stand in it twice. */
struct order {
    size_t at[128];
    size_t count;
};

/* All count batches in some order, some of them twice. */
void order_shuffle(struct order *order, size_t count, uint32_t *random);

/*
 * Fails the test unless both give the same alerts, byte for byte. With looks,
 * books are also judged in between: no figure may depend on that.
 */
void law_books(const struct judge_settings *settings, const struct world *w,
               const struct order *order, bool looks);

#endif
