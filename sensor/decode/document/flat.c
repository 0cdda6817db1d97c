// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * flat.c - office files that are one file of XML.
 *
 * In:   flat OpenDocument (fods, fodt, fodp), workbooks of Excel 2003, texts
 *       of Word 2003, flat Open Packaging of Word.
 * Out:  a part each sheet or text, as readers of paper.h give it.
 * Not:  what is embedded as base64 stays closed text.
 */
#include "decode/document/paper.h"

#include "outflow/decoder.h"

struct flat {
    struct paper paper;
    struct cells rows;
    bool begun;
};

/* Sheets of xlsx need a book around them; these stand for themselves. */
static bool whole(const struct reader *reader)
{
    return reader == &reader_story || reader == &reader_odf ||
           reader == &reader_workbook_2003;
}

static enum match flat_probe(struct span head, const struct hint *hint)
{
    bool more = false;

    if (head.len > 3 && head.ptr[2] == 0 && head.ptr[3] == 0)
        return MATCH_NO; /* UTF-32: read as text */
    if (head.len > 0 && *head.ptr != '<' && *head.ptr != 0xef &&
        *head.ptr != 0xff && *head.ptr != 0xfe)
        return MATCH_NO;
    const struct reader *reader = paper_find(head, &more);
    if (reader != NULL)
        return whole(reader) ? MATCH_YES : MATCH_NO;
    return more && head.len < LIMIT_PROBE && !hint->ended ? MATCH_MORE
                                                          : MATCH_NO;
}

static struct progress flat_feed(void *state, enum dir dir, struct span bytes,
                                 struct sink *out)
{
    struct flat *f = state;
    bool more;

    (void)dir;
    if (!f->begun) {
        const struct reader *reader = paper_find(bytes, &more);
        if (reader == NULL)
            return (struct progress){
                bytes.len < LIMIT_PROBE ? DECODE_MORE : DECODE_BAD, 0};
        cells_init(&f->rows, out);
        f->paper.rows = &f->rows;
        paper_open(&f->paper, reader, (struct span){0});
        f->begun = true;
    }
    f->rows.out = out;
    bool good = paper_feed(&f->paper, bytes);
    return (struct progress){good ? DECODE_MORE : DECODE_REFUSED,
                             good ? bytes.len : 0};
}

static struct progress flat_gap(void *state, enum dir dir, uint64_t len,
                                struct sink *out)
{
    struct flat *f = state;

    (void)dir;
    if (!f->begun)
        return (struct progress){DECODE_BAD, 0};
    f->rows.out = out;
    paper_gap(&f->paper, len);
    return (struct progress){f->rows.refused ? DECODE_REFUSED : DECODE_MORE, 0};
}

static enum decode_status flat_end(void *state, enum dir dir, struct span rest,
                                   struct sink *out)
{
    struct flat *f = state;

    (void)dir;
    (void)rest;
    if (!f->begun)
        return DECODE_BAD;
    f->rows.out = out;
    paper_close(&f->paper, PART_WHOLE);
    f->begun = false;
    return f->rows.refused ? DECODE_REFUSED : DECODE_DONE;
}

static void flat_close(void *state)
{
    struct flat *f = state;

    paper_clear(&f->paper);
    cells_clear(&f->rows);
}

const struct decoder decoder_flat = {
    .name = "flat",
    .state_size = sizeof(struct flat),
    .recodes = true,
    .probe = flat_probe,
    .feed = flat_feed,
    .gap = flat_gap,
    .end = flat_end,
    .close = flat_close,
};
