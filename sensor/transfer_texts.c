// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * transfer_texts.c - the parts of a transfer at the bottom, and their rows.
 *
 * A part may be opened inside another one, which goes on behind it. It must
 * not keep a value.
 */
#include "transfers_in.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_MOST = 128 }; /* bytes of a part kept back before its rows */

/* The first few bytes of a part and the packet that brought them. */
struct first {
    int64_t time_ns; /* the moment, its capture at the end: */
    uint64_t number; /* struct moment would pad */
    uint32_t capture;
    uint8_t len;
    uint8_t bytes[];
};

/* Another part. */
static void name_part(struct transfer *t, const struct part *part)
{
    transfer_name(t, transfer_masked(t->all, span_of(part->trail)),
                  transfer_masked(t->all, part->name));
    if (part->overlap)
        t->anomalies |= 1u << ANOMALY_OVERLAP;
}

/* text is inside the part being read: that goes on behind it. */
static void go_in(struct text *text)
{
    struct transfer *t = text->transfer;
    struct outer *outer = calloc(1, sizeof(*outer));

    if (!outer)
        return;
    *outer = (struct outer){t->open, t->trail, t->file};
    t->trail = t->trail ? strdup(t->trail) : NULL;
    t->file = NULL;
    text->outer = outer;
}

static void go_out(struct text *text)
{
    struct transfer *t = text->transfer;
    struct outer *outer = text->outer;

    text->outer = NULL;
    if (text->gone) {
        free(outer->trail);
        free(outer->file);
    } else {
        transfer_name(t, outer->trail, outer->file);
        t->open = outer->text;
    }
    free(outer);
}

/* Begin to read rows, with what was kept back of the part's start. */
static bool text_begin(struct text *text, const struct part *part)
{
    struct transfers *all = text->transfer->all;
    const struct record_sink sink = {text, transfer_record};
    struct first *first = text->state == TEXT_FIRST ? text->first : NULL;

    if (text->state == TEXT_ROWS || text->state == TEXT_PASSED)
        return text->state == TEXT_ROWS;
    text->rows = rows_open(all->detect, part, &sink);
    text->state = text->rows ? TEXT_ROWS : TEXT_PASSED;
    if (!text->rows) {
        all->lost++;
    } else if (first) {
        const struct moment seen = {first->time_ns, first->number,
                                    first->capture};
        rows_feed(text->rows, (struct span){first->bytes, first->len}, &seen);
    }
    free(first);
    return text->state == TEXT_ROWS;
}

/* Keep the first bytes back; false when they are too many for that. */
static bool text_keep(struct text *text, struct span bytes)
{
    const struct moment *now = &text->transfer->all->now;

    if (text->state != TEXT_NEW || bytes.len > FIRST_MOST)
        return false;
    text->first = malloc(offsetof(struct first, bytes) + bytes.len);
    if (!text->first)
        return false;
    text->state = TEXT_FIRST;
    text->first->time_ns = now->time_ns;
    text->first->number = now->number;
    text->first->capture = now->capture;
    text->first->len = (uint8_t)bytes.len;
    if (bytes.len > 0)
        memcpy(text->first->bytes, bytes.ptr, bytes.len);
    return true;
}

void *transfer_text_open(void *ctx, void *transfer, const struct part *part)
{
    struct transfers *all = ctx;
    struct transfer *t = transfer;
    struct text *text = calloc(1, sizeof(*text));

    if (!text) {
        all->lost++;
        return NULL;
    }
    text->transfer = t;
    if (part->aside && t->open)
        go_in(text);
    name_part(t, part);
    t->open = text;
    /* What a part declares has to be told at its begin. */
    if (part->charset.len > 0 || part->overlap)
        (void)text_begin(text, part);
    return text;
}

void transfer_text_put(void *ctx, void *text, struct span bytes)
{
    struct transfers *all = ctx;
    struct text *part = text;
    const struct part plain = {.trail = ""};

    part->read += bytes.len;
    if (!text_keep(part, bytes) && text_begin(part, &plain))
        rows_feed(part->rows, bytes, &all->now);
}

void transfer_text_gap(void *ctx, void *text, uint64_t len)
{
    struct text *part = text;
    const struct part plain = {.trail = ""};

    (void)ctx;
    part->missing += len;
    if (text_begin(part, &plain))
        rows_gap(part->rows, len);
}

void transfer_text_close(void *ctx, void *text)
{
    struct text *part = text;
    struct transfer *t = part->transfer;
    const struct part plain = {.trail = ""};

    (void)ctx;
    if (part->state == TEXT_FIRST)
        (void)text_begin(part, &plain);
    if (part->state == TEXT_ROWS)
        rows_close(part->rows);
    if (!part->gone) {
        if (part->held_rows) {
            t->gathered->read += part->read;
            t->gathered->missing += part->missing;
        }
        if (t->open == part)
            t->open = NULL;
    }
    if (part->outer)
        go_out(part);
    free(part);
}
