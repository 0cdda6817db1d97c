// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * fuzz_decoders.c - bytes as what a decoder of the table is fed.
 *
 * The first byte picks the decoder, or a whole chain; the second seeds where
 * the bytes are cut, change direction and have holes. Chains must count
 * every byte once and give the same text for any cut; a decoder must not
 * use more than it was given.
 */
#include <stdlib.h>
#include <string.h>

#include "outflow/buf.h"
#include "outflow/chain.h"
#include "outflow/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* --- an owner that reads everything and keeps a sum of it --- */

static volatile uint8_t touched;

struct owner {
    struct counters counters;
    uint64_t sum; /* over all texts, in any order */
};

struct text {
    uint64_t sum;
};

static uint64_t mix(uint64_t sum, struct span s)
{
    for (size_t i = 0; i < s.len; i++)
        sum = (sum ^ s.ptr[i]) * UINT64_C(1099511628211);
    return sum;
}

static void touch(struct span s)
{
    touched = (uint8_t)mix(0, s);
}

static void *on_transfer(void *ctx, struct flow *flow, enum dir sender,
                         const struct transfer_info *info)
{
    (void)flow;
    (void)sender;
    touch(info->step);
    touch(info->host);
    return ctx;
}

static void on_note(void *ctx, void *transfer, const struct note *note)
{
    (void)ctx;
    (void)transfer;
    touch(note->text);
}

static void on_unread(void *ctx, void *transfer, const struct unread *what)
{
    (void)ctx;
    (void)transfer;
    touch(span_of(what->kind));
}

static void on_close(void *ctx, void *transfer)
{
    (void)ctx;
    (void)transfer;
}

static void *on_text(void *ctx, void *transfer, const struct part *part)
{
    struct text *text = calloc(1, sizeof(*text));

    (void)ctx;
    (void)transfer;
    touch(part->name);
    touch(part->media);
    if (text != NULL)
        text->sum = mix(UINT64_C(14695981039346656037), span_of(part->trail));
    return text;
}

static void on_put(void *ctx, void *text, struct span bytes)
{
    struct text *t = text;

    (void)ctx;
    t->sum = mix(t->sum, bytes);
}

static void on_gap(void *ctx, void *text, uint64_t len)
{
    (void)ctx;
    (void)text;
    (void)len;
}

static void on_text_close(void *ctx, void *text)
{
    struct owner *owner = ctx;
    struct text *t = text;

    owner->sum += t->sum * t->sum;
    free(t);
}

static const struct chain_events events = {
    .transfer_open = on_transfer,
    .transfer_note = on_note,
    .transfer_unread = on_unread,
    .transfer_close = on_close,
    .text_open = on_text,
    .text_put = on_put,
    .text_gap = on_gap,
    .text_close = on_text_close,
};

/* --- cuts --- */

/* Where to cut next: lengths, directions and holes from one number. */
struct cuts {
    uint32_t seed;
};

static uint32_t cuts_next(struct cuts *c, uint32_t below)
{
    c->seed = c->seed * 1664525 + 1013904223;
    return (c->seed >> 16) % below;
}

static struct span cuts_take(struct cuts *c, struct span *rest)
{
    static const uint32_t sizes[] = {1, 2, 7, 64, 512, 65536};
    size_t len = 1 + cuts_next(c, sizes[cuts_next(c, 6)]);
    struct span piece = span_head(*rest, len);

    *rest = span_skip(*rest, piece.len);
    return piece;
}

/* --- a chain --- */

/* How the bytes of a chain come. */
struct course {
    struct cuts cuts;
    bool midstream;
    bool plain; /* one direction, without holes */
};

static struct owner run_chain(struct span bytes, struct course course)
{
    struct owner owner = {.sum = 0};
    struct counters *counters = &owner.counters;
    const struct chain_settings settings = {
        .events = &events, .ctx = &owner, .counters = counters, .depth = 16};
    struct chains *chains = chains_new(&settings);
    struct flow flow = {.proto = 6, .port = {40000, 80}};
    uint64_t fed = bytes.len;

    flow.midstream = course.midstream;
    struct chain *c = chains != NULL ? chain_new(chains, &flow) : NULL;
    if (c == NULL)
        abort();
    enum dir dir = DIR_CLIENT;
    while (bytes.len > 0) {
        chain_feed(c, dir, cuts_take(&course.cuts, &bytes));
        if (course.plain)
            continue;
        if (cuts_next(&course.cuts, 8) == 0)
            dir = dir == DIR_CLIENT ? DIR_SERVER : DIR_CLIENT;
        if (cuts_next(&course.cuts, 32) == 0)
            chain_gap(c, dir, 1 + cuts_next(&course.cuts, 5000));
    }
    chain_free(c);
    chains_free(chains);
    uint64_t sum = counters->inspected_bytes;
    for (size_t i = 0; i < WHY_REASONS; i++)
        sum += counters->unread[i];
    if (sum != fed)
        abort();
    return owner;
}

/* Where a coding breaks off in damaged bytes depends on how they come. */
static bool broken(const struct counters *c)
{
    return c->unread[WHY_LIMIT] > 0 || c->unread[WHY_DAMAGED] > 0 ||
           c->unread_inside > 0;
}

/* However it is cut, it is the same text. */
static void run_twice(struct span bytes, struct cuts cuts, bool midstream)
{
    struct course course = {cuts, midstream, true};
    struct owner a = run_chain(bytes, course);

    course.cuts.seed += 77777;
    struct owner b = run_chain(bytes, course);
    if (a.sum != b.sum && !broken(&a.counters) && !broken(&b.counters))
        abort();
}

/* --- one decoder --- */

static bool sink_transfer(void *ctx, const struct transfer_info *info)
{
    (void)ctx;
    touch(info->step);
    touch(info->host);
    return true;
}

static bool sink_close(void *ctx)
{
    (void)ctx;
    return true;
}

static bool sink_part(void *ctx, const struct part_info *info)
{
    (void)ctx;
    touch(info->step);
    touch(info->name);
    touch(info->media);
    touch(info->charset);
    touch(info->coding);
    return true;
}

static bool sink_put(void *ctx, struct span bytes)
{
    uint64_t *put = ctx;

    touch(bytes);
    *put += bytes.len;
    return *put < LIMIT_EXPAND_FREE;
}

static bool sink_gap(void *ctx, uint64_t len)
{
    (void)ctx;
    (void)len;
    return true;
}

static bool sink_part_close(void *ctx, enum part_end how)
{
    (void)ctx;
    (void)how;
    return true;
}

static bool sink_note(void *ctx, const struct note *note)
{
    on_note(ctx, NULL, note);
    return true;
}

static const struct sink_ops sink_ops = {
    .transfer_open = sink_transfer,
    .transfer_close = sink_close,
    .part_open = sink_part,
    .put = sink_put,
    .gap = sink_gap,
    .part_close = sink_part_close,
    .note = sink_note,
};

static void run_decoder(const struct decoder *d, struct span bytes,
                        struct cuts cuts)
{
    uint64_t put = 0, memory = LIMIT_CODINGS;
    struct sink sink = {&put, &sink_ops};
    const struct part_info part = {.media = SPAN("multipart/mixed; boundary=b"),
                                   .coding = SPAN("x")};
    const struct flow flow = {.proto = 6};
    const struct hint hint = {.flow = &flow, .part = &part, .memory = &memory};
    struct progress p = {DECODE_MORE, 0};
    enum dir dir = DIR_CLIENT;
    struct buf tail[2];
    void *state = calloc(1, d->state_size);

    buf_init(&tail[0], (size_t)1 << 20);
    buf_init(&tail[1], (size_t)1 << 20);
    (void)d->probe(bytes, &hint);
    if (d->open == NULL || d->open(state, &hint))
        while (bytes.len > 0 && p.status == DECODE_MORE) {
            if (!buf_add(&tail[dir], cuts_take(&cuts, &bytes)))
                break;
            p = d->feed(state, dir, buf_span(&tail[dir]), &sink);
            if (p.used > tail[dir].len)
                abort();
            buf_drop(&tail[dir], p.used);
            if (p.status == DECODE_MORE && tail[dir].len > LIMIT_TAIL)
                abort();
            if (d->protocol && cuts_next(&cuts, 8) == 0)
                dir = dir == DIR_CLIENT ? DIR_SERVER : DIR_CLIENT;
            if (p.status == DECODE_MORE && cuts_next(&cuts, 32) == 0) {
                buf_reset(&tail[dir]);
                p = d->gap(state, dir, 1 + cuts_next(&cuts, 5000), &sink);
            }
        }
    for (int end = DIR_CLIENT; end <= DIR_SERVER; end++)
        if (p.status == DECODE_MORE && (d->protocol || end == DIR_CLIENT))
            (void)d->end(state, (enum dir)end, buf_span(&tail[end]), &sink);
    if (d->close != NULL)
        d->close(state);
    free(state);
    buf_clear(&tail[0]);
    buf_clear(&tail[1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t decoders = 0;

    if (size < 2)
        return 0;
    while (decoder_at(decoders) != NULL)
        decoders++;
    struct span bytes = {data + 2, size - 2};
    struct cuts cuts = {data[1]};
    size_t which = data[0] % (decoders + 4);
    bool midstream = (which - decoders) % 2 == 1;
    if (which < decoders)
        run_decoder(decoder_at(which), bytes, cuts);
    else if (which < decoders + 2)
        (void)run_chain(bytes, (struct course){cuts, midstream, false});
    else
        run_twice(bytes, cuts, midstream);
    return 0;
}
