// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * again.c - chains for streams that are read a second time.
 *
 * Where copies of bytes differ, the session engine offers the stream once
 * more with the other copies. It is read as a flow of one direction: what
 * the other side says belongs to both readings and would come out of step
 * with this one, and all protocols can be read one-sided. When nothing in it
 * has to be decoded, single copies show all its rows, and it is declined.
 *
 * Its bytes are counted by the first reading: what chains of this one count
 * goes nowhere. It must not feed bytes.
 */
#include <stdlib.h>

#include "decode/expect.h"
#include "decode/stack.h"
#include "outflow/limits.h"
#include "outflow/reading.h"

/* What chains of second readings share; NULL without memory. */
static struct chains *again_chains(struct chains *all)
{
    struct chain_settings settings = all->settings;

    if (all->again != NULL)
        return all->again;
    settings.counters = &all->unasked;
    all->again = chains_new(&settings);
    if (all->again != NULL) { /* for one at a time */
        all->again->memory = LIMIT_CODING;
        all->again->held.left = all->held.left / 4;
    }
    return all->again;
}

/* Does a protocol, or the format of a file by itself, begin with head? */
static bool head_claimed(const struct chain *c, enum dir dir, struct span head)
{
    const struct part_info part = {
        .name = c->expect != NULL ? expect_name(c->expect) : (struct span){0}};
    const struct hint hint = {.flow = c->flow,
                              .dir = dir,
                              .part = &part,
                              .ended = head.len < LIMIT_PROBE,
                              .memory = &c->all->memory};
    const struct decoder *d;

    for (size_t i = 0; (d = decoder_at(i)) != NULL; i++) {
        if (d->datagrams || d->through ||
            (d->protocol && c->expect != NULL && !d->wraps))
            continue;
        if (d->probe(head, &hint) == MATCH_YES)
            return true;
    }
    return false;
}

/* The place of the first message that can be found in mid-stream. */
static size_t head_sync(enum dir dir, struct span head)
{
    const struct decoder *d;
    size_t first = head.len;

    for (size_t i = 0; (d = decoder_at(i)) != NULL; i++) {
        size_t keep = head.len;
        size_t at = d->sync != NULL ? d->sync(head, dir, &keep) : head.len;
        if (at < first)
            first = at;
    }
    return first;
}

/* A chain of a flow that c has, from some place of its stream on. */
static struct chain *again_new(struct chain *c, enum dir dir, bool late)
{
    struct chains *all = again_chains(c->all);
    struct chain *again = all != NULL ? chain_new(all, c->flow) : NULL;

    if (again == NULL)
        return NULL;
    again->again = true;
    again->quiet = again->same = c->decoder != NULL;
    if (c->expect != NULL)
        again->expect = c->expect;
    again->resync = again->resync || late;
    again->side[dir].late = again->side[dir].late || late;
    return again;
}

/* From here on the readings part: what this one gives is its own. */
static void again_leave(struct side *s)
{
    s->chain->same = false;
    s->chain->damaged = false;
    side_same(s, SAME_DOUBT);
}

/* Bytes of the open part, if it is text as sent; else 0. */
static uint64_t plain_text(const struct side *s)
{
    const struct node *n = s->part;

    while (n != NULL && n->child != NULL)
        n = n->child;
    bool plain =
        n != NULL && n->mode == NODE_TEXT && !n->recoded && n->recode == NULL;
    return plain ? n->in : 0;
}

/* Junk in a coding makes rows of its own until the coding breaks. */
static void again_break(struct side *s, const struct chain *first)
{
    s->chain->damaged = false;
    if (first->damaged || !s->chain->quiet)
        return;
    s->chain->same = true;
    side_same(s, SAME_YES);
}

bool chain_read(struct chain *first, struct chain *again,
                const struct second_reading *reading, struct span bytes)
{
    struct side *s = &again->side[reading->dir];
    uint64_t before = plain_text(s);

    if (again->same && reading->differs && before == 0)
        again_leave(s);
    chain_feed(again, reading->dir, bytes);
    if (again->damaged) {
        again_break(s, first);
        return true;
    }
    if (!again->same || !reading->differs)
        return true;
    uint64_t after = plain_text(s);
    if (after <= before || after - before > bytes.len)
        again_leave(s); /* the copy ends the text */
    return false;
}

void chain_doubt(struct chain *c, enum dir dir)
{
    struct side *s = &c->side[dir];

    if (s->transfer != NULL)
        side_anomaly(s, SPAN("overlap"));
    else
        s->doubted = true;
}

size_t chain_again(struct chain *c, const struct second_reading *reading,
                   struct span head, struct chain **again)
{
    bool late = reading->late || !head_claimed(c, reading->dir, head);
    size_t at = late ? head_sync(reading->dir, head) : 0;

    *again = NULL;
    if (at >= head.len || (c->expect != NULL && late))
        return head.len;
    *again = again_new(c, reading->dir, late);
    if (*again == NULL)
        return head.len;
    return at;
}
