// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * job.c - what is said of an object, as messages.
 */
#include "helper/job.h"

#include <string.h>
#include <unistd.h>

#include "helper/parcel.h"

static void say(const struct job *j, const struct parcel *m)
{
    if (!parcel_send(j->out, m, -1))
        _exit(0);
}

/* Small pieces are gathered: rows of a page, blocks of an archive. */
static void flush(struct job *j)
{
    const struct parcel m = {.type = PARCEL_BYTES,
                             .body = {j->room, j->waiting}};

    if (j->waiting > 0)
        say(j, &m);
    j->waiting = 0;
}

void job_open(struct job *j, struct span name)
{
    flush(j);
    say(j, &(struct parcel){.type = PARCEL_OPEN, .text = name});
}

void job_bytes(struct job *j, struct span bytes)
{
    while (bytes.len > 0) {
        struct span some = span_head(bytes, PARCEL_BODY - j->waiting);
        memcpy(j->room + j->waiting, some.ptr, some.len);
        j->waiting += some.len;
        bytes = span_skip(bytes, some.len);
        if (j->waiting == PARCEL_BODY)
            flush(j);
    }
}

void job_gap(struct job *j, uint64_t len)
{
    flush(j);
    say(j, &(struct parcel){.type = PARCEL_GAP, .bytes = len});
}

void job_close(struct job *j, bool whole, uint64_t seen)
{
    flush(j);
    say(j, &(struct parcel){.type = PARCEL_CLOSE, .why = whole, .bytes = seen});
}

void job_unread(struct job *j, enum why why, uint64_t bytes)
{
    flush(j);
    if (bytes > 0)
        say(j, &(struct parcel){
                   .type = PARCEL_UNREAD, .why = (uint8_t)why, .bytes = bytes});
}

const struct hole *job_hole(const struct job *j, uint64_t from)
{
    for (size_t i = 0; i < j->hole_count; i++) {
        if (j->holes[i].from + j->holes[i].len > from)
            return &j->holes[i];
    }
    return NULL;
}

size_t job_known(const struct job *j, uint64_t from)
{
    const struct hole *next = job_hole(j, from);
    uint64_t end = next ? next->from : j->object.len;

    return from < end ? (size_t)(end - from) : 0;
}
