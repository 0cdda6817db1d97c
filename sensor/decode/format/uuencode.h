// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * uuencode.h - the line that begins a file inside plain text.
 *
 * Used by mime.c. It must not decode.
 */
#ifndef DECODE_FORMAT_UUENCODE_H
#define DECODE_FORMAT_UUENCODE_H

#include "outflow/span.h"

/* "begin 644 name", or "begin-base64 644 name", its line end dropped? */
bool uuencode_begins(struct span line);

#endif
