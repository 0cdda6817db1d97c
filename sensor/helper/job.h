// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * job.h - one object in the process that reads it, and what it says of it.
 *
 * The process is confined before it looks at the first byte, and ends with
 * the object. Every job_* call that says something ends the process when
 * nobody listens any more.
 */
#ifndef HELPER_JOB_H
#define HELPER_JOB_H

#include "outflow/counters.h"
#include "outflow/helper.h"

struct job {
    const char *format;
    struct span object;       /* zeros where its holes are */
    const struct hole *holes; /* in order */
    size_t hole_count;
    int out;        /* where its answers go */
    uint8_t *room;  /* bytes of the part that wait to be sent */
    size_t waiting; /* how many */
};

void job_open(struct job *j, struct span name);
void job_bytes(struct job *j, struct span bytes);
void job_gap(struct job *j, uint64_t len);
void job_close(struct job *j, bool whole, uint64_t seen);
void job_unread(struct job *j, enum why why, uint64_t bytes);

/* Bytes from a place on that were captured; 0: a hole, or the end. */
size_t job_known(const struct job *j, uint64_t from);

/* The first hole behind a place, or NULL. */
const struct hole *job_hole(const struct job *j, uint64_t from);

/* Those that read a format (serve.c asks). */
void archive_read_job(struct job *j);
void pdf_read_job(struct job *j);

#ifdef OUTFLOW_HELPER_HOOK
void helper_hook(struct job *j);
#endif

/* What has to be done once, before anything is confined. */
void archive_prepare(void);
void pdf_prepare(void);

#endif
