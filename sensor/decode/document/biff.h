// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * biff.h - the records of a workbook stream, and the text in them.
 *
 * A record is a type, a length and a body; what does not fit goes on in
 * CONTINUE records. Behind bytes that are missing or make no sense the next
 * run of records that look like cells is sought.
 *
 * It must not know what a workbook is made of.
 * Spec: [MS-XLS] 2.1.4, 2.5.293.
 */
#ifndef DECODE_DOCUMENT_BIFF_H
#define DECODE_DOCUMENT_BIFF_H

#include "decode/document/cfb.h"
#include "outflow/buf.h"
#include "outflow/reader.h"
#include "util/charset.h"

enum { BIFF_BODY = 8228 }; /* longest body: BIFF8 allows 8224 */

struct biff {
    const struct cfb_stream *s; /* borrowed */
    uint64_t next;              /* place of the next record */
    uint64_t from;              /* place of this one */
    uint16_t type;
    struct span body;
    uint64_t lost;   /* bytes of holes passed since it was last asked */
    uint64_t unread; /* captured bytes passed that made no sense */
    uint8_t room[BIFF_BODY];
};

/* Read the records of s from place at on. */
void biff_open(struct biff *b, const struct cfb_stream *s, uint64_t at);

/*
 * The next record whose bytes are all there; false at the end. The table of
 * strings (SST) is given in any case: biff_text tells what is missing.
 */
bool biff_next(struct biff *b);

/* Bytes of a record and of the CONTINUE records behind it. */
struct biff_text {
    const struct cfb_stream *s;
    uint64_t at;   /* of the next byte */
    uint32_t left; /* of the record it is in */
    bool failed;   /* no more bytes, or some were not captured */
};

/* The body of b's record from byte skip on; a failed one if it is shorter. */
struct biff_text biff_text_of(const struct biff *b, uint32_t skip);

/* len bytes as a number, the first the lowest; 0 when not all there. */
uint32_t biff_number(struct biff_text *t, unsigned len);

/* Append len characters, two bytes wide or one (of UTF-16's low byte). */
bool biff_chars(struct biff_text *t, uint32_t len, bool wide,
                struct buf *out) MUST_USE;

/* Append a string of BIFF8: flags, and runs and phonetics that are passed. */
bool biff_string(struct biff_text *t, uint32_t len, struct buf *out) MUST_USE;

/* Append len bytes in a charset (BIFF5). */
bool biff_bytes(struct biff_text *t, uint32_t len, enum charset charset,
                struct buf *out) MUST_USE;

#endif
