// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * chain.c - the bytes of a flow, from the session engine to its decoder.
 *
 * Each side of a flow is probed by its own first bytes; the first protocol
 * that claims either side gets both. What nobody claims is scanned raw, and
 * raw streams are searched for the next message of a protocol that can begin
 * in mid-stream. A decoder that gives up leaves its bytes to raw.
 *
 * It must not know any protocol, and never loses a byte uncounted.
 */
#include "outflow/chain.h"

#include <stdlib.h>
#include <string.h>

#include "decode/expect.h"
#include "decode/ranges.h"
#include "decode/stack.h"
#include "outflow/limits.h"

extern const struct decoder decoder_raw;

struct chains *chains_new(const struct chain_settings *settings)
{
    struct chains *all = calloc(1, sizeof(*all));

    if (all == NULL)
        return NULL;
    all->settings = *settings;
    buf_init(&all->work, LIMIT_RECODED);
    all->memory = LIMIT_CODINGS;
    all->held.most = settings->document > 0 ? settings->document : LIMIT_HELD;
    all->held.left = settings->held > 0 ? settings->held : all->held.most;
    all->expects = expects_new();
    all->ranges = ranges_new();
    if (all->expects == NULL || all->ranges == NULL) {
        chains_free(all);
        return NULL;
    }
    return all;
}

void chains_free(struct chains *all)
{
    if (all == NULL)
        return;
    chains_free(all->again);
    expects_free(all->expects);
    ranges_free(all->ranges);
    buf_clear(&all->work);
    free(all);
}

struct chain *chain_new(struct chains *all, struct flow *flow)
{
    struct chain *c = calloc(1, sizeof(*c));

    if (c == NULL)
        return NULL;
    c->all = all;
    c->flow = flow;
    c->expect = expect_claim(all->expects, flow);
    c->resync = flow->midstream;
    for (int dir = DIR_CLIENT; dir <= DIR_SERVER; dir++) {
        c->side[dir].chain = c;
        c->side[dir].dir = (uint8_t)dir;
        c->side[dir].late = flow->midstream;
    }
    return c;
}

bool chain_can_wait(const struct flow *flow, enum dir dir, struct span first)
{
    const struct hint hint = {.flow = flow, .dir = dir};
    const struct decoder *d;

    for (size_t i = 0; (d = decoder_at(i)) != NULL; i++)
        if (d->announces && d->probe(first, &hint) != MATCH_NO)
            return false;
    return true;
}

/* --- which decoder --- */

static void decoder_release(struct chain *c)
{
    if (c->state != NULL && c->decoder->close != NULL)
        c->decoder->close(c->state);
    free(c->state);
    c->state = NULL;
    c->decoder = NULL;
}

/* Both sides change hands: what is open is closed, tails are offered anew. */
static void sides_turn(struct chain *c, enum side_mode mode)
{
    for (int dir = DIR_CLIENT; dir <= DIR_SERVER; dir++) {
        struct side *s = &c->side[dir];
        s->late = s->late || s->mode == SIDE_RAW;
        side_close(s);
        if (s->mode == SIDE_SHUT)
            continue;
        s->mode = (uint8_t)mode;
        s->poke = true;
    }
    free(c->raw);
    c->raw = NULL;
}

/* Decoder d takes the flow. */
static void chain_decode(struct side *s, const struct decoder *d,
                         const struct hint *hint)
{
    struct chain *c = s->chain;

    sides_turn(c, SIDE_DECODE);
    c->decoder = d;
    c->state = calloc(1, d->state_size);
    struct hint known = *hint;
    known.late[DIR_CLIENT] = c->side[DIR_CLIENT].late;
    known.late[DIR_SERVER] = c->side[DIR_SERVER].late;
    known.late[s->dir] = false; /* a message begins right here */
    known.memory = &c->all->memory;
    known.held = &c->all->held;
    known.helper = c->all->settings.helper;
    known.ranges = c->all->ranges;
    bool fine =
        c->state != NULL && (d->open == NULL || d->open(c->state, &known));
    s->late = false;
    if (fine)
        return;
    decoder_release(c);
    sides_turn(c, SIDE_SHUT);
}

/* Is s the first decoder's? False: wait for more bytes. */
static bool side_probe(struct side *s, struct span head, bool ended)
{
    struct chain *c = s->chain;
    const struct hint hint = {
        .flow = c->flow, .dir = (enum dir)s->dir, .ended = ended};
    bool waits = !ended && head.len < LIMIT_PROBE;
    const struct decoder *d;

    if (c->expect == NULL && !c->again)
        c->expect = expect_claim(c->all->expects, c->flow);
    for (size_t i = 0; (d = decoder_at(i)) != NULL; i++) {
        if (!d->protocol || d->datagrams || (c->expect != NULL && !d->wraps))
            continue;
        enum match match = d->probe(head, &hint);
        if (match == MATCH_YES) {
            chain_decode(s, d, &hint);
            return true;
        }
        if (match == MATCH_MORE && waits) /* it comes before the others */
            return false;
    }
    s->mode = SIDE_RAW;
    return true;
}

/* --- raw --- */

static struct sink side_sink(struct side *s)
{
    return (struct sink){s, &side_ops};
}

static void raw_put(struct side *s, struct span bytes)
{
    struct chain *c = s->chain;
    struct sink sink = side_sink(s);

    if (bytes.len == 0)
        return;
    if (s->mode == SIDE_SHUT) {
        side_unread(s, WHY_LIMIT, bytes.len);
        return;
    }
    if (c->raw == NULL)
        c->raw = calloc(1, decoder_raw.state_size);
    if (s->raw < LIMIT_SYNC)
        s->raw += (uint32_t)span_head(bytes, LIMIT_SYNC - s->raw).len;
    enum decode_status status = DECODE_REFUSED;
    if (c->raw != NULL)
        status =
            decoder_raw.feed(c->raw, (enum dir)s->dir, bytes, &sink).status;
    if (status == DECODE_MORE)
        return;
    side_close(s);
    s->mode = SIDE_SHUT;
    side_unread(s, WHY_LIMIT, bytes.len);
}

/*
 * Find where the first message of a protocol begins. Gives its decoder and
 * *at; without one, *at is the first byte that may still begin a message.
 */
static const struct decoder *raw_sync(const struct side *s, struct span bytes,
                                      size_t *at)
{
    const struct decoder *d, *first = NULL;
    size_t wait = bytes.len;

    *at = bytes.len;
    for (size_t i = 0; (d = decoder_at(i)) != NULL; i++) {
        size_t keep = bytes.len;
        if (d->sync == NULL)
            continue;
        size_t found = d->sync(bytes, (enum dir)s->dir, &keep);
        if (found < *at) {
            *at = found;
            first = d;
        } else if (found == bytes.len && keep < wait) {
            wait = keep;
        }
    }
    if (wait >= *at)
        return first;
    *at = wait;
    return NULL;
}

/* Scan raw bytes; a message found in them turns the side over. */
static struct progress raw_take(struct side *s, struct span bytes)
{
    bool all = s->chain->resync;
    size_t room = s->raw < LIMIT_SYNC ? LIMIT_SYNC - s->raw : 0;
    struct span seen = all ? bytes : span_head(bytes, room);
    size_t at = seen.len;

    if (seen.len == 0 || s->chain->expect != NULL) {
        raw_put(s, bytes);
        return (struct progress){DECODE_MORE, bytes.len};
    }
    const struct decoder *d = raw_sync(s, seen, &at);
    raw_put(s, span_head(bytes, at));
    if (d != NULL && s->mode == SIDE_RAW) {
        const struct hint hint = {.flow = s->chain->flow,
                                  .dir = (enum dir)s->dir};
        chain_decode(s, d, &hint);
        return (struct progress){DECODE_MORE, at};
    }
    if (seen.len < bytes.len) {
        raw_put(s, span_skip(bytes, at));
        at = bytes.len;
    }
    return (struct progress){DECODE_MORE, at};
}

/* --- bytes --- */

static struct progress side_take(void *ctx, struct span bytes)
{
    struct side *s = ctx;
    struct sink sink = side_sink(s);
    size_t used = 0;

    if (s->mode == SIDE_PROBE && !side_probe(s, bytes, false))
        return (struct progress){DECODE_MORE, 0};
    if (s->mode == SIDE_RAW) {
        used = raw_take(s, bytes).used;
        bytes = span_skip(bytes, used);
    }
    if (s->mode == SIDE_DECODE && (used == 0 || bytes.len > 0)) {
        struct progress p = s->chain->decoder->feed(
            s->chain->state, (enum dir)s->dir, bytes, &sink);
        p.used += used;
        return p;
    }
    if (s->mode == SIDE_SHUT) {
        side_unread(s, WHY_LIMIT, bytes.len);
        used += bytes.len;
    }
    return (struct progress){DECODE_MORE, used};
}

/* The decoder wants no more of this side. */
static void side_turn(struct side *s, enum decode_status status)
{
    struct chain *c = s->chain;

    if (s->mode != SIDE_DECODE || status == DECODE_REFUSED) {
        side_close(s);
        s->mode = SIDE_SHUT;
        return;
    }
    if (status == DECODE_DONE) {
        side_close(s);
        s->mode = SIDE_RAW;
        return;
    }
    if (status == DECODE_RAW) {
        decoder_release(c);
        sides_turn(c, SIDE_PROBE);
        return;
    }
    c->malformed = true;
    c->resync = true;
    side_anomaly(s, SPAN("malformed"));
    decoder_release(c);
    sides_turn(c, SIDE_RAW);
}

/* Feed one side until it wants no more of these bytes. */
static void side_feed(struct side *s, struct span bytes)
{
    const struct tail_taker taker = {side_take, s};
    struct span none = {NULL, 0};
    bool offer = s->poke;
    size_t left = SIZE_MAX; /* when its decoder last changed */

    s->poke = false;
    do {
        struct span *now = offer && s->tail.len > 0 ? &none : &bytes;
        enum decode_status status = tail_feed(&s->tail, now, &taker);

        offer = status != DECODE_MORE;
        if (offer)
            side_turn(s, left == s->tail.len + bytes.len ? DECODE_BAD : status);
        left = s->tail.len + bytes.len;
        s->poke = false;
    } while (bytes.len > 0 || (offer && s->tail.len > 0));
}

/* Offer a tail anew that its side's new decoder has not seen. */
static void chain_settle(struct chain *c)
{
    for (int dir = DIR_CLIENT; dir <= DIR_SERVER; dir++)
        if (c->side[dir].poke && c->side[dir].tail.len > 0)
            side_feed(&c->side[dir], (struct span){NULL, 0});
}

void chain_feed(struct chain *c, enum dir dir, struct span bytes)
{
    struct side *s = &c->side[dir];

    if (bytes.len == 0)
        return;
    c->all->settings.counters->inspected_bytes += bytes.len;
    s->fed += bytes.len;
    side_feed(s, bytes);
    chain_settle(c);
}

/* What waits in the tail can wait no longer. */
static void side_flush(struct side *s)
{
    struct tail held = s->tail;

    s->tail = (struct tail){NULL, 0, 0};
    if (s->mode == SIDE_PROBE && held.len > 0)
        (void)side_probe(s, tail_span(&held), true);
    if (s->mode == SIDE_RAW)
        raw_put(s, tail_span(&held));
    else if (held.len > 0)
        side_feed(s, tail_span(&held));
    tail_clear(&held);
}

void chain_gap(struct chain *c, enum dir dir, uint64_t len)
{
    struct side *s = &c->side[dir];
    struct sink sink = side_sink(s);

    c->resync = true;
    if (s->mode != SIDE_DECODE)
        side_flush(s);
    s->late = true;
    tail_clear(&s->tail);
    if (s->mode == SIDE_RAW && c->raw != NULL)
        (void)decoder_raw.gap(c->raw, dir, len, &sink);
    if (s->mode != SIDE_DECODE)
        return;
    struct progress p = c->decoder->gap(c->state, dir, len, &sink);
    if (p.status != DECODE_MORE)
        side_turn(s, p.status);
    chain_settle(c);
}

void chain_end(struct chain *c, enum dir dir)
{
    struct side *s = &c->side[dir];
    struct sink sink = side_sink(s);

    if (s->mode != SIDE_DECODE)
        side_flush(s);
    chain_settle(c);
    if (s->mode == SIDE_DECODE) {
        struct tail held = s->tail;
        s->tail = (struct tail){NULL, 0, 0};
        (void)c->decoder->end(c->state, dir, tail_span(&held), &sink);
        tail_clear(&held);
    }
    if (s->mode == SIDE_RAW && c->raw != NULL)
        (void)decoder_raw.end(c->raw, dir, (struct span){NULL, 0}, &sink);
    node_close(s->part, PART_CUT);
    s->part = NULL;
    if (s->open)
        side_transfer_close(s);
    s->mode = s->mode == SIDE_SHUT ? SIDE_SHUT : SIDE_RAW;
}

void chain_free(struct chain *c)
{
    if (c == NULL)
        return;
    for (int dir = DIR_CLIENT; dir <= DIR_SERVER; dir++)
        chain_end(c, (enum dir)dir);
    for (int dir = DIR_CLIENT; dir <= DIR_SERVER; dir++) {
        side_close(&c->side[dir]);
        tail_clear(&c->side[dir].tail);
    }
    decoder_release(c);
    if (!c->again)
        expect_release(c->all->expects, c->expect);
    free(c->raw);
    free(c->user);
    free(c->host);
    free(c);
}

/* --- datagrams and differing copies --- */

/*
 * Rows may run over datagrams when a file is sent in full ones of the same
 * size; else each datagram ends its row.
 */
static bool message_joins(const struct side *s, struct span bytes)
{
    enum { FULL = 512 };

    return s->joins && s->message >= FULL && bytes.len <= s->message;
}

/* Whose is the first datagram of a direction? */
static void message_probe(struct side *s, struct span bytes, uint32_t cut)
{
    const struct hint hint = {.flow = s->chain->flow,
                              .dir = (enum dir)s->dir,
                              .ended = true,
                              .cut = cut};
    const struct decoder *d;

    s->mode = SIDE_RAW;
    for (size_t i = 0; (d = decoder_at(i)) != NULL; i++) {
        if (!d->datagrams || d->probe(bytes, &hint) != MATCH_YES)
            continue;
        chain_decode(s, d, &hint);
        return;
    }
}

/* A whole datagram for the decoder; false: it is nobody's any more. */
static bool message_decode(struct side *s, struct span bytes)
{
    struct sink sink = side_sink(s);
    struct progress p = s->chain->decoder->feed(s->chain->state,
                                                (enum dir)s->dir, bytes, &sink);

    if (p.status == DECODE_MORE)
        return true;
    side_turn(s, p.status);
    return false;
}

void chain_message(struct chain *c, enum dir dir, struct span bytes,
                   uint32_t cut)
{
    struct side *s = &c->side[dir];
    struct sink sink = side_sink(s);
    bool first = s->message == 0;

    if (bytes.len == 0)
        return;
    c->all->settings.counters->inspected_bytes += bytes.len;
    s->fed += bytes.len;
    if (s->mode == SIDE_PROBE)
        message_probe(s, bytes, cut);
    if (s->mode == SIDE_DECODE && message_decode(s, bytes))
        return;
    if (s->mode == SIDE_SHUT) {
        side_unread(s, WHY_LIMIT, bytes.len);
        return;
    }
    if (!first && !message_joins(s, bytes))
        raw_put(s, SPAN("\n"));
    if (first)
        s->message = (uint32_t)bytes.len;
    s->joins = bytes.len == s->message && cut == 0;
    raw_put(s, bytes);
    if (cut > 0 && c->raw != NULL)
        (void)decoder_raw.gap(c->raw, dir, cut, &sink);
}

/* The bytes behind the last line end. */
static struct span row_before(struct span before)
{
    size_t at = before.len;

    while (at > 0 && before.ptr[at - 1] != '\n')
        at--;
    return span_skip(before, at);
}

/* The bytes up to the first line end. */
static struct span row_after(struct span after)
{
    size_t at = span_find(after, '\n');

    return span_head(after, at < after.len ? at + 1 : at);
}

void chain_overlap(struct chain *c, enum dir dir, const struct overlap *copy)
{
    struct side *s = &c->side[dir];
    const struct chain_settings *set = &c->all->settings;
    char trail[LIMIT_TRAIL];

    if (s->transfer == NULL && !s->muted)
        (void)side_transfer_open(
            s, &(struct transfer_info){
                   .channel = c->decoder != NULL ? c->decoder->name : "raw",
                   .step = SPAN("stream")});
    if (s->transfer == NULL)
        return;
    const struct node *n = s->part;
    while (n != NULL && n->child != NULL)
        n = n->child;
    trail_write_step(s, n, "overlap", trail, sizeof(trail));
    const struct part part = {.trail = trail, .depth = 1, .overlap = true};
    void *text = set->events->text_open(set->ctx, s->transfer, &part);
    if (text == NULL)
        return;
    set->events->text_put(set->ctx, text, row_before(copy->before));
    set->events->text_put(set->ctx, text, copy->bytes);
    set->events->text_put(set->ctx, text, row_after(copy->after));
    set->events->text_close(set->ctx, text);
}
