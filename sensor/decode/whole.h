// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * whole.h - formats that the helper reads: held whole, then handed over.
 *
 * A decoder of such a format is a probe and WHOLE_DECODER. What the helper
 * puts goes into the decoder's sink; what it cannot read is noted, so that
 * every byte that was held is counted. It must not look into the bytes.
 */
#ifndef DECODE_WHOLE_H
#define DECODE_WHOLE_H

#include "decode/held.h"

struct whole {
    struct held held;
    const struct helper *helper; /* borrowed, or NULL */
};

bool whole_open(void *state, const struct hint *hint);
struct progress whole_feed(struct whole *w, const char *format,
                           struct span bytes, struct sink *out);
struct progress whole_gap(struct whole *w, const char *format, uint64_t len,
                          struct sink *out);
enum decode_status whole_end(struct whole *w, const char *format,
                             struct span rest, struct sink *out);
void whole_close(void *state);

/* decoder_NAME, known by PROBE; NAME is its format for the helper, too. */
#define WHOLE_DECODER(name_, probe_)                                           \
    static struct progress whole_##name_##_feed(                               \
        void *state, enum dir dir, struct span bytes, struct sink *out)        \
    {                                                                          \
        (void)dir;                                                             \
        return whole_feed(state, #name_, bytes, out);                          \
    }                                                                          \
    static struct progress whole_##name_##_gap(void *state, enum dir dir,      \
                                               uint64_t len, struct sink *out) \
    {                                                                          \
        (void)dir;                                                             \
        return whole_gap(state, #name_, len, out);                             \
    }                                                                          \
    static enum decode_status whole_##name_##_end(                             \
        void *state, enum dir dir, struct span rest, struct sink *out)         \
    {                                                                          \
        (void)dir;                                                             \
        return whole_end(state, #name_, rest, out);                            \
    }                                                                          \
    const struct decoder decoder_##name_ = {                                   \
        .name = #name_,                                                        \
        .state_size = sizeof(struct whole),                                    \
        .recodes = true,                                                       \
        .probe = (probe_),                                                     \
        .open = whole_open,                                                    \
        .feed = whole_##name_##_feed,                                          \
        .gap = whole_##name_##_gap,                                            \
        .end = whole_##name_##_end,                                            \
        .close = whole_close,                                                  \
    }

#endif
