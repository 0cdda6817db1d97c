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
    const char *file;
    const char *decoder;
    const char *log;
    unsigned kept; /* in a hundred: bytes of the log that the worst hole of
                      HOLE bytes behind the first must leave */
};

enum { HOLE = 200, LOG_ROOM = 1 << 20 };

static const struct document documents[] = {
    {
        .name = "every kind of cell of an xls is as its reader sees it",
        .file = "cells.xls",
        .decoder = "cfb",
        .log = "[Kunden] 氏名,\"a \"\"b\"\", c\"\n"
               "4111111111111111,1980-02-29,13:05:00,001-2345,1234.5,TRUE,-7,"
               "0.3\n,,Ünïcode\n[]\n[名] taro@example.jp\n[]\n",
    },
};

static void check_way(const struct document *d, struct span bytes,
                      const struct record_way *way)
{
    struct buf log;

    buf_init(&log, LOG_ROOM);
    (void)record_decoder(d->decoder, bytes, way, &log);
    assert_true(buf_add_byte(&log, '\0'));
    assert_string_equal(log.ptr, d->log);
    buf_clear(&log);
}

/* Any hole ends; what is left is text of the log, too. */
static void check_holes(const struct document *d, struct span bytes)
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
    assert_true(least * 100 >= strlen(d->log) * d->kept);
}

static void run_case(void **state)
{
    static const struct record_way ways[] = {{0}, {.step = 1}, {.step = 511}};
    const struct document *d = *state;
    char path[512];

    (void)snprintf(path, sizeof(path), "%s%s", DOCUMENTS, d->file);
    struct span bytes = record_file(path);
    for (size_t i = 0; i < COUNT(ways); i++)
        check_way(d, bytes, &ways[i]);
    check_holes(d, bytes);
    free((void *)(uintptr_t)bytes.ptr);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(documents)];
    size_t count = 0;

    SPEC_TABLE(tests, count, documents, run_case);
    return SPEC_RUN("decode/documents", tests, count);
}
