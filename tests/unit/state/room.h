// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * room.h - a directory for a state, and books told as lines of world.h.
 */
#ifndef TESTS_STATE_ROOM_H
#define TESTS_STATE_ROOM_H

#include "outflow/customer.h"
#include "outflow/state.h"
#include "rule/world.h"

struct room {
    char dir[64]; /* made by room_open, empty */
    struct keyed *key;
    struct problems problems;
};

/* A fresh directory in memory, or below /tmp. */
void room_open(struct room *r);

/* Remove the directory and what is in it. */
void room_close(struct room *r);

/* The state in it; fails the test when it does not open. */
struct state *room_state(struct room *r);

/* A ledger of what the lines say. */
struct ledger *room_ledger(const char *lines);

/* Put that ledger into a book, with its ties. */
void room_put(struct state *st, const char *book, const char *lines);

/* All of a book, with its ties, in a new ledger. */
struct ledger *room_load(struct state *st, const char *book);

/*
 * What a rule of that many customers in 400 days says of a ledger, in full:
 * "" when it is silent. Valid until the next call.
 */
const char *room_verdict(struct ledger *l, uint64_t customers);

/* Customers of a book, as loaded with its ties. */
uint64_t room_customers(struct state *st, const char *book);

#endif
