// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * place.h - find the place of bytes that are not simply next.
 */
#ifndef OUTFLOW_SESSION_PLACE_H
#define OUTFLOW_SESSION_PLACE_H

#include "session/stream.h"

/*
 * The first bytes of p lie below next: they came before. Compares them with
 * what is held of them, and leaves the rest in p.
 */
void place_old(const struct side *on, struct piece *p);

/*
 * Put bytes that are not below next among what waits. Without memory they
 * are counted as unread, and their hole stays.
 */
void place_rest(const struct side *on, struct piece p);

/* The stream ends at place, unless bytes behind that are known. */
void place_fin(const struct side *on, uint64_t at, const struct moment *seen);

/*
 * The FIN that bytes lie behind was acknowledged: they are no part of the
 * stream, and looked at as strays.
 */
void place_ended(const struct side *on, const struct moment *seen);

/* Is it farther ahead than a stream can wait for? Then it is doubted. */
bool place_far(const struct stream *st, uint64_t at);

/* Take the i-th run out of what waits; the caller frees it. */
struct run *wait_take(const struct side *on, uint32_t i);

/* Release the queue of what waits with all it holds; none is fine. */
void wait_free(const struct side *on);

#endif
