// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * http_body.c - bodies of HTTP/1.x: by length, in chunks, until the end.
 *
 * Spec: RFC 9112 6, 7. Body bytes are put as they come. Where the framing
 * breaks, bytes are still put as body until a message head is found.
 *
 * It must not read heads.
 */
#include "decode/proto/http.h"

#include <string.h>

#include "decode/params.h"
#include "outflow/limits.h"

enum {
    SIZE_DIGITS = 16,   /* of a chunk: 64 bits */
    GUESS_DIGITS = 6,   /* of a chunk guessed behind a hole: 16 MiB */
    EXTENSION_MAX = 32, /* bytes of a chunk extension that hold no rows */
};

struct span http_take(struct http_job *job, size_t len)
{
    struct span taken = span_head(job->rest, len);

    job->rest = span_skip(job->rest, taken.len);
    return taken;
}

/* Put len bytes of the rest into the open part. */
static bool put(struct http_job *job, size_t len)
{
    struct span bytes = http_take(job, len);

    if (job->http->range[job->dir].on)
        http_range_put(job, bytes);
    return bytes.len == 0 || (http_open_body(job, NULL) &&
                              job->out->ops->put(job->out->ctx, bytes));
}

/*
 * A body that was announced only may never come: 417 or 401, and the next
 * request stands where it would begin (RFC 9110 10.1.1).
 */
static enum http_turn expected_body(struct http_job *job)
{
    enum match match = http_line(job->rest);

    if (match == MATCH_MORE)
        return HTTP_MORE;
    job->side->expects = false;
    if (match == MATCH_NO)
        return HTTP_GO;
    job->side->stage = HTTP_HEAD;
    return http_cut(job) ? HTTP_GO : HTTP_REFUSED;
}

enum http_turn http_body(struct http_job *job)
{
    struct http_side *s = job->side;

    if (s->expects)
        return expected_body(job);
    size_t len = job->rest.len < s->left ? job->rest.len : (size_t)s->left;

    s->left -= len;
    if (!put(job, len))
        return HTTP_REFUSED;
    return s->left == 0 ? http_finish(job) : HTTP_GO;
}

enum http_turn http_close(struct http_job *job)
{
    return put(job, job->rest.len) ? HTTP_GO : HTTP_REFUSED;
}

/* --- chunks --- */

/* The framing is broken: try the other reading, or scan for a message. */
static enum http_turn chunk_bad(struct http_job *job)
{
    struct http_side *s = job->side;

    if (s->unsure) {
        s->stage = HTTP_RESYNC;
        return HTTP_GO;
    }
    if (!http_anomaly(job, SPAN("smuggling")))
        return HTTP_REFUSED;
    s->unsure = true;
    s->stage = HTTP_RESYNC;
    if (s->doubt) {
        s->doubt = false;
        s->unsure = false;
        s->stage = HTTP_BODY;
        s->left = s->length;
        return s->left == 0 ? http_finish(job) : HTTP_GO;
    }
    return HTTP_GO;
}

static size_t hex_digits(struct span s, size_t max)
{
    static const char digits[] = "0123456789abcdefABCDEF";
    size_t len = 0;

    while (len < s.len && len < max && s.ptr[len] != 0 &&
           strchr(digits, s.ptr[len]) != NULL)
        len++;
    return len;
}

enum http_turn http_chunk(struct http_job *job)
{
    struct http_side *s = job->side;
    size_t digits = hex_digits(job->rest, SIZE_DIGITS + 1);

    if (digits == job->rest.len && digits <= SIZE_DIGITS)
        return HTTP_MORE;
    struct span rest = span_skip(job->rest, digits);
    bool ends = rest.len > 0 && memchr("\r\n; \t", *rest.ptr, 5) != NULL;
    uint64_t size = 0;
    if (!ends || !span_hex(span_head(job->rest, digits), &size) ||
        size > INT64_MAX)
        return chunk_bad(job);
    (void)http_take(job, digits);
    s->left = size;
    s->extension = 0;
    s->stage = HTTP_CHUNK_LINE;
    return HTTP_GO;
}

/* Extensions mean nothing to anyone, so long ones are said to be unread. */
static bool extension_end(struct http_job *job)
{
    uint32_t len = job->side->extension;
    const struct note note = {.kind = NOTE_UNREAD,
                              .dir = job->dir,
                              .text = SPAN("chunk-extension"),
                              .number = len,
                              .why = WHY_UNSUPPORTED};

    return len <= EXTENSION_MAX || job->out->ops->note(job->out->ctx, &note);
}

enum http_turn http_chunk_line(struct http_job *job)
{
    struct http_side *s = job->side;
    size_t end = span_find(job->rest, '\n');
    bool whole = end < job->rest.len;
    size_t len = end + whole;

    (void)http_take(job, len);
    if (s->extension <= UINT32_MAX - (uint32_t)span_head(job->rest, len).len &&
        len < UINT32_MAX / 2 && s->extension < UINT32_MAX / 2)
        s->extension += (uint32_t)len;
    if (!whole)
        return HTTP_GO;
    if (!extension_end(job))
        return HTTP_REFUSED;
    s->doubt = false;
    s->stage = s->left > 0 ? HTTP_DATA : HTTP_TRAILER;
    return HTTP_GO;
}

enum http_turn http_data(struct http_job *job)
{
    struct http_side *s = job->side;
    size_t len = job->rest.len < s->left ? job->rest.len : (size_t)s->left;

    s->left -= len;
    if (!put(job, len))
        return HTTP_REFUSED;
    if (s->left == 0)
        s->stage = HTTP_DATA_END;
    return HTTP_GO;
}

enum http_turn http_data_end(struct http_job *job)
{
    struct span rest = job->rest;

    if (rest.len == 1 && *rest.ptr == '\r')
        return HTTP_MORE;
    size_t len = span_starts(rest, SPAN("\r\n")) ? 2 : 1;
    if (len == 1 && *rest.ptr != '\n')
        return chunk_bad(job);
    (void)http_take(job, len);
    job->side->stage = HTTP_CHUNK;
    return HTTP_GO;
}

/* A trailer that could hide rows is a part of its own. */
static bool trailer_put(struct http_job *job, struct span line)
{
    const struct part_info info = {.step = SPAN("trailers")};

    if (!fields_tell(line))
        return true;
    return http_open_body(job, &info) &&
           job->out->ops->put(job->out->ctx, line);
}

enum http_turn http_trailer(struct http_job *job)
{
    struct span seen = span_head(job->rest, LIMIT_HEAD);
    size_t end = span_find(seen, '\n');

    if (end == seen.len && seen.len < LIMIT_HEAD)
        return HTTP_MORE;
    if (end == seen.len)
        return chunk_bad(job);
    struct span line = http_take(job, end + 1);
    if (span_trim(line).len == 0)
        return http_finish(job);
    return trailer_put(job, line) ? HTTP_GO : HTTP_REFUSED;
}

/* --- finding the way again --- */

/* A chunk's size on a line of its own at the front of s? */
static enum match guess_chunk(struct span s)
{
    size_t digits = hex_digits(span_skip(s, 2), GUESS_DIGITS);
    struct span rest = span_skip(s, 2 + digits);

    if (s.len >= 2 && s.ptr[1] != '\n')
        return MATCH_NO;
    if (rest.len == 0)
        return MATCH_MORE;
    if (digits == 0 || *rest.ptr != '\r')
        return MATCH_NO;
    if (rest.len == 1)
        return MATCH_MORE;
    return rest.ptr[1] == '\n' ? MATCH_YES : MATCH_NO;
}

/* The first place where a chunk begins or may begin. */
static enum match find_chunk(struct span bytes, size_t *at)
{
    enum match match = MATCH_NO;

    for (*at = 0; *at < bytes.len; (*at)++) {
        *at += span_find(span_skip(bytes, *at), '\r');
        if (*at >= bytes.len)
            break;
        match = guess_chunk(span_skip(bytes, *at));
        if (match != MATCH_NO)
            return match;
    }
    return MATCH_NO;
}

enum http_turn http_resync(struct http_job *job)
{
    struct http_side *s = job->side;
    size_t at, keep = job->rest.len;
    enum match match = find_chunk(job->rest, &at);
    size_t message = http_sync(job->rest, job->dir, &keep);

    if (message < job->rest.len && message < at) {
        http_scan(job);
        return HTTP_GO;
    }
    if (match == MATCH_YES && at <= keep) {
        if (!put(job, at))
            return HTTP_REFUSED;
        (void)http_take(job, 2);
        s->unsure = true;
        s->stage = HTTP_CHUNK;
        return HTTP_GO;
    }
    at = match == MATCH_MORE && at < keep ? at : keep;
    if (at == 0)
        return HTTP_MORE;
    return put(job, at) ? HTTP_GO : HTTP_REFUSED;
}

enum http_turn http_scan_on(struct http_job *job)
{
    size_t keep = job->rest.len;
    size_t at = http_sync(job->rest, job->dir, &keep);

    if (at < job->rest.len) {
        if (!put(job, at) || !http_cut(job))
            return HTTP_REFUSED;
        job->side->stage = HTTP_HEAD;
        return HTTP_GO;
    }
    if (keep == 0)
        return HTTP_MORE;
    return put(job, keep) ? HTTP_GO : HTTP_REFUSED;
}

/* --- holes --- */

static bool gap(struct http_job *job, uint64_t len)
{
    http_range_gap(job, len);
    return !job->side->part || job->out->ops->gap(job->out->ctx, len);
}

/* The hole ends behind the body it began in. */
static enum http_turn gap_past(struct http_job *job)
{
    if (!gap(job, job->side->left) || !http_cut(job))
        return HTTP_REFUSED;
    http_scan(job);
    return HTTP_GO;
}

enum http_turn http_body_gap(struct http_job *job, uint64_t len)
{
    struct http_side *s = job->side;

    s->expects = false;
    switch ((enum http_stage)s->stage) {
    case HTTP_BODY:
        if (len > s->left)
            return gap_past(job);
        s->left -= len;
        if (!gap(job, len))
            return HTTP_REFUSED;
        return s->left == 0 ? http_finish(job) : HTTP_GO;
    case HTTP_DATA:
        if (len < s->left) {
            s->left -= len;
            return gap(job, len) ? HTTP_GO : HTTP_REFUSED;
        }
        s->stage = HTTP_RESYNC;
        return gap(job, len) ? HTTP_GO : HTTP_REFUSED;
    case HTTP_CHUNK:
    case HTTP_CHUNK_LINE:
    case HTTP_DATA_END:
        s->doubt = false;
        s->stage = HTTP_RESYNC;
        return gap(job, len) ? HTTP_GO : HTTP_REFUSED;
    case HTTP_UNFRAMED:
        s->stage = s->closes ? HTTP_CLOSE : HTTP_SCAN;
        return gap(job, len) ? HTTP_GO : HTTP_REFUSED;
    case HTTP_CLOSE:
    case HTTP_RESYNC:
    case HTTP_SCAN:
        return gap(job, len) ? HTTP_GO : HTTP_REFUSED;
    default:
        http_scan(job);
        return http_cut(job) ? HTTP_GO : HTTP_REFUSED;
    }
}
