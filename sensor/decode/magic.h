// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * magic.h - the first bytes of a part against the magic of a format.
 *
 * It must not know any format.
 */
#ifndef DECODE_MAGIC_H
#define DECODE_MAGIC_H

#include "outflow/decoder.h"

/* Does head begin with magic? MATCH_MORE: it does so far, and is shorter. */
static inline enum match magic_match(struct span head, struct span magic)
{
    size_t len = head.len < magic.len ? head.len : magic.len;

    if (!span_eq(span_head(head, len), span_head(magic, len)))
        return MATCH_NO;
    return len == magic.len ? MATCH_YES : MATCH_MORE;
}

#endif
