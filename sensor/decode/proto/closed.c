// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * closed.c - count what an encrypted channel carries.
 *
 * In:   lengths of what a channel's decoder passed over.
 * Out:  one transfer per direction and its unread bytes.
 * Not:  looks at no byte.
 */
#include "decode/proto/closed.h"

bool closed_count(struct closed *c, enum dir dir,
                  const struct closed_channel *channel, uint64_t bytes,
                  struct sink *out)
{
    const struct transfer_info info = {
        .channel = channel->kind,
        .step = span_of(channel->kind),
        .host = channel->host,
    };
    const struct note note = {
        .kind = NOTE_UNREAD,
        .dir = dir,
        .text = span_of(channel->kind),
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

/*
 * Enough bytes of plain text: a cipher gives 16 such in a row once in 10^6
 * datagrams of that size, 64 once in 10^27.
 */
static bool plain(struct span bytes)
{
    enum { LEAST = 16, ENOUGH = 64 };
    struct span head = span_head(bytes, ENOUGH);

    for (size_t i = 0; i < head.len; i++) {
        uint8_t byte = head.ptr[i];
        if (byte > '~' ||
            (byte < ' ' && byte != '\t' && byte != '\r' && byte != '\n'))
            return false;
    }
    return head.len >= LEAST;
}

struct progress closed_message(struct closed *c, enum dir dir,
                               struct span bytes, const char *kind,
                               struct sink *out)
{
    const struct closed_channel channel = {kind, {NULL, 0}};

    if (plain(bytes))
        return (struct progress){DECODE_BAD, 0};
    if (!closed_count(c, dir, &channel, bytes.len, out))
        return (struct progress){DECODE_REFUSED, 0};
    return (struct progress){DECODE_MORE, bytes.len};
}

struct progress closed_state_gap(void *state, enum dir dir, uint64_t len,
                                 struct sink *out)
{
    (void)state;
    (void)dir;
    (void)len;
    (void)out;
    return (struct progress){DECODE_MORE, 0};
}

enum decode_status closed_state_end(void *state, enum dir dir, struct span rest,
                                    struct sink *out)
{
    struct closed *c = state;

    (void)rest; /* feed leaves nothing */
    return closed_end(c, dir, out) ? DECODE_DONE : DECODE_REFUSED;
}
