// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * paths.h - what the operator named, made a list of files to read.
 *
 * Directories stand for the files in them, a file named twice (also by a
 * link) is read once, devices are refused. The list is sorted by name, so
 * the order of naming changes nothing. It must not open captures.
 */
#ifndef CAPTURE_PATHS_H
#define CAPTURE_PATHS_H

#include <stdint.h>
#include <sys/types.h>

#include "outflow/compiler.h"
#include "outflow/err.h"

struct path {
    char *name;   /* owned; "-": standard input */
    dev_t device; /* where the file lies */
    ino_t inode;
    bool unique;   /* a regular file: device and inode name it */
    bool found;    /* in a directory, not named itself */
    uint64_t size; /* bytes; 0: unknown */
};

struct paths {
    struct path *path; /* owned, sorted by name */
    size_t count;
    size_t room; /* elements allocated */
};

/*
 * Collect; names that cannot be read are problems, files passed over in a
 * directory on purpose (hidden, no file) are notes. ERR_MEMORY or ERR_OK.
 */
enum err paths_collect(struct paths *p, const char *const *names, size_t count,
                       struct problems *problems,
                       struct problems *notes) MUST_USE;

void paths_clear(struct paths *p);

#endif
