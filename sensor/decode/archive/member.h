// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * member.h - the data of one member of an archive that packs nothing.
 *
 * Shared by tar.c, cpio.c and ar.c: they read headers, this puts the bytes
 * behind one as a part, passes over its padding, and lets holes in it be.
 * Bytes that belong to no header are a part "rest", so that nothing hides
 * there and what stands behind a hole is still read.
 *
 * It must not know any archive.
 */
#ifndef DECODE_ARCHIVE_MEMBER_H
#define DECODE_ARCHIVE_MEMBER_H

#include "outflow/decoder.h"
#include "outflow/limits.h"

struct member {
    uint64_t left; /* bytes of data to come, */
    uint64_t pass; /* and of padding behind them */
    bool open;     /* its part is open */
    bool loose;    /* it is the part "rest" */
    bool holed;    /* a hole was in its data */
    uint16_t name_len;
    uint8_t name[LIMIT_NAME];
};

/* Begin a member; what was loose before it ends. False: refused. */
bool member_begin(struct member *m, struct span name, struct sink *out);

/* Are there bytes of it to come? */
bool member_going(const struct member *m);

/* Take its bytes off the front of *rest. False: refused. */
bool member_feed(struct member *m, struct span *rest, struct sink *out);

/* Take its share of a hole off *len. False: refused. */
bool member_gap(struct member *m, uint64_t *len, struct sink *out);

/*
 * len bytes are missing: its share of them, the rest to the part that is
 * open. False: refused.
 */
bool member_hole(struct member *m, uint64_t len, struct sink *out);

/* Bytes of no member. False: refused. */
bool member_loose(struct member *m, struct span bytes, struct sink *out);

/* No more bytes come. False: refused. */
bool member_end(struct member *m, struct sink *out);

/* The archive ends with rest, which is no member's: how it ended. */
enum decode_status member_last(struct member *m, struct span rest,
                               struct sink *out);

/* bytes up to the first NUL, all when there is none. */
struct span member_word(struct span bytes);

/* A number of that base: blanks, digits, then NULs or blanks only. */
bool member_number(struct span digits, unsigned base, uint64_t *value);

#endif
