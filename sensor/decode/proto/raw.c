// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * raw.c - what nobody claims, scanned as it is.
 *
 * In:   either direction of a flow, or the datagrams of one.
 * Out:  one transfer a direction, with one part that holds every byte.
 * Not:  never claims a flow: the chain gives it what is left over.
 * Spec: none.
 */
#include "outflow/decoder.h"

struct raw {
    bool open[2]; /* by enum dir: the part is open */
};

static enum match raw_probe(struct span head, const struct hint *hint)
{
    (void)head;
    (void)hint;
    return MATCH_NO;
}

static bool raw_open(struct sink *out)
{
    const struct transfer_info transfer = {.channel = "raw",
                                           .step = SPAN("raw")};
    const struct part_info part = {.amid = true};

    return out->ops->transfer_open(out->ctx, &transfer) &&
           out->ops->part_open(out->ctx, &part);
}

static struct progress raw_feed(void *state, enum dir dir, struct span bytes,
                                struct sink *out)
{
    struct raw *raw = state;

    if (bytes.len == 0)
        return (struct progress){DECODE_MORE, 0};
    if (!raw->open[dir] && !raw_open(out))
        return (struct progress){DECODE_REFUSED, 0};
    raw->open[dir] = true;
    if (!out->ops->put(out->ctx, bytes))
        return (struct progress){DECODE_REFUSED, 0};
    return (struct progress){DECODE_MORE, bytes.len};
}

static struct progress raw_gap(void *state, enum dir dir, uint64_t len,
                               struct sink *out)
{
    struct raw *raw = state;

    if (raw->open[dir] && !out->ops->gap(out->ctx, len))
        return (struct progress){DECODE_REFUSED, 0};
    return (struct progress){DECODE_MORE, 0};
}

static enum decode_status raw_end(void *state, enum dir dir, struct span rest,
                                  struct sink *out)
{
    struct raw *raw = state;
    bool fine = raw_feed(state, dir, rest, out).status == DECODE_MORE;

    if (raw->open[dir])
        fine = fine && out->ops->part_close(out->ctx, PART_WHOLE) &&
               out->ops->transfer_close(out->ctx);
    raw->open[dir] = false;
    return fine ? DECODE_DONE : DECODE_REFUSED;
}

const struct decoder decoder_raw = {
    .name = "raw",
    .state_size = sizeof(struct raw),
    .protocol = true,
    .probe = raw_probe,
    .feed = raw_feed,
    .gap = raw_gap,
    .end = raw_end,
};
