// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * ppt.c - records in records; those of text are put.
 *
 *     version (4 bits) and instance (12), type (16), length (32), body
 *
 * A version of 15 is a container: what is in it follows, so no stack is
 * needed to meet every record.
 */
#include "decode/document/ppt.h"

#include "outflow/reader.h"
#include "util/charset.h"

enum {
    HEAD = 8,
    CONTAINER = 15,
    PPT_CHARS = 0x0fa0,  /* text in UTF-16 */
    PPT_BYTES = 0x0fa8,  /* and in its low bytes */
    PPT_STRING = 0x0fba, /* names, tags, comments */
    PIECE = 1024,
};

static void code_put(struct cells *cells, uint32_t code)
{
    uint8_t utf8[8];

    if (code == '\r' || code == '\v')
        code = '\n';
    if (code >= 0x20 || code == '\n' || code == '\t')
        cells_text(cells, (struct span){utf8, charset_put(code, utf8)});
}

/* Units of UTF-16, or their low bytes. */
static void text_put(const struct cfb_stream *s, uint64_t at, uint64_t len,
                     struct cells *cells, bool narrow)
{
    uint8_t bytes[PIECE];
    uint32_t code;

    while (len > 1 || (narrow && len > 0)) {
        size_t want = len < PIECE ? (size_t)len : PIECE;
        size_t have = cfb_read(s, at, bytes, want);
        struct span rest = {bytes, have};
        if (have == 0 || cells->refused)
            return;
        if (!cfb_whole(s, at, have))
            cells_gap(cells, have);
        else if (narrow)
            for (size_t i = 0; i < have; i++)
                code_put(cells, bytes[i]);
        else
            while ((want = charset_wide(CHARSET_UTF16LE, rest, &code)) > 0) {
                code_put(cells, code);
                rest = span_skip(rest, want);
            }
        at += have;
        len -= have;
    }
    cells_text(cells, SPAN("\n"));
}

void ppt_read(const struct cfb_stream *s, struct cells *cells)
{
    uint8_t head[HEAD];
    uint64_t at = 0;

    cells_open(cells, SPAN("ppt"), "text/plain");
    while (!cells->refused && cfb_read(s, at, head, HEAD) == HEAD) {
        struct reader r = reader_over((struct span){head, HEAD});
        bool inside = (reader_u16le(&r) & 15) == CONTAINER;
        uint16_t type = reader_u16le(&r);
        uint64_t len = reader_u32le(&r);
        if (!cfb_whole(s, at, HEAD)) { /* where the next one is, who knows */
            cells_unread(cells, "ppt", WHY_DAMAGED, s->size - at);
            break;
        }
        at += HEAD;
        if (type == PPT_CHARS || type == PPT_BYTES || type == PPT_STRING)
            text_put(s, at, len < s->size ? len : s->size, cells,
                     type == PPT_BYTES);
        at += inside ? 0 : len;
    }
    cells_close(cells, PART_WHOLE);
}
