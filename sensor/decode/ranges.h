// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * ranges.h - lines cut in two between the pieces of one file.
 *
 * A file may travel in ranges, each in a message and a connection of its own.
 * The line at a seam is whole again when what one range has of it waits here
 * for the other; the file's first line names the columns of all of them.
 *
 * It must not know a protocol, and holds no more than LIMIT_RANGES files.
 */
#ifndef DECODE_RANGES_H
#define DECODE_RANGES_H

#include "outflow/buf.h"
#include "outflow/session.h"

struct ranges;

struct ranges *ranges_new(void); /* NULL without memory */
void ranges_free(struct ranges *all);

/* A file on its way: who sends it to whom, under which names. */
uint64_t ranges_key(const struct flow *flow, enum dir sender, struct span host,
                    struct span path);

/* What is kept of a file. */
enum range_part {
    RANGE_HEADER = 0, /* its first line, with its end; place 0 */
    RANGE_TAIL,       /* the line begun in front of place */
    RANGE_HEAD,       /* what ends the line begun in front of place */
};

/* Keep bytes; with no memory or too many of them they are forgotten. */
void ranges_keep(struct ranges *all, uint64_t key, enum range_part part,
                 uint64_t place, struct span bytes);

/* What is kept, valid until the next call; false: nothing. */
bool ranges_find(struct ranges *all, uint64_t key, enum range_part part,
                 uint64_t place, struct span *bytes);

#endif
