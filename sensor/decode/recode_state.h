// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * recode_state.h - what the files of the recoder share.
 *
 * recode.c holds bytes and changes modes, recode_lines.c converts lines of
 * 8-bit charsets and ISO 2022, recode_wide.c units of 16 and 32 bits,
 * recode_judge.c says what held bytes are. Private to them.
 */
#ifndef DECODE_RECODE_STATE_H
#define DECODE_RECODE_STATE_H

#include "decode/recode.h"

enum recode_mode {
    RECODE_START = 0, /* the first bytes are not known yet */
    RECODE_PLAIN,     /* ASCII so far */
    RECODE_SAMPLE,    /* held until it is certain what they are */
    RECODE_UTF8,
    RECODE_LINES, /* converted line by line */
    RECODE_WIDE,
    RECODE_BINARY, /* no text: passes for a while */
};

/* Held bytes up to end came with the packet seen. */
struct recode_mark {
    uint32_t end;
    struct moment seen;
};

struct recode {
    uint8_t *held; /* owned */
    struct recode_mark *marks;
    uint32_t len, room;  /* bytes held, and room for them */
    uint32_t left;       /* bytes that pass unread: binary, odd ASCII */
    uint64_t in, out;    /* bytes taken, and of UTF-8 given */
    uint16_t count;      /* marks */
    uint16_t marks_room; /* and room for them */
    uint16_t trust;      /* signs that the charset explained */
    uint16_t doubts;     /* lines it could not, sliding */
    uint16_t wrong;      /* odd units lately */
    uint16_t seen;       /* bytes of the head looked at */
    uint8_t mode;        /* enum recode_mode */
    uint8_t charset;     /* enum charset */
    uint8_t declared;    /* enum charset */
    uint8_t skip;        /* bytes up to the next whole unit */
    uint8_t worded;      /* bytes of the label it declares */
    bool head;           /* the head may declare a charset */
    bool matched;        /* and has begun to */
    char last[8];        /* bytes of it in front of the next */
    bool torn;           /* behind a hole: maybe inside a character */
    bool broken;         /* the next byte is no UTF-8 */
    char word[24];       /* the label it declares */
};

void recode_emit(struct recode *r, struct span utf8, const struct moment *seen,
                 const struct recode_out *out);

/* Keep bytes; false without memory. */
bool recode_hold(struct recode *r, struct span bytes,
                 const struct moment *seen);

/* What held bytes are; false: more of them are needed. */
bool recode_judge(struct recode *r, struct span bytes, bool ended);

/* The first bytes of a part: its mode. */
void recode_begin(struct recode *r, struct span bytes);

/* Look for a declaration in the first bytes of markup. */
void recode_head(struct recode *r, struct span bytes);

/* Take some of bytes in this mode; gives what is left. */
struct span recode_lines(struct recode *r, struct span bytes,
                         const struct moment *seen,
                         const struct recode_out *out);
struct span recode_wide(struct recode *r, struct span bytes,
                        const struct moment *seen,
                        const struct recode_out *out);

/* Put a line that is not ended. */
void recode_lines_flush(struct recode *r, const struct recode_out *out);

/* A hole among units. */
void recode_wide_gap(struct recode *r, uint64_t len);

#endif
