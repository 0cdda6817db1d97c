// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * bonds.h - what names of one book learn from records in others.
 *
 * A name stands for the customer that a stronger record with the same value
 * names, wherever that record is (interface.md 3.1). Every book tells its
 * ties and names here and is told those that say what its own names stand
 * for, to the end; so it is settled as one ledger of all books would be.
 * ledger/ makes it.
 */
#ifndef OUTFLOW_BONDS_H
#define OUTFLOW_BONDS_H

#include "outflow/pack.h"

struct bonds;

/* Where another book has to learn; it is to be judged again. */
struct bonds_events {
    void *ctx;
    struct ledger *(*changed)(void *ctx, uint32_t book); /* NULL: it is not
                                                            in memory */
};

/* Nothing is known; at most memory bytes. NULL without memory. */
struct bonds *bonds_new(uint64_t memory);
void bonds_free(struct bonds *b);
uint64_t bonds_held(const struct bonds *b);

/*
 * Learn the ties of what came to a book; others that hold such a name get
 * them, too. ERR_LIMIT: no memory, some are not known.
 */
enum err bonds_learn(struct bonds *b, const struct ledger *fresh,
                     const struct bonds_events *events) MUST_USE;

/*
 * Bring a book's ledger what its names from number *upto on need, and
 * remember that it holds them; *upto is moved on. To be called before it is
 * settled, whenever something was added to it.
 */
enum err bonds_bring(struct bonds *b, uint32_t book, struct ledger *all,
                     size_t *upto, const struct bonds_events *events) MUST_USE;

#endif
