// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * record_sink.h - what a format decoder puts, written down as text.
 *
 *     [step] bytes of the part{gap 40}bytes     and [step~] if it was cut
 *     ? kind reason bytes                       what stays closed
 *
 * It must not interpret what it records.
 */
#ifndef TESTS_SUPPORT_RECORD_SINK_H
#define TESTS_SUPPORT_RECORD_SINK_H

#include "outflow/buf.h"
#include "outflow/decoder.h"

/* What is done to the bytes on their way. */
struct record_way {
    size_t step;   /* bytes fed at once; 0: all */
    size_t hole;   /* place of a hole */
    size_t len;    /* bytes of it; 0: none */
    uint64_t most; /* that may be held; 0: no matter */
};

/* Feed bytes to the decoder of that name; *log gets what it puts. */
enum decode_status record_decoder(const char *name, struct span bytes,
                                  const struct record_way *way,
                                  struct buf *log);

/* The bytes of a file, owned by the caller; fails the test without it. */
struct span record_file(const char *path);

#endif
