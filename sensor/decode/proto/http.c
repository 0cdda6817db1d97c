// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * http.c - decode HTTP/1.0 and 1.1 down to bodies, queries and heads.
 *
 * In:   both directions of a TCP stream.
 * Out:  a transfer for each request that carries a body or a query, and for
 *       each response with a body; one part for the body with its codings,
 *       media type and name; parts "query" and "headers".
 * Not:  undoes no coding but the chunks; opens no body; HTTP/2.
 * Spec: RFC 9110, RFC 9112.
 *
 *     start line CRLF  *( field CRLF )  CRLF  body
 *
 * A hole or a broken length does not end it: bytes are body until the next
 * head is found. After CONNECT or an upgrade the rest is another protocol.
 */
#include "decode/proto/http.h"

#include <string.h>

#include "decode/format/base64.h"
#include "decode/params.h"
#include "outflow/compiler.h"
#include "outflow/limits.h"

enum {
    HEAD_PLAIN = 2 << 10, /* a longer head is always scanned */
    QUERY_MIN = 6,        /* a shorter query holds no customer */
};

static enum match http_probe(struct span head, const struct hint *hint)
{
    enum match match = http_line(head);

    if (match == MATCH_NO)
        match = http_torn(head, false);
    return match == MATCH_MORE && hint->ended ? MATCH_NO : match;
}

static bool http_open(void *state, const struct hint *hint)
{
    struct http *h = state;

    h->memory = hint->memory;
    h->ranges = hint->ranges;
    h->flow = hint->flow;
    for (int dir = DIR_CLIENT; dir <= DIR_SERVER; dir++)
        if (hint->late[dir])
            h->side[dir].stage = HTTP_SCAN;
    return true;
}

/* --- transfers and parts --- */

static enum dir other_dir(enum dir dir)
{
    return dir == DIR_CLIENT ? DIR_SERVER : DIR_CLIENT;
}

static bool transfer_open(struct http_job *job,
                          const struct transfer_info *info)
{
    if (job->side->open)
        return true;
    job->side->open = true;
    return job->out->ops->transfer_open(job->out->ctx, info);
}

/* Bytes whose head was lost: they go where the last request went. */
static bool transfer_unnamed(struct http_job *job)
{
    struct http_ask last = {.flags = 0};
    struct transfer_info info = {.channel = "http", .step = SPAN("body")};

    if (job->dir == DIR_CLIENT && http_ask_last(&job->http->asks, &last))
        info.host = last.host;
    return transfer_open(job, &info);
}

bool http_open_body(struct http_job *job, const struct part_info *info)
{
    static const struct part_info plain = {.amid = true};

    if (info == NULL && job->side->part)
        return true;
    if (!job->side->open && !transfer_unnamed(job))
        return false;
    job->side->part = true;
    return job->out->ops->part_open(job->out->ctx,
                                    info != NULL ? info : &plain);
}

bool http_part_close(struct http_job *job, enum part_end how)
{
    bool open = job->side->part;

    job->side->part = false;
    return !open || job->out->ops->part_close(job->out->ctx, how);
}

static bool transfer_close(struct http_job *job)
{
    bool open = job->side->open;

    job->side->open = false;
    return !open || job->out->ops->transfer_close(job->out->ctx);
}

enum http_turn http_finish(struct http_job *job)
{
    struct http_side *s = job->side;

    s->stage = s->turns ? HTTP_WAIT : HTTP_HEAD;
    s->turns = false;
    s->unsure = false;
    s->doubt = false;
    if (!http_range_end(job, true) || !http_part_close(job, PART_WHOLE) ||
        !transfer_close(job))
        return HTTP_REFUSED;
    return HTTP_GO;
}

bool http_cut(struct http_job *job)
{
    job->side->unsure = false;
    return http_range_end(job, false) && http_part_close(job, PART_CUT) &&
           transfer_close(job);
}

void http_scan(struct http_job *job)
{
    job->side->stage = HTTP_SCAN;
    job->side->turns = false;
    if (job->dir == DIR_SERVER)
        http_ask_forget(&job->http->asks);
}

/* One part from start to end. */
static bool put_part(struct http_job *job, const struct part_info *info,
                     struct span bytes)
{
    return http_open_body(job, info) &&
           job->out->ops->put(job->out->ctx, bytes) &&
           http_part_close(job, PART_WHOLE);
}

/* --- names --- */

/* Texts made for a message; they live as long as its head is looked at. */
struct names {
    uint8_t step[LIMIT_NAME];
    uint8_t file[LIMIT_NAME];
    uint8_t user[LIMIT_NAME];
    uint8_t charset[64];
};

/* "POST /upload" */
static struct span name_step(struct names *names, const struct http_head *head)
{
    struct span method = span_head(head->method, 32);
    struct span path = span_head(head->path, LIMIT_NAME - method.len - 1);

    memcpy(names->step, method.ptr, method.len);
    names->step[method.len] = ' ';
    if (path.len > 0)
        memcpy(names->step + method.len + 1, path.ptr, path.len);
    return (struct span){names->step, method.len + 1 + path.len};
}

/* The last segment of a path when it looks like a file. */
static struct span path_file(struct span step)
{
    size_t at = step.len;

    while (at > 0 && step.ptr[at - 1] != '/')
        at--;
    struct span file = span_skip(step, at);
    return span_find(file, '.') < file.len ? file : (struct span){NULL, 0};
}

static struct span name_file(struct names *names, const struct http_head *head,
                             struct span step)
{
    size_t len = params_file(head->disposition, SPAN("filename"), names->file,
                             sizeof(names->file));

    return len > 0 ? (struct span){names->file, len} : path_file(step);
}

/* The user of "Basic dGFybzpzZWNyZXQ=". */
static struct span name_user(struct names *names, const struct http_head *head)
{
    struct span rest = head->authorization;
    struct span scheme;

    if (!span_cut(&rest, ' ', &scheme) ||
        !span_eq_nocase(scheme, SPAN("Basic")))
        return (struct span){NULL, 0};
    size_t len = base64_decode(rest, names->user, sizeof(names->user));
    struct span user = {names->user, len};
    return span_head(user, span_find(user, ':'));
}

/* --- messages --- */

/* How long is the body? Sets the stage; false: there is none. */
static bool frame(struct http_job *job, const struct http_head *head)
{
    struct http_side *s = job->side;

    s->doubt = head->chunked && head->length == LENGTH_GOOD;
    s->length = head->bytes;
    if (head->chunked) {
        s->stage = HTTP_CHUNK;
        return true;
    }
    if (head->length == LENGTH_BAD) {
        s->stage = HTTP_SCAN;
        return true;
    }
    if (head->length == LENGTH_GOOD && !head->transfer) {
        s->stage = HTTP_BODY;
        s->left = head->bytes;
        return head->bytes > 0;
    }
    s->stage = HTTP_UNFRAMED;
    s->closes = head->response || head->transfer;
    return s->closes || http_may_follow(head);
}

static bool contradicts(const struct http_head *head)
{
    return head->length == LENGTH_BAD ||
           (head->transfer && head->length != LENGTH_NONE);
}

/* Open the part of the body. */
static bool body_open(struct http_job *job, const struct http_head *head,
                      struct names *names, struct span step)
{
    size_t charset = params_text(head->type, SPAN("charset"), names->charset,
                                 sizeof(names->charset));
    const struct part_info info = {
        .name = name_file(names, head, step),
        .media = head->type,
        .charset = {names->charset, charset},
        .coding = {(const uint8_t *)head->codings, head->codings_len},
    };

    return http_open_body(job, &info) &&
           (!head->ranged || http_range_begin(job, head, step));
}

/* What a head holds beside the body: a query, and lines that could tell. */
static bool put_extras(struct http_job *job, const struct http_head *head,
                       struct span block, bool tells)
{
    const struct part_info query = {
        .step = SPAN("query"),
        .media = SPAN("application/x-www-form-urlencoded")};
    const struct part_info headers = {.step = SPAN("headers")};

    if (head->query.len >= QUERY_MIN && !put_part(job, &query, head->query))
        return false;
    return !tells || put_part(job, &headers, block);
}

static enum http_turn request_end(struct http_job *job,
                                  const struct http_head *head)
{
    job->side->turns = head->upgrade || span_eq(head->method, SPAN("CONNECT"));
    return HTTP_GO;
}

/* Remember what was asked for; false without memory. */
static bool request_ask(struct http_job *job, const struct http_head *head,
                        const struct transfer_info *info, struct span user)
{
    struct http_ask ask = {
        .step = info->step, .host = head->host, .user = user};

    if (span_eq(head->method, SPAN("HEAD")))
        ask.flags |= ASK_HEAD;
    if (span_eq(head->method, SPAN("CONNECT")))
        ask.flags |= ASK_CONNECT;
    if (head->upgrade)
        ask.flags |= ASK_UPGRADE;
    if (head->socket)
        ask.flags |= ASK_SOCKET;
    if (head->proxied)
        ask.flags |= ASK_PROXIED;
    if (info->answered)
        ask.flags |= ASK_CARRIES;
    return http_ask_push(&job->http->asks, &ask);
}

static enum http_turn request(struct http_job *job,
                              const struct http_head *head, struct span block)
{
    struct names names;
    bool connect = span_eq(head->method, SPAN("CONNECT"));
    bool body = frame(job, head) && !connect;
    bool tells = block.len > HEAD_PLAIN || fields_tell(block);
    bool carries = body || tells || head->query.len >= QUERY_MIN;
    struct transfer_info info = {.channel = "http",
                                 .step = SPAN("body"),
                                 .host = head->host,
                                 .proxied = head->proxied,
                                 .answered = carries};

    struct http_ask last = {.flags = 0};
    if (!head->headless)
        info.step = name_step(&names, head);
    else if (head->host.len == 0 && http_ask_last(&job->http->asks, &last))
        info.host = last.host;
    if (!head->headless &&
        !request_ask(job, head, &info, name_user(&names, head)) &&
        !http_lost(job, block.len))
        return HTTP_REFUSED;
    if (carries &&
        (!transfer_open(job, &info) || !put_extras(job, head, block, tells)))
        return HTTP_REFUSED;
    if (body && contradicts(head) && !http_anomaly(job, SPAN("smuggling")))
        return HTTP_REFUSED;
    (void)request_end(job, head);
    job->side->expects = body && head->expects;
    if (!body)
        return http_finish(job);
    return body_open(job, head, &names, info.step) ? HTTP_GO : HTTP_REFUSED;
}

/* What the response says about its request. */
static bool answer(struct http_job *job, const struct http_ask *ask,
                   unsigned status)
{
    struct note note = {.kind = NOTE_USER,
                        .dir = other_dir(job->dir),
                        .text = ask->user,
                        .number = 1};

    if (ask->user.len > 0 && status < 400 &&
        !job->out->ops->note(job->out->ctx, &note))
        return false;
    if (job->http->asks.count > 0 || (ask->flags & ASK_CARRIES) == 0)
        return true;
    note = (struct note){.kind = status < 400 ? NOTE_ACCEPTED : NOTE_REFUSED,
                         .dir = other_dir(job->dir)};
    return job->out->ops->note(job->out->ctx, &note);
}

/* The flow is a tunnel, or another protocol, from here on. */
enum http_turn http_turn_raw(struct http_job *job, const struct http_ask *ask)
{
    const struct note note = {
        .kind = NOTE_TUNNEL, .dir = job->dir, .text = ask->host};

    if ((ask->flags & ASK_CONNECT) != 0 && ask->host.len > 0 &&
        !job->out->ops->note(job->out->ctx, &note))
        return HTTP_REFUSED;
    return HTTP_RAW;
}

static enum http_turn response_body(struct http_job *job,
                                    const struct http_head *head,
                                    struct span block,
                                    const struct http_ask *ask)
{
    struct names names;
    unsigned status = head->status;
    bool none = (ask->flags & ASK_HEAD) != 0 || status == 204 || status == 304;
    bool body = frame(job, head) && !none;
    bool tells = block.len > HEAD_PLAIN || fields_tell(block);
    const struct transfer_info info = {
        .channel = "http",
        .step = ask->step.len > 0 ? ask->step : SPAN("response"),
        .host = ask->host};

    if ((body || tells) &&
        (!transfer_open(job, &info) || !put_extras(job, head, block, tells)))
        return HTTP_REFUSED;
    if (body && contradicts(head) && !http_anomaly(job, SPAN("smuggling")))
        return HTTP_REFUSED;
    if (!body)
        return http_finish(job);
    return body_open(job, head, &names, info.step) ? HTTP_GO : HTTP_REFUSED;
}

static enum http_turn response(struct http_job *job,
                               const struct http_head *head, struct span block)
{
    struct http_ask ask = {.flags = 0};
    bool asked = http_ask_first(&job->http->asks, &ask);
    bool tunnel = (ask.flags & ASK_CONNECT) != 0 && head->status / 100 == 2;

    if (head->status / 100 == 1 && head->status != 101) {
        job->http->side[other_dir(job->dir)].expects = false;
        job->side->stage = HTTP_HEAD;
        return HTTP_GO;
    }
    http_ask_pop(&job->http->asks);
    if (asked && !answer(job, &ask, head->status))
        return HTTP_REFUSED;
    if (head->status == 101 &&
        (head->socket || (ask.flags & ASK_SOCKET) != 0)) {
        http_socket_begin(job->http, head);
        return HTTP_GO;
    }
    if (head->status == 101 || tunnel)
        return http_turn_raw(job, &ask);
    return response_body(job, head, block, &ask);
}

static enum http_turn message(struct http_job *job, struct span block)
{
    struct http_head head;

    http_head_parse(block, &head);
    if (head.headless && job->dir == DIR_SERVER)
        return response_body(job, &head, block, &(struct http_ask){0});
    return head.response ? response(job, &head, block)
                         : request(job, &head, block);
}

/* --- heads --- */

static bool is_line_end(uint8_t byte)
{
    return byte == '\r' || byte == '\n';
}

static enum http_turn stage_head(struct http_job *job)
{
    while (job->rest.len > 0 && is_line_end(*job->rest.ptr))
        (void)http_take(job, 1);
    if (job->rest.len == 0)
        return HTTP_GO;
    enum match match = http_line(job->rest);
    if (match == MATCH_NO)
        match = http_torn(job->rest, true);
    if (match == MATCH_MORE)
        return HTTP_MORE;
    if (match == MATCH_NO) {
        http_scan(job);
        return HTTP_GO;
    }
    size_t end = fields_end(span_head(job->rest, LIMIT_HEAD));
    if (end > 0)
        return message(job, http_take(job, end));
    if (job->rest.len < LIMIT_HEAD)
        return HTTP_MORE;
    if (job->http->held.len > 0) { /* the other side's head is long, too */
        http_scan(job);
        return HTTP_GO;
    }
    buf_init(&job->http->held, LIMIT_HEAD);
    job->http->held_dir = (uint8_t)job->dir;
    job->side->stage = HTTP_LONG;
    return HTTP_GO;
}

/* The transfer of a long head, from the lines that are there. */
static bool long_open(struct http_job *job)
{
    struct http_head head;
    struct names names;
    struct span seen = span_head(job->rest, LIMIT_HEAD);
    const uint8_t *last = memrchr(seen.ptr, '\n', seen.len);
    const struct part_info part = {.step = SPAN("headers")};

    if (last != NULL)
        seen.len = (size_t)(last - seen.ptr) + 1;
    http_head_parse(seen, &head);
    struct transfer_info info = {.channel = "http",
                                 .step = SPAN("response"),
                                 .host = head.host,
                                 .proxied = head.proxied,
                                 .answered = !head.response};
    if (!head.response)
        info.step = name_step(&names, &head);
    return transfer_open(job, &info) && http_open_body(job, &part);
}

/* The head's lines that matter, held together, are its message. */
static enum http_turn long_end(struct http_job *job)
{
    struct buf held = job->http->held;

    buf_init(&job->http->held, 0);
    enum http_turn turn = HTTP_REFUSED;
    if (buf_add(&held, SPAN("\r\n")) && http_part_close(job, PART_WHOLE))
        turn = message(job, buf_span(&held));
    buf_clear(&held);
    return turn;
}

/* A line beyond LIMIT_HEAD: what can be told from its beginning. */
static bool long_line_begin(struct http_job *job)
{
    struct buf *held = &job->http->held;
    const struct part_info query = {
        .step = SPAN("query"),
        .media = SPAN("application/x-www-form-urlencoded")};
    struct span seen = span_head(job->rest, LIMIT_HEAD);
    size_t mark = span_find(seen, '?');

    if (held->len > 0)
        return true;
    if (!buf_add(held, span_head(seen, mark < 1024 ? mark : 1024)) ||
        !buf_add(held, SPAN(" HTTP/1.1\r\n")))
        return false;
    if (mark == seen.len)
        return true;
    (void)http_take(job, mark + 1);
    return http_part_close(job, PART_WHOLE) && http_open_body(job, &query);
}

static enum http_turn stage_long(struct http_job *job)
{
    struct buf *held = &job->http->held;
    struct span seen = span_head(job->rest, LIMIT_HEAD);
    size_t end = span_find(seen, '\n');
    bool first = held->len == 0;

    if (end == seen.len && seen.len < LIMIT_HEAD)
        return HTTP_MORE;
    if (first && !long_open(job))
        return HTTP_REFUSED;
    if (end == seen.len) {
        if (!long_line_begin(job))
            return HTTP_REFUSED;
        job->side->stage = HTTP_LONG_LINE;
        return HTTP_GO;
    }
    struct span line = http_take(job, end + 1);
    if (span_trim(line).len == 0)
        return long_end(job);
    if ((first || http_head_wants(line)) && !buf_add(held, line))
        return HTTP_REFUSED;
    const struct part_info part = {.step = SPAN("headers")};
    if (!job->side->part && !http_open_body(job, &part))
        return HTTP_REFUSED;
    return job->out->ops->put(job->out->ctx, line) ? HTTP_GO : HTTP_REFUSED;
}

static enum http_turn stage_long_line(struct http_job *job)
{
    size_t end = span_find(job->rest, '\n');
    bool whole = end < job->rest.len;
    struct span piece = http_take(job, end + whole);

    if (!http_open_body(job, NULL) || !job->out->ops->put(job->out->ctx, piece))
        return HTTP_REFUSED;
    if (!whole)
        return HTTP_GO;
    job->side->stage = HTTP_LONG;
    return http_part_close(job, PART_WHOLE) ? HTTP_GO : HTTP_REFUSED;
}

/* Asked for a tunnel or an upgrade: a further request means it was denied. */
static enum http_turn stage_wait(struct http_job *job)
{
    struct http_ask ask = {.flags = 0};
    bool answers = job->http->side[other_dir(job->dir)].seen;
    enum match match = http_line(job->rest);

    (void)http_ask_last(&job->http->asks, &ask);
    if (match == MATCH_MORE ||
        (match == MATCH_NO && answers && job->http->asks.count > 0))
        return HTTP_MORE;
    if (match == MATCH_NO && (ask.flags & ASK_SOCKET) != 0) {
        http_socket_begin(job->http, NULL); /* its 101 was not seen */
        return HTTP_GO;
    }
    bool again = span_starts(job->rest, SPAN("CONNECT "));
    if (match == MATCH_NO ||
        (!answers && !again && (ask.flags & ASK_CONNECT) != 0))
        return http_turn_raw(job, &ask);
    job->side->stage = HTTP_HEAD;
    return HTTP_GO;
}

/* --- the decoder --- */

static enum http_turn (*const stages[HTTP_STAGES])(struct http_job *job) = {
    [HTTP_HEAD] = stage_head,
    [HTTP_LONG] = stage_long,
    [HTTP_LONG_LINE] = stage_long_line,
    [HTTP_BODY] = http_body,
    [HTTP_CLOSE] = http_close,
    [HTTP_CHUNK] = http_chunk,
    [HTTP_CHUNK_LINE] = http_chunk_line,
    [HTTP_DATA] = http_data,
    [HTTP_DATA_END] = http_data_end,
    [HTTP_TRAILER] = http_trailer,
    [HTTP_RESYNC] = http_resync,
    [HTTP_SCAN] = http_scan_on,
    [HTTP_WAIT] = stage_wait,
    [HTTP_SOCKET] = http_socket,
    [HTTP_UNFRAMED] = http_unframed,
};

static enum decode_status status_of(enum http_turn turn)
{
    if (turn == HTTP_REFUSED)
        return DECODE_REFUSED;
    return turn == HTTP_RAW ? DECODE_RAW : DECODE_MORE;
}

static struct http_job job_of(void *state, enum dir dir, struct span bytes,
                              struct sink *out)
{
    struct http *h = state;

    return (struct http_job){h, &h->side[dir], bytes, out, dir};
}

static struct progress http_feed(void *state, enum dir dir, struct span bytes,
                                 struct sink *out)
{
    struct http_job job = job_of(state, dir, bytes, out);
    enum http_turn turn = HTTP_GO;

    job.side->seen = true;
    while (job.rest.len > 0 && turn == HTTP_GO)
        turn = stages[job.side->stage](&job);
    return (struct progress){status_of(turn), bytes.len - job.rest.len};
}

static bool waits_for_socket(const struct http_job *job)
{
    struct http_ask ask = {.flags = 0};

    return job->side->stage == HTTP_WAIT &&
           http_ask_last(&job->http->asks, &ask) &&
           (ask.flags & ASK_SOCKET) != 0;
}

static struct progress http_gap(void *state, enum dir dir, uint64_t len,
                                struct sink *out)
{
    struct http_job job = job_of(state, dir, (struct span){NULL, 0}, out);

    if (job.http->held_dir == dir &&
        (job.side->stage == HTTP_LONG || job.side->stage == HTTP_LONG_LINE))
        buf_clear(&job.http->held);
    if (job.side->stage == HTTP_SOCKET || waits_for_socket(&job)) {
        bool fine = http_socket_gap(&job, len);
        return (struct progress){fine ? DECODE_MORE : DECODE_REFUSED, 0};
    }
    return (struct progress){status_of(http_body_gap(&job, len)), 0};
}

static enum decode_status http_end(void *state, enum dir dir, struct span rest,
                                   struct sink *out)
{
    struct http_job job = job_of(state, dir, rest, out);
    bool whole =
        job.side->stage == HTTP_CLOSE || job.side->stage == HTTP_UNFRAMED;

    if (job.side->stage == HTTP_SOCKET)
        return http_socket_end(&job) ? DECODE_DONE : DECODE_REFUSED;
    bool fine = rest.len == 0 ||
                (http_open_body(&job, NULL) && out->ops->put(out->ctx, rest));

    if (whole)
        fine = fine && http_finish(&job) != HTTP_REFUSED;
    else
        fine = fine && http_cut(&job);
    job.side->stage = HTTP_HEAD;
    return fine ? DECODE_DONE : DECODE_REFUSED;
}

static void http_release(void *state)
{
    struct http *h = state;

    buf_clear(&h->asks.packed);
    buf_clear(&h->held);
    websocket_clear(&h->socket[DIR_CLIENT]);
    websocket_clear(&h->socket[DIR_SERVER]);
    buf_clear(&h->range[DIR_CLIENT].line);
    buf_clear(&h->range[DIR_SERVER].line);
}

const struct decoder decoder_http = {
    .name = "http",
    .state_size = sizeof(struct http),
    .protocol = true,
    .probe = http_probe,
    .sync = http_sync,
    .open = http_open,
    .feed = http_feed,
    .gap = http_gap,
    .end = http_end,
    .close = http_release,
};
