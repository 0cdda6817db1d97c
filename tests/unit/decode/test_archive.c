// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_archive.c - decode/archive: what archives become, however cut.
 *
 * Each row is a file of archives/ (made by archives/make with the programs
 * people use), sent as the body of a response: whole, byte by byte, and cut
 * once at many places.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/bytes.h"
#include "support/record_chain.h"
#include "support/spec.h"

#define HEAD  "HTTP/1.1 200 OK\r\n\r\n"
#define TAKEN "< http [response]\n"
#define T     "Taro,03-1234-5678|"
#define J     "Jiro,03-8765-4321|"
#define A     "name,phone|" T T T T "\n"
#define B     "name,phone|" J J J J "\n"
#define ROW   "name,phone|" T "\n"
#define IN    "  [response > "
#define LONG1 "long_long_long_long_long_long_long_long_long_long_"
#define LONG  LONG1 LONG1 LONG1 ".csv"
#define N16   "nnnnnnnnnnnnnnnn"
#define N256  N16 N16 N16 N16 N16 N16 N16 N16 N16 N16 N16 N16 N16 N16 N16 N16

enum { FILE_MAX = 1 << 17, CUTS = 40 };

static const struct archive_case {
    const char *name;
    const char *file;
    const char *log;
    size_t hole, len; /* bytes lost on the way */
} cases[] = {
    {.name = "a zip gives its entries",
     .file = "zip.zip",
     .log = TAKEN IN "a.csv] " A IN "b.csv] " B},
    {.name = "stored entries are read",
     .file = "stored.zip",
     .log = TAKEN IN "a.csv] " A IN "b.csv] " B},
    {.name = "entries packed by bzip2 are read",
     .file = "bzip2.zip",
     .log = TAKEN IN "a.csv] " A},
    {.name = "entries packed by lzma are read",
     .file = "lzma.zip",
     .log = TAKEN IN "a.csv] " A},
    {.name = "sizes behind the data are recognised",
     .file = "piped.zip",
     .log = TAKEN IN "-] " A},
    {.name = "bsdtar's zip is read",
     .file = "bsd.zip",
     .log = TAKEN IN "a.csv] " A IN "b.csv] " B},
    {.name = "sizes of 64 bits are read",
     .file = "zip64.zip",
     .log = TAKEN IN "a.csv] " ROW},
    {.name = "a zip in a zip is read",
     .file = "nested.zip",
     .log = TAKEN IN "zip.zip > a.csv] " A IN "zip.zip > b.csv] " B},
    {.name = "Deflate64 is told",
     .file = "deflate64.zip",
     .log = TAKEN "  ? zip unsupported 45\n"},
    {.name = "an entry under a password is told",
     .file = "crypt.zip",
     .log = TAKEN "  ? zip encrypted 44\n"},
    {.name = "an entry under AES is told",
     .file = "aes.zip",
     .log = TAKEN "  ? zip encrypted 73\n"},
    {.name = "names that differ from the directory's are told",
     .file = "differ.zip",
     .log = TAKEN IN "a.csv] " ROW "  ! inconsistent\n"},
    {.name = "a wrong sum is told, and the entry is read",
     .file = "wrong_sum.zip",
     .log = TAKEN IN "a.csv] " ROW "  ! inconsistent\n"},
    {.name = "bytes between entries are read",
     .file = "between.zip",
     .log =
         TAKEN IN "a.csv] " ROW IN "rest] name,phone|X,1|\n" IN "b.csv] " ROW},
    {.name = "stored data that lie about their size end at the next header",
     .file = "lie.zip",
     .log = TAKEN "  ! inconsistent\n" IN "a.csv] " ROW IN
                  "\\xe9\\xa1\\xa7\\xe5\\xae\\xa2.csv] " ROW},
    {.name = "names of any bytes and any length are only names",
     .file = "names.zip",
     .log = TAKEN IN "../../x|\\x1b[2J$(id)] " ROW IN N256 "] " ROW},
    {.name = "behind a hole the next entry is found",
     .file = "zip.zip",
     .hole = 80,
     .len = 5,
     .log = TAKEN "  ? zip damaged 10\n" IN "a.csv] name,phone|Taro,{~67}\n" IN
                  "b.csv] " B},
    {.name = "a hole in a stored entry costs what it swallowed",
     .file = "stored.zip",
     .hole = 70,
     .len = 5,
     .log = TAKEN IN "a.csv] name,ph{~5}aro,03-1234-5678|" T T T "\n" IN
                     "b.csv] " B},
    {.name = "a zip behind other bytes is found",
     .file = "behind.exe",
     .log =
         TAKEN "  [response] MZ\\x01\\x00stub\n" IN "a.csv] " A IN "b.csv] " B},
    {.name = "a zip behind a script is found",
     .file = "script.exe",
     .log = TAKEN "  [response] #!/bin/sh|# unpack what stands behind me|"
                  "exit 0|\n" IN "a.csv] " A IN "b.csv] " B},
    {.name = "tar as it was first",
     .file = "v7.tar",
     .log = TAKEN IN "a.csv] " A IN "b.csv] " B},
    {.name = "long names as GNU's tar writes them",
     .file = "gnu.tar",
     .log = TAKEN IN LONG "] " A},
    {.name = "long names as records of pax",
     .file = "pax.tar",
     .log = TAKEN IN LONG "] " A},
    {.name = "a hole in a file of a tar costs what it swallowed",
     .file = "v7.tar",
     .hole = 530,
     .len = 5,
     .log = TAKEN IN "a.csv] name,phone|Taro,03{~5}-5678|" T T T "\n" IN
                     "b.csv] " B},
    {.name = "cpio with digits is read",
     .file = "newc.cpio",
     .log = TAKEN IN "a.csv] " A IN "b.csv] " B},
    {.name = "cpio with binary numbers is read",
     .file = "bin.cpio",
     .log = TAKEN IN "a.csv] " A IN "b.csv] " B},
    {.name = "ar is read with its long names",
     .file = "ar.ar",
     .log = TAKEN IN "a.csv] " A IN LONG "] " A},
    {.name = "lz4 is undone", .file = "a.csv.lz4", .log = TAKEN IN "lz4] " A},
    {.name = "lz4's legacy form is undone",
     .file = "legacy.lz4",
     .log = TAKEN IN "lz4] " A},
    {.name = "compress is undone",
     .file = "a.csv.Z",
     .log = TAKEN IN "compress] " A},
};

static struct span load(const struct archive_case *c, uint8_t *room)
{
    char path[512];

    (void)snprintf(path, sizeof(path), "%s/tests/unit/decode/archives/%s",
                   TEST_SOURCE_DIR, c->file);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    struct span bytes = {room, fread(room, 1, FILE_MAX, file)};
    assert_int_equal(fclose(file), 0);
    return bytes;
}

static void run_once(const struct archive_case *c, struct span bytes,
                     size_t cut, size_t step)
{
    struct record_chain r;
    struct flow flow = record_flow();
    size_t hole = c->len > 0 ? c->hole : bytes.len;
    const struct feed feeds[16] = {
        SERVER(HEAD),
        {FEED_BYTES, DIR_SERVER, span_head(bytes, hole), 0},
        {c->len > 0 ? FEED_GAP : FEED_END, DIR_SERVER, {NULL, 0}, c->len},
        {c->len > 0 ? FEED_BYTES : FEED_END_OF_TABLE, DIR_SERVER,
         span_skip(bytes, hole + c->len), 0},
        END(DIR_SERVER),
    };

    record_chain_init(&r, 16);
    const char *log = record_chain_run(&r, &flow, feeds, cut, step);
    if (strcmp(log, c->log) != 0)
        print_message("cut %zu step %zu gives:\n%s\n", cut, step, log);
    assert_string_equal(log, c->log);
    record_chain_clear(&r);
}

static void run_case(void **state)
{
    const struct archive_case *c = *state;
    uint8_t *room = malloc(FILE_MAX);
    struct span bytes = load(c, room);

    run_once(c, bytes, 0, 0);
    run_once(c, bytes, 0, 1);
    run_once(c, bytes, 0, 1448);
    for (size_t cut = 1; cut < CUTS; cut++)
        run_once(c, bytes, bytes.len * cut / CUTS, 0);
    free(room);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, run_case);
    return SPEC_RUN("decode/archive", tests, count);
}
