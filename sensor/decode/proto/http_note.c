// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * http_note.c - what HTTP has to say of its bytes.
 *
 * In:   a finding of http.c and its kin.
 * Out:  a note.
 * Not:  decides nothing.
 * Spec: the words of docs/alerts.md.
 */
#include "decode/proto/http.h"

bool http_anomaly(struct http_job *job, struct span name)
{
    const struct note note = {
        .kind = NOTE_ANOMALY, .dir = job->dir, .text = name};

    return job->out->ops->note(job->out->ctx, &note);
}

bool http_lost(struct http_job *job, size_t len)
{
    const struct note note = {.kind = NOTE_UNREAD,
                              .dir = job->dir,
                              .text = SPAN("http"),
                              .number = len,
                              .why = WHY_LIMIT};

    return job->out->ops->note(job->out->ctx, &note);
}
