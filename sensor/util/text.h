// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * text.h - names the wire chose made safe for a terminal, a log, a list.
 *
 * It must not know any output format's own quoting.
 */
#ifndef OUTFLOW_UTIL_TEXT_H
#define OUTFLOW_UTIL_TEXT_H

#include "outflow/span.h"

/*
 * Copy text to out (room bytes with the NUL). Control bytes, DEL, C1,
 * U+2028, U+2029, bidi overrides and invalid UTF-8 become \xHH per byte. What
 * does not fit is cut, never inside a character or an escape. Gives the
 * length written.
 */
size_t text_escape(struct span text, char *out, size_t room);

/*
 * Length of the UTF-8 character at the start of s, 1 to 4, and its code
 * point; 0 when the bytes are not valid UTF-8 (RFC 3629) or cut short.
 */
size_t text_character(struct span s, uint32_t *code);

/*
 * Distance of two words: least number of single letters put in, left out or
 * changed. Words longer than 63 bytes count as 255 apart.
 */
unsigned text_distance(struct span a, struct span b);

#endif
