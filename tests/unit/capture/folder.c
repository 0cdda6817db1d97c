// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * folder.c - a folder for one test, with files in it, gone afterwards.
 */
#include "folder.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

#include "support/spec.h"

void folder_make(struct folder *f)
{
    const char *base = getenv("TMPDIR");

    (void)snprintf(f->path, sizeof(f->path), "%s/outflow-XXXXXX",
                   base != NULL ? base : "/tmp");
    assert_non_null(mkdtemp(f->path));
}

const char *folder_path(struct folder *f, const char *name)
{
    (void)snprintf(f->room, sizeof(f->room), "%s/%s", f->path, name);
    return f->room;
}

void folder_write(struct folder *f, const char *name, struct span bytes)
{
    FILE *file = fopen(folder_path(f, name), "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, file), bytes.len);
    assert_int_equal(fclose(file), 0);
}

static int remove_one(const char *path, const struct stat *st, int kind,
                      struct FTW *at)
{
    (void)st;
    (void)kind;
    (void)at;
    return remove(path);
}

void folder_remove(struct folder *f)
{
    assert_int_equal(nftw(f->path, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}
