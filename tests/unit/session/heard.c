// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * heard.c - a consumer of session events that writes down what it hears.
 */
#include "heard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "outflow/limits.h"

#include <cmocka.h>

static struct heard_flow *flow_of(struct heard *h, const struct flow *flow)
{
    struct heard_flow *f = flow->user;

    if (f == NULL || f->closed || f->flow.id != flow->id) {
        h->broken = true;
        return h->flow[0];
    }
    return f;
}

static void on_open(void *ctx, struct flow *flow)
{
    struct heard *h = ctx;

    assert_true(h->flows < HEARD_FLOWS);
    struct heard_flow *f = calloc(1, sizeof(*f));
    assert_non_null(f);
    h->broken |= flow->user != NULL;
    f->flow = *flow;
    flow->user = f;
    h->flow[h->flows++] = f;
}

static void on_data(void *ctx, struct flow *flow, enum dir dir,
                    struct span bytes, const struct moment *seen)
{
    struct heard *h = ctx;
    struct heard_stream *st = &flow_of(h, flow)->stream[dir];

    h->broken |= bytes.len == 0 || seen->number == 0 || st->ended;
    if (st->len + bytes.len > st->room) {
        st->room = (st->len + bytes.len) * 2;
        st->bytes = realloc(st->bytes, st->room);
        assert_non_null(st->bytes);
    }
    memcpy(st->bytes + st->len, bytes.ptr, bytes.len);
    st->len += bytes.len;
    st->last_number = seen->number;
    h->data_bytes += bytes.len;
    h->data_calls++;
}

static void on_gap(void *ctx, struct flow *flow, enum dir dir, uint64_t len,
                   const struct moment *seen)
{
    struct heard *h = ctx;
    struct heard_stream *st = &flow_of(h, flow)->stream[dir];

    h->broken |= len == 0 || seen->number == 0;
    assert_true(st->gaps < HEARD_GAPS);
    st->gap[st->gaps++] = (struct heard_gap){st->len, len};
    st->gap_bytes += len;
}

static void on_overlap(void *ctx, struct flow *flow, enum dir dir,
                       const struct overlap *copy, const struct moment *seen)
{
    struct heard *h = ctx;
    size_t len = copy->before.len + copy->bytes.len + copy->after.len;

    (void)dir;
    (void)flow_of(h, flow);
    h->broken |= copy->bytes.len == 0 || seen->number == 0;
    if (h->copy == NULL)
        h->copy = calloc(HEARD_COPIES, sizeof(*h->copy));
    assert_non_null(h->copy);
    assert_true(h->copies < HEARD_COPIES);
    struct heard_copy *c = &h->copy[h->copies++];
    *c = (struct heard_copy){malloc(len), len, copy->before.len,
                             copy->before.len + copy->bytes.len};
    assert_non_null(c->text);
    if (copy->before.len > 0)
        memcpy(c->text, copy->before.ptr, copy->before.len);
    memcpy(c->text + c->from, copy->bytes.ptr, copy->bytes.len);
    if (copy->after.len > 0)
        memcpy(c->text + c->to, copy->after.ptr, copy->after.len);
    h->copy_bytes += copy->bytes.len;
}

static void on_message(void *ctx, struct flow *flow, enum dir dir,
                       const struct message *message, const struct moment *seen)
{
    struct heard *h = ctx;
    struct heard_stream *st = &flow_of(h, flow)->stream[dir];

    h->broken |= seen->number == 0;
    h->messages++;
    h->message_bytes += message->bytes.len;
    if (message->cut > 0)
        st->gap[st->gaps++] = (struct heard_gap){0, message->cut};
    st->gap_bytes += message->cut;
}

static void on_end(void *ctx, struct flow *flow, enum dir dir)
{
    struct heard *h = ctx;
    struct heard_stream *st = &flow_of(h, flow)->stream[dir];

    h->broken |= st->ended;
    st->ended = true;
}

static void on_close(void *ctx, struct flow *flow, enum close_reason why)
{
    struct heard *h = ctx;
    struct heard_flow *f = flow_of(h, flow);

    f->closed = true;
    f->why = why;
    f->flow = *flow;
    for (int dir = 0; dir < 2; dir++)
        h->broken |= flow->missing[dir] > f->stream[dir].gap_bytes;
}

static const struct session_events heard_events = {
    .open = on_open,
    .data = on_data,
    .gap = on_gap,
    .overlap = on_overlap,
    .message = on_message,
    .end = on_end,
    .close = on_close,
};

const struct session_engine *heard_engine(const char *name)
{
    const struct session_engine *engine = session_engine_find(span_of(name));

    assert_non_null(engine);
    return engine;
}

struct session *heard_new(struct heard *h, const char *engine, uint64_t memory)
{
    return heard_again(h, engine, memory, NULL);
}

struct session *heard_again(struct heard *h, const char *engine,
                            uint64_t memory,
                            const struct reading_events *reading)
{
    *h = (struct heard){.events = heard_events};
    h->events.reading = reading;
    const struct session_settings set = {
        .memory = memory,
        .queue = LIMIT_QUEUE,
        .idle_ns = LIMIT_IDLE_S * 1000000000ll,
        .events = &h->events,
        .ctx = h,
        .counters = &h->counters,
    };
    struct session *s = heard_engine(engine)->new_(&set);
    assert_non_null(s);
    return s;
}

void heard_end(struct heard *h, const char *engine, struct session *s)
{
    uint64_t missing = 0;

    heard_engine(engine)->flush(s);
    heard_engine(engine)->free(s);
    assert_false(h->broken);
    for (size_t i = 0; i < h->flows; i++) {
        assert_true(h->flow[i]->closed);
        missing += h->flow[i]->flow.missing[0];
        missing += h->flow[i]->flow.missing[1];
    }
    assert_int_equal(h->counters.payload_bytes,
                     h->data_bytes + h->message_bytes +
                         h->counters.unread[WHY_LIMIT]);
    assert_true(h->counters.missing_bytes >= missing);
}

void heard_clear(struct heard *h)
{
    for (size_t i = 0; i < h->flows; i++) {
        free(h->flow[i]->stream[0].bytes);
        free(h->flow[i]->stream[1].bytes);
        free(h->flow[i]);
    }
    for (size_t i = 0; i < h->copies; i++)
        free(h->copy[i].text);
    free(h->copy);
}

uint64_t heard_is(const struct heard_stream *st, const uint8_t *text,
                  size_t len, uint64_t from)
{
    uint64_t place = from;
    size_t done = 0;

    for (size_t i = 0; i <= st->gaps; i++) {
        size_t to = i < st->gaps ? st->gap[i].at : st->len;

        assert_true(place + (to - done) <= len);
        assert_true(to == done ||
                    memcmp(st->bytes + done, text + place, to - done) == 0);
        place += to - done;
        done = to;
        if (i < st->gaps)
            place += st->gap[i].len;
    }
    return place;
}

bool heard_has(const struct heard *h, const uint8_t *line, size_t len)
{
    for (size_t i = 0; i < h->flows; i++) {
        for (int dir = 0; dir < 2; dir++) {
            const struct heard_stream *st = &h->flow[i]->stream[dir];
            if (memmem(st->bytes, st->len, line, len) != NULL)
                return true;
        }
    }
    for (size_t i = 0; i < h->copies; i++) {
        if (memmem(h->copy[i].text, h->copy[i].len, line, len) != NULL)
            return true;
    }
    return false;
}
