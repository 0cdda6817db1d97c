// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * segment.h - the files of a spool: frames, one behind the other.
 *
 * A frame is a head of fixed size and an entry. A frame that is not whole,
 * or not what was written, is told from a good one by its sum. Files are
 * named by the number of their first frame and only ever grow.
 *
 * It must not know what an entry says.
 */
#ifndef OUTFLOW_OUTPUT_SEGMENT_H
#define OUTFLOW_OUTPUT_SEGMENT_H

#include "outflow/buf.h"

enum {
    SEGMENT_HEAD = 56,       /* bytes of a frame in front of its entry */
    SEGMENT_NAME = 32,       /* of a file's name, with its NUL */
    SEGMENT_ID = 33,         /* of an id: 32 hex digits and a NUL */
    SEGMENT_MOST = 64 << 20, /* bytes of a file: one write behind its end */
};

/* What is given up first when the room is at its end. */
enum grade { GRADE_UPDATE = 0, GRADE_FIRM, GRADES };

struct frame {
    uint64_t number; /* rises by one from frame to frame, mostly */
    uint64_t tag;    /* of the entry: the same text, the same tag */
    uint32_t sequence;
    enum grade grade;
    char id[SEGMENT_ID];
    struct span entry; /* borrowed */
};

/* Append a frame; false: out is full, and as it was. */
bool frame_put(struct buf *out, const struct frame *f);

enum frame_got {
    FRAME_ONE = 0, /* *size bytes of it */
    FRAME_PART,    /* it may go on behind the bytes given */
    FRAME_BAD,     /* no frame */
};
enum frame_got frame_take(struct span bytes, struct frame *f, size_t *size);

/* The tag of an entry. */
uint64_t frame_tag(struct span entry);

/* The name of a segment by its first number, and back (0: no segment's). */
const char *segment_name(uint64_t first, char out[SEGMENT_NAME]);
uint64_t segment_number(const char *name);

/*
 * The first numbers of all segments in folder, rising. *numbers is the
 * caller's to free. False: the folder cannot be read, or no memory.
 */
bool segment_list(int folder, uint64_t **numbers, size_t *count);

#endif
