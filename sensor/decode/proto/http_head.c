// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * http_head.c - start lines and header fields of HTTP/1.x.
 *
 * Spec: RFC 9112 3, 4, 6; RFC 9110 5.6, 8. Takes the head as a whole, in one
 * walk over its lines, without copies.
 *
 * It must not decide what follows a head: http.c does.
 */
#include "decode/proto/http_head.h"

#include <string.h>

#include "decode/params.h"
#include "decode/proto/http.h"
#include "outflow/compiler.h"
#include "outflow/limits.h"

enum {
    METHOD_MAX = 32,     /* longest method; the registry's are below 20 */
    SYNC_END = 16,       /* its version and line end */
    SYNC_LINE = 8 << 10, /* longest request line found in mid-stream */
};

static uint8_t byte_at(struct span s, size_t at)
{
    return at < s.len ? s.ptr[at] : 0;
}

/* tchar of RFC 9110 5.6.2 */
static bool is_token(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
           (c >= 'a' && c <= 'z') ||
           (c != 0 && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

/* --- start lines --- */

/* The whole of text, or its beginning? */
static enum match match_text(struct span bytes, struct span text)
{
    size_t len = bytes.len < text.len ? bytes.len : text.len;

    if (!span_eq(span_head(bytes, len), span_head(text, len)))
        return MATCH_NO;
    return len == text.len ? MATCH_YES : MATCH_MORE;
}

/* "HTTP/1.1 200" */
static enum match match_status(struct span bytes)
{
    static const char form[] = "HTTP/1.d ddd";

    for (size_t i = 0; i < sizeof(form) - 1; i++) {
        if (i == bytes.len)
            return MATCH_MORE;
        bool digit = bytes.ptr[i] >= '0' && bytes.ptr[i] <= '9';
        if (form[i] == 'd' ? !digit : bytes.ptr[i] != (uint8_t)form[i])
            return MATCH_NO;
    }
    return MATCH_YES;
}

/* The target's beginning: a path, an absolute URI, "*", or CONNECT's. */
static enum match match_target(struct span method, struct span target)
{
    static const struct span forms[] = {
        SPAN_INIT("/"), SPAN_INIT("*"), SPAN_INIT("http://"),
        SPAN_INIT("https://"), SPAN_INIT("ftp://")};
    bool more = target.len == 0;

    if (target.len > 0 && span_eq(method, SPAN("CONNECT")))
        return is_token(*target.ptr) || *target.ptr == '[' ? MATCH_YES
                                                           : MATCH_NO;
    for (size_t i = 0; i < COUNT(forms); i++) {
        enum match match = match_text(target, forms[i]);
        if (match == MATCH_YES)
            return match;
        more = more || match == MATCH_MORE;
    }
    return more ? MATCH_MORE : MATCH_NO;
}

/* The end of a request line: " HTTP/1.1". */
static enum match match_version(struct span line)
{
    line = span_trim(line);
    if (line.len < 9)
        return MATCH_NO;
    struct span end = span_skip(line, line.len - 9);
    return span_starts(end, SPAN(" HTTP/1.")) ? MATCH_YES : MATCH_NO;
}

static enum match match_request(struct span bytes)
{
    size_t space = 0;

    while (space < bytes.len && space <= METHOD_MAX &&
           is_token(bytes.ptr[space]))
        space++;
    if (space == bytes.len && space <= METHOD_MAX)
        return MATCH_MORE;
    if (space == 0 || byte_at(bytes, space) != ' ')
        return MATCH_NO;
    struct span method = span_head(bytes, space);
    enum match match = match_target(method, span_skip(bytes, space + 1));
    if (match != MATCH_YES)
        return match;

    size_t end = span_find(span_head(bytes, LIMIT_PROBE), '\n');
    if (end < span_head(bytes, LIMIT_PROBE).len)
        return match_version(span_head(bytes, end));
    return bytes.len < LIMIT_PROBE ? MATCH_MORE : MATCH_YES;
}

enum match http_line(struct span bytes)
{
    enum match status = match_status(bytes);

    if (status == MATCH_YES || bytes.len == 0)
        return bytes.len == 0 ? MATCH_MORE : status;
    enum match request = match_request(bytes);
    if (request == MATCH_YES)
        return request;
    return status == MATCH_MORE || request == MATCH_MORE ? MATCH_MORE
                                                         : MATCH_NO;
}

/* --- in mid-stream --- */

/* The registry's that carry data; others are not found in mid-stream. */
static const struct span methods[] = {
    SPAN_INIT("GET "),      SPAN_INIT("POST "),      SPAN_INIT("PUT "),
    SPAN_INIT("PATCH "),    SPAN_INIT("DELETE "),    SPAN_INIT("HEAD "),
    SPAN_INIT("CONNECT "),  SPAN_INIT("OPTIONS "),   SPAN_INIT("TRACE "),
    SPAN_INIT("MKCOL "),    SPAN_INIT("COPY "),      SPAN_INIT("MOVE "),
    SPAN_INIT("PROPFIND "), SPAN_INIT("PROPPATCH "), SPAN_INIT("REPORT "),
    SPAN_INIT("SEARCH "),   SPAN_INIT("LOCK "),      SPAN_INIT("UNLOCK ")};

/* Could bytes, up to their end, be the beginning of a request? */
static enum match begins_request(struct span bytes)
{
    for (size_t i = 0; i < COUNT(methods); i++) {
        enum match match = match_text(bytes, methods[i]);
        if (match == MATCH_MORE)
            return match;
        if (match == MATCH_YES)
            return match_request(bytes) != MATCH_NO ? MATCH_YES : MATCH_NO;
    }
    return MATCH_NO;
}

static bool is_upper(uint8_t c)
{
    return c >= 'A' && c <= 'Z';
}

/* The last line of bytes, at most len of it; *at is its place. */
static struct span last_line(struct span bytes, size_t len, size_t *at)
{
    *at = bytes.len > len ? bytes.len - len : 0;
    struct span end = span_skip(bytes, *at);
    const uint8_t *line = end.len > 0 ? memrchr(end.ptr, '\n', end.len) : NULL;

    if (line != NULL)
        *at += (size_t)(line - end.ptr) + 1;
    return span_skip(bytes, *at);
}

/* A request whose version is at that place; where it begins, or bytes.len. */
static size_t sync_request(struct span bytes, size_t version)
{
    size_t from;
    struct span front =
        last_line(span_head(bytes, version), SYNC_LINE - SYNC_END, &from);

    for (size_t i = 0; i < front.len; i++)
        if (is_upper(front.ptr[i]) &&
            begins_request(span_skip(front, i)) == MATCH_YES)
            return from + i;
    return bytes.len;
}

/* A status line behind a blank or a quote stands in a log, not in a stream. */
static bool quoted(struct span bytes, size_t at)
{
    return at > 0 && (bytes.ptr[at - 1] == ' ' || bytes.ptr[at - 1] == '"');
}

/* May a message begin at place at and go on behind the end? */
static bool sync_may(struct span bytes, size_t at)
{
    struct span rest = span_skip(bytes, at);

    if (!is_upper(*rest.ptr))
        return false;
    return begins_request(rest) != MATCH_NO ||
           (match_status(rest) != MATCH_NO && !quoted(bytes, at));
}

/*
 * The first byte near the end from which a message may begin; a blank or a
 * quote in front of it stays with it, for it decides.
 */
static size_t sync_keep(struct span bytes)
{
    size_t at;

    (void)last_line(bytes, SYNC_LINE, &at);
    while (at < bytes.len && !sync_may(bytes, at))
        at++;
    return at - (quoted(bytes, at) ? 1 : 0);
}

/* Is what stands behind "HTTP/1." the end of a request line? */
static bool ends_request(struct span bytes, size_t version)
{
    uint8_t next = byte_at(bytes, version + 8);
    uint8_t after = byte_at(bytes, version + 9);

    return version > 0 && bytes.ptr[version - 1] == ' ' &&
           (next == '\n' || (next == '\r' && after == '\n'));
}

size_t http_sync(struct span bytes, enum dir dir, size_t *keep)
{
    size_t at = 0;

    (void)dir; /* a flow whose beginning was missed may be turned around */
    for (;;) {
        at += span_find_run(span_skip(bytes, at), SPAN("HTTP/1."));
        if (at >= bytes.len)
            break;
        if (match_status(span_skip(bytes, at)) == MATCH_YES &&
            !quoted(bytes, at))
            return at;
        size_t found =
            ends_request(bytes, at) ? sync_request(bytes, at) : bytes.len;
        if (found < bytes.len &&
            match_request(span_skip(bytes, found)) == MATCH_YES)
            return found;
        at++;
    }
    *keep = sync_keep(bytes);
    return bytes.len;
}

/* --- targets --- */

/* Without port, brackets and userinfo. */
static struct span host_only(struct span authority)
{
    const uint8_t *user =
        authority.len > 0 ? memrchr(authority.ptr, '@', authority.len) : NULL;

    if (user != NULL)
        authority = span_skip(authority, (size_t)(user - authority.ptr) + 1);
    if (byte_at(authority, 0) == '[')
        return span_slice(authority, 1, span_find(authority, ']'));
    return span_head(authority, span_find(authority, ':'));
}

/* Take an absolute URI's authority off target. */
static void target_absolute(struct http_head *head, struct span *target)
{
    size_t scheme = span_find_run(*target, SPAN("://"));

    if (byte_at(*target, 0) == '/' || scheme > 8)
        return;
    struct span rest = span_skip(*target, scheme + 3);
    size_t end = 0;
    while (end < rest.len && strchr("/?#", rest.ptr[end]) == NULL)
        end++;
    head->host = host_only(span_head(rest, end));
    head->proxied = head->host.len > 0;
    *target = span_skip(rest, end);
    if (target->len == 0)
        *target = SPAN("/");
}

static void parse_target(struct http_head *head, struct span target)
{
    if (span_eq(head->method, SPAN("CONNECT"))) {
        head->host = host_only(target);
        head->proxied = true;
        head->path = target;
        return;
    }
    target_absolute(head, &target);
    size_t hash = span_find(target, '#');
    size_t mark = span_find(span_head(target, hash), '?');
    head->path = span_head(target, mark);
    head->query = span_slice(target, mark + 1, hash);
}

static void parse_start(struct http_head *head, struct span line)
{
    uint64_t status = 0;

    line = span_trim(line);
    head->headless = http_headless(line);
    if (head->headless)
        return;
    if (span_starts(line, SPAN("HTTP/")) || http_nearly_status(line)) {
        head->response = true;
        if (span_number(span_slice(line, 9, 12), &status))
            head->status = (unsigned)status;
        return;
    }
    size_t space = span_find(line, ' ');
    head->method = span_head(line, space);
    struct span target = span_trim(span_skip(line, space));
    const uint8_t *version =
        target.len > 0 ? memrchr(target.ptr, ' ', target.len) : NULL;
    if (version != NULL)
        target = span_head(target, (size_t)(version - target.ptr));
    parse_target(head, span_trim(target));
}

/* --- fields --- */

static void take_host(struct http_head *head, struct span value)
{
    if (!head->proxied && head->host.len == 0)
        head->host = host_only(value);
}

static void take_length(struct http_head *head, struct span value)
{
    struct span one;

    if (value.len == 0)
        head->length = LENGTH_BAD;
    while (span_cut(&value, ',', &one)) {
        uint64_t bytes = 0;
        bool good = span_number(span_trim(one), &bytes) && bytes <= INT64_MAX;
        if (!good || (head->length == LENGTH_GOOD && head->bytes != bytes))
            head->length = LENGTH_BAD;
        if (head->length == LENGTH_NONE)
            head->length = LENGTH_GOOD;
        head->bytes = bytes;
    }
}

static void add_coding(struct http_head *head, struct span coding)
{
    size_t need = coding.len + (head->codings_len > 0);

    if (coding.len == 0 || head->codings_len + need > HTTP_CODINGS)
        return;
    if (head->codings_len > 0)
        head->codings[head->codings_len++] = ',';
    memcpy(head->codings + head->codings_len, coding.ptr, coding.len);
    head->codings_len += coding.len;
}

static void take_content_coding(struct http_head *head, struct span value)
{
    struct span one;

    while (span_cut(&value, ',', &one))
        add_coding(head, span_trim(one));
}

/* Some receivers pass over any control byte around a coding's name. */
static struct span without_controls(struct span s)
{
    while (s.len > 0 && *s.ptr <= ' ')
        s = span_skip(s, 1);
    while (s.len > 0 && s.ptr[s.len - 1] <= ' ')
        s.len--;
    return s;
}

static void take_transfer_coding(struct http_head *head, struct span value)
{
    struct span one;

    head->transfer = true;
    while (span_cut(&value, ',', &one)) {
        one = without_controls(params_value(one));
        head->chunked =
            span_eq_nocase(one, SPAN("chunked")) ||
            (head->chunked && span_eq_nocase(one, SPAN("identity")));
        if (!head->chunked && !span_eq_nocase(one, SPAN("identity")))
            add_coding(head, one);
    }
}

static void take_type(struct http_head *head, struct span value)
{
    head->type = value;
}

static void take_disposition(struct http_head *head, struct span value)
{
    head->disposition = value;
}

static void take_authorization(struct http_head *head, struct span value)
{
    head->authorization = value;
}

static void take_upgrade(struct http_head *head, struct span value)
{
    head->upgrade = value.len > 0;
    head->socket = span_eq_nocase(value, SPAN("websocket"));
}

/* RFC 7692 7.1.1: which side forgets what it compressed before. */
static void take_extensions(struct http_head *head, struct span value)
{
    struct span one;

    while (span_cut(&value, ';', &one)) {
        one = span_trim(one);
        if (span_eq_nocase(one, SPAN("client_no_context_takeover")))
            head->fresh[DIR_CLIENT] = true;
        if (span_eq_nocase(one, SPAN("server_no_context_takeover")))
            head->fresh[DIR_SERVER] = true;
    }
}

/* "bytes 0-999/2000", the total may be "*". */
static void take_range(struct http_head *head, struct span value)
{
    struct span rest = value, unit, from, to;

    if (!span_cut(&rest, ' ', &unit) || !span_cut(&rest, '-', &from) ||
        !span_cut(&rest, '/', &to))
        return;
    head->ranged = span_number(span_trim(from), &head->from);
    if (!span_number(span_trim(rest), &head->whole))
        head->whole = 0;
}

/* tus 1.0: PATCH sends what is behind that byte. */
static void take_offset(struct http_head *head, struct span value)
{
    head->ranged = span_number(value, &head->from);
}

static void take_expect(struct http_head *head, struct span value)
{
    head->expects = span_eq_nocase(value, SPAN("100-continue"));
}

/* Transfer codings are outermost, so they are taken in a second walk. */
static const struct {
    struct span name;
    void (*take)(struct http_head *head, struct span value);
    bool late;
} fields[] = {
    {SPAN_INIT("Host"), take_host, false},
    {SPAN_INIT("Content-Length"), take_length, false},
    {SPAN_INIT("Content-Type"), take_type, false},
    {SPAN_INIT("Content-Encoding"), take_content_coding, false},
    {SPAN_INIT("Content-Disposition"), take_disposition, false},
    {SPAN_INIT("Authorization"), take_authorization, false},
    {SPAN_INIT("Proxy-Authorization"), take_authorization, false},
    {SPAN_INIT("Upgrade"), take_upgrade, false},
    {SPAN_INIT("Sec-WebSocket-Extensions"), take_extensions, false},
    {SPAN_INIT("Expect"), take_expect, false},
    {SPAN_INIT("Content-Range"), take_range, false},
    {SPAN_INIT("Upload-Offset"), take_offset, false},
    {SPAN_INIT("Transfer-Encoding"), take_transfer_coding, true},
};

static size_t field_find(struct span name)
{
    size_t i = 0;

    while (i < COUNT(fields) && !span_eq_nocase(name, fields[i].name))
        i++;
    return i;
}

bool http_head_wants(struct span line)
{
    struct field_line field;

    return fields_next(&line, &field) && field_find(field.name) < COUNT(fields);
}

void http_head_parse(struct span block, struct http_head *head)
{
    struct field_line line;
    struct span transfer[4];
    size_t transfers = 0;

    memset(head, 0, sizeof(*head));
    size_t end = span_find(block, '\n');
    parse_start(head, span_head(block, end));
    if (!head->headless)
        block = span_skip(block, end + 1);
    while (fields_next(&block, &line)) {
        size_t i = field_find(line.name);
        if (i == COUNT(fields))
            continue;
        if (!fields[i].late)
            fields[i].take(head, line.value);
        else if (transfers < COUNT(transfer))
            transfer[transfers++] = line.value;
    }
    for (size_t i = 0; i < transfers; i++)
        take_transfer_coding(head, transfer[i]);
}
