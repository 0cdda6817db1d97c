// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * rows.c - the reader of rows alone, over a file in blocks of 16 KiB.
 *
 * What scripts/bench sets against Hyperscan over the same file: everything
 * from bytes to records with their pseudonyms. It must not skip a byte.
 */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "outflow/counters.h"
#include "outflow/detect.h"
#include "outflow/err.h"

enum { BLOCK = 16 << 10 };

static bool count(void *ctx, const struct record *record)
{
    uint64_t *records = ctx;

    (void)record;
    ++*records;
    return true;
}

static int read_all(struct detect *d, int file)
{
    static uint8_t block[BLOCK];
    const struct part part = {.trail = "file"};
    struct moment seen = {0, 0, 0};
    uint64_t records = 0, bytes = 0;
    const struct record_sink sink = {&records, count};
    struct rows *r = rows_open(d, &part, &sink);
    ssize_t got = 0;

    while (r && (got = read(file, block, sizeof(block))) > 0) {
        seen.number++;
        bytes += (uint64_t)got;
        rows_feed(r, (struct span){block, (size_t)got}, &seen);
    }
    if (!r || got < 0)
        return 2;
    rows_close(r);
    printf("%llu records, %llu bytes\n", (unsigned long long)records,
           (unsigned long long)bytes);
    return 0;
}

int main(int argc, char **argv)
{
    static const uint8_t secret[KEY_BYTES] = {1};
    struct counters counters = {0};
    struct problems problems = {0};
    struct detect_settings settings = {.key = keyed_new(secret),
                                       .counters = &counters};
    int file = argc == 2 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;
    int status = 2;

    struct detect *d = detect_new(&settings, &problems);
    if (d && file >= 0)
        status = read_all(d, file);
    else
        fputs("usage: rows FILE\n", stderr);
    if (file >= 0)
        (void)close(file);
    detect_free(d);
    keyed_free((struct keyed *)(uintptr_t)settings.key);
    problems_clear(&problems);
    return status;
}
