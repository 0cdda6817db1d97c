// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * lzfu.h - the packed rich text of a mail.
 *
 * It must not know mails, nor rich text.
 * Spec: [MS-OXRTFCP].
 */
#ifndef DECODE_DOCUMENT_LZFU_H
#define DECODE_DOCUMENT_LZFU_H

#include "decode/document/cells.h"
#include "decode/document/cfb.h"

/* Put what the stream unpacks to into the open part; false when damaged. */
bool lzfu_put(const struct cfb_stream *s, struct cells *cells);

#endif
