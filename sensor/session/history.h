// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * history.h - the newest bytes a stream delivered, to compare copies with.
 *
 * A ring that is allocated with the first bytes, as large as they are, and
 * doubles up to a cap given with each addition. It must not know why.
 */
#ifndef OUTFLOW_SESSION_HISTORY_H
#define OUTFLOW_SESSION_HISTORY_H

#include "outflow/span.h"

struct history {
    uint64_t end;  /* place behind the newest byte */
    uint32_t len;  /* bytes held */
    uint32_t room; /* bytes it has room for */
    uint32_t at;   /* where the next byte is written */
    uint8_t bytes[];
};

/*
 * Add bytes that begin at place (its end, when it is not empty); the oldest
 * make room beyond cap. *h may be NULL. Without memory older bytes are lost.
 */
void history_add(struct history **h, uint64_t place, struct span bytes,
                 uint32_t cap);

/* Forget the bytes, keep the memory; NULL is fine. */
void history_reset(struct history *h);

/* Place of the oldest byte held. */
uint64_t history_begin(const struct history *h);

/* Memory held; 0 for NULL. */
uint32_t history_size(const struct history *h);

/* Copy [place, place + len), which must be held, to out. */
void history_copy(const struct history *h, uint64_t place, uint32_t len,
                  uint8_t *out);

/*
 * Compare bytes at place with what is held of them. True when they differ:
 * [*low, *high) of bytes is from the first to behind the last difference.
 */
bool history_differs(const struct history *h, uint64_t place, struct span bytes,
                     size_t *low, size_t *high);

/* The same for two runs of len bytes. */
bool bytes_differ(const uint8_t *a, const uint8_t *b, size_t len, size_t *low,
                  size_t *high);

#endif
