// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * charset.h - charsets and their characters, to UTF-8.
 *
 * Tables are glibc's, printed at build time (make_charsets.c): the workers
 * have no files, so they cannot load its converter modules. Every character
 * decodes by itself, so a stream may be cut in front of any. Only ISO 2022
 * has a state, which begins anew with each line.
 *
 * It must not guess which charset bytes are in: guess.h does.
 */
#ifndef OUTFLOW_UTIL_CHARSET_H
#define OUTFLOW_UTIL_CHARSET_H

#include "outflow/buf.h"

enum charset {
    CHARSET_NONE = 0,
#define WIDE(id, iconv, labels)   CHARSET_##id,
#define MULTI(id, iconv, labels)  CHARSET_##id,
#define SINGLE(id, iconv, labels) CHARSET_##id,
#include "util/charsets.def"
    CHARSETS,
};

/* The charset that a declaration names, CHARSET_NONE when none is known. */
enum charset charset_find(struct span label);

/* Units of two or four bytes? */
bool charset_is_wide(enum charset charset);

/* One byte a character? */
bool charset_is_single(enum charset charset);

/*
 * One character: its code point. A few characters of JIS X 0213 and HKSCS
 * are two code points: charset_put writes both. CHARSET_BAD when the bytes
 * are none in this charset.
 */
enum { CHARSET_BAD = 0 };

/*
 * The character at the front of s (not empty; no wide charset, no ISO 2022).
 * Gives its bytes, of a bad one 1; 0 when s ends before it does.
 */
size_t charset_decode(enum charset charset, struct span s, uint32_t *code);

/*
 * The same for a wide charset; a lone surrogate is given as itself, and 0
 * when the unit, or the second of two, is not there yet.
 */
size_t charset_wide(enum charset charset, struct span s, uint32_t *code);

/* Bytes of a unit of a wide charset: 2 or 4. */
size_t charset_unit(enum charset charset);

/* UTF-8 of what charset_decode gave, at most 8 bytes; gives how many. */
size_t charset_put(uint32_t code, uint8_t out[8]);

/*
 * Append in as UTF-8. What does not decode becomes U+FFFD and is added to
 * *bad (may be NULL). False when out is full.
 */
bool charset_convert(enum charset charset, struct span in, struct buf *out,
                     size_t *bad) MUST_USE;

/* The same for a whole text in any charset, wide ones and ISO 2022, too. */
bool charset_text(enum charset charset, struct span in,
                  struct buf *out) MUST_USE;

/*
 * How many characters of in do not decode? A character that the end cuts
 * off is one, unless cut is set.
 */
size_t charset_bad(enum charset charset, struct span in, bool cut);

/*
 * ISO 2022 (RFC 1468, 1554, 2237; JIS X 0213; JIS X 0201 by escape, shift
 * or eighth bit): one line, or as much of one as there is. A line begins in
 * ASCII.
 */
bool iso2022_convert(struct span in, struct buf *out, size_t *bad) MUST_USE;

/* Bytes of the escape at the front of s that designates a charset, or 0. */
size_t iso2022_escape(struct span s);

/* A character of the 94x94 sets behind the escapes; row, cell from 0x21. */
enum iso2022_set {
    SET_JISX0208 = 0,
    SET_JISX0212,
    SET_JISX0213_1,
    SET_JISX0213_2,
    SET_GB2312,
    SET_KSX1001,
};
uint32_t charset_set_code(enum iso2022_set set, uint8_t row, uint8_t cell);

#endif
