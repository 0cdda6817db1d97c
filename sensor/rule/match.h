// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * match.h - does a rule mean this sender, receiver, record? (interface.md 3)
 */
#ifndef OUTFLOW_RULE_MATCH_H
#define OUTFLOW_RULE_MATCH_H

#include "outflow/ledger.h"

/* Account and card numbers stand for each other where types are chosen. */
uint32_t match_types(uint32_t chosen);

/* The rule's from and channels. */
bool match_sender(const struct rule *rule, const struct ledger_route *route);

/*
 * The rule's direction and to. A partner inside its contract is left to
 * contract.h: here it is a party like any other.
 */
bool match_party(const struct rule *rule, const struct ledger_party *party);

/* The rule's fields, for one record. */
bool match_fields(const struct rule *rule, uint32_t fields);

/* The rule's unread and why. */
bool match_unread(const struct rule *rule, const struct ledger_unread *u);

#endif
