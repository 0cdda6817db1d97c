// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_documents.c - decode/document: what files become, however cut.
 *
 * The files are in documents/, with the script that made them. Each is fed
 * whole, in pieces, and with a hole at every place: what is asked then is
 * that it ends, and that the hole takes no more than it must.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/record_sink.h"
#include "support/spec.h"

#define DOCUMENTS TEST_SOURCE_DIR "/tests/unit/decode/documents/"

struct document {
    const char *name;
    const char *file; /* what it must give is in a file of its name + ".log" */
    const char *decoder;
    unsigned kept; /* of a hundred bytes of the log, that a hole of HOLE bytes
                      anywhere behind the first 512 must leave */
    uint64_t most; /* that may be held; 0: no matter */
};

enum { HOLE = 200, LOG_ROOM = 1 << 20 };

static const struct document documents[] = {
    {"every kind of cell of an xls is as its reader sees it", "cells.xls",
     "cfb", 0, 0},
    {"tables of a database have their names and columns", "utf8.db", "sqlite",
     9, 0},
    {"texts in UTF-16 are the same, either way round", "utf16le.db", "sqlite",
     9, 0},
    {"and big-endian", "utf16be.db", "sqlite", 9, 0},
    {"a database too large to hold gives its rows page by page", "large.db",
     "sqlite", 20, 1024},
    {"every kind of cell of an xlsb too", "cells.xlsb", "zip", 0, 0},
    {"a mail of Outlook gives bodies and attachments", "mail.msg", "cfb", 1, 0},
    {"tables of a Word document are lines with tabs", "office.doc", "cfb", 0,
     0},
    {"an encrypted package is told with its bytes", "closed.cfb", "cfb", 0, 0},
    {"so is a workbook with a password", "closed.xls", "cfb", 0, 0},
    {"a chain that leads back ends", "loop.xls", "cfb", 0, 0},
    {"so do chains of sectors that lead to themselves", "self.xls", "cfb", 0,
     0},
    {"text, tables, bytes and objects of rtf", "words.rtf", "rtf", 10, 0},
    {"a write-ahead log gives the rows of its pages", "log.wal", "sqlite", 10,
     0},
};

static struct span document_file(const struct document *d, const char *end)
{
    char path[512];

    (void)snprintf(path, sizeof(path), "%s%s%s", DOCUMENTS, d->file, end);
    return record_file(path);
}

static void check_way(const struct document *d, struct span bytes,
                      struct record_way way, struct span want)
{
    struct buf log;

    way.most = d->most;
    buf_init(&log, LOG_ROOM);
    (void)record_decoder(d->decoder, bytes, &way, &log);
    bool same = span_eq(buf_span(&log), want);
    if (!same)
        print_message("%.*s\n", (int)log.len, (const char *)log.ptr);
    assert_true(same);
    buf_clear(&log);
}

/* Any hole ends, and takes no more than it must. */
static void check_holes(const struct document *d, struct span bytes,
                        struct span want)
{
    size_t step = bytes.len / 200 + 1;
    size_t least = SIZE_MAX;

    for (size_t at = 512; at < bytes.len; at += step) {
        const struct record_way way = {.hole = at, .len = HOLE};
        struct buf log;
        buf_init(&log, LOG_ROOM);
        (void)record_decoder(d->decoder, bytes, &way, &log);
        if (log.len < least)
            least = log.len;
        buf_clear(&log);
    }
    if (least * 100 < want.len * d->kept)
        print_message("a hole leaves %zu of %zu\n", least, want.len);
    assert_true(least * 100 >= want.len * d->kept);
}

static void run_case(void **state)
{
    static const struct record_way ways[] = {{0}, {.step = 1}, {.step = 511}};
    const struct document *d = *state;
    struct span bytes = document_file(d, "");
    struct span want = document_file(d, ".log");

    for (size_t i = 0; i < COUNT(ways); i++)
        check_way(d, bytes, ways[i], want);
    check_holes(d, bytes, want);
    free((void *)(uintptr_t)bytes.ptr);
    free((void *)(uintptr_t)want.ptr);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(documents)];
    size_t count = 0;

    SPEC_TABLE(tests, count, documents, run_case);
    return SPEC_RUN("decode/documents", tests, count);
}
