// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * stack.c - parts: codings undone, formats opened, text at the bottom.
 *
 * A part first undoes its declared codings, then is shown to the format
 * decoders; what none of them claims is text. What a decoder cannot open is
 * counted as unread, and its loss in decoded bytes is estimated for the text
 * that was being read.
 *
 * The depth of parts is bounded by the settings, so is the stack of calls.
 * It must not know any format.
 */
#include "decode/stack.h"

#include <stdlib.h>
#include <string.h>

#include "decode/text.h"
#include "outflow/limits.h"

static const struct sink_ops node_ops;
static bool op_put(void *ctx, struct span bytes);

static const struct chain_settings *settings_of(const struct node *n)
{
    return &n->side->chain->all->settings;
}

/* --- what stays closed --- */

/* len bytes of the part stay closed. */
static void node_lose(struct node *n, uint64_t len)
{
    n->lost += len;
    n->closed += len;
    if (n->recoded)
        settings_of(n)->counters->unread_inside += len;
    else
        side_unread(n->side, n->why, len);
}

static void node_release(struct node *n)
{
    if (n->decoder != NULL && n->state != NULL && n->decoder->close != NULL)
        n->decoder->close(n->state);
    free(n->state);
    n->state = NULL;
}

/* From here on the part stays closed. */
static void node_shut(struct node *n, enum why why, const char *kind)
{
    node_release(n);
    n->mode = NODE_CLOSED;
    n->why = why;
    n->kind = kind;
}

/* Decoded bytes the part inside misses: as many a coded byte as so far. */
static uint64_t node_estimate(const struct node *n)
{
    if (n->in == 0)
        return 0;
    double each = (double)n->out / (double)n->in;
    return (uint64_t)(each * (double)n->lost + 0.5);
}

/* Tell the owner what stayed closed, and the text inside what it misses. */
static void node_settle(struct node *n)
{
    uint64_t missing = n->decoder != NULL && n->lost > 0 ? node_estimate(n) : 0;

    if (n->side->chain->quiet)
        return;
    if (n->child != NULL && missing > 0)
        node_gap(n->child, missing);
    if (n->closed > 0)
        side_tell_unread(n->side,
                         &(struct note){.kind = NOTE_UNREAD,
                                        .text = span_of(n->kind),
                                        .number = n->closed,
                                        .why = n->why},
                         n);
    n->closed = 0;
    n->lost = 0;
}

/* --- text at the bottom --- */

/* Does it look like text: no control bytes but blanks? */
static bool textual(struct span head)
{
    for (size_t i = 0; i < head.len; i++) {
        uint8_t byte = head.ptr[i];
        if (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r' &&
            byte != 0x1b && byte != '\f')
            return false;
    }
    return true;
}

static void bottom_put(struct node *n, struct span bytes)
{
    if (n->text == NULL)
        node_lose(n, bytes.len);
    else
        text_put(n, bytes);
}

/* --- what a part is --- */

/* The outermost coding still to undo; empty: none. */
static struct span coding_last(const struct node *n)
{
    struct span list = span_trim(node_word(n, NODE_CODING));
    size_t at = list.len;

    while (at > 0 && list.ptr[at - 1] != ',')
        at--;
    return span_trim(span_skip(list, at));
}

static void coding_drop(struct node *n)
{
    struct span list = node_word(n, NODE_CODING);
    size_t at = list.len;

    while (at > 0 && list.ptr[at - 1] != ',')
        at--;
    n->word[NODE_CODING] = (uint16_t)(at > 0 ? at - 1 : 0);
}

static bool word_in(struct span words, struct span word)
{
    struct span one;

    while (span_cut(&words, ' ', &one))
        if (span_eq_nocase(one, word))
            return true;
    return false;
}

static const struct decoder *coding_find(struct span coding)
{
    const struct decoder *d;

    for (size_t i = 0; (d = decoder_at(i)) != NULL; i++)
        if (d->coding != NULL && word_in(span_of(d->coding), coding))
            return d;
    return NULL;
}

enum decision { WAIT = 0, DECIDED };

/* May a decision wait for more bytes? */
enum hurry {
    HURRY_NONE = 0,
    HURRY_GAP, /* no: the next bytes are missing */
    HURRY_END, /* no: these are all */
};

/* Put decoder d on the part. */
static enum decision node_start(struct node *n, const struct decoder *d,
                                const struct hint *hint)
{
    const struct chain_settings *set = settings_of(n);

    if (n->depth >= set->depth && !d->through) {
        node_shut(n, WHY_LIMIT, d->name);
        return DECIDED;
    }
    n->decoder = d;
    n->state = calloc(1, d->state_size);
    if (n->state == NULL || (d->open != NULL && !d->open(n->state, hint))) {
        node_shut(n, WHY_LIMIT, d->name);
        return DECIDED;
    }
    if (!d->through)
        tally_add(&set->counters->documents, d->name, 1);
    n->mode = NODE_DECODE;
    return DECIDED;
}

static struct hint hint_of(const struct node *n, const struct part_info *info,
                           enum hurry hurry)
{
    struct chains *all = n->side->chain->all;

    return (struct hint){.part = info,
                         .ended = hurry == HURRY_END,
                         .memory = &all->memory,
                         .held = &all->held,
                         .helper = all->settings.helper};
}

/* Bytes in a coding that we do not have: MATCH_YES, unless they are text. */
static enum match probe_unknown(struct span head, enum hurry hurry)
{
    enum { ENOUGH = 256 };

    if (head.len < ENOUGH && hurry == HURRY_NONE)
        return MATCH_MORE;
    return textual(span_head(head, ENOUGH)) ? MATCH_NO : MATCH_YES;
}

/* Is it packed, whatever the word of its coding was meant to be? */
static const struct decoder *packed_find(struct node *n, struct span head)
{
    const struct part_info info = node_info(n, (struct span){0});
    const struct hint hint = hint_of(n, &info, HURRY_GAP);
    const struct decoder *d;

    for (size_t i = 0; (d = decoder_at(i)) != NULL; i++)
        if (d->recodes && d->probe(head, &hint) == MATCH_YES)
            return d;
    return NULL;
}

/* Undo the outermost coding, if the bytes are in it. */
static enum decision decide_coding(struct node *n, struct span head,
                                   enum hurry hurry)
{
    static const char none[] = "identity 7bit 8bit binary none";
    struct span coding = coding_last(n);
    const struct decoder *d = coding_find(coding);
    const struct part_info info = node_info(n, coding);
    const struct hint hint = hint_of(n, &info, hurry);

    if (coding.len == 0 || word_in(span_of(none), coding)) {
        coding_drop(n);
        return WAIT;
    }
    enum match match =
        d != NULL ? d->probe(head, &hint) : probe_unknown(head, hurry);
    if (match == MATCH_MORE && hurry == HURRY_NONE && head.len < LIMIT_PROBE)
        return WAIT;
    coding_drop(n);
    if (match == MATCH_NO || (match == MATCH_MORE && hurry == HURRY_END)) {
        side_anomaly(n->side, SPAN("mislabelled"));
        return WAIT;
    }
    if (d == NULL)
        d = packed_find(n, head);
    if (d == NULL) {
        node_shut(n, WHY_UNSUPPORTED, "coding");
        return DECIDED;
    }
    n->declared = true;
    return node_start(n, d, &hint);
}

/* Show the first bytes to the formats; text when none claims them. */
static enum decision decide_content(struct node *n, struct span head,
                                    enum hurry hurry)
{
    const struct part_info info = node_info(n, (struct span){0});
    const struct hint hint = hint_of(n, &info, hurry);
    bool waits = hurry == HURRY_NONE && head.len < LIMIT_PROBE;
    const struct decoder *passer = n->passed ? n->parent->decoder : NULL;
    bool certain = passer != NULL && passer->last;
    const struct decoder *d;

    for (size_t i = 0; !certain && (d = decoder_at(i)) != NULL; i++) {
        if (d->protocol || d == passer)
            continue;
        enum match match = d->probe(head, &hint);
        if (match == MATCH_YES)
            return node_start(n, d, &hint);
        if (match == MATCH_MORE && waits) /* it comes before the others */
            return WAIT;
    }
    text_begin(n);
    return DECIDED;
}

/* What is this part? WAIT when its first bytes do not tell yet. */
static enum decision node_decide(struct node *n, struct span head,
                                 enum hurry hurry)
{
    while (node_word(n, NODE_CODING).len > 0) {
        size_t left = node_word(n, NODE_CODING).len;

        if (decide_coding(n, head, hurry) == DECIDED)
            return DECIDED;
        if (node_word(n, NODE_CODING).len == left)
            return WAIT;
    }
    return decide_content(n, head, hurry);
}

/* --- bytes --- */

static struct progress node_take(void *ctx, struct span bytes)
{
    struct node *n = ctx;
    struct sink sink = {n, &node_ops};

    if (n->mode == NODE_PROBE && node_decide(n, bytes, HURRY_NONE) == WAIT)
        return (struct progress){DECODE_MORE, 0};
    if (n->mode == NODE_DECODE) {
        struct progress p =
            n->decoder->feed(n->state, DIR_CLIENT, bytes, &sink);
        if (n->over) /* what these bytes became was not all looked at */
            p.used = 0;
        return p;
    }
    if (n->mode == NODE_TEXT)
        bottom_put(n, bytes);
    else
        node_lose(n, bytes.len);
    return (struct progress){DECODE_MORE, bytes.len};
}

/* Bytes behind the end of a format: blanks are passed, the rest is text. */
static void rest_begin(struct node *n)
{
    node_release(n);
    n->mode = NODE_TEXT;
    n->rest = true;
}

static void rest_put(struct node *n, struct span bytes)
{
    if (n->text == NULL)
        while (bytes.len > 0 && (*bytes.ptr <= ' ' || *bytes.ptr == 0xff))
            bytes = span_skip(bytes, 1);
    if (bytes.len == 0)
        return;
    if (n->text == NULL)
        text_begin(n);
    bottom_put(n, bytes);
}

/* Its decoder will take no more; rest was not used. */
static void node_stop(struct node *n, enum decode_status status)
{
    enum part_end how = status == DECODE_DONE ? PART_WHOLE : PART_CUT;
    bool open_after =
        status == DECODE_DONE || (status == DECODE_BAD && !n->decoder->recodes);

    if (status == DECODE_BAD && n->over)
        status = DECODE_LIMIT;
    if (status == DECODE_BAD && n->decoder->recodes)
        n->side->chain->damaged = true;
    if (open_after) {
        node_close(n->beside, how);
        node_close(n->child, how);
        n->beside = n->child = NULL;
        if (status == DECODE_BAD)
            side_anomaly(n->side, SPAN("malformed"));
        rest_begin(n);
        return;
    }
    node_shut(n, status == DECODE_BAD ? WHY_DAMAGED : WHY_LIMIT,
              n->decoder->name);
}

static void node_feed(struct node *n, struct span bytes)
{
    const struct tail_taker taker = {node_take, n};
    enum decode_status status;

    if (n->rest) {
        rest_put(n, bytes);
        return;
    }
    status = tail_feed(&n->tail, &bytes, &taker);
    if (status == DECODE_MORE)
        return;
    struct tail held = n->tail;
    n->tail = (struct tail){NULL, 0, 0};
    if (n->mode == NODE_PROBE)
        node_shut(n, WHY_LIMIT, "text");
    else if (n->mode == NODE_DECODE)
        node_stop(n, status);
    if (n->mode == NODE_CLOSED) /* what was not used tells no ratio */
        n->in -= held.len + bytes.len;
    node_feed(n, tail_span(&held));
    node_feed(n, bytes);
    tail_clear(&held);
}

void node_put(struct node *n, struct span bytes)
{
    if (n->mode != NODE_CLOSED)
        n->in += bytes.len;
    bool codes = n->mode == NODE_PROBE ||
                 (n->mode == NODE_DECODE && n->decoder->recodes);
    if (codes && !n->recoded)
        n->side->chain->coded += bytes.len;
    node_feed(n, bytes);
}

/* Decide what it is on the bytes there are. */
static void node_force(struct node *n, enum hurry hurry)
{
    struct tail held = n->tail;

    if (n->mode != NODE_PROBE)
        return;
    n->tail = (struct tail){NULL, 0, 0};
    (void)node_decide(n, tail_span(&held), hurry);
    node_feed(n, tail_span(&held));
    tail_clear(&held);
}

void node_gap(struct node *n, uint64_t len)
{
    struct sink sink = {n, &node_ops};

    node_force(n, HURRY_GAP);
    if (n->mode == NODE_TEXT)
        text_gap(n, len);
    else if (n->mode == NODE_CLOSED)
        n->lost += len;
    if (n->mode != NODE_DECODE)
        return;
    if (n->decoder->through && n->tail.len > 0) /* it may have been a part */
        (void)op_put(n, tail_span(&n->tail));
    tail_clear(&n->tail);
    struct progress p = n->decoder->gap(n->state, DIR_CLIENT, len, &sink);
    if (p.status == DECODE_MORE)
        return;
    bool recodes = n->decoder->recodes;
    node_stop(n, p.status);
    if (recodes)
        n->lost += len;
}

static void node_end(struct node *n, enum part_end *how)
{
    struct sink sink = {n, &node_ops};
    struct tail held = n->tail;

    n->tail = (struct tail){NULL, 0, 0};
    enum decode_status status =
        n->decoder->end(n->state, DIR_CLIENT, tail_span(&held), &sink);
    if (status != DECODE_DONE && status != DECODE_MORE)
        *how = PART_CUT;
    if (status == DECODE_BAD && n->decoder->recodes)
        n->side->chain->damaged = true;
    tail_clear(&held);
}

void node_close(struct node *n, enum part_end how)
{
    if (n == NULL)
        return;

    if (n->in > 0)
        node_force(n, HURRY_END);
    if (n->mode == NODE_DECODE)
        node_end(n, &how);
    if (n->bomb && n->mode == NODE_DECODE && !n->recoded)
        side_unread(n->side, WHY_LIMIT, n->in);
    node_settle(n);
    node_close(n->beside, how);
    node_close(n->child, how);
    text_close(n);
    node_release(n);
    tail_clear(&n->tail);
    free(n);
}

/* --- the sink of format decoders --- */

static bool op_transfer_open(void *ctx, const struct transfer_info *info)
{
    (void)ctx;
    (void)info;
    return false;
}

static bool op_transfer_close(void *ctx)
{
    (void)ctx;
    return false;
}

static bool op_part_open(void *ctx, const struct part_info *info)
{
    struct node *n = ctx;

    node_close(n->beside, PART_CUT);
    n->beside = NULL;
    if (!info->aside) {
        node_close(n->child, PART_CUT);
        n->child = NULL;
    }
    return node_open(n->side, n, info);
}

/* The part that is put to. */
static struct node *open_in(const struct node *n)
{
    return n->beside != NULL ? n->beside : n->child;
}

/* Codings may not blow a flow up without bound. */
static bool node_grow(struct node *n, uint64_t len)
{
    struct chain *c = n->side->chain;

    n->out += len;
    if (!n->decoder->recodes)
        return true;
    c->expanded += len;
    if (c->expanded <= LIMIT_EXPAND_FREE ||
        (c->expanded - LIMIT_EXPAND_FREE) / LIMIT_EXPAND <= c->coded)
        return true;
    n->over = true;
    struct node *around = n->parent;
    while (around != NULL && around->decoder->coding != NULL) {
        around->bomb = true; /* nothing but a bomb is in it */
        around = around->parent;
    }
    if (around != NULL && c->bombs < LIMIT_BOMBS) {
        c->bombs++; /* what stands behind it may be none */
        c->expanded -= n->out;
    }
    return false;
}

static bool op_put(void *ctx, struct span bytes)
{
    struct node *n = ctx;

    if (!node_grow(n, bytes.len))
        return false;
    if (open_in(n) == NULL && !op_part_open(n, &(struct part_info){0}))
        return false;
    node_put(open_in(n), bytes);
    return true;
}

static bool op_gap(void *ctx, uint64_t len)
{
    struct node *n = ctx;

    if (open_in(n) != NULL)
        node_gap(open_in(n), len);
    return true;
}

static bool op_part_close(void *ctx, enum part_end how)
{
    struct node *n = ctx;
    struct node **open = n->beside != NULL ? &n->beside : &n->child;

    node_close(*open, how);
    *open = NULL;
    return true;
}

/* Closed bytes are the part's own; anything else is about its transfer. */
static bool op_note(void *ctx, const struct note *note)
{
    struct node *n = ctx;
    const struct chain_settings *set = settings_of(n);
    struct note about = *note;

    about.dir = (enum dir)n->side->dir;
    if (note->kind != NOTE_UNREAD) {
        side_note(n->side, &about);
        return true;
    }
    n->side->chain->damaged |= note->why == WHY_DAMAGED;
    if (n->recoded)
        set->counters->unread_inside += note->number;
    else
        side_unread(n->side, note->why, note->number);
    side_tell_unread(n->side, note, n);
    return true;
}

static const struct sink_ops node_ops = {
    .transfer_open = op_transfer_open,
    .transfer_close = op_transfer_close,
    .part_open = op_part_open,
    .put = op_put,
    .gap = op_gap,
    .part_close = op_part_close,
    .note = op_note,
};
