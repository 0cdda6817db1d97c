// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * customer.h - normal forms, pseudonyms and masks: who a row is about.
 *
 * The one module that read, index and affected share, so that the same value
 * gives the same pseudonym everywhere (interface.md 3.1). It must not keep,
 * log or return a value.
 */
#ifndef OUTFLOW_CUSTOMER_H
#define OUTFLOW_CUSTOMER_H

#include "outflow/compiler.h"
#include "outflow/record.h"

enum { KEY_BYTES = 32, FIELDS_MAX = 64 };

struct keyed; /* a secret key with its HMAC state set up once */

/* From KEY_BYTES bytes; NULL without memory. The caller wipes bytes. */
struct keyed *keyed_new(const uint8_t bytes[KEY_BYTES]);
void keyed_free(struct keyed *k);

/*
 * The record of a row of count fields (at most FIELDS_MAX are looked at).
 * False when the row names no customer: it is then no record. rows is 1;
 * first and last are left to the caller.
 */
bool customer_record(const struct keyed *key, const struct field *fields,
                     size_t count, struct record *out) MUST_USE;

/*
 * Every name the fields give, strong and weak, for the join with a customer
 * table: at most max are put into out. Gives how many.
 */
size_t customer_names(const struct keyed *key, const struct field *fields,
                      size_t count, struct name *out, size_t max);

#endif
