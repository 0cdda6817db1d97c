// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * folder.h - a folder for one test, with files in it, gone afterwards.
 */
#ifndef TESTS_CAPTURE_FOLDER_H
#define TESTS_CAPTURE_FOLDER_H

#include "outflow/span.h"

struct folder {
    char path[64];  /* without a slash at its end */
    char room[128]; /* of the newest path given */
};

void folder_make(struct folder *f);

/* The path of a name inside; valid until the next call. */
const char *folder_path(struct folder *f, const char *name);

/* Write a file. */
void folder_write(struct folder *f, const char *name, struct span bytes);

/* Remove it with everything inside. */
void folder_remove(struct folder *f);

#endif
