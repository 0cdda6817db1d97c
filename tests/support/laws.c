// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * laws.c - run one decoder in every way that must make no difference.
 *
 * The sink writes down every call, puts joined; what is written is compared.
 */
#include "support/laws.h"

#include <stdlib.h>
#include <string.h>

#include "outflow/buf.h"
#include "outflow/limits.h"
#include "support/spec.h"

enum { LOG_MAX = 4 << 20, CUTS_MAX = 1500 };

struct log {
    struct buf text;
    bool putting;       /* the last call was put */
    unsigned calls;     /* calls so far, puts in a row counted each */
    unsigned refuse_at; /* refuse this call, from 1; 0: none */
    bool refused;
};

/* Begin another call; false to refuse it. */
static bool next_call(struct log *log, bool put)
{
    assert_false(log->refused); /* nothing comes behind a refusal */
    if (!put || !log->putting)
        (void)!buf_add_byte(&log->text, '\n');
    log->putting = put;
    log->refused = ++log->calls == log->refuse_at;
    return !log->refused;
}

static void add(struct log *log, const char *word, struct span value)
{
    (void)!buf_printf(&log->text, "%s=", word);
    (void)!buf_add(&log->text, value);
}

static bool transfer_open(void *ctx, const struct transfer_info *info)
{
    struct log *log = ctx;

    if (!next_call(log, false))
        return false;
    add(log, "transfer ", span_of(info->channel));
    add(log, " step", info->step);
    add(log, " host", info->host);
    add(log, " from", info->mail_from);
    for (size_t i = 0; i < info->mail_to_count; i++)
        add(log, " to", info->mail_to[i]);
    return true;
}

static bool transfer_close(void *ctx)
{
    struct log *log = ctx;

    if (!next_call(log, false))
        return false;
    add(log, "transfer_close", SPAN(""));
    return true;
}

static bool part_open(void *ctx, const struct part_info *info)
{
    struct log *log = ctx;

    if (!next_call(log, false))
        return false;
    add(log, "part", info->step);
    add(log, " name", info->name);
    add(log, " media", info->media);
    add(log, " charset", info->charset);
    add(log, " coding", info->coding);
    return true;
}

static bool put(void *ctx, struct span bytes)
{
    struct log *log = ctx;

    if (!next_call(log, true))
        return false;
    assert_true(buf_add(&log->text, bytes));
    return true;
}

static bool gap(void *ctx, uint64_t len)
{
    struct log *log = ctx;

    (void)len;
    return next_call(log, false);
}

static bool part_close(void *ctx, enum part_end how)
{
    struct log *log = ctx;

    if (!next_call(log, false))
        return false;
    add(log, how == PART_WHOLE ? "part_close" : "part_cut", SPAN(""));
    return true;
}

/* Closed bytes come in as many notes as bytes come: only their sum counts. */
static bool note(void *ctx, const struct note *note)
{
    struct log *log = ctx;

    if (note->kind == NOTE_UNREAD) {
        log->refused = ++log->calls == log->refuse_at;
        return !log->refused;
    }
    if (!next_call(log, false))
        return false;
    add(log, "note", note->text);
    return true;
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

/* A decoder at work, with the tails a chain would keep. */
struct run {
    const struct decoder *decoder;
    void *state;
    struct buf tail[2];
    struct log log;
    struct sink sink;
    enum decode_status status;
};

static void run_open(struct run *r, const struct laws_case *c,
                     unsigned refuse_at)
{
    static uint64_t memory;
    static const struct flow flow = {.proto = 6};
    const struct hint hint = {
        .flow = &flow, .part = &c->part, .memory = &memory};

    memory = LIMIT_CODINGS;
    memset(r, 0, sizeof(*r));
    r->decoder = decoder_find(span_of(c->decoder));
    assert_non_null(r->decoder);
    r->state = calloc(1, r->decoder->state_size);
    buf_init(&r->tail[0], (size_t)LIMIT_TAIL * 4);
    buf_init(&r->tail[1], (size_t)LIMIT_TAIL * 4);
    buf_init(&r->log.text, LOG_MAX);
    r->log.refuse_at = refuse_at;
    r->sink = (struct sink){&r->log, &ops};
    if (r->decoder->open != NULL)
        assert_true(r->decoder->open(r->state, &hint));
}

static void run_close(struct run *r)
{
    if (r->decoder->close != NULL)
        r->decoder->close(r->state);
    free(r->state);
    buf_clear(&r->tail[0]);
    buf_clear(&r->tail[1]);
    buf_clear(&r->log.text);
}

static void run_feed(struct run *r, enum dir dir, struct span bytes)
{
    struct buf *tail = &r->tail[dir];

    if (r->status != DECODE_MORE || bytes.len == 0)
        return;
    assert_true(buf_add(tail, bytes));
    uint8_t *copy = malloc(tail->len); /* so that overreads are seen */
    memcpy(copy, tail->ptr, tail->len);
    struct progress p = r->decoder->feed(
        r->state, dir, (struct span){copy, tail->len}, &r->sink);
    free(copy);
    assert_true(p.used <= tail->len);
    buf_drop(tail, p.used);
    assert_true(p.status != DECODE_MORE || tail->len <= LIMIT_TAIL);
    if (r->log.refused)
        assert_true(p.status != DECODE_MORE && p.status != DECODE_DONE);
    r->status = p.status;
}

static void run_gap(struct run *r, enum dir dir, uint64_t len)
{
    if (r->status != DECODE_MORE)
        return;
    buf_reset(&r->tail[dir]);
    r->status = r->decoder->gap(r->state, dir, len, &r->sink).status;
}

static void run_end(struct run *r)
{
    for (int dir = DIR_CLIENT; dir <= DIR_SERVER; dir++)
        if (r->status == DECODE_MORE && !r->log.refused)
            (void)r->decoder->end(r->state, (enum dir)dir,
                                  buf_span(&r->tail[dir]), &r->sink);
}

/* Feed a piece in two, the second in steps. */
static void run_cut(struct run *r, const struct laws_piece *piece, size_t cut,
                    size_t step)
{
    struct span rest = span_skip(piece->bytes, cut);

    run_feed(r, piece->dir, span_head(piece->bytes, cut));
    while (rest.len > 0) {
        run_feed(r, piece->dir, span_head(rest, step));
        rest = span_skip(rest, step);
    }
}

static size_t pieces_of(const struct laws_case *c)
{
    size_t count = 0;

    while (count < LAWS_PIECES && c->pieces[count].bytes.len > 0)
        count++;
    return count;
}

/* --- the laws --- */

/* All pieces, piece which cut at cut: the log must be expected's. */
static void check_cut(const struct laws_case *c, size_t which, size_t cut,
                      size_t step, const struct run *expected)
{
    struct run r;

    run_open(&r, c, 0);
    for (size_t i = 0; i < pieces_of(c); i++)
        run_cut(&r, &c->pieces[i], i == which ? cut : 0,
                i == which ? step : SIZE_MAX);
    run_end(&r);
    assert_int_equal(r.status, expected->status);
    assert_int_equal(r.log.text.len, expected->log.text.len);
    assert_memory_equal(r.log.text.ptr, expected->log.text.ptr, r.log.text.len);
    run_close(&r);
}

/* One refused call, one hole, one end: no harm, nothing left behind. */
static void check_refusal(const struct laws_case *c, unsigned call)
{
    struct run r;

    run_open(&r, c, call);
    for (size_t i = 0; i < pieces_of(c); i++)
        run_cut(&r, &c->pieces[i], 0, SIZE_MAX);
    run_end(&r);
    run_close(&r);
}

static void check_hole(const struct laws_case *c, size_t which, size_t cut,
                       uint64_t len)
{
    struct run r;

    run_open(&r, c, 0);
    for (size_t i = 0; i < pieces_of(c); i++) {
        if (i != which) {
            run_cut(&r, &c->pieces[i], 0, SIZE_MAX);
            continue;
        }
        const struct laws_piece *piece = &c->pieces[i];
        run_feed(&r, piece->dir, span_head(piece->bytes, cut));
        run_gap(&r, piece->dir, len);
        run_feed(&r, piece->dir, span_skip(piece->bytes, cut + (size_t)len));
    }
    run_end(&r);
    run_close(&r);
}

static void check_end(const struct laws_case *c, size_t which, size_t cut)
{
    struct run r;

    run_open(&r, c, 0);
    for (size_t i = 0; i < which; i++)
        run_cut(&r, &c->pieces[i], 0, SIZE_MAX);
    run_feed(&r, c->pieces[which].dir, span_head(c->pieces[which].bytes, cut));
    run_end(&r);
    run_close(&r);
}

void laws_check(const struct laws_case *c)
{
    struct run whole;
    unsigned calls;

    run_open(&whole, c, 0);
    for (size_t i = 0; i < pieces_of(c); i++)
        run_cut(&whole, &c->pieces[i], 0, SIZE_MAX);
    run_end(&whole);
    calls = whole.log.calls;
    assert_true(calls > 0); /* an example that puts nothing shows nothing */

    for (size_t i = 0; i < pieces_of(c); i++) {
        size_t len = c->pieces[i].bytes.len;
        check_cut(c, i, 0, 1, &whole);
        for (size_t cut = 0; cut < len && cut < CUTS_MAX; cut++) {
            check_cut(c, i, cut, SIZE_MAX, &whole);
            check_end(c, i, cut);
            check_hole(c, i, cut, 1);
            check_hole(c, i, cut, 40);
            check_hole(c, i, cut, UINT32_MAX);
        }
    }
    for (unsigned call = 1; call <= calls && call < CUTS_MAX; call++)
        check_refusal(c, call);
    run_close(&whole);
}
