// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * cursor.h - places in a spool: how far it is durable, how far each output
 * is, and the memory that stands for the disk when that takes nothing.
 *
 * Every place is one small file, written by one process and read by others;
 * a file that is not whole is as good as none, and the output begins anew.
 */
#ifndef OUTFLOW_OUTPUT_CURSOR_H
#define OUTFLOW_OUTPUT_CURSOR_H

#include "outflow/buf.h"
#include "outflow/settings.h"

struct cursor {
    uint64_t next; /* number of the first frame that was not sent */
    uint64_t back; /* where to begin after a break: not above next */
    uint64_t sent, repeated, failures;
    uint64_t up; /* 1: connected, or the file is open */
};

/*
 * The cursor of an output; zeroed and false when there is none. Writing
 * replaces the file at once; false: the disk refused.
 */
bool cursor_read(int folder, const struct output_settings *o, struct cursor *c);
bool cursor_write(int folder, const struct output_settings *o,
                  const struct cursor *c);

/*
 * Be the only process that serves this output: a descriptor to be kept, or
 * -1 while another one does.
 */
int cursor_lock(int folder, const struct output_settings *o);

/* Number of the last durable frame, 0: none. */
uint64_t head_read(int folder);
bool head_write(int folder, uint64_t number);

/* What a shared memory holds: frames from byte MEMORY_HEAD on. */
enum { MEMORY_HEAD = 16 };
struct memory {
    uint64_t age;  /* rises when it is emptied */
    uint64_t size; /* bytes of frames */
};
bool memory_read(int fd, struct memory *m);
bool memory_append(int fd, struct span frames);
bool memory_empty(int fd);

/* Read or write all of it at a place, through EINTR and short counts. */
bool place_write(int fd, struct span bytes, uint64_t at);
size_t place_read(int fd, uint8_t *to, size_t len, uint64_t at);

#endif
