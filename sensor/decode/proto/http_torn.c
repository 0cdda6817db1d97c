// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * http_torn.c - heads and bodies of HTTP/1.x that a damaged byte spoilt.
 *
 * Spec: none. A start line that is wrong in one byte is believed when fields
 * that only HTTP has follow it; so are fields behind a head that an empty
 * line ended too early. A head goes on to its empty line, or to lines that
 * are no fields. A body that no length and no coding frames is looked at for
 * what it is.
 */
#include "decode/proto/http.h"

#include <ctype.h>

#include "decode/params.h"
#include "outflow/compiler.h"
#include "outflow/limits.h"

enum {
    STRANGE_MAX = 2,  /* lines that one byte spoils: itself, or a half each */
    SIZE_DIGITS = 6,  /* of a chunk nobody announced: 16 MiB */
    STATUS_DIGIT = 9, /* place of the status in "HTTP/1.1 200" */
};

/* Fields that requests and responses begin with; mails have few of them. */
static const struct span known[] = {
    SPAN_INIT("Host:"),           SPAN_INIT("Content-Length:"),
    SPAN_INIT("Accept:"),         SPAN_INIT("Transfer-Encoding:"),
    SPAN_INIT("Connection:"),     SPAN_INIT("Accept-Encoding:"),
    SPAN_INIT("Server:"),         SPAN_INIT("Authorization:"),
    SPAN_INIT("Cookie:"),         SPAN_INIT("Content-Encoding:"),
    SPAN_INIT("Accept-Ranges:"),  SPAN_INIT("Last-Modified:"),
    SPAN_INIT("Accept-Language:")};

static const struct span starts[] = {
    SPAN_INIT("POST /"),  SPAN_INIT("PUT /"),    SPAN_INIT("PATCH /"),
    SPAN_INIT("GET /"),   SPAN_INIT("HTTP/1."),  SPAN_INIT("POST h"),
    SPAN_INIT("PUT h"),   SPAN_INIT("GET h"),    SPAN_INIT("DELETE /"),
    SPAN_INIT("MKCOL /"), SPAN_INIT("REPORT /"), SPAN_INIT("PROPFIND /")};

static bool is_known(struct span line)
{
    for (size_t i = 0; i < COUNT(known); i++)
        if (span_starts_nocase(line, known[i]))
            return true;
    return false;
}

/* All of form but a byte? */
static enum match nearly(struct span s, struct span form)
{
    size_t len = s.len < form.len ? s.len : form.len;
    size_t wrong = 0;

    for (size_t i = 0; i < len; i++)
        wrong += s.ptr[i] != form.ptr[i];
    if (wrong > 1)
        return MATCH_NO;
    return len == form.len ? MATCH_YES : MATCH_MORE;
}

bool http_nearly_status(struct span line)
{
    return nearly(line, SPAN("HTTP/1.")) == MATCH_YES &&
           line.len > STATUS_DIGIT;
}

static enum match nearly_start(struct span bytes)
{
    enum match best = MATCH_NO;

    for (size_t i = 0; i < COUNT(starts) && best != MATCH_YES; i++) {
        enum match match = nearly(bytes, starts[i]);
        if (match != MATCH_NO)
            best = match;
    }
    return best;
}

/* Does a field that HTTP has follow, with no more than a torn line? */
static enum match fields_follow(struct span bytes)
{
    struct span seen = span_head(bytes, LIMIT_PROBE);
    size_t strange = 0, at = 0;

    while (at < seen.len) {
        struct span rest = span_skip(seen, at);
        size_t end = span_find(rest, '\n');
        struct span line = span_trim(span_head(rest, end));
        if (is_known(rest))
            return MATCH_YES;
        if (end == rest.len)
            break;
        strange += !fields_is(line);
        if (strange > STRANGE_MAX)
            return MATCH_NO;
        at += end + 1;
    }
    return seen.len < LIMIT_PROBE ? MATCH_MORE : MATCH_NO;
}

enum match http_torn(struct span bytes, bool inside)
{
    enum match start = nearly_start(bytes);

    if (start == MATCH_NO && inside) {
        struct span seen = span_head(bytes, LIMIT_PROBE);
        size_t end = span_find(seen, '\n');
        if (http_headless(span_head(seen, end)))
            start = MATCH_YES;
        else if (end == seen.len && seen.len < LIMIT_PROBE)
            start = MATCH_MORE;
    }
    return start == MATCH_YES ? fields_follow(bytes) : start;
}

bool http_headless(struct span line)
{
    return line.len > 0 && *line.ptr > ' ' && fields_is(line);
}

/* --- bodies without a frame --- */

/* A chunk's size on the first line? */
static enum match begins_chunk(struct span bytes)
{
    size_t digits = 0;

    while (digits < bytes.len && digits <= SIZE_DIGITS &&
           isxdigit(bytes.ptr[digits]))
        digits++;
    struct span rest = span_skip(bytes, digits);
    if (digits > SIZE_DIGITS ||
        (rest.len > 0 && (digits == 0 || *rest.ptr != '\r')))
        return MATCH_NO;
    if (rest.len < 2)
        return MATCH_MORE;
    return rest.ptr[1] == '\n' ? MATCH_YES : MATCH_NO;
}

bool http_may_follow(const struct http_head *head)
{
    static const struct span bare[] = {
        SPAN_INIT("GET"),    SPAN_INIT("HEAD"),    SPAN_INIT("OPTIONS"),
        SPAN_INIT("DELETE"), SPAN_INIT("CONNECT"), SPAN_INIT("TRACE")};

    for (size_t i = 0; i < COUNT(bare); i++)
        if (span_eq(head->method, bare[i]))
            return false;
    return !head->upgrade && (head->type.len > 0 || head->codings_len > 0);
}

enum http_turn http_unframed(struct http_job *job)
{
    struct http_side *s = job->side;
    size_t blank = span_starts(job->rest, SPAN("\r\n")) ? 2 : 0;
    enum match chunk = begins_chunk(span_skip(job->rest, blank));
    enum match next = s->closes ? MATCH_NO : http_line(job->rest);

    if (next == MATCH_NO && !s->closes)
        next = http_torn(job->rest, true);
    if (next == MATCH_YES)
        return http_finish(job);
    if (next == MATCH_MORE || chunk == MATCH_MORE ||
        span_eq(job->rest, SPAN("\r")))
        return HTTP_MORE;
    s->stage = s->closes ? HTTP_CLOSE : HTTP_SCAN;
    if (chunk == MATCH_YES) {
        (void)http_take(job, blank);
        s->unsure = true;
        s->stage = HTTP_CHUNK;
    }
    return HTTP_GO;
}
