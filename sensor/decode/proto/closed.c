// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * closed.c - count what an encrypted channel carries.
 *
 * In:   lengths of what a channel's decoder passed over.
 * Out:  one transfer per direction and its unread bytes.
 * Not:  looks at no byte.
 */
#include "decode/proto/closed.h"

bool closed_count(struct closed *c, enum dir dir, struct span host,
                  uint64_t bytes, const char *kind, struct sink *out)
{
    const struct transfer_info info = {
        .channel = kind,
        .step = span_of(kind),
        .host = host,
    };
    const struct note note = {
        .kind = NOTE_UNREAD,
        .dir = dir,
        .text = span_of(kind),
        .number = bytes,
        .why = WHY_ENCRYPTED,
    };

    if (!c->open[dir]) {
        if (!out->ops->transfer_open(out->ctx, &info))
            return false;
        c->open[dir] = true;
    }
    return bytes == 0 || out->ops->note(out->ctx, &note);
}

bool closed_end(struct closed *c, enum dir dir, struct sink *out)
{
    if (!c->open[dir])
        return true;
    c->open[dir] = false;
    return out->ops->transfer_close(out->ctx);
}
