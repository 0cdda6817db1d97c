// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * http_range.c - bodies that are pieces of one file.
 *
 * Uploads that can be resumed and downloads in ranges cut a file anywhere, so
 * the line at each seam is in two messages, often of two connections. What
 * one has of it is kept (ranges.h) for the other: behind it when the next
 * piece begins, or at its end when the next one is there already. Each piece
 * begins with the file's first line, as far as that was seen.
 *
 * It must not touch pieces that are coded: lines cannot be told in them.
 * Spec: RFC 9110 14.4, tus 1.0 (Upload-Offset).
 */
#include <string.h>

#include "decode/proto/http.h"
#include "decode/ranges.h"
#include "outflow/limits.h"

/* A place in the middle of a line: it is no row. */
static bool break_row(struct http_job *job)
{
    return job->out->ops->gap(job->out->ctx, 1);
}

static bool put(struct http_job *job, struct span bytes)
{
    return job->out->ops->put(job->out->ctx, bytes);
}

/* Put what came before: the file's first line, and the line begun. */
static bool put_before(struct http_job *job, struct http_range *r)
{
    struct ranges *all = job->http->ranges;
    struct span header, tail;

    if (ranges_find(all, r->key, RANGE_HEADER, 0, &header) && !put(job, header))
        return false;
    if (ranges_find(all, r->key, RANGE_TAIL, r->place, &tail))
        return tail.len == 0 || put(job, tail);
    r->seam = true;
    return break_row(job);
}

bool http_range_begin(struct http_job *job, const struct http_head *head,
                      struct span step)
{
    struct http_range *r = &job->http->range[job->dir];

    if (head->codings_len > 0 || job->http->ranges == NULL ||
        job->http->flow == NULL ||
        span_starts_nocase(head->type, SPAN("multipart/")))
        return true;
    buf_clear(&r->line);
    *r = (struct http_range){
        .on = true, .first = true, .place = head->from, .whole = head->whole};
    buf_init(&r->line, LIMIT_SEAM);
    struct span name = head->query.len > 0 ? head->query : head->host;
    r->key = ranges_key(job->http->flow, job->dir, name, step);
    return head->from == 0 || put_before(job, r);
}

/* A line of it ended: the first may be what others wait for. */
static void line_ended(struct http_job *job, struct http_range *r)
{
    struct span line = buf_span(&r->line);
    uint64_t begin = r->place - line.len;

    if (r->first && r->line.cap > 0 && begin == 0)
        ranges_keep(job->http->ranges, r->key, RANGE_HEADER, 0, line);
    else if (r->first && r->line.cap > 0 && r->seam)
        ranges_keep(job->http->ranges, r->key, RANGE_HEAD, begin, line);
    r->first = false;
    r->line.cap = LIMIT_SEAM;
    buf_reset(&r->line);
}

void http_range_put(struct http_job *job, struct span bytes)
{
    struct http_range *r = &job->http->range[job->dir];

    if (!r->first && bytes.len > 0) { /* only the last line matters */
        const uint8_t *last = memrchr(bytes.ptr, '\n', bytes.len);
        size_t past = last != NULL ? (size_t)(last - bytes.ptr) : 0;
        r->place += past;
        bytes = span_skip(bytes, past);
        if (last != NULL)
            buf_reset(&r->line);
    }
    while (bytes.len > 0) {
        size_t end = span_find(bytes, '\n');
        bool whole = end < bytes.len;
        struct span piece = span_head(bytes, end + whole);

        if (r->line.cap > 0 && !buf_add(&r->line, piece))
            r->line.cap = 0; /* too long for a row */
        r->place += piece.len;
        bytes = span_skip(bytes, piece.len);
        if (whole)
            line_ended(job, r);
    }
}

void http_range_gap(struct http_job *job, uint64_t len)
{
    struct http_range *r = &job->http->range[job->dir];

    r->place += len;
    r->first = false;
    buf_reset(&r->line);
    r->line.cap = 0;
}

bool http_range_end(struct http_job *job, bool whole)
{
    struct http_range *r = &job->http->range[job->dir];
    struct span head, line = buf_span(&r->line);
    bool fine = true;

    if (!r->on)
        return true;
    r->on = false;
    bool ends = r->whole > 0 && r->place >= r->whole;
    if (whole && !ends && r->line.cap > 0) {
        struct ranges *all = job->http->ranges;
        if (ranges_find(all, r->key, RANGE_HEAD, r->place, &head))
            fine = put(job, head);
        else
            fine = line.len == 0 || break_row(job);
        ranges_keep(all, r->key, RANGE_TAIL, r->place, line);
    }
    buf_clear(&r->line);
    return fine;
}
