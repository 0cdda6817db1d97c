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

#include "outflow/counters.h"
#include "outflow/session.h"

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

/* What a transfer is, as its protocol tells; texts as on the wire. */
struct transfer_info {
    const char *channel;        /* "http"; static */
    struct span step;           /* first step of the trail: "POST /upload" */
    struct span host;           /* receiver (of a request) or sender (of a
                                   response) by name, no port; may be empty */
    bool proxied;               /* host, not the flow's address, is the peer */
    struct span mail_from;      /* envelope sender */
    const struct span *mail_to; /* envelope recipients */
    size_t mail_to_count;
    size_t mail_to_more; /* recipients past LIMIT_RECIPIENTS */
};

/* One part of a transfer, or of another part. */
struct part_info {
    struct span step;    /* its step of the trail: "form:file", "q3.csv" */
    struct span name;    /* file name, may be empty */
    struct span media;   /* declared media type with its parameters */
    struct span charset; /* declared charset, may be empty */
    struct span coding;  /* codings to undo, outermost last as in HTTP:
                            "gzip", "base64", "gzip, br" */
};

enum note_kind {
    NOTE_USER = 0, /* text: log-in; number 1 when the server accepted it */
    NOTE_REFUSED,  /* the receiver refused the last transfer of dir */
    NOTE_UNREAD,   /* number bytes of this direction (or part) stay closed:
                      why, text is the kind ("tls", "zip") */
    NOTE_ANOMALY,  /* text: a word of docs/alerts.md, e.g. "smuggling" */
    NOTE_EXPECT,   /* expect: a data flow was announced */
};

/* A data connection announced by a control connection (FTP). */
struct expected {
    struct addr listener; /* who will be connected to */
    uint16_t port;        /* 0: forget it */
    bool named;           /* step, sender hold: the command was seen */
    enum dir control_dir; /* who sends the data, as a side of the control */
    struct span step;     /* "STOR q3.csv" */
    struct span name;     /* file name */
};

struct note {
    enum note_kind kind;
    enum dir dir; /* whose transfer or bytes it is about */
    struct span text;
    uint64_t number;
    enum why why;
    const struct expected *expect;
};

enum part_end {
    PART_WHOLE = 0, /* its end was seen */
    PART_CUT,       /* the stream ended or a hole swallowed the end */
};

/*
 * Where a decoder puts what it finds. Every call gives false to refuse: the
 * decoder then returns DECODE_REFUSED at once. A sink has at most one open
 * transfer and one open part; protocols open a transfer before a part,
 * formats never open one. What is left open is closed by the chain.
 */
struct sink {
    void *ctx;
    const struct sink_ops *ops;
};

struct sink_ops {
    bool (*transfer_open)(void *ctx, const struct transfer_info *info);
    bool (*transfer_close)(void *ctx);
    bool (*part_open)(void *ctx, const struct part_info *info);
    bool (*put)(void *ctx, struct span bytes);
    bool (*gap)(void *ctx, uint64_t len); /* a hole inside the open part */
    bool (*part_close)(void *ctx, enum part_end how);
    bool (*note)(void *ctx, const struct note *note);
};

/* What is known before the first byte. */
struct hint {
    const struct flow *flow;      /* protocols: which flow */
    enum dir dir;                 /* protocols: whose first bytes these are */
    const struct part_info *part; /* formats: which part */
    bool ended;                   /* no more bytes will come */
};

struct decoder {
    const char *name;   /* as written in trails and settings; static */
    size_t state_size;  /* one state per flow (protocol) or part (format) */
    const char *coding; /* formats: the coding it undoes, or NULL */
    bool recodes;       /* what it puts is not the bytes it was fed */
    bool protocol;      /* fed by flows, both directions */

    /* Could these first bytes be mine? Never asks past LIMIT_PROBE. */
    enum match (*probe)(struct span head, const struct hint *hint);

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
