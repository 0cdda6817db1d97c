// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * detect.h - find the rows that name customers in a stream of text.
 *
 * One struct rows per text part: it is fed the bytes as they pass, splits
 * them into rows, types cells by header, by column and by value, and gives
 * records. Any cut of the bytes gives the same records. Memory is constant;
 * an idle struct rows is small (<= 200 bytes) until a row may hold a field.
 */
#ifndef OUTFLOW_DETECT_H
#define OUTFLOW_DETECT_H

#include "outflow/err.h"
#include "outflow/chain.h"
#include "outflow/customer.h"

/* One of our own identifiers (setting numbers). */
struct number_rule {
    const char *name;
    enum field_type type;
    const char *pattern; /* subset of docs/rules.md */
    const char *check;   /* luhn mod10 mod11 mod97 verhoeff none */
    const char *file;    /* where it stands, for problems; may be NULL */
    unsigned line;
};

struct detect_settings {
    const struct keyed *key;
    const struct number_rule *numbers;
    size_t numbers_count;
    struct counters *counters; /* records */
};

struct detect; /* tables shared by all parts of a worker */
struct rows;   /* one text part being read */

/*
 * Are the patterns and checks of our own identifiers understood? A problem
 * for each that is not; asked before workers start.
 */
bool detect_check(const struct number_rule *numbers, size_t count,
                  struct problems *problems);

/* NULL and a problem when a pattern or check is not understood. */
struct detect *detect_new(const struct detect_settings *settings,
                          struct problems *problems);
void detect_free(struct detect *d);

/* Where records go; false to refuse (the part is then passed over). */
struct record_sink {
    void *ctx;
    bool (*put)(void *ctx, const struct record *record);
};

/* Begin a part; NULL without memory. The sink is copied. */
struct rows *rows_open(struct detect *d, const struct part *part,
                       const struct record_sink *sink);

/* Bytes in order; seen is the packet that brought them. */
void rows_feed(struct rows *r, struct span bytes, const struct moment *seen);

/* len bytes are missing: the row around the hole is lost, no other. */
void rows_gap(struct rows *r, uint64_t len);

/* The part ended: a last row without newline counts. Releases r. */
void rows_close(struct rows *r);

/*
 * Identifiers in a name the wire chose (file, host, user, path) masked, for
 * outputs: copies at most LIMIT_NAME bytes of UTF-8 to out, always NUL ended.
 */
void detect_mask(const struct detect *d, struct span name, char *out,
                 size_t room);

#endif
