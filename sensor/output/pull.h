// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * pull.h - read a spool that another process is writing.
 *
 * It gives what is durable, and behind that what waits in shared memory for
 * a disk that takes nothing.
 */
#ifndef OUTFLOW_OUTPUT_PULL_H
#define OUTFLOW_OUTPUT_PULL_H

#include "output/segment.h"

struct pull {
    int folder, memory; /* descriptors; memory may be -1 */
    int news;           /* readable when the folder's files change, or -1 */
    int file;           /* the segment that is read, or -1 */
    uint64_t first;     /* its first number */
    uint64_t at;        /* bytes of it that were read */
    struct buf page;    /* of them, not yet given, from used on */
    size_t used;
    uint64_t want;     /* number of the next frame */
    struct buf shared; /* frames of the memory */
    uint64_t age;      /* of what shared holds */
    size_t shared_used;
};

/* False: no such folder. */
bool pull_open(struct pull *p, const char *folder, int memory);

/* Go on at the first frame that has this number or a higher one. */
void pull_seek(struct pull *p, uint64_t number);

/* The next frame, valid until the next call; false: none yet. */
bool pull_next(struct pull *p, struct frame *f);

/* Forget that news was readable. */
void pull_heard(struct pull *p);

void pull_close(struct pull *p);

#endif
