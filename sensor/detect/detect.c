// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * detect.c - what all parts of a worker share: dictionary, patterns, room.
 *
 * It must not know parts.
 */
#include <stdlib.h>

#include "detect/front.h"
#include "detect/state.h"

/* Spans into plain are kept while it is added to: it may never move. */
static bool fill_once(struct buf *b)
{
    bool good = true;

    while (good && b->len < b->cap)
        good = buf_add_byte(b, 0);
    buf_reset(b);
    return good;
}

struct detect *detect_new(const struct detect_settings *settings,
                          struct problems *problems)
{
    struct detect *d = calloc(1, sizeof(*d));

    if (!d)
        return NULL;
    d->key = settings->key;
    d->counters = settings->counters;
    d->isa = scan_best();
    d->header = header_new();
    d->fronts = fronts_new();
    d->grid = calloc(1, sizeof(*d->grid));
    d->numbers =
        numbers_new(settings->numbers, settings->numbers_count, problems);
    buf_init(&d->text, (size_t)LIMIT_ROW * 4);
    buf_init(&d->plain, (size_t)LIMIT_ROW * 4);
    if (!d->header || !d->fronts || !d->grid || !d->numbers ||
        !fill_once(&d->plain)) {
        detect_free(d);
        return NULL;
    }
    return d;
}

void detect_free(struct detect *d)
{
    if (!d)
        return;
    header_free(d->header);
    fronts_free(d->fronts);
    numbers_free(d->numbers);
    free(d->grid);
    buf_clear(&d->text);
    buf_clear(&d->plain);
    free(d);
}
