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

/* How books are judged: no figure may depend on it. */
enum law_way {
    LAW_ONCE = 0, /* at the end */
    LAW_LOOKS,    /* and after every batch */
    LAW_AGAIN,    /* and the judge dies now and then; a state goes on */
};

/*
 * Fails the test unless both give the same alerts, byte for byte. What was
 * told before the end keeps its id: only LAW_ONCE compares ids.
 */
void law_books(const struct judge_settings *settings, const struct world *w,
               const struct order *order, enum law_way way);

/* A folder for a state, and its end. */
char *law_folder(void);
void law_folder_gone(char *dir);

#endif
