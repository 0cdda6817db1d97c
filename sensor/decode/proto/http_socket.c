// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * http_socket.c - what follows an upgrade to WebSocket.
 *
 * One transfer for each direction of the connection: rows that are sent one
 * to a message are one table, and a file in pieces is one file. It goes to
 * the host that the upgrade named, under its path.
 *
 * It must not know frames: websocket.c does.
 */
#include "decode/proto/http.h"

void http_socket_begin(struct http *h, const struct http_head *head)
{
    for (int dir = DIR_CLIENT; dir <= DIR_SERVER; dir++) {
        bool late = h->side[dir].stage == HTTP_SCAN;
        h->socket[dir].adrift = h->socket[dir].adrift || late;
        h->side[dir].stage = HTTP_SOCKET;
        h->side[dir].turns = false;
        h->socket[dir].fresh = head != NULL && head->fresh[dir];
    }
}

static bool socket_close(void *ctx)
{
    return http_part_close(ctx, PART_WHOLE);
}

static bool socket_open(void *ctx, const struct part_info *info)
{
    struct http_job *job = ctx;
    struct http_ask ask = {.flags = 0};

    (void)http_ask_last(&job->http->asks, &ask);
    const struct transfer_info transfer = {
        .channel = "http",
        .step = ask.step.len > 0 ? ask.step : SPAN("websocket"),
        .host = ask.host,
        .proxied = job->dir == DIR_CLIENT && (ask.flags & ASK_PROXIED) != 0};
    if (!job->side->open &&
        !job->out->ops->transfer_open(job->out->ctx, &transfer))
        return false;
    job->side->open = true;
    return http_open_body(job, info);
}

static struct websocket_host host_of(struct http_job *job)
{
    return (struct websocket_host){.ctx = job,
                                   .open = socket_open,
                                   .close = socket_close,
                                   .out = job->out,
                                   .dir = job->dir,
                                   .memory = job->http->memory};
}

enum http_turn http_socket(struct http_job *job)
{
    const struct websocket_host host = host_of(job);
    struct http_ask ask = {.flags = 0};
    struct span rest = job->rest;
    enum websocket_turn turn =
        websocket_feed(&job->http->socket[job->dir], &host, &rest);

    (void)http_take(job, job->rest.len - rest.len);
    switch (turn) {
    case WEBSOCKET_GO:
        return rest.len > 0 ? HTTP_MORE : HTTP_GO;
    case WEBSOCKET_BROKEN:
        if (!http_anomaly(job, SPAN("malformed")))
            return HTTP_REFUSED;
        break;
    case WEBSOCKET_NONE:
        break;
    case WEBSOCKET_REFUSED:
        return HTTP_REFUSED;
    }
    (void)http_ask_last(&job->http->asks, &ask);
    return http_turn_raw(job, &ask);
}

bool http_socket_gap(struct http_job *job, uint64_t len)
{
    const struct websocket_host host = host_of(job);

    if (job->side->stage == HTTP_WAIT) { /* for the answer: frames are lost */
        job->http->socket[job->dir].adrift = true;
        return true;
    }
    return websocket_gap(&job->http->socket[job->dir], &host, len);
}

bool http_socket_end(struct http_job *job)
{
    const struct websocket_host host = host_of(job);

    return websocket_end(&job->http->socket[job->dir], &host, job->rest) &&
           http_cut(job);
}
