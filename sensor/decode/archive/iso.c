// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * iso.c - images of optical discs, which the helper opens.
 *
 * In:   the bytes of a part that begins with LIMIT_PROBE zeros, as the
 *       system area of an image does; what it is shows at 32 KiB.
 * Out:  a part for each file in it, named as in the image; when it is no
 *       image after all, one part with the bytes behind the zeros.
 * Not:  images that can be booted from a disk: these begin with code.
 * Spec: ECMA-119, 6.2.1 and 8.1.1 (system area, "CD001").
 */
#include "decode/whole.h"
#include "outflow/limits.h"

enum {
    KNOWN_AT = 32769, /* "CD001" of the first descriptor */
    KNOWN = KNOWN_AT + 5,
};

struct iso {
    struct whole whole; /* first: whole_open and whole_close take it */
    bool image;         /* it is one */
    bool other;         /* it is none: bytes pass */
    bool begun;         /* bytes that are not zero were met */
};

static enum match iso_probe(struct span head, const struct hint *hint)
{
    head = span_head(head, LIMIT_PROBE);
    for (size_t i = 0; i < head.len; i++) {
        if (head.ptr[i] != 0)
            return MATCH_NO;
    }
    if (head.len < LIMIT_PROBE)
        return hint->ended ? MATCH_NO : MATCH_MORE;
    return MATCH_YES;
}

/* It is no image: what is held, and what follows, is as it is. */
static bool pass(struct iso *s, struct span bytes, struct sink *out)
{
    while (!s->begun && bytes.len > 0 && *bytes.ptr == 0)
        bytes = span_skip(bytes, 1);
    s->begun = s->begun || bytes.len > 0;
    return bytes.len == 0 || out->ops->put(out->ctx, bytes);
}

static bool release(struct iso *s, struct sink *out)
{
    bool fine = pass(s, held_span(&s->whole.held), out);

    s->other = true;
    held_clear(&s->whole.held);
    return fine;
}

static struct progress iso_feed(void *state, enum dir dir, struct span bytes,
                                struct sink *out)
{
    struct iso *s = state;

    (void)dir;
    if (s->other)
        return (struct progress){
            pass(s, bytes, out) ? DECODE_MORE : DECODE_REFUSED, bytes.len};
    struct progress p = whole_feed(&s->whole, "iso", bytes, out);
    struct span held = held_span(&s->whole.held);
    if (p.status != DECODE_MORE || s->image || held.len < KNOWN)
        return p;
    s->image = span_eq(span_slice(held, KNOWN_AT, KNOWN), SPAN("CD001"));
    if (!s->image && !release(s, out))
        p.status = DECODE_REFUSED;
    return p;
}

static struct progress iso_gap(void *state, enum dir dir, uint64_t len,
                               struct sink *out)
{
    struct iso *s = state;

    (void)dir;
    if (!s->other)
        return whole_gap(&s->whole, "iso", len, out);
    bool fine = !s->begun || out->ops->gap(out->ctx, len);
    return (struct progress){fine ? DECODE_MORE : DECODE_REFUSED, 0};
}

static enum decode_status iso_end(void *state, enum dir dir, struct span rest,
                                  struct sink *out)
{
    struct iso *s = state;

    (void)dir;
    if (s->image)
        return whole_end(&s->whole, "iso", rest, out);
    bool fine = (s->other || release(s, out)) && pass(s, rest, out);
    return fine ? DECODE_DONE : DECODE_REFUSED;
}

const struct decoder decoder_iso = {
    .name = "iso",
    .state_size = sizeof(struct iso),
    .recodes = true,
    .probe = iso_probe,
    .open = whole_open,
    .feed = iso_feed,
    .gap = iso_gap,
    .end = iso_end,
    .close = whole_close,
};
