// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * collect.h - runs text through a part and keeps the records.
 *
 * It must not know what the text is.
 */
#ifndef TESTS_DETECT_COLLECT_H
#define TESTS_DETECT_COLLECT_H

#include "outflow/counters.h"
#include "outflow/detect.h"

enum { COLLECTED = 4096 };

struct collected {
    size_t count;
    struct record record[COLLECTED];
};

/* Settings with a fixed key; ended by collect_end. */
struct detect *collect_detect(const struct number_rule *numbers, size_t count,
                              struct counters *counters);
void collect_end(struct detect *d);

/* Puts a record into a struct collected. */
bool collect_keep(void *ctx, const struct record *record);

/* A part that puts into out. */
struct rows *collect_open(struct detect *d, struct collected *out);

/* Feed text in pieces of that size, the packet's number counting them. */
void collect_feed(struct rows *r, struct span text, size_t piece);

/* All of it: open, feed, close. out is emptied first. */
void collect(struct detect *d, struct span text, size_t piece,
             struct collected *out);

/* The same records in the same order (moments apart)? */
bool collected_same(const struct collected *a, const struct collected *b);

/* Different customers among them. */
size_t collected_customers(const struct collected *all);

/* FIELD_BITs of a list of names, "phone email". */
uint32_t collect_fields(const char *names);

/* Asserts that text gives so many records, each with the fields of the list. */
void collect_expect(struct span text, size_t records, const char *fields);

/* Asserts that text gives the same records in pieces of any size. */
void collect_cuts(struct span text);

#endif
