// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * buf.h - a growing byte buffer that cannot be made without a cap.
 *
 * Whoever keeps bytes copies them into a buf. Memory is taken on the first
 * append and doubles up to the cap; an append that would pass it changes
 * nothing and says so.
 *
 * It must not interpret bytes.
 */
#ifndef OUTFLOW_BUF_H
#define OUTFLOW_BUF_H

#include "outflow/compiler.h"
#include "outflow/span.h"

struct buf {
    uint8_t *ptr; /* owned */
    size_t len;   /* bytes held */
    size_t room;  /* bytes allocated */
    size_t cap;   /* bytes it may ever hold */
};

/* An empty buffer of at most cap bytes; allocates nothing. */
void buf_init(struct buf *b, size_t cap);

/* Add bytes at the end; false when the cap or the memory is at its end. */
bool buf_add(struct buf *b, struct span bytes) MUST_USE;
bool buf_add_byte(struct buf *b, uint8_t byte) MUST_USE;
bool buf_printf(struct buf *b, const char *fmt, ...) PRINTF(2, 3) MUST_USE;

/* Drop the first len bytes (all when there are fewer). */
void buf_drop(struct buf *b, size_t len);

/* Forget the bytes, keep the memory. */
void buf_reset(struct buf *b);

/* Release the memory; b is empty with the same cap afterwards. */
void buf_clear(struct buf *b);

/* What it holds; valid until the next change. */
struct span buf_span(const struct buf *b);

#endif
