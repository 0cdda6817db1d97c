// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * embed_sign.h - one digit of base64 as it stands in JSON, XML or a URI.
 *
 *     \/ \u002b \n      &#13;      %2B      LF and the blanks of a margin
 *
 * Used by embed.c. It must not undo base64.
 */
#ifndef DECODE_FORMAT_EMBED_SIGN_H
#define DECODE_FORMAT_EMBED_SIGN_H

#include "outflow/span.h"

enum { SIGN_MOST = 6 }; /* bytes of an escape */

enum sign_kind {
    SIGN_DIGIT = 0,
    SIGN_PAD,   /* "=": also behind the last digit */
    SIGN_BLANK, /* goes on behind it */
    SIGN_STOP,  /* byte is no digit any more */
    SIGN_MORE,  /* more bytes tell */
};

struct embed_sign {
    enum sign_kind kind;
    uint8_t byte; /* the digit; of SIGN_STOP the byte, 0: the end */
    size_t used;  /* bytes it takes; 0 for SIGN_STOP and SIGN_MORE */
};

/* Digits of the first line (0: being read) and of this one. */
struct embed_lines {
    uint16_t width;
    uint32_t line;
};

/* What stands at the front of s; ended: nothing follows s. */
void embed_sign(struct span s, struct embed_lines *lines, bool ended,
                struct embed_sign *sign);

#endif
