// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * recode.h - text of any charset, in pieces, as UTF-8.
 *
 * ASCII and UTF-8 pass by pointer. At the first byte that is neither, up to
 * LIMIT_CHARSET bytes are held until it is certain enough what they are;
 * from then on text is converted line by line, and a line that does not
 * decode may change the charset. Bytes that are no text pass as they are.
 * However the bytes are cut, the same comes out. Memory is constant.
 *
 * It must not know parts, rows or fields.
 */
#ifndef DECODE_RECODE_H
#define DECODE_RECODE_H

#include "outflow/buf.h"
#include "outflow/packet.h"
#include "util/charset.h"

struct recode;

/* Where text goes; seen is the packet that brought its last byte. */
struct recode_out {
    void *ctx;
    void (*put)(void *ctx, struct span utf8, const struct moment *seen);
    struct buf *work; /* room for a piece, shared by all */
};

/* Bytes in front of the first that is not plain ASCII. */
size_t recode_plain(struct span bytes);

/* Where the bytes begin. */
enum recode_from {
    RECODE_FIRST = 0, /* with the first byte of the text */
    RECODE_BEHIND,    /* behind ASCII that passed */
    RECODE_AMID,      /* maybe inside a character */
};

/* declared: CHARSET_NONE when nothing was said. NULL without memory. */
struct recode *recode_new(enum charset declared, enum recode_from from);
void recode_free(struct recode *r);

/* The next bytes. */
void recode_put(struct recode *r, struct span bytes, const struct moment *seen,
                const struct recode_out *out);

/*
 * len bytes are missing: what is held is put first. Gives how many bytes of
 * UTF-8 they would have been.
 */
uint64_t recode_gap(struct recode *r, uint64_t len,
                    const struct recode_out *out);

/* No more bytes: put what is held. */
void recode_end(struct recode *r, const struct recode_out *out);

#endif
