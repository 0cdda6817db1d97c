// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * side.c - the sink of protocol decoders: transfers, notes, unread bytes.
 *
 * One side is one direction of a flow. Its transfer stays open behind its
 * last byte while the other side may still refuse it, so that the refusal
 * reaches the right transfer.
 *
 * It must not look at bytes.
 */
#include "decode/stack.h"

#include <stdlib.h>
#include <string.h>

#include "decode/expect.h"
#include "outflow/limits.h"

char *chain_copy(struct span text)
{
    text = span_head(text, LIMIT_NAME);
    return strndup(text.len > 0 ? (const char *)text.ptr : "", text.len);
}

static const struct chain_settings *settings_of(const struct side *s)
{
    return &s->chain->all->settings;
}

void side_unread(struct side *s, enum why why, uint64_t len)
{
    struct counters *counters = settings_of(s)->counters;

    if (len > s->fed)
        len = s->fed;
    s->fed -= len;
    counters->inspected_bytes -= len;
    counters->unread[why] += len;
}

static void transfer_release(struct side *s)
{
    const struct chain_settings *set = settings_of(s);

    if (s->transfer != NULL)
        set->events->transfer_close(set->ctx, s->transfer);
    s->transfer = NULL;
    s->open = false;
    s->lingers = false;
    s->muted = false;
    free(s->step);
    s->step = NULL;
}

void side_transfer_close(struct side *s)
{
    node_close(s->part, PART_CUT);
    s->part = NULL;
    s->open = false;
    if (s->answered)
        s->lingers = true;
    else
        transfer_release(s);
}

void side_close(struct side *s)
{
    node_close(s->part, PART_CUT);
    s->part = NULL;
    transfer_release(s);
}

/* What the chain knows about every transfer of the flow. */
static void tell_context(struct side *s)
{
    struct chain *c = s->chain;
    const struct chain_settings *set = settings_of(s);
    const char *user = c->expect != NULL ? expect_user(c->expect) : c->user;

    if (user != NULL)
        set->events->transfer_note(set->ctx, s->transfer,
                                   &(struct note){.kind = NOTE_USER,
                                                  .dir = (enum dir)s->dir,
                                                  .text = span_of(user),
                                                  .number = 1});
    if (c->flow->midstream && !s->seen)
        side_anomaly(s, SPAN("midstream"));
    if (c->malformed)
        side_anomaly(s, SPAN("malformed"));
    if (c->again || s->doubted)
        side_anomaly(s, SPAN("overlap"));
    s->doubted = false;
    if (c->again && c->quiet)
        side_same(s, c->same ? SAME_YES : SAME_DOUBT);
}

/* What the flow around it tells: a tunnel's end, an announced file. */
static struct transfer_info info_inside(const struct chain *c,
                                        const struct transfer_info *info)
{
    struct transfer_info inside = *info;

    if (c->host != NULL) {
        inside.host = span_of(c->host);
        inside.proxied = true;
    }
    if (c->expect != NULL) {
        inside.step = expect_step(c->expect);
        if (strcmp(info->channel, "raw") == 0)
            inside.channel = "ftp";
    }
    return inside;
}

bool side_transfer_open(struct side *s, const struct transfer_info *info)
{
    const struct chain_settings *set = settings_of(s);
    struct transfer_info inside = info_inside(s->chain, info);

    side_close(s);
    tally_add(&set->counters->transfers, inside.channel, 1);
    s->step = chain_copy(inside.step);
    s->open = true;
    s->answered = inside.answered;
    s->transfer = set->events->transfer_open(set->ctx, s->chain->flow,
                                             (enum dir)s->dir, &inside);
    s->muted = s->transfer == NULL;
    if (!s->muted)
        tell_context(s);
    s->seen = true;
    return true;
}

static bool op_transfer_open(void *ctx, const struct transfer_info *info)
{
    return side_transfer_open(ctx, info);
}

static bool op_transfer_close(void *ctx)
{
    side_transfer_close(ctx);
    return true;
}

static bool op_part_open(void *ctx, const struct part_info *info)
{
    struct side *s = ctx;
    struct part_info named = *info;

    node_close(s->part, PART_CUT);
    s->part = NULL;
    if (s->chain->expect != NULL && named.name.len == 0)
        named.name = expect_name(s->chain->expect);
    return node_open(s, NULL, &named);
}

static bool op_put(void *ctx, struct span bytes)
{
    struct side *s = ctx;

    if (s->part == NULL && !op_part_open(s, &(struct part_info){0}))
        return false;
    node_put(s->part, bytes);
    return true;
}

static bool op_gap(void *ctx, uint64_t len)
{
    struct side *s = ctx;

    if (s->part != NULL)
        node_gap(s->part, len);
    return true;
}

static bool op_part_close(void *ctx, enum part_end how)
{
    struct side *s = ctx;

    node_close(s->part, how);
    s->part = NULL;
    return true;
}

void side_anomaly(struct side *s, struct span name)
{
    const struct chain_settings *set = settings_of(s);

    if (s->transfer != NULL)
        set->events->transfer_note(set->ctx, s->transfer,
                                   &(struct note){.kind = NOTE_ANOMALY,
                                                  .dir = (enum dir)s->dir,
                                                  .text = name});
}

void side_same(struct side *s, enum same same)
{
    const struct chain_settings *set = settings_of(s);

    if (s->transfer != NULL)
        set->events->transfer_note(set->ctx, s->transfer,
                                   &(struct note){.kind = NOTE_SAME,
                                                  .dir = (enum dir)s->dir,
                                                  .number = same});
}

void side_tell_unread(struct side *s, const struct note *note, struct node *n)
{
    const struct chain_settings *set = settings_of(s);
    char kind[TALLY_NAME] = "", trail[LIMIT_TRAIL];
    struct span text = span_head(note->text, sizeof(kind) - 1);
    struct unread what = {.kind = kind,
                          .why = note->why,
                          .bytes = note->number,
                          .object = n != NULL};

    if (text.len > 0)
        memcpy(kind, text.ptr, text.len);
    if (s->transfer == NULL || s->chain->quiet)
        return;
    bool names = n != NULL && (note->step.len > 0 || !n->named) &&
                 (note->why == WHY_ENCRYPTED || note->why == WHY_UNSUPPORTED);
    if (names) {
        trail_write_inside(s, n, note->step, trail, sizeof(trail));
        what.trail = trail;
        what.name = node_word(n, NODE_NAME);
        if (what.name.len == 0 && n->decoder != NULL && !n->decoder->through)
            what.name = note->step;
        n->named = true; /* its own name is in a step's trail */
    }
    set->events->transfer_unread(set->ctx, s->transfer, &what);
}

/* Bytes of a channel that stay closed need a transfer to be told of. */
static void note_unread(struct side *s, const struct note *note)
{
    const struct decoder *d = s->chain->decoder;

    if (!s->open && !s->lingers)
        (void)side_transfer_open(
            s, &(struct transfer_info){.channel = d ? d->name : "raw",
                                       .step = span_of(d ? d->name : "raw")});
    side_unread(s, note->why, note->number);
    side_tell_unread(s, note, NULL);
}

static void note_user(struct chain *c, const struct note *note)
{
    if (note->number == 0)
        return;
    free(c->user);
    c->user = chain_copy(note->text);
}

/* The answer to a transfer: told, and then nothing more is awaited. */
static void note_answer(struct side *s, const struct note *note)
{
    const struct chain_settings *set = settings_of(s);

    if (note->kind == NOTE_REFUSED && s->transfer != NULL)
        set->events->transfer_note(set->ctx, s->transfer, note);
    s->answered = false;
    if (s->lingers)
        transfer_release(s);
}

void side_note(struct side *s, const struct note *note)
{
    struct chain *c = s->chain;
    struct side *about = &c->side[note->dir];
    const struct chain_settings *set = settings_of(s);

    switch (note->kind) {
    case NOTE_UNREAD:
        note_unread(about, note);
        return;
    case NOTE_REFUSED:
    case NOTE_ACCEPTED:
        note_answer(about, note);
        return;
    case NOTE_EXPECT:
        expect_announce(c, note->expect);
        return;
    case NOTE_TUNNEL:
        free(c->host);
        c->host = chain_copy(note->text);
        return;
    case NOTE_USER:
        note_user(c, note);
        break;
    case NOTE_ANOMALY:
    case NOTE_NOT_TO:
    case NOTE_SAME:
        break;
    }
    if (about->transfer != NULL)
        set->events->transfer_note(set->ctx, about->transfer, note);
}

static bool op_note(void *ctx, const struct note *note)
{
    side_note(ctx, note);
    return true;
}

const struct sink_ops side_ops = {
    .transfer_open = op_transfer_open,
    .transfer_close = op_transfer_close,
    .part_open = op_part_open,
    .put = op_put,
    .gap = op_gap,
    .part_close = op_part_close,
    .note = op_note,
};
