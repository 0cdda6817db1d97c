// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * pdf.c - PDF documents, which the helper reads.
 *
 * In:   the bytes of a part that begins as a PDF does, blanks aside.
 * Out:  one part, its text: a line for each line or row of a table, cells
 *       set off by tabs.
 * Not:  not without the helper; what wants a password stays closed. Text
 *       that is a picture is not read.
 * Spec: ISO 32000-1, 7.5.2 (header).
 */
#include "decode/whole.h"

static enum match pdf_probe(struct span head, const struct hint *hint)
{
    const struct span magic = SPAN("%PDF-");

    (void)hint;
    if (span_starts(head, SPAN("\xef\xbb\xbf")))
        head = span_skip(head, 3);
    while (head.len > 0 && (*head.ptr == '\n' || *head.ptr == '\r' ||
                            *head.ptr == ' ' || *head.ptr == '\t'))
        head = span_skip(head, 1);
    size_t len = head.len < magic.len ? head.len : magic.len;
    if (!span_eq(span_head(head, len), span_head(magic, len)))
        return MATCH_NO;
    return len == magic.len ? MATCH_YES : MATCH_MORE;
}

WHOLE_DECODER(pdf, pdf_probe);
