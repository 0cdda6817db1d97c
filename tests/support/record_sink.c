// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * record_sink.c - a sink that writes down, and the tail a chain would keep.
 */
#include "support/record_sink.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode/held.h"
#include "support/spec.h"

static bool transfer_open(void *ctx, const struct transfer_info *info)
{
    (void)ctx;
    (void)info;
    return false;
}

static bool transfer_close(void *ctx)
{
    (void)ctx;
    return false;
}

static bool part_open(void *ctx, const struct part_info *info)
{
    struct buf *log = ctx;

    assert_true(buf_add(log, SPAN("[")));
    assert_true(buf_add(log, info->step));
    assert_true(buf_add(log, SPAN("] ")));
    return true;
}

static bool put(void *ctx, struct span bytes)
{
    return buf_add(ctx, bytes);
}

static bool gap(void *ctx, uint64_t len)
{
    return buf_printf(ctx, "{gap %llu}", (unsigned long long)len);
}

static bool part_close(void *ctx, enum part_end how)
{
    return buf_add(ctx, how == PART_WHOLE ? SPAN("[]\n") : SPAN("[~]\n"));
}

static bool note(void *ctx, const struct note *note)
{
    if (note->kind != NOTE_UNREAD)
        return buf_printf(ctx, "! %.*s\n", (int)note->text.len,
                          (const char *)note->text.ptr);
    return buf_printf(ctx, "? %.*s %s %llu\n", (int)note->text.len,
                      (const char *)note->text.ptr, why_name(note->why),
                      (unsigned long long)note->number);
}

static const struct sink_ops ops = {
    .transfer_open = transfer_open,
    .transfer_close = transfer_close,
    .part_open = part_open,
    .put = put,
    .gap = gap,
    .part_close = part_close,
    .note = note,
};

struct feeding {
    const struct decoder *decoder;
    void *state;
    struct sink sink;
    struct buf tail;
    enum decode_status status;
};

static void feed(struct feeding *f, struct span bytes, size_t step)
{
    while (bytes.len > 0 && f->status == DECODE_MORE) {
        struct span piece = span_head(bytes, step > 0 ? step : bytes.len);
        assert_true(buf_add(&f->tail, piece));
        struct progress p = f->decoder->feed(f->state, DIR_CLIENT,
                                             buf_span(&f->tail), &f->sink);
        buf_drop(&f->tail, p.used);
        f->status = p.status;
        bytes = span_skip(bytes, piece.len);
    }
}

static void lose(struct feeding *f, uint64_t len)
{
    if (f->status != DECODE_MORE || len == 0)
        return;
    buf_reset(&f->tail);
    f->status = f->decoder->gap(f->state, DIR_CLIENT, len, &f->sink).status;
}

enum decode_status record_decoder(const char *name, struct span bytes,
                                  const struct record_way *way, struct buf *log)
{
    static const struct part_info part;
    struct held_share share = {way->most, way->most};
    const struct hint hint = {.part = &part,
                              .held = way->most > 0 ? &share : NULL};
    struct feeding f = {.decoder = decoder_find(span_of(name)),
                        .sink = {log, &ops}};

    assert_non_null(f.decoder);
    f.state = calloc(1, f.decoder->state_size);
    buf_init(&f.tail, bytes.len + 1);
    if (f.decoder->open != NULL)
        assert_true(f.decoder->open(f.state, &hint));
    feed(&f, way->len > 0 ? span_head(bytes, way->hole) : bytes, way->step);
    lose(&f, span_slice(bytes, way->hole, way->hole + way->len).len);
    if (way->len > 0)
        feed(&f, span_skip(bytes, way->hole + way->len), way->step);
    if (f.status == DECODE_MORE)
        f.status =
            f.decoder->end(f.state, DIR_CLIENT, buf_span(&f.tail), &f.sink);
    if (f.decoder->close != NULL)
        f.decoder->close(f.state);
    free(f.state);
    buf_clear(&f.tail);
    return f.status;
}

struct span record_file(const char *path)
{
    FILE *file = fopen(path, "rb");

    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    long len = ftell(file);
    assert_true(len >= 0);
    rewind(file);
    uint8_t *bytes = malloc((size_t)len + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, (size_t)len, file), len);
    (void)fclose(file);
    return (struct span){bytes, (size_t)len};
}
