// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * unicode.h - charset conversion and Unicode normal forms.
 *
 * Pure ASCII and the usual Japanese characters take a short way; all else
 * goes to utf8proc. No state, no files: safe inside the sandbox.
 *
 * It must not guess charsets (decode/ does) or know field types.
 */
#ifndef OUTFLOW_UTIL_UNICODE_H
#define OUTFLOW_UTIL_UNICODE_H

#include "outflow/buf.h"

enum unicode_form {
    UNICODE_NFKC = 0, /* UAX #15 */
    UNICODE_FOLD,     /* NFKC, case folded, ignorable characters dropped */
};

/* Only bytes below 0x80? */
bool unicode_ascii(struct span s);

/* Well-formed UTF-8 (RFC 3629), without a character cut off at the end? */
bool unicode_utf8_valid(struct span s);

/*
 * The character at the front of s (not empty). Gives its bytes; for a byte
 * that is not UTF-8 it gives 1 and U+FFFD.
 */
size_t unicode_decode(struct span s, uint32_t *code);

/* UTF-8 of a code point into out; gives its bytes (1 to 4). */
size_t unicode_encode(uint32_t code, uint8_t out[4]);

/*
 * Append the normal form of utf8 to out; invalid bytes become U+FFFD. False
 * when out's cap or memory is at its end (out may hold a part then).
 */
bool unicode_nfkc(struct span utf8, struct buf *out) MUST_USE;
bool unicode_nfkc_fold(struct span utf8, struct buf *out) MUST_USE;

/*
 * The same for a short text without allocation, into room bytes at out.
 * Gives the length, or SIZE_MAX when it does not fit.
 */
size_t unicode_short(struct span utf8, enum unicode_form form, uint8_t *out,
                     size_t room);

/*
 * Append CP932 (Shift_JIS as Windows writes it) as UTF-8. A byte that does
 * not decode becomes U+FFFD and is added to *bad (may be NULL); a lead byte
 * at the very end counts as such: callers with a stream hold it back
 * (unicode_cp932_lead). False when out is full.
 */
bool unicode_from_cp932(struct span in, struct buf *out, size_t *bad) MUST_USE;

/* How many bytes of in do not decode as CP932? */
size_t unicode_cp932_bad(struct span in);

/* Does this byte begin a CP932 character of two bytes? */
bool unicode_cp932_lead(uint8_t byte);

/* A letter or digit of any script? */
bool unicode_is_word(uint32_t code);

/* White space of any kind, also zero-width? */
bool unicode_is_space(uint32_t code);

/* Its lower case form, itself when it has none. */
uint32_t unicode_lower(uint32_t code);

/* Columns a character takes on a terminal: 0, 1 or 2. */
int unicode_width(uint32_t code);

#endif
