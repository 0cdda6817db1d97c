// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * sealed.h - how decoders of this folder tell what they do not open.
 *
 * It must not decide what anything is.
 */
#ifndef DECODE_SEALED_SEALED_H
#define DECODE_SEALED_SEALED_H

#include "outflow/decoder.h"

/* len bytes of the part stay closed; false: refused. */
bool sealed_tell(struct sink *out, const char *kind, enum why why, size_t len);

/* The same with a step behind the part's trail; empty: none. */
bool sealed_tell_step(struct sink *out, const struct note *what,
                      struct span step);

/* Does a known form of media, programs or fonts begin here (media.def)? */
bool sealed_is_media(struct span head);

#endif
