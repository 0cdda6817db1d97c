// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * http_ask.c - the queue of requests without a response, packed.
 *
 * One entry is a header of ASK_SIZE bytes and its three names. The newest
 * entry stays readable when it was answered: what comes without a head
 * behind it most likely goes to the same host.
 *
 * It must not grow past LIMIT_ASKS.
 */
#include "decode/proto/http_ask.h"

#include <string.h>

#include "outflow/limits.h"

struct packed_ask {
    uint16_t flags;
    uint16_t step;
    uint16_t host;
    uint16_t user;
};

enum { ASK_SIZE = sizeof(struct packed_ask) };

static uint16_t length(struct span s)
{
    return (uint16_t)span_head(s, LIMIT_NAME).len;
}

static struct packed_ask header_at(const struct http_asks *asks, size_t at)
{
    struct packed_ask header;

    memcpy(&header, asks->packed.ptr + at, ASK_SIZE);
    return header;
}

static size_t size_of(const struct packed_ask *header)
{
    return (size_t)ASK_SIZE + header->step + header->host + header->user;
}

static void read_at(const struct http_asks *asks, size_t at,
                    struct http_ask *ask)
{
    const struct packed_ask header = header_at(asks, at);
    struct span names = span_skip(buf_span(&asks->packed), at + ASK_SIZE);

    ask->flags = header.flags;
    ask->step = span_head(names, header.step);
    names = span_skip(names, header.step);
    ask->host = span_head(names, header.host);
    ask->user = span_head(span_skip(names, header.host), header.user);
}

/* Give back the room of those that were answered. */
static void compact(struct http_asks *asks)
{
    if (asks->packed.cap == 0)
        buf_init(&asks->packed, LIMIT_ASKS);
    if (asks->count == 0) {
        buf_reset(&asks->packed);
        asks->at = 0;
    }
    if (asks->at > LIMIT_ASKS / 2) {
        buf_drop(&asks->packed, asks->at);
        asks->last -= asks->at;
        asks->at = 0;
    }
}

bool http_ask_push(struct http_asks *asks, const struct http_ask *ask)
{
    compact(asks);
    bool named = asks->packed.len < LIMIT_ASKS / 4;
    const struct packed_ask header = {
        .flags = (uint16_t)ask->flags,
        .step = named ? length(ask->step) : 0,
        .host = named ? length(ask->host) : 0,
        .user = named ? length(ask->user) : 0,
    };
    size_t at = asks->packed.len;
    bool fine = buf_add(&asks->packed,
                        (struct span){(const uint8_t *)&header, ASK_SIZE}) &&
                buf_add(&asks->packed, span_head(ask->step, header.step)) &&
                buf_add(&asks->packed, span_head(ask->host, header.host)) &&
                buf_add(&asks->packed, span_head(ask->user, header.user));

    if (!fine) { /* its response will be one that nobody asked for */
        size_t want = (size_t)ASK_SIZE + header.step;
        want += (size_t)header.host + header.user;
        asks->packed.len = at;
        return at + want > LIMIT_ASKS;
    }
    asks->last = (uint32_t)at;
    asks->count++;
    return true;
}

bool http_ask_first(const struct http_asks *asks, struct http_ask *ask)
{
    if (asks->count == 0)
        return false;
    read_at(asks, asks->at, ask);
    return true;
}

void http_ask_pop(struct http_asks *asks)
{
    if (asks->count == 0)
        return;
    const struct packed_ask header = header_at(asks, asks->at);
    asks->at += (uint32_t)size_of(&header);
    asks->count--;
}

bool http_ask_last(const struct http_asks *asks, struct http_ask *ask)
{
    if (asks->packed.len == 0)
        return false;
    read_at(asks, asks->last, ask);
    return true;
}

void http_ask_forget(struct http_asks *asks)
{
    asks->at = (uint32_t)asks->packed.len;
    asks->count = 0;
}
