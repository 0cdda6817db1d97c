// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * base64.h - base64 of short texts, and where it begins in text.
 *
 * It must not be used for bodies: base64.c's decoder streams them.
 */
#ifndef DECODE_FORMAT_BASE64_H
#define DECODE_FORMAT_BASE64_H

#include "outflow/decoder.h"

/* Value of each byte: 0 to 63; more: it is no digit. */
extern const uint8_t base64_values[256];

/* Undo it, passing over what is not base64; gives at most room bytes. */
size_t base64_decode(struct span in, uint8_t *out, size_t room);

/*
 * Do lines of base64 begin here, all of one width, text or a packed file?
 * And does it go on with this line?
 */
enum match base64_begins(struct span bytes);
bool base64_goes_on(struct span line);

#endif
