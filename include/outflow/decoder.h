// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * decoder.h - what a decoder is, and what it promises.
 *
 * A decoder peels one layer: it is fed the bytes of one direction of a
 * stream (protocols) or of one part (formats) in order, in any chunking, and
 * puts the bytes it finds inside into a sink. HTTP, gzip, multipart are all
 * decoders; chain.c stacks them.
 *
 * Promises every decoder keeps (tests/support/laws.c checks them for all):
 *   - chunking does not change what is put, nor the final status;
 *   - it never reads outside the span, never blocks, never logs;
 *   - state is state_size zeroed bytes; heap memory only through bufs and
 *     util/unpack, taken in feed and given back in close;
 *   - bytes it does not use (progress.used) are fed again with more behind
 *     them, at most LIMIT_TAIL of them.
 *
 * Ownership: chain.c owns the state. Spans are borrowed until the call ends.
 */
#ifndef OUTFLOW_DECODER_H
#define OUTFLOW_DECODER_H

#include "outflow/sink.h"

enum decode_status {
    DECODE_MORE = 0, /* all well; feed again when there are more bytes */
    DECODE_DONE,     /* the layer is complete; do not feed again */
    DECODE_BAD,      /* not this layer's bytes, or damaged; not again */
    DECODE_LIMIT,    /* a cap of limits.h was reached; not again */
    DECODE_REFUSED,  /* the sink said no (memory, flow closing) */
    DECODE_RAW,      /* (protocols) from here on the flow is something
                        else: an upgrade, CONNECT; probe the rest anew */
};

struct progress {
    enum decode_status status;
    size_t used; /* bytes taken; the caller keeps the rest and adds to it */
};

enum match { MATCH_NO = 0, MATCH_MORE, MATCH_YES };

struct ranges;     /* ranges.h of the decode layer */
struct held_share; /* held.h of it */
struct helper;     /* helper.h */

/* What is known before the first byte. */
struct hint {
    const struct flow *flow;      /* protocols: which flow */
    enum dir dir;                 /* protocols: whose first bytes these are */
    const struct part_info *part; /* formats: which part */
    bool ended;                   /* no more bytes will come */
    uint32_t cut;                 /* protocols: bytes behind them that the
                                     capture cut off their datagram */
    bool late[2];                 /* protocols: the bytes of this direction,
                                     by enum dir, begin in mid-stream */
    struct ranges *ranges;        /* protocols: lines that ranges share */
    uint64_t *memory;             /* bytes that unpackers of the worker may
                                     still take, shared; may be NULL */
    struct held_share *held;      /* of what is held whole; may be NULL */
    const struct helper *helper;  /* reads objects; NULL: there is none */
};

struct decoder {
    const char *name;   /* as written in trails and settings; static */
    size_t state_size;  /* one state per flow (protocol) or part (format) */
    const char *coding; /* formats: the codings it undoes, lower case, set
                           off by blanks, or NULL */
    bool recodes;       /* what it puts is not the bytes it was fed */
    bool through;       /* formats: looks through text for what begins in
                           it, and is no document itself */
    bool last;          /* (through) what it passes on is text for certain */
    bool protocol;      /* fed by flows, both directions */
    bool datagrams;     /* (protocols) fed by datagrams, a whole one each;
                           else by streams. Its probe sees the first of a
                           direction and tells yes or no */
    bool announces;     /* (protocols) says of flows to come what they will
                           carry, so its bytes may not wait */
    bool wraps;         /* (protocols) may also stand around a flow that was
                           announced as something else: TLS */

    /* Could these first bytes be mine? Never asks past LIMIT_PROBE. */
    enum match (*probe)(struct span head, const struct hint *hint);

    /*
     * (protocols) Place of the first byte from which a message of this
     * protocol begins in mid-stream, or bytes.len; *keep is then the place
     * of the first byte that may still turn out to be one, or bytes.len.
     * Depends on the bytes only, not on how they were cut; keeps at most
     * LIMIT_TAIL / 2. May be NULL: it cannot be found again.
     */
    size_t (*sync)(struct span bytes, enum dir dir, size_t *keep);

    /* Before the first byte, once; may be NULL. False: out of memory. */
    bool (*open)(void *state, const struct hint *hint);

    /* Take what can be taken of the bytes of one direction. */
    struct progress (*feed)(void *state, enum dir dir, struct span bytes,
                            struct sink *out);

    /*
     * len bytes were never captured; the unused tail was dropped and
     * counted by the chain: resynchronise, or DECODE_BAD.
     */
    struct progress (*gap)(void *state, enum dir dir, uint64_t len,
                           struct sink *out);

    /* The stream or part ended; bytes still unused are given. */
    enum decode_status (*end)(void *state, enum dir dir, struct span rest,
                              struct sink *out);

    /* Give back what the state holds; may be NULL. */
    void (*close)(void *state);
};

/* The decoder of that name, or NULL. */
const struct decoder *decoder_find(struct span name);

/* The i-th decoder in probe order, or NULL past the last. */
const struct decoder *decoder_at(size_t i);

#endif
