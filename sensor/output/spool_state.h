// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * spool_state.h - a spool at work, for spool.c, spool_open.c and room.c.
 */
#ifndef OUTFLOW_OUTPUT_SPOOL_STATE_H
#define OUTFLOW_OUTPUT_SPOOL_STATE_H

#include "outflow/spool.h"
#include "output/cursor.h"
#include "output/known.h"
#include "output/segment.h"

struct spool {
    struct spool_settings settings;
    char *folder_name;  /* owned; for events */
    int folder, lock;   /* descriptors */
    int file;           /* the segment that is written, or -1 */
    uint64_t *segments; /* owned; first numbers, the last is file's */
    size_t segment_count;
    uint64_t at;      /* bytes of file that are durable */
    uint64_t total;   /* bytes of all segments */
    uint64_t limit;   /* bytes they may have */
    uint64_t next;    /* number of the next frame */
    uint64_t durable; /* and of the last durable one */
    struct buf fresh; /* frames put since the last sync that worked */
    size_t mirrored;  /* bytes of fresh that the shared memory has, too */
    bool failing;     /* the disk did not take the last ones */
    bool head_late;   /* the head file is behind durable */
    struct buf entry;
    struct known known;
    struct spool_figures figures;
    uint64_t dropped_told; /* of figures.dropped */
    int64_t told_s;        /* when, by the monotonic clock; 0 never */
};

/* Bytes of a segment before the next one is begun. */
uint64_t spool_segment_size(const struct spool *s);

/*
 * Make room for a frame of size bytes: by the order of docs/spool.md. False:
 * it is to be dropped.
 */
bool room_make(struct spool *s, uint64_t size, enum grade grade);

/* Numbers below were delivered to every output. */
uint64_t room_delivered(const struct spool *s);

#endif
