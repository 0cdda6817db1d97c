// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * span.h - a borrowed run of bytes.
 *
 * Always by value; whoever hands one over says until when it is valid. It
 * must not own, allocate or know what the bytes mean.
 */
#ifndef OUTFLOW_SPAN_H
#define OUTFLOW_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct span {
    const uint8_t *ptr; /* first byte; may be NULL when len is 0 */
    size_t len;         /* bytes */
};

/* The bytes of a string literal, without its NUL. */
#define SPAN(literal)                                                          \
    ((struct span){(const uint8_t *)(literal), sizeof(literal) - 1})

/* The same where the language wants a constant: static tables. */
#define SPAN_INIT(literal)                                                     \
    {                                                                          \
        (const uint8_t *)(literal), sizeof(literal) - 1                        \
    }

/* The bytes of a NUL-terminated string; empty for NULL. */
struct span span_of(const char *text);

/* The first len bytes, all of it when it is shorter. */
struct span span_head(struct span s, size_t len);

/* What is behind the first len bytes, empty when there is nothing. */
struct span span_skip(struct span s, size_t len);

/* Bytes [from, to), cut to what is there. */
struct span span_slice(struct span s, size_t from, size_t to);

/* Same bytes? */
bool span_eq(struct span a, struct span b);

/* Same bytes, ASCII letters in either case? */
bool span_eq_nocase(struct span a, struct span b);

/* Does s begin with head (in either case for _nocase)? */
bool span_starts(struct span s, struct span head);
bool span_starts_nocase(struct span s, struct span head);

/* Place of the first such byte, or s.len. */
size_t span_find(struct span s, uint8_t byte);

/* Place of the first such run, or s.len. */
size_t span_find_run(struct span s, struct span run);

/* s without ASCII blanks (space, tab, CR, LF) at both ends. */
struct span span_trim(struct span s);

/*
 * Take what is in front of the next sep off *rest (all of it when there is
 * none); sep itself is dropped. False when *rest is empty.
 */
bool span_cut(struct span *rest, uint8_t sep, struct span *piece);

/* A decimal number, the whole span; false on anything else or overflow. */
bool span_number(struct span s, uint64_t *value);

/* The value of a hexadecimal digit, 16 for anything else. */
unsigned span_hex_digit(uint8_t c);

/* A hexadecimal number, the whole span; false on anything else. */
bool span_hex(struct span s, uint64_t *value);

/* -1, 0, 1 by bytes, shorter first. */
int span_compare(struct span a, struct span b);

#endif
