// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * ppt.h - the texts of a PowerPoint document (97 to 2003).
 *
 * It must not know compound files beyond the stream it is given.
 * Spec: [MS-PPT] 2.3.1, 2.9.42 (TextCharsAtom), 2.9.43 (TextBytesAtom).
 */
#ifndef DECODE_DOCUMENT_PPT_H
#define DECODE_DOCUMENT_PPT_H

#include "decode/document/cells.h"
#include "decode/document/cfb.h"

/* Put the texts as a part, a line each. */
void ppt_read(const struct cfb_stream *s, struct cells *cells);

#endif
