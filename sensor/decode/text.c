// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * text.c - the text of a part, from whatever charset, to its owner.
 *
 * Most text is ASCII and passes by pointer without any state; recode.h does
 * the rest from the first byte on that is not. Bytes that waited are put
 * with the moment they came at. It must not know formats.
 */
#include "decode/text.h"

#include "decode/params.h"
#include "decode/recode.h"
#include "decode/stack.h"
#include "outflow/limits.h"

enum { FIRST = 64 }; /* bytes that tell plain text from wide text */

static const struct chain_settings *settings_of(const struct node *n)
{
    return &n->side->chain->all->settings;
}

void text_begin(struct node *n)
{
    const struct chain_settings *set = settings_of(n);
    char trail[LIMIT_TRAIL];

    n->mode = NODE_TEXT;
    tally_add(&set->counters->documents, "text", 1);
    if (n->side->transfer != NULL) {
        trail_write(n->side, n, trail, sizeof(trail));
        const struct part part = {.trail = trail,
                                  .name = node_word(n, NODE_NAME),
                                  .media = node_word(n, NODE_MEDIA),
                                  .charset = node_word(n, NODE_CHARSET),
                                  .depth = n->depth,
                                  .aside = n->aside};
        n->text = set->events->text_open(set->ctx, n->side->transfer, &part);
    }
    n->why = WHY_LIMIT;
    n->kind = "text";
}

/* Text that came earlier is put as if at its own moment. */
static void put_at(void *ctx, struct span utf8, const struct moment *seen)
{
    const struct node *n = ctx;
    const struct chain_settings *set = settings_of(n);

    if (set->now == NULL || seen == set->now) {
        set->events->text_put(set->ctx, n->text, utf8);
        return;
    }
    const struct moment now = *set->now;
    *set->now = *seen;
    set->events->text_put(set->ctx, n->text, utf8);
    *set->now = now;
}

static struct recode_out out_of(struct node *n)
{
    return (struct recode_out){n, put_at, &n->side->chain->all->work};
}

static enum charset declared(const struct node *n)
{
    return charset_find(node_word(n, NODE_CHARSET));
}

/* May a part that begins so be ASCII, with nothing said about it? */
static bool begins_plain(const struct node *n, struct span bytes)
{
    struct span first = span_head(bytes, FIRST);

    return bytes.len >= FIRST && recode_plain(first) == FIRST &&
           span_trim(first).len > 0 && span_trim(first).ptr[0] != '<' &&
           declared(n) == CHARSET_NONE;
}

static enum recode_from from(const struct node *n)
{
    if (n->plain)
        return RECODE_BEHIND;
    return n->side->chain->flow->midstream ? RECODE_AMID : RECODE_FIRST;
}

void text_put(struct node *n, struct span bytes)
{
    static const struct moment none;
    const struct chain_settings *set = settings_of(n);

    if (n->text == NULL || bytes.len == 0)
        return;
    if (n->recode == NULL && !n->plain)
        n->plain = begins_plain(n, bytes);
    if (n->recode == NULL && n->plain) {
        size_t plain = recode_plain(bytes);
        if (plain > 0)
            set->events->text_put(set->ctx, n->text, span_head(bytes, plain));
        bytes = span_skip(bytes, plain);
        if (bytes.len == 0)
            return;
    }
    if (n->recode == NULL)
        n->recode = recode_new(declared(n), from(n));
    if (n->recode == NULL) { /* no memory: as it is */
        set->events->text_put(set->ctx, n->text, bytes);
        return;
    }
    const struct recode_out out = out_of(n);
    recode_put(n->recode, bytes, set->now != NULL ? set->now : &none, &out);
}

void text_gap(struct node *n, uint64_t len)
{
    const struct chain_settings *set = settings_of(n);

    if (n->text == NULL)
        return;
    if (n->recode != NULL) {
        const struct recode_out out = out_of(n);
        len = recode_gap(n->recode, len, &out);
    }
    set->events->text_gap(set->ctx, n->text, len);
}

void text_close(struct node *n)
{
    const struct chain_settings *set = settings_of(n);

    if (n->recode != NULL) {
        const struct recode_out out = out_of(n);
        recode_end(n->recode, &out);
    }
    recode_free(n->recode);
    n->recode = NULL;
    if (n->text != NULL)
        set->events->text_close(set->ctx, n->text);
    n->text = NULL;
}
