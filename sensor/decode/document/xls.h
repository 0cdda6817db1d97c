// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * xls.h - the sheets of a workbook stream (Excel 5 to 2003) as CSV.
 *
 * It must not know compound files beyond the stream it is given.
 * Spec: [MS-XLS].
 */
#ifndef DECODE_DOCUMENT_XLS_H
#define DECODE_DOCUMENT_XLS_H

#include "decode/document/cfb.h"
#include "decode/document/cells.h"

/*
 * Put every sheet of the workbook stream s as a part named after it. What
 * it could not make sense of is told as unread; an encrypted workbook gives
 * its sheets' names nowhere, and is told as a whole.
 */
void xls_read(const struct cfb_stream *s, struct cells *rows);

#endif
